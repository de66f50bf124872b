"""The page of pictures: rectangles drawn, made or uploaded, and the corners that a network finds in them.

The browser owns the picture and which network looks at it (ui/components/picture). Python makes scenes, reads files and
links, and hands over the numbers of the networks: those on the bench, the run's, the two closed forms.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.share_link import leads_to
from corner_lab.export.stage_record import growing_rows
from corner_lab.network.parameters import linear_names
from corner_lab.network.patterns import COUNT
from corner_lab.pictures import picture_link
from corner_lab.pictures.files import PictureError
from corner_lab.pictures.files import read as read_picture
from corner_lab.pictures.picture_link import SceneWord
from corner_lab.pictures.scenes import KINDS, scene
from corner_lab.training.history import spread_rows
from corner_lab.training.run import Run
from ui import pages, theme
from ui.components import picture, polling
from ui.components.polling import Questions
from ui.server.keras_loading import loading
from ui.server.streamlit_internals import wait_until_sent, went_back
from ui.state import url
from ui.state.session import Session, bench, locks_in, opening_weights, session, shown_layout
from ui.state.train_actions import watch

PICTURE, NEWS, FILE = "picture", "pictures-news", "picture-file"  # the keys of the components and of the uploader
ROWS = 1000  # of a run: the slider has no more places
MEGABYTES = 20


@dataclass
class Visit:
    """The picture that Python has last set for one visitor, and what it was made from."""

    cells: str = ""  # as a link writes it
    scene: SceneWord | None = None
    corners: list[tuple[int, int, str]] | None = None
    rev: int = 0
    network: str = ""
    epoch: int | None = None  # that a link names
    choice_rev: int = 0
    problems: list[str] = field(default_factory=list)  # of the link
    taken: tuple[Any, ...] = ()  # the file that was last read, and how
    file_problem: str = ""  # in it
    opening: bool = False  # Play is to be opened
    run: str = ""  # that was there when the page was last drawn
    arriving: bool = False  # a link's run was still to come then
    questions: Questions = field(default_factory=Questions)

    def show_scene(self, word: SceneWord) -> None:
        made = scene(word.kind, word.seed, word.side, word.side)
        self.cells, self.scene = picture_link.drawing_text(made.picture), word
        self.corners = [(corner.row, corner.column, corner.orientation) for corner in made.corners]
        self.rev += 1

    def choose(self, network: str, epoch: int | None) -> None:
        """Which network is to be shown; the browser keeps its own choice until this is called."""
        self.network, self.epoch = network, epoch
        self.choice_rev += 1

    def show_drawing(self, cells: NDArray[np.uint8]) -> None:
        self.cells, self.scene, self.corners = picture_link.drawing_text(cells), None, None
        self.rev += 1


def page() -> None:
    s, visit = session(), _visit()
    _read_address(s, visit)
    st.html(theme.STYLE)
    st.subheader("The corners of rectangles", anchor=False)
    st.caption(
        "Every 3×3 patch of a binary picture is one of the 512 patterns, so what a network makes of a whole picture is "
        "a look-up in its 512 outputs. Draw, and see what it calls a corner. Beyond the border everything is off."
    )
    for problem in (*s.problems, *visit.problems):
        st.warning(f"The link says {theme.plain(problem)}. The default is used instead.", icon=":material/link_off:")
    theme.show_notes(s.notes)
    st.fragment(_view)(_stage_of(s))


def _visit() -> Visit:
    found: Visit = st.session_state.setdefault("pictures", Visit())
    return found


def _view(before: tuple[Any, ...]) -> None:
    s, visit = session(), _visit()
    if visit.opening:
        visit.opening = False
        pages.open_page("play")
    watch()
    if s.arrival is not None and visit.questions.asked:  # the picture is on the screen
        loading().start()
        url.start_arrival(s)
    url.show_arrival(s)
    above, place, below = st.container(), st.container(), st.container()  # what comes and goes moves no other's place
    with above:
        _say_what_is_awaited(s)
    with below:
        _upload(visit)  # first: what it reads is shown at once
    with place:
        picture.show(_packed(s, visit), on_scene=_scene_wanted, on_bench=_bench_wanted, key=PICTURE)
    polling.show(visit.questions, _awaited(s), key=NEWS)
    if _stage_of(s) != before:  # the address, and the notes
        wait_until_sent()
        st.rerun()


def _awaited(s: Session) -> bool:
    """Whether there is more to come."""
    if loading().problem:
        return False
    coming = s.arrival is not None and not s.arrival.shown
    return coming or (s.run is not None and not s.run.over)


def _say_what_is_awaited(s: Session) -> None:
    """That a link's run is still to come, or why there is none."""
    if s.run is not None and s.run.history is None and s.run.status == "failed":
        st.error(f"The run failed: {s.run.message}", icon=":material/error:")
    elif s.arrival is not None and not s.arrival.shown:
        st.caption(loading().problem or "The run of the link is trained first; it follows by itself.")


