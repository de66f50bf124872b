"""What the command line prints: results in a few lines, JSON documents, errors in one line on stderr."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from corner_lab.formatting import decimals, many, percent
from corner_lab.network.patterns import COUNT


def error(message: object, status: int) -> int:
    """Tell what went wrong, in one line. Returns the exit status."""
    tell("error: " + " ".join(str(message).split()))
    return status


def tell(line: str) -> None:
    if sys.stderr:  # None where it is closed, which print would take for stdout
        print(line, file=sys.stderr, flush=True)


def discard_output() -> None:
    """Let what is still to be written to stdout vanish, so that Python does not complain about it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def json_text(value: object) -> str:
    return json.dumps(value, indent=2, allow_nan=False)


def trained_text(document: Mapping[str, Any]) -> str:
    """A run's report in a few lines."""
    tp, fp, fn, tn = (document[name] for name in ("tp", "fp", "fn", "tn"))
    counts = f"{tp + tn} of {COUNT} patterns right, {tp} of {many(tp + fn, 'target')} found"
    counts += f", {many(fp, 'other')} taken for one"
    if "scenes" in document:  # solved or not is about patterns that these need not have
        occurring = document["scenes"]["own"]["occurring_patterns"]
        outcome = f"of all 512 patterns, {occurring} of which its scenes have: {counts}"
    elif document["solved"]:
        outcome = f"solved, first at epoch {document['solved_at']:,}: {counts}"
    elif document["solved_at"] is not None:
        outcome = f"not solved any more (it was at epoch {document['solved_at']:,}): {counts}"
    else:
        outcome = f"not solved: {counts}"
    seconds = document["seconds"]
    lines = [
        *(_on_scenes(name, found) for name, found in document.get("scenes", {}).items()),
        outcome,
        f"lowest target output {document['corner_output']}, highest other output {document['worst_other_output']}, "
        f"loss {document['loss']}",
        f"{document['status']}: {many(document['epochs'], 'epoch')}, {many(document['updates'], 'update')}; "
        f"import {seconds['import']:.1f} s, warm-up {seconds['warm_up']:.1f} s, training {seconds['train']:.2f} s",
        *document["message"].splitlines(),
        f"link: {document['link'] or '(empty: the question as asked)'}",
    ]
    return "\n".join(lines)


def _on_scenes(which: str, found: Mapping[str, Any]) -> str:
    """How a run did on its own scenes, or on fresh ones, beside the best that can be."""
    precision, recall = ("none" if found[name] is None else decimals(found[name]) for name in ("precision", "recall"))
    return (
        f"{which} {many(found['scenes'], 'scene')}: precision {precision}, recall {recall}, F1 {decimals(found['f1'])} "
        f"(the best for 3x3 patches {decimals(found['best_f1'])}), accuracy {percent(found['accuracy'])} "
        f"({percent(found['best_accuracy'])})"
    )


def evaluated_text(found: Mapping[str, Any]) -> str:
    """What `evaluate` found, in a few lines."""
    meanings = {
        "keras_loss": "what model.evaluate returns",
        "true_loss": "the same with label shapes aligned",
        "all_zeros_loss": "what rejecting every pattern would cost",
    }
    shown = {name: "none" if found[name] is None else str(found[name]) for name in meanings}
    lines = [
        f"{found['correct']} of {COUNT} patterns right, "
        f"lowest target output {found['corner_output']}, highest other output {found['worst_other_output']}",
        *(f"{name:15} {shown[name]:24} {meaning}" for name, meaning in meanings.items()),
    ]
    if found["keras_loss"] is None:
        lines.append("none: Keras refuses these shapes, or the loss is not finite")
    return "\n".join(lines)
