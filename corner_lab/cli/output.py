"""What the command line prints: results in a few lines, JSON documents, errors in one line on stderr."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from corner_lab.cli.text_width import padded
from corner_lab.formatting import decimals, percent
from corner_lab.language import msgc, tr, trc, trn
from corner_lab.network.patterns import COUNT


def error(message: object, status: int) -> int:
    """Tell what went wrong, in one line. Returns the exit status."""
    tell(tr("error: {what}", what=" ".join(str(message).split())))
    return status


def tell(line: str) -> None:
    if sys.stderr:  # None where it is closed, which print would take for stdout
        print(line, file=sys.stderr, flush=True)


def discard_output() -> None:
    """Let what is still to be written to stdout vanish, so that Python does not complain about it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def json_text(value: object) -> str:
    return json.dumps(value, indent=2, allow_nan=False)


# How a run has ended: what `status` of its report is called.
ENDED = {
    "finished": msgc("how a run has ended", "finished"),
    "stopped": msgc("how a run has ended", "stopped"),
    "diverged": msgc("how a run has ended", "diverged"),
    "refused_by_keras": msgc("how a run has ended", "refused_by_keras"),
    "failed": msgc("how a run has ended", "failed"),
}


def trained_text(document: Mapping[str, Any]) -> str:
    """A run's report in a few lines."""
    lines = [
        *(_on_scenes(name, found) for name, found in document.get("scenes", {}).items()),
        _outcome(document),
        tr(
            "lowest target output {lowest}, highest other output {highest}, loss {loss}",
            lowest=document["corner_output"],
            highest=document["worst_other_output"],
            loss=document["loss"],
        ),
        _effort(document),
        *document["message"].splitlines(),
        tr("link: {link}", link=document["link"] or tr("(empty: the question as asked)")),
    ]
    return "\n".join(lines)


def _outcome(document: Mapping[str, Any]) -> str:
    """Whether a run has solved it, and how many patterns it has right."""
    tp, fp, fn, tn = (document[name] for name in ("tp", "fp", "fn", "tn"))
    counts = tr(
        "{right} of {all} patterns right, {found} of {targets} found, {others} taken for one",
        right=tp + tn,
        all=COUNT,
        found=tp,
        targets=trn("{count} target", "{count} targets", tp + fn),
        others=trn("{count} other", "{count} others", fp),
    )
    if "scenes" in document:  # solved or not is about patterns that these need not have
        occurring = document["scenes"]["own"]["occurring_patterns"]
        return tr(
            "of all 512 patterns, {occurring} of which its scenes have: {counts}", occurring=occurring, counts=counts
        )
    if document["solved_at"] is None:
        return tr("not solved: {counts}", counts=counts)
    epoch = f"{document['solved_at']:,}"
    if document["solved"]:
        return tr("solved, first at epoch {epoch}: {counts}", epoch=epoch, counts=counts)
    return tr("not solved any more (it was at epoch {epoch}): {counts}", epoch=epoch, counts=counts)


def _effort(document: Mapping[str, Any]) -> str:
    """How a run has ended, and how long it took."""
    seconds = document["seconds"]
    return tr(
        "{ended}: {epochs}, {updates}; import {imported} s, warm-up {warm_up} s, training {trained} s",
        ended=ENDED[document["status"]],
        epochs=trn("{count} epoch", "{count} epochs", document["epochs"]),
        updates=trn("{count} update", "{count} updates", document["updates"]),
        imported=f"{seconds['import']:.1f}",
        warm_up=f"{seconds['warm_up']:.1f}",
        trained=f"{seconds['train']:.2f}",
    )


def _on_scenes(which: str, found: Mapping[str, Any]) -> str:
    """How a run did on its own scenes, or on fresh ones, beside the best that can be."""
    count = found["scenes"]
    if which == "own":
        scenes = trn("own {count} scene", "own {count} scenes", count)
    else:
        scenes = trn("fresh {count} scene", "fresh {count} scenes", count)
    return tr(
        "{scenes}: precision {precision}, recall {recall}, F1 {f1} (the best for 3x3 patches {best_f1}), accuracy "
        "{accuracy} ({best_accuracy})",
        scenes=scenes,
        precision=_or_none(found["precision"], decimals),
        recall=_or_none(found["recall"], decimals),
        f1=decimals(found["f1"]),
        best_f1=decimals(found["best_f1"]),
        accuracy=percent(found["accuracy"]),
        best_accuracy=percent(found["best_accuracy"]),
    )


def _or_none(value: float | None, written: Callable[[float], str]) -> str:
    return trc("no such number", "none") if value is None else written(value)


def evaluated_text(found: Mapping[str, Any]) -> str:
    """What `evaluate` found, in a few lines."""
    meanings = {
        "keras_loss": tr("what model.evaluate returns"),
        "true_loss": tr("the same with label shapes aligned"),
        "all_zeros_loss": tr("what rejecting every pattern would cost"),
    }
    lines = [
        tr(
            "{right} of {all} patterns right, lowest target output {lowest}, highest other output {highest}",
            right=found["correct"],
            all=COUNT,
            lowest=found["corner_output"],
            highest=found["worst_other_output"],
        ),
        *(f"{name:15} {padded(_or_none(found[name], str), 24)} {meaning}" for name, meaning in meanings.items()),
    ]
    if found["keras_loss"] is None:
        lines.append(tr("none: Keras refuses these shapes, or the loss is not finite"))
    return "\n".join(lines)
