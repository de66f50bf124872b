"""What the page of pictures keeps of a visitor, and what the address says: a picture, and which network looks at it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from corner_lab.language import tr
from corner_lab.pictures import picture_link
from corner_lab.pictures.picture_link import SceneWord
from corner_lab.pictures.scenes import scene
from ui.components.polling import Questions
from ui.server.streamlit_internals import went_back
from ui.state.session import Session


@dataclass
class Visit:
    """The picture that Python has last set for one visitor, and what it was made from."""

    cells: str = ""  # as a link writes it
    scene: SceneWord | None = None
    corners: list[tuple[int, int, str]] | None = None
    rev: int = 0
    network: str = ""
    epoch: int | None = None  # that a link names
    tolerance: int | None = None  # in pixels; None: as it is
    map: str | None = None  # what the response map shows; None: as it is
    choice_rev: int = 0
    wrong: list[Callable[[], Any]] = field(default_factory=list)  # in the link: each raises what is wrong
    taken: tuple[Any, ...] = ()  # the file that was last read, and how
    file_problem: str = ""  # in it,
    problem_in: str = ""  # in the language of this code
    opening: bool = False  # Play is to be opened
    run: str = ""  # that was there when the page was last drawn
    arriving: bool = False  # a link's run was still to come then
    questions: Questions = field(default_factory=Questions)

    @property
    def problems(self) -> list[ValueError]:
        """What is wrong in the link, in the language of whoever asks."""
        found: list[ValueError] = []
        for read in self.wrong:
            try:
                read()
            except ValueError as error:
                found.append(error)
        return found

    def show_scene(self, word: SceneWord) -> None:
        made = scene(word.kind, word.seed, word.side, word.side)
        self.cells, self.scene = picture_link.drawing_text(made.picture), word
        self.corners = [(corner.row, corner.column, corner.orientation) for corner in made.corners]
        self.rev += 1

    def choose(self, network: str, epoch: int | None, tolerance: int | None = None, map: str | None = None) -> None:
        """Which network is to be shown, and how; the browser keeps its own choice until this is called."""
        self.network, self.epoch, self.tolerance, self.map = network, epoch, tolerance, map
        self.choice_rev += 1

    def show_drawing(self, cells: NDArray[np.uint8]) -> None:
        self.cells, self.scene, self.corners = picture_link.drawing_text(cells), None, None
        self.rev += 1


def visit_of_pictures() -> Visit:
    """This visitor's."""
    found: Visit = st.session_state.setdefault("pictures", Visit())
    return found


def read_address(s: Session, visit: Visit) -> None:
    """Follow the address when the page is first opened, and when the browser goes back or forward to one."""
    said = {name: st.query_params.get_all(name) for name in picture_link.WORDS if name in st.query_params}
    run = s.on_stage.id if s.on_stage is not None else ""
    other, visit.run = run != visit.run, run
    if visit.rev and not (went_back() and said):
        if other and not visit.arriving:
            visit.choose(likely(s), None)
        visit.arriving = s.arrival is not None and not s.arrival.shown
        return
    visit.arriving = s.arrival is not None and not s.arrival.shown
    visit.wrong = []
    drawing = _word(visit, said, "drawing", picture_link.read_drawing)
    word = _word(visit, said, "scene", picture_link.read_scene)
    if drawing is not None:
        visit.show_drawing(drawing)
    else:
        visit.show_scene(word or SceneWord())
    epoch = s.arrival.link.epoch if s.arrival is not None and visit.arriving else None
    network = _word(visit, said, "network", picture_link.read_network) or likely(s)
    tolerance = _word(visit, said, "tolerance", picture_link.read_tolerance) or 0
    visit.choose(network, epoch, tolerance, _word(visit, said, "map", picture_link.read_map) or "output")


def _word(visit: Visit, said: dict[str, list[str]], name: str, reader: Callable[[str], Any]) -> Any:
    """What a word of the address says; None where it is not there or wrong, which is noted."""
    read = partial(_read, said.get(name, []), name, reader)
    try:
        return read()
    except ValueError:
        visit.wrong.append(read)
        return None


def _read(texts: list[str], name: str, reader: Callable[[str], Any]) -> Any:
    if len(texts) > 1:
        raise ValueError(tr("{name} {text}: appears more than once", name=name, text=repr(texts[0][:60])))
    return reader(texts[0]) if texts else None


def likely(s: Session) -> str:
    """The network that somebody wants to see first: what they trained, unless they have edited the bench since."""
    run = s.on_stage
    trained = run is not None and run.history is not None and (run.history.last > 0 or not run.over)
    return "run" if s.bench is None and (trained or s.arrival is not None) else "bench"
