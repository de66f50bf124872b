"""The address bar is the share link: it restores what it says, and follows the settings and how the run began.

What the bench and the playhead show, the stage writes there itself (ui/components/stage/sync/url.js).
"""

import os
from urllib.parse import urlsplit

import numpy as np
import streamlit as st

from corner_lab.experiment.experiment import ExperimentError
from corner_lab.export.share_link import RUN_WORDS, SHOW, STAGE_WORDS, Link, leads_to, read_pairs, words_of
from corner_lab.language import current, msg, tr
from corner_lab.pictures import picture_link
from corner_lab.player.page import LOCAL_APP
from corner_lab.story.audience_link import VARIABLE, NoInvitation, public_url
from corner_lab.tasks import progress_link
from corner_lab.training.run import Run
from ui.components import visit
from ui.server import readers
from ui.server.streamlit_internals import went_back
from ui.state.session import Arrival, Bench, Session, session
from ui.state.settings import Settings
from ui.state.train_actions import check_epochs, train

OWN_KEYS = ("embed", "embed_options", readers.WORD)  # Streamlit's, and that of the language
PAGE_WORDS = {"story": ("step",)}  # of a page that has an address of its own, and nothing of the playground's in it
# Of a page that has words of its own beside the playground's.
OWN_WORDS = {"pictures": picture_link.WORDS, "tasks": (progress_link.WORD,)}


def address(page: str = "") -> str:
    """The address of the app's page of this name, without words: as others can open it where that is known, else as
    this browser has the app."""
    opened = urlsplit(st.context.url or LOCAL_APP)
    folder = opened.path.rpartition("/")[0]
    app = public() or f"{opened.scheme}://{opened.netloc}{folder}/"
    return f"{app.rstrip('/')}/{page}"


def public() -> str | None:
    """The address of the app that the operator has set for others; None where none is set that leads to it."""
    try:
        return public_url(os.environ.get(VARIABLE, ""), "")
    except NoInvitation:
        return None


def arrive(page: str) -> None:
    """Take what the address says: when a page is opened, and when the browser goes back or forward.

    Call before the page is drawn, with its `url_path`. A run that the link asks for starts once the first picture is
    on the screen.
    """
    s, pairs = session(), _pairs(page)
    # Streamlit opens another page at a bare address, before `follow` writes its words: that says nothing of the state.
    if not s.opened or (went_back() and page not in PAGE_WORDS and (not page or pairs)):
        _open(s, pairs)
    elif s.problems and s.problems_in != current().code:
        _say_problems(s, read_pairs(s.link)[1])
    if s.channel.painted:
        start_arrival(s)


def start_arrival(s: Session) -> None:
    """Train the run that the link asks for, if that has not begun. Call once the first picture is on the screen."""
    if s.arrival and not s.arrival.started:
        link, problems = s.arrival.link, s.problems
        try:
            check_epochs(link.experiment.epochs)
        except ExperimentError as error:
            s.arrival = None
            s.notes.append(tr("{problem}. The link's settings are there.", problem=error))
            return
        if link.epoch is not None and link.epoch > link.experiment.epochs:
            said = {"asked": f"{link.epoch:,}", "epochs": f"{link.experiment.epochs:,}"}
            s.notes.append(tr("The link asks for epoch {asked}; its run has {epochs} and shows its last.", **said))
        title = msg("From the link's weights") if link.start is not None else ""
        train(link.experiment, link.start, title, link.held)
        s.arrival, s.problems = Arrival(link, started=True), problems


def undo_words() -> str | None:
    """The settings that Undo settings would bring back, as words of a link; None where there are none."""
    replaced = session().replaced
    return None if replaced is None else replaced.words


def take_undo() -> None:
    """Let what a page has brought along that was opened again be undone to. What is not sound changes nothing."""
    s, words = session(), visit.brought()
    settings = None if words is None else Settings.of(words)
    if settings is not None and s.replaced is None and settings.experiment != s.experiment:
        s.replaced = settings


def show_arrival(s: Session) -> None:
    """The run of a link is on the stage: let the bench show what the link says. One that failed never gets there.

    Call before what shows the bench is drawn.
    """
    if s.arrival and s.arrival.started and s.run is not None and s.run.over and s.run.history is None:
        s.arrival = None
    if s.arrival and not s.arrival.shown and s.arrival.started and s.run is not None and s.on_stage is s.run:
        s.arrival.shown = True
        s.bench = Bench.edited(s.arrival.link.weights) if s.arrival.link.weights else None
        s.channel.rev += 1


def _pairs(page: str) -> list[tuple[str, str]]:
    """The words of the address about the playground."""
    others = (*OWN_KEYS, *PAGE_WORDS.get(page, ()), *OWN_WORDS.get(page, ()))
    names = [name for name in st.query_params if name not in others]
    return [(name, text) for name in names for text in st.query_params.get_all(name)]


def _open(s: Session, pairs: list[tuple[str, str]]) -> None:
    """Put what the address says into the session; what is wrong in it is named and left out."""
    link, errors = read_pairs(pairs)
    s.opened, s.shown, s.link, s.channel.address = True, link.show, pairs, None
    _say_problems(s, errors)
    s.experiment = link.experiment
    s.pixels = link.experiment.target[0] if link.pixels is None else link.pixels
    s.bench, s.locks = Bench.edited(link.weights) if link.weights else None, link.locks
    s.locked_kernels = (link.experiment.layout if s.bench is None else s.bench.layout).kernels
    s.channel.rev += 1
    if link.epoch is None and link.start is None:
        if link.held:
            s.notes.append(tr("The link says what a run keeps (held), but asks for none: add epoch=0 or more to it."))
        s.leave_run()
    else:
        s.arrival = Arrival(link, started=s.run is not None and _leads(link, s.run))


def _say_problems(s: Session, problems: list[ExperimentError]) -> None:
    s.problems, s.problems_in = problems, current().code


def _leads(link: Link, run: Run) -> bool:
    """Whether the run is the one that the link asks for."""
    if not leads_to(link.experiment, run) or run.held != dict(link.held):
        return False
    if link.start is None:
        return run.experiment.init != "given"
    return run.history is not None and np.array_equal(run.history.weights_at(0), link.start)


def follow(page: str) -> None:
    """Write the address if it says something else, in one go: each writing is an entry of the browser's history.

    `page`: its `url_path`. A page with words of its own writes them itself.
    """
    said, late = {name: st.query_params.get_all(name) for name in st.query_params}, False
    if page in PAGE_WORDS:
        words = {name: texts for name, texts in said.items() if name in (*OWN_KEYS, *PAGE_WORDS[page])}
    else:
        s = session()
        coming = s.waiting or (s.arrival is not None and not s.arrival.shown)
        kept = (*OWN_KEYS, *STAGE_WORDS, SHOW, *OWN_WORDS.get(page, ()), *(RUN_WORDS if coming else ()))
        wanted = words_of(s.experiment, s.on_stage)
        words = {name: texts for name, texts in said.items() if name in kept} | {
            n: [text] for n, text in wanted.items()
        }
        # A message that was sent before the browser heard of the last writing says what stood there until then.
        late, s.channel.address = s.channel.address not in (None, wanted), wanted
    if words != said or late:
        st.query_params.from_dict(words)