def _stage_of(s: Session) -> tuple[Any, ...]:
    """What the whole page is drawn for."""
    return (_awaited(s), s.on_stage.id if s.on_stage is not None else "", len(s.notes))


# ---------------------------------------------------------------- the address


def _read_address(s: Session, visit: Visit) -> None:
    """Follow the address when the page is first opened, and when the browser goes back or forward to one."""
    said = {name: st.query_params.get_all(name) for name in picture_link.WORDS if name in st.query_params}
    run = s.on_stage.id if s.on_stage is not None else ""
    other, visit.run = run != visit.run, run
    if visit.rev and not (went_back() and said):
        if other and not visit.arriving:
            visit.choose(_likely(s), None)
        visit.arriving = s.arrival is not None and not s.arrival.shown
        return
    visit.arriving = s.arrival is not None and not s.arrival.shown
    visit.problems = []
    drawing = _word(visit, said, "drawing", picture_link.read_drawing)
    word = _word(visit, said, "scene", picture_link.read_scene)
    if drawing is not None:
        visit.show_drawing(drawing)
    else:
        visit.show_scene(word or SceneWord())
    epoch = s.arrival.link.epoch if s.arrival is not None and visit.arriving else None
    visit.choose(_word(visit, said, "network", picture_link.read_network) or _likely(s), epoch)


def _word(visit: Visit, said: dict[str, list[str]], name: str, reader: Callable[[str], Any]) -> Any:
    """What a word of the address says; None where it is not there or wrong, which is noted."""
    texts = said.get(name, [])
    try:
        if len(texts) > 1:
            raise ValueError(f"{name} {texts[0][:60]!r}: appears more than once")
        return reader(texts[0]) if texts else None
    except ValueError as error:
        visit.problems.append(str(error))
        return None


# ---------------------------------------------------------------- what the browser asks for


def _scene_wanted() -> None:
    """Make the scene that was asked for; what cannot be is no scene of ours, and changes nothing."""
    told: Any = st.session_state[PICTURE].scene
    try:
        word = SceneWord(str(told["kind"]), int(told["seed"]), int(told["side"]))
        _visit().show_scene(picture_link.read_scene(str(word)))
    except (KeyError, TypeError, ValueError, OverflowError):  # the last for an infinity
        session().notes.append("There is no such scene. The picture stays.")


def _bench_wanted() -> None:
    """Put a patch on the bench of Play, and go there if that was asked for."""
    told, s = st.session_state[PICTURE].bench, session()
    if not isinstance(told, dict):
        return
    pattern: Any = told.get("pattern")
    if type(pattern) in (int, float) and pattern in range(COUNT):
        s.pixels = int(pattern)
        s.channel.rev += 1
    _visit().opening = told.get("open") is True


def _upload(visit: Visit) -> None:
    """A picture from a file. What is wrong with it is said, and the picture stays."""
    with st.expander("Upload a picture", icon=":material/upload:"):
        file = st.file_uploader("PNG or JPEG", ["png", "jpg", "jpeg"], key=FILE, max_upload_size=MEGABYTES)
        left, right = st.columns(2, vertical_alignment="bottom")
        threshold = left.slider("Threshold on brightness", 0.0, 1.0, 0.5, 0.01, key="picture-threshold")
        dark = right.toggle("Dark is on", key="picture-dark", help="For a dark drawing on white paper.")
        if file is None:
            return
        how = (file.file_id, threshold, dark)
        if how != visit.taken:
            visit.taken, visit.file_problem = how, ""
            try:
                visit.show_drawing(read_picture(file.getvalue(), threshold, dark))
            except PictureError as error:
                visit.file_problem = f"{file.name}: {error}. The picture stays as it was."
        if visit.file_problem:
            st.error(visit.file_problem, icon=":material/error:")


