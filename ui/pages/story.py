"""The story: twelve full screens for a talk, by keys, buttons or address. Nothing has to be typed or waited for.

The runs it tells of were trained before; those that were not, or are to be anew, are trained in the pool and known to
the whole process. Meanwhile a small component asks for news in a fragment, and the page is drawn again only when the
step in front of the room has something new.
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from corner_lab.experiment.experiment import ExperimentError
from corner_lab.experiment.scenarios import SCENARIOS, scenario_of
from corner_lab.language import tr, trc
from corner_lab.story.audience_link import VARIABLE, NoInvitation, public_url, qr_code
from corner_lab.story.steps import STEPS, Step, sentences, step_number
from corner_lab.story.stored_runs import StoredRuns
from corner_lab.story.trained_runs import TOLD, Rehearsal
from ui import pages, theme
from ui.components import paper, polling, slides
from ui.components.polling import Questions
from ui.playground import downloads
from ui.server.keras_loading import loading, pool
from ui.server.streamlit_internals import wait_until_sent, went_back
from ui.state.session import session
from ui.state.train_actions import open_run
from ui.story import handout, pictures

KEYS, NEWS = "story-keys", "story-news"  # the keys of the components
WORD = "step"  # in the address


@dataclass
class Visit:
    """Where one visitor is in the story."""

    new: bool = True
    step: int = 1
    problem: str = ""
    notes: bool = False
    code: bool = False
    handout: bool = False  # all steps, to be printed
    questions: Questions = field(default_factory=Questions)


@st.cache_resource
def rehearsal() -> Rehearsal:
    """The runs that all visitors share."""
    return Rehearsal(stored=StoredRuns.of_this_machine())


def page() -> None:
    """Draw the step. Everything keeps its place from step to step: an answer of a fragment that crosses with the next
    step names its place by number, and the browser gives up the page where there is none of that number.
    """
    visit = _visit()
    _read_address(visit)
    if visit.handout:
        _handout(visit)
        return
    step, ready = STEPS[visit.step - 1], rehearsal()
    st.html(slides.page_style())
    slides.show_keys(visit.step, len(STEPS), on_go=_went, on_notes=_toggle_notes, key=KEYS)
    with st.container():
        st.fragment(_news)((step,), _known((step,)), _turned(visit))
    with st.container(key="story-words"):
        _say(visit, step, ready)
    with st.container():
        pictures.show(step, ready)
    _bar(visit, step, ready)
    with st.container(key="story-notes" if visit.notes else None):
        if visit.notes:
            st.markdown(step.notes)
            _whence(ready)
    with st.container(key="story-code" if visit.code else None):
        if visit.code:
            _code()
    with st.container(key="story-next-picture"):
        _prepare(visit, step, ready)
    _write_address(visit)


def _handout(visit: Visit) -> None:
    """All steps to be printed, once what they wait for is trained. What asks for news keeps its place."""
    st.html(paper.handout_style())
    st.container()
    with st.container():
        st.fragment(_news)(STEPS, _known(STEPS), _turned(visit))
    ready = rehearsal()
    handout.show(ready, lambda step: _waiting(step, ready), _toggle_handout)
    if ready.problem or ready.problems:
        st.button(tr("Try again"), key="story-again", on_click=ready.again)
    _write_address(visit)


def _visit() -> Visit:
    if "story" not in st.session_state:
        st.session_state["story"] = Visit()
    found: Visit = st.session_state["story"]
    return found


# ---------------------------------------------------------------- the address


def _read_address(visit: Visit) -> None:
    """Follow the address when the story is opened, and when the browser goes back or forward.

    Never otherwise: a key pressed before the browser has written the last step comes with the address of the one
    before.
    """
    words = st.query_params.get_all(WORD)
    new, visit.new = visit.new, False
    if not new and not went_back():
        return
    visit.problem, visit.handout = "", words == [handout.WORD]
    if visit.handout:
        return
    try:
        if len(words) > 1:
            raise ExperimentError(WORD, words[0], tr("appears more than once"))
        visit.step = step_number(words[0]) if words else 1
    except ExperimentError as error:
        visit.step = 1
        visit.problem = tr("The link says {problem}. The story begins at its first step.", problem=error)


def _write_address(visit: Visit) -> None:
    """The first step needs no word where there is none."""
    words, word = st.query_params.get_all(WORD), handout.WORD if visit.handout else str(visit.step)
    if words != [word] and (words or word != "1"):
        st.query_params[WORD] = word


# ---------------------------------------------------------------- what is shown


def _say(visit: Visit, step: Step, ready: Rehearsal) -> None:
    st.title(step.headline(), anchor=False)
    if visit.problem:
        st.warning(theme.plain(visit.problem), icon=":material/link_off:")
    theme.show_problems(session().problems)
    theme.show_notes(session().notes)
    for sentence in sentences(step, ready.runs):
        st.markdown(sentence)
    if waiting := _waiting(step, ready):
        st.markdown(f"*{waiting}*")
        if _failure(ready, step.runs):
            st.button(tr("Try again"), key="story-again", on_click=ready.again)


def _waiting(step: Step, ready: Rehearsal) -> str:
    """What this step still waits for, if anything."""
    if all(name in ready.runs for name in step.runs):
        return ""
    if loading().problem:
        return loading().problem
    if failure := _failure(ready, step.runs):
        return failure
    if not loading().done:
        return tr("TensorFlow is still loading; the rest of this step follows by itself.")
    return tr("Keras is training this; it follows by itself.")


def _bar(visit: Visit, step: Step, ready: Rehearsal) -> None:
    last = visit.step == len(STEPS)
    with st.container(key="story-bar", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _turning(trc("story", "Back"), visit.step - 1, "story-back", disabled=visit.step == 1)
            st.markdown(tr("{at} of {all}", at=visit.step, all=len(STEPS)), width="content")
            with st.container(key="story-on", width="content"):
                _turning(trc("story", "Next"), visit.step + 1, "story-next", disabled=last, kind="primary")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if st.button(tr("Try it"), key="story-try"):
                _open(step)
            st.button(tr("Notes"), key="story-note", on_click=_toggle_notes)
            st.button(tr("QR code"), key="story-qr", on_click=_toggle_code)
            downloads.offer_story(ready, trains=loading().done and not loading().problem)
            on_paper = tr("All steps to print, with notes.")
            st.button(tr("Handout"), key="story-handout", on_click=_toggle_handout, help=on_paper)
            st.page_link(pages.page("play"), label=tr("Leave the story"), width="content")


def _turning(
    label: str, step: int, key: str, *, disabled: bool, kind: Literal["primary", "secondary"] = "secondary"
) -> None:
    st.button(label, key=key, type=kind, on_click=_go, args=(step,), disabled=disabled)


def _whence(ready: Rehearsal) -> None:
    """Of runs that were trained before: where, and the way to train them here."""
    if whence := handout.whence(ready):
        st.markdown(tr("The runs: trained with {provenance}.", provenance=whence))
        idle = loading().done and not loading().problem and ready.current is None
        st.button(tr("Train them again here"), key="story-anew", on_click=ready.train_again, disabled=not idle)
    if ready.whole and (failure := _failure(ready, TOLD)):  # of one that is not ready its step says so
        st.markdown(f"*{failure}*")
        st.button(tr("Try again"), key="story-again", on_click=ready.again)


def _failure(ready: Rehearsal, names: Collection[str]) -> str:
    """Why one of these runs could not be trained, or why nothing could; "" where nothing has failed."""
    for name, why in ready.problems.items():
        if name in names:
            return tr("This run failed. {problem}", problem=theme.plain(f"{SCENARIOS[name].title}: {why}"))
    return tr("Training has failed. {problem}", problem=theme.plain(ready.problem)) if ready.problem else ""


def _code() -> None:
    """The address for the audience, or why there is none."""
    try:
        url = public_url(os.environ.get(VARIABLE, ""), st.context.url or "")
    except NoInvitation as why:
        st.markdown(str(why))
        return
    drawn = {"kind": "code", "say": tr("QR code of {address}", address=url), "svg": qr_code(url)}
    slides.show_patterns(drawn, key="story-qr-code")
    st.link_button(url, url)


def _prepare(visit: Visit, step: Step, ready: Rehearsal) -> None:
    """Draw the figure next door unseen, so that the browser has loaded Plotly when the room gets there."""
    beside = [STEPS[i - 1] for i in (visit.step + 1, visit.step - 1) if 1 <= i <= len(STEPS)]
    figures = [other for other in beside if other.picture in pictures.FIGURES]
    if figures and step.picture not in pictures.FIGURES:
        pictures.figure(figures[0], ready, key="story-unseen")


# ---------------------------------------------------------------- the runs


def _news(steps: Sequence[Step], known: Any, turned: Any) -> None:
    """Train what is told, and draw the page again when these steps have something new.

    Or when a key came with a question: what is sent in the same moment Streamlit answers with the question's fragment
    alone, so that the step would have changed, and the page not.
    """
    visit = _visit()
    if visit.questions.asked:
        loading().start()
    ready = rehearsal()
    if loading().done and not loading().problem and ready.watch():
        pool().submit(ready)
    over = loading().problem or ready.problem or (loading().done and ready.current is None)
    polling.show(visit.questions, not over, key=NEWS)
    if _known(steps) != known or _turned(visit) != turned:
        wait_until_sent()
        st.rerun()


def _turned(visit: Visit) -> Any:
    """What the speaker's keys have set."""
    return visit.step, visit.notes, visit.code, visit.handout


