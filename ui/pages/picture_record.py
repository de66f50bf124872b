"""What the browser is told on the page of pictures: the picture, and the numbers of the networks that may look."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.export.share_link import leads_to
from corner_lab.export.stage_record import growing_rows, set_record
from corner_lab.language import trc
from corner_lab.pictures.picture_link import SceneWord
from corner_lab.pictures.scenes import KINDS
from corner_lab.training.history import spread_rows
from corner_lab.training.run import Run
from ui.components import picture
from ui.pages.picture_visit import Visit
from ui.state.session import Session, locks_in, opening_weights, shown_layout, unedited_bench

ROWS = 1000  # of a run: the slider has no more places


def packed(s: Session, visit: Visit) -> bytes:
    """All that the page's component needs, see `PictureHeader` in its state.js."""
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
        "choice": {
            "rev": visit.choice_rev,
            "network": visit.network,
            "epoch": visit.epoch,
            "tolerance": visit.tolerance,
            "map": visit.map,
        },
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
            "rev": s.channel.rev,
        },
        "arriving": s.arrival is not None and not s.arrival.shown,
        **_of(e),
        "second_conv": e.second_conv,
        "kernels": e.kernels,
    }
    return picture.packed(header, _columns(s, visit, running))


def _of(e: Experiment) -> dict[str, Any]:
    return {"head": e.head, "hidden": e.hidden, "threshold": e.threshold, "target": list(e.target)}


def _networks(s: Session, e: Experiment) -> list[dict[str, Any]]:
    """The networks that stand still: the bench's where nothing is edited, and where there is one target the two closed
    forms for it."""
    shown = unedited_bench(s)
    numbers = opening_weights(s.experiment)[0] if shown is None else shown.vector
    found = [{"id": "bench", "name": trc("a network", "Bench"), "numbers": numbers.tolist(), **_of(e)}]
    if len(e.target) == 1:
        for word, name in (("by_hand", trc("a network", "By hand")), ("matched", trc("a network", "Matched filter"))):
            numbers = linear_weights(word, e.target[0], e.kernels, e.hidden, e.seed)
            found.append({"id": word, "name": name, "numbers": numbers.tolist(), **_of(e)})
    return found


def _about(s: Session, run: Run) -> dict[str, Any]:
    title = (str(s.staged[1]) if s.staged else "") or trc("a network", "Run")
    leads = leads_to(s.experiment, run)
    return {"id": run.id, "title": title, "growing": not run.over, "leads": leads, "epoch": s.epoch_to_rest_at}


def _columns(s: Session, visit: Visit, run: Run | None) -> dict[str, NDArray[Any]]:
    """Epochs and the bench's numbers at each; of a run at most about 1,000 rows."""
    if run is None or run.history is None:
        opening = set_record(s.experiment, *opening_weights(s.experiment)).columns
        return {name: opening[name] for name in ("epoch", *s.experiment.layout.bench_names)}
    over, history = run.over, run.history  # over: read before the rows
    last = history.last
    rows = spread_rows(last + 1, ROWS) if over else growing_rows(last, run.experiment.epochs)
    if over:
        named = (s.epoch_to_rest_at, visit.epoch, history.solved_at)
        rows = np.union1d(rows, [epoch for epoch in named if epoch is not None and epoch <= last]).astype(np.int64)
    layout = run.experiment.layout
    numbers = layout.bench(history.weights[rows])
    return {"epoch": rows, **dict(zip(layout.bench_names, numbers.T, strict=True))}