# ---------------------------------------------------------------- what the browser is told


def _packed(s: Session, visit: Visit) -> bytes:
    run = s.on_stage
    running = run if run is not None and run.history is not None else None
    e = running.experiment if running is not None else s.experiment
    header = {
        "session": s.id,
        "picture": {
            "rev": visit.rev,
            "text": visit.cells,
            "scene": asdict(visit.scene) if visit.scene else None,
            "corners": visit.corners,
        },
        "choice": {"rev": visit.choice_rev, "network": visit.network, "epoch": visit.epoch},
        "kinds": [(word, kind.label) for word, kind in KINDS.items()],
        "home": str(SceneWord()),
        "networks": _networks(s, e),
        "run": _about(s, running) if running is not None else None,
        "bench": {
            "pixels": s.pixels,
            "home": s.experiment.target[0],
            "weights": list(s.bench.numbers) if s.bench is not None else None,
            "locks": sorted(locks_in(s, shown_layout(s))),
            "kernels": shown_layout(s).kernels,
        },
        "arriving": s.arrival is not None and not s.arrival.shown,
        **_of(e),
        "kernels": e.kernels,
    }
    return picture.packed(header, _columns(s, visit, running))


def _of(e: Experiment) -> dict[str, Any]:
    return {"head": e.head, "hidden": e.hidden, "threshold": e.threshold, "target": list(e.target)}


def _networks(s: Session, e: Experiment) -> list[dict[str, Any]]:
    """The networks that stand still: the bench's, and where there is one target the two closed forms for it."""
    shown = bench(s)
    numbers = opening_weights(s.experiment)[0] if shown is None else shown.linear
    found = [{"id": "bench", "name": "Bench", "numbers": numbers.tolist(), **_of(e)}]
    if len(e.target) == 1:
        plain = _of(e) | {"hidden": "none"}  # one kernel, whatever the run has
        for word, name in (("by_hand", "By hand"), ("matched", "Matched filter")):
            found.append({"id": word, "name": name, "numbers": linear_weights(word, e.target[0]).tolist(), **plain})
    return found


def _about(s: Session, run: Run) -> dict[str, Any]:
    title = s.staged[1] if s.staged else ""
    leads = leads_to(s.experiment, run)
    return {"id": run.id, "title": title or "Run", "growing": not run.over, "leads": leads, "epoch": s.epoch}


def _columns(s: Session, visit: Visit, run: Run | None) -> dict[str, NDArray[Any]]:
    """Epochs and the numbers that give z at each; of a run at most about 1,000 rows."""
    if run is None or run.history is None:
        numbers = opening_weights(s.experiment)[0][None]
        return {"epoch": np.zeros(1), **dict(zip(linear_names(s.experiment.kernels), numbers.T, strict=True))}
    over, history = run.over, run.history  # over: read before the rows
    last = history.last
    rows = spread_rows(last + 1, ROWS) if over else growing_rows(last, run.experiment.epochs)
    if over:
        named = [epoch for epoch in (s.epoch, visit.epoch, history.solved_at) if epoch is not None and epoch <= last]
        rows = np.union1d(rows, named).astype(np.int64)
    numbers = run.experiment.layout.linear(history.weights[rows])
    return {"epoch": rows, **dict(zip(linear_names(run.experiment.kernels), numbers.T, strict=True))}


def _likely(s: Session) -> str:
    """The network that somebody wants to see first: what they trained, unless they have edited the bench since."""
    run = s.on_stage
    trained = run is not None and run.history is not None and (run.history.last > 0 or not run.over)
    return "run" if s.bench is None and (trained or s.arrival is not None) else "bench"