def _known(steps: Sequence[Step]) -> Any:
    """What these steps show of the runs, and what is offered beside them."""
    ready = rehearsal()
    names = {name for step in steps for name in step.runs}
    runs = [run.id for name, run in ready.runs.items() if name in names]
    return runs, ready.whole, ready.current is None, ready.problems, ready.problem, loading().done, loading().problem


# ---------------------------------------------------------------- what a speaker does


def _go(step: int) -> None:
    visit = _visit()
    visit.step, visit.problem, visit.code = max(1, min(len(STEPS), step)), "", False


def _went() -> None:
    wanted = getattr(st.session_state[KEYS], "go", None)
    if isinstance(wanted, int | float) and wanted in range(1, len(STEPS) + 1):
        _go(int(wanted))


def _toggle_notes() -> None:
    _visit().notes = not _visit().notes


def _toggle_code() -> None:
    _visit().code = not _visit().code


def _toggle_handout() -> None:
    _visit().handout = not _visit().handout


def _open(step: Step) -> None:
    """Train what the step is about on the playground, and go there."""
    name = pictures.chosen(step)
    ready = rehearsal()
    e = ready.experiment(name) if len(step.shows) > 1 else step.opens
    scenario = scenario_of(e)
    open_run(e, scenario.title if scenario else step.headline())
    pages.open_page(step.place)
