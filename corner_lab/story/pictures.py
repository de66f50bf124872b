"""What the story draws, as data that pages and files draw: parts of the stage, figures of other pages, patterns."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.stage_record import Record, set_record
from corner_lab.language import current, speaking, tr
from corner_lab.network.patterns import CORNER, COUNT, NAMED, TARGET_LABELS
from corner_lab.plots.theme import Palette
from corner_lab.story import exhibits, rectangles
from corner_lab.story import sentences as words
from corner_lab.story.steps import Picture, Step
from corner_lab.training.run import Run

if TYPE_CHECKING:
    import plotly.graph_objects as go

STAGED: Mapping[Picture, list[str]] = {"bench": ["bench", "atlas"], "stage": ["atlas", "curves", "move"]}  # its parts
FIGURES: tuple[Picture, ...] = ("bar", "pairs", "kernels", "scenes")
PATTERNS: tuple[Picture, ...] = ("sheet", "certificate")


def by_hand() -> Record:
    """What stands on the stage of the picture "bench"."""
    return _by_hand(current().code)


@cache
def _by_hand(language: str) -> Record:
    with speaking(language):
        return set_record(Experiment(), linear_weights("by_hand", CORNER), tr("Set by hand"))


def switch_label(name: str) -> str:
    """What the switch between the runs of a step calls one of them."""
    e = SCENARIOS[name].experiment
    if e.labels_shuffled:
        return tr("Labels shuffled")
    return tr("As asked") if e.labels == "as_asked" else tr("Aligned")


def figures(step: Step, runs: Mapping[str, Run], palette: Palette) -> list["go.Figure"]:
    """The figures of a step whose picture is one of FIGURES, given the runs that are ready."""
    from corner_lab.plots.story import kernels, pairs_figure, printed_figure, scene_figure

    if step.picture == "bar":
        return [printed_figure(exhibits.perfect(), palette)]
    if step.picture == "pairs":
        networks = {tr("The perfect network"): exhibits.perfect(), tr("Rejecting everything"): exhibits.rejecting()}
        return [pairs_figure(name, a, palette) for name, a in networks.items()]
    if step.picture == "scenes":
        told = runs if rectangles.NETWORK in runs else None
        return [
            scene_figure(kind, rectangles.shown(kind), rectangles.found(told, kind) if told else (), palette)
            for kind in rectangles.KINDS
        ]
    ready = all(name in runs for name in step.needs)
    return [kernels(exhibits.learned(runs) if ready else None, CORNER, palette)]


def patterns(step: Step) -> dict[str, Any]:
    """The patterns of a step whose picture is one of PATTERNS, as `ui/components/slides/patterns.js` draws them."""
    return _sheet() if step.picture == "sheet" else _sums()


def _sheet() -> dict[str, Any]:
    items = [{"pattern": index, "marked": index == CORNER} for index in range(COUNT)]
    say = tr("All {count} patterns; pattern {corner}, the corner, is marked", count=COUNT, corner=CORNER)
    return {"kind": "sheet", "say": say, "items": items}


def _sums() -> dict[str, Any]:
    c = exhibits.two_targets()
    (a, b), (x, y) = ([_named(index, index in c.targets) for index in pair] for pair in (c.targets, c.others))
    plus, equals = {"sign": "+"}, {"sign": "="}
    total = {"sums": list(c.sums), "name": tr("how often each\npixel is on").split("\n")}
    return {"kind": "sums2", "say": words.certificate_says(), "items": [a, plus, b, equals, total, equals, x, plus, y]}


def _named(index: int, target: bool) -> dict[str, Any]:
    kind = next((TARGET_LABELS[name] for name, other in NAMED.items() if other == index), tr("not a corner"))
    return {"pattern": index, "marked": target, "name": [str(index), kind]}
