"""Write what the tests of the stage's pure modules compare with: `python tests/stage/vectors.py FILE`.

Everything is computed anew from real Keras, from the core and in exact arithmetic; nothing is kept by hand.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import tensorflow as tf

from corner_lab.export import stage_record
from corner_lab.export.share_link import PARTS, shown_parts
from corner_lab.formatting import gap_text, margin_text, output_text, percent, signed
from corner_lab.network import metrics
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.parameters import linear_names
from corner_lab.pictures import KINDS, detect, match, scene, wanted
from corner_lab.pictures.picture_link import drawing_text
from corner_lab.terms import TERMS

BITS = ((np.arange(512)[:, None] >> np.arange(9)) & 1).astype(np.float32)  # (512, 9)
X = BITS.reshape(512, 3, 3, 1)
CORNER = np.array([-1, -1, -1, -1, 1, 1, -1, 1, 1], dtype=np.float64)  # a matched filter for 432
SMALLEST = 2.0**-126  # of float32's normal numbers: what is below counts as 0

RNG = np.random.default_rng(11)
FIXED: dict[str, Iterable[float]] = {
    "all zero": [0.0] * 12,
    "only the bias is zero": [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0],  # half of all exactly on the threshold
    "set by hand": [*np.where(CORNER > 0, 10, -100), -35, 1, 0],
    "matched filter": [*CORNER, -3.5, 1, 0],
    "matched filter, deep in the dead zone": [*CORNER * 5, -17.5, 1, 0],
    "everything called a corner": [*CORNER * 0.1, 5, 1, 0],
    "everything wrong": [*-CORNER, 3.5, 1, 0],
    "all just above the threshold": [*CORNER * 0.001, 0.01, 1, 0],
    "all just below it": [*CORNER * 0.001, -0.01, 1, 0],
    "all on the dead edge": [0] * 9 + [-3, 1, 0],
    "all alive, some far out": [*CORNER * 0.1, -1, 1, 0],
    "huge": [*CORNER * 1e5, -3.5e5, 1, 0],
}
RANDOM: dict[str, Iterable[float]] = {
    f"random, scale {scale:g}": [*RNG.normal(0, scale, 9), *RNG.normal(0, scale, 1), 1, 0]
    for scale in (0.03, 0.3, 1, 3, 30, 300)
}
SEVERAL: dict[str, Iterable[float]] = {
    f"random, {kernels} kernels": RNG.normal(0, 1, 11 * kernels + 1) for kernels in (2, 8)
}
WEIGHTS = {name: np.array(list(w), dtype=np.float32) for name, w in (FIXED | RANDOM | SEVERAL).items()}


def floats(values: Any) -> list[float]:
    return [float(v) for v in np.ravel(values)]


# ---------------------------------------------------------------- Keras


def logits_of(head: str, second_conv: bool, seed: int, kernels: int = 1, hidden: str = "none") -> Any:
    """A plain Keras network up to its scores, with random weights."""
    two, rng = head == "softmax", np.random.default_rng(seed)
    first = keras.layers.Conv2D(kernels if second_conv or not two else 2, 3)
    layers: list[Any] = [keras.Input((3, 3, 1)), first]
    if hidden == "relu":
        layers.append(keras.layers.ReLU())
    if second_conv:
        layers.append(keras.layers.Conv2D(2 if two else 1, 1))
    logits = keras.Sequential([*layers, keras.layers.Reshape((-1,))])
    logits.set_weights([rng.normal(0, 2, w.shape).astype(np.float32) for w in logits.get_weights()])
    return logits


def bench_numbers(logits: Any, head: str, second_conv: bool) -> list[float]:
    """The numbers on the stage's bench: those that give z, for softmax the other class's after them."""
    kernel, bias, *second = logits.get_weights()
    own = [*np.moveaxis(kernel[:, :, 0, :], -1, 0).ravel(), *bias]  # kernel by kernel, then their biases
    if head != "softmax":
        return floats([*own, *(np.concatenate([second[0].ravel(), second[1]]) if second_conv else [1, 0])])
    if second_conv:
        (w0, w1), (b0, b1) = second[0].reshape(-1, 2).T, second[1]
        return floats([*own, *(w1 - w0), b1 - b0, *w0, b0])
    k0, k1 = kernel.reshape(9, 2).T
    return floats([*(k1 - k0), bias[1] - bias[0], 1, 0, *k0, bias[0]])


def networks() -> list[dict[str, Any]]:
    """For every head, with and without 1x1 convolution, and for several kernels with and without relu behind them: the
    bench's numbers, scores and outputs of all patterns."""
    cases: list[tuple[str, bool, int, str]] = [
        (head, second_conv, 1, "none")
        for head in ("hard_sigmoid", "sigmoid", "linear", "softmax")
        for second_conv in (True, False)
    ]
    for head in ("sigmoid", "softmax"):
        cases += [(head, True, kernels, hidden) for kernels in (1, 2, 4, 8) for hidden in ("none", "relu")]
    found = []
    for head, second_conv, kernels, hidden in cases:
        logits = logits_of(head, second_conv, len(head) + second_conv + kernels - 1, kernels, hidden)
        scores = np.asarray(logits(X))  # (512, 1) or (512, 2)
        output = np.asarray(keras.activations.get(head)(scores))
        numbers = bench_numbers(logits, head, second_conv)
        about = {"head": head, "second_conv": second_conv, "kernels": kernels, "hidden": hidden, "numbers": numbers}
        found.append(about | {"scores": scores.tolist(), "output": floats(output[:, -1])})
    return found


def keras_slopes(head: str, z: np.ndarray) -> np.ndarray:
    """Keras's own derivative, with 0 where only a number too small to be normal is left."""
    at = tf.constant(z, dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(at)
        output = keras.activations.get(head)(at)
    slope = np.ravel(tape.gradient(output, at).numpy())
    return np.where(np.abs(slope) < SMALLEST, 0, slope)


def slopes() -> list[dict[str, Any]]:
    z = [-200, -88, -87, -20, -17, -3.5, -3, -2.9999, -0.3, 0, 1.7, 2.9999, 3, 3.5, 12, 16.6, 16.7, 40, 80, 200]
    at = np.array(z, dtype=np.float32)
    heads = ("hard_sigmoid", "sigmoid", "linear")
    return [{"head": head, "z": floats(at), "slope": floats(keras_slopes(head, at))} for head in heads]


# ---------------------------------------------------------------- verdicts, in exact arithmetic


def exact_z(numbers: np.ndarray, kernels: int = 1, hidden: str = "none") -> list[float]:
    """z of all patterns: each step exactly, as a fraction, then rounded to the nearest float64."""
    n = [Fraction(float(v)) for v in numbers]
    found = []
    for pattern in range(512):
        z = Fraction(0)
        for k in range(kernels):
            s = Fraction(0)
            for pixel in range(9):
                s = Fraction(float(s + ((pattern >> pixel) & 1) * n[9 * k + pixel]))
            s = Fraction(float(s + n[9 * kernels + k]))
            if hidden == "relu":
                s = max(s, Fraction(0))
            z = Fraction(float(z + Fraction(float(s * n[10 * kernels + k]))))
        found.append(float(z + n[11 * kernels]))
    return found


def verdicts() -> list[dict[str, Any]]:
    """Weights whose verdicts hang on the last bit, and such as training begins with."""
    rng = np.random.default_rng(5)
    half = [0.5, *[0] * 8, 0, 1]  # z of every pattern with pixel 0 is 0.5 and what b2 adds
    cases: list[tuple[str, list[float], float]] = [  # of one kernel
        ("on 0.5", [*half, 0], 0.5),
        ("rounds to 0.5", [*half, 2.0**-54], 0.5),
        ("one ulp above 0.5", [*half, 2.0**-53], 0.5),
        ("one ulp below 0.5", [*half, -(2.0**-54)], 0.5),
        ("smallest above 0", [0] * 11 + [2.0**-149], 0),
        ("smallest below 0", [0] * 11 + [-(2.0**-149)], 0),
        ("the order decides", [2.0**60, 1, -(2.0**60), 0, 0, 0, 0, 0, 0, 0, 1, 0], 0),
        ("the bias comes last", [2.0**60, 1, 0, 0, 0, 0, 0, 0, 0, -(2.0**60), 1, 0], 0),
        ("a product that rounds", [*[0.1] * 9, 0.3, 1 / 3, -0.1], 0),
    ]
    for seed in range(12):  # as Keras begins: no bias, so the empty pattern is a tie
        limit = np.sqrt(6 / 18)
        cases.append((f"start {seed}", [*rng.uniform(-limit, limit, 9), 0, rng.normal(), 0], 0))
    for scale in (0.1, 3, 1000):
        cases.append((f"random {scale}", list(rng.normal(0, scale, 12)), 0))
    several: list[tuple[str, list[float], float, int, str]] = [(*case, 1, "none") for case in cases]
    several += [(f"{case[0]}, relu", *case[1:], 1, "relu") for case in cases[6:12]]
    # The parts in the order of the kernels, then the last bias; and a tie that relu makes of all that it cuts off.
    several.append(("the last bias comes last", [*[0.0] * 18, 2.0**60, 2.0**60, 1, -1, 2.0**-3], 0, 2, "none"))
    several.append(("the order of the kernels", [*[0.0] * 27, 2.0**60, 1, -(2.0**60), 1, 1, 1, 0], 0, 3, "none"))
    several.append(("all cut off", [*[-0.5] * 18, 0, 0, 3, -1, 0], 0, 2, "relu"))
    for kernels, hidden in ((2, "none"), (2, "relu"), (3, "relu"), (8, "none"), (8, "relu")):
        numbers = [float(v) for v in rng.normal(0, 1, 11 * kernels + 1)]
        several.append((f"random of {kernels}, {hidden}", numbers, 0, kernels, hidden))
    found = []
    for i, (name, numbers, threshold, kernels, hidden) in enumerate(several):
        targets = [[432], [432, 0, 1], [0, 511]][i % 3]
        w = np.array(numbers, dtype=np.float32)
        z = exact_z(w, kernels, hidden)
        right = [(v > threshold) if i in targets else (v < threshold) for i, v in enumerate(z)]
        about = {"name": name, "numbers": floats(w), "hidden": hidden, "threshold": threshold, "targets": targets}
        core = floats(pre_activations(w, hidden))
        found.append(about | {"z": z, "core": core, "right": right, "ties": z.count(threshold)})
    return found


# ---------------------------------------------------------------- scores, zones, records


def scores() -> list[dict[str, Any]]:
    found = []
    for name, w in WEIGHTS.items():
        for targets in ((432,), (432, 216, 54, 27)):
            counts = metrics.confusion_counts(pre_activations(w), targets, 0)
            found.append(
                {
                    "name": name,
                    "targets": list(targets),
                    "recall": counts.recall,
                    "precision": counts.precision,
                    "balanced": counts.balanced_accuracy,
                    "right": counts.right,
                    "gap": metrics.separation_gap(pre_activations(w), targets),
                    "margin": metrics.margin(w, targets),
                }
            )
    return found


def zones() -> list[dict[str, Any]]:
    """How many patterns lie left, live and right on the curve, and how many have a slope of exactly 0."""
    found = []
    for name, w in WEIGHTS.items():
        z = pre_activations(w)
        for head in ("hard_sigmoid", "sigmoid", "linear"):
            slope = keras_slopes(head, z)
            still = slope < 0.0025 if head == "sigmoid" else slope == 0
            counts = {"low": still & (z < 0), "live": ~still, "high": still & (z >= 0), "zero": slope == 0}
            found.append({"name": name, "head": head, **{key: int(where.sum()) for key, where in counts.items()}})
    return found


def cards() -> list[dict[str, Any]]:
    z = pre_activations(WEIGHTS["random, scale 3"])
    output = np.ravel(keras.activations.get("hard_sigmoid")(z.astype(np.float32)))
    slope = keras_slopes("hard_sigmoid", z)
    return [
        {
            "pattern": p,
            "z": f"{z[p]:+.{1 if abs(z[p]) >= 10 else 2}f}",
            "output": f"{output[p]:.3f}",
            "gradient": "gradient exactly 0" if slope[p] == 0 else "gradient alive",
            "right": "right" if (z[p] > 0) == (p == 432) else "wrong",
        }
        for p in (0, 176, 432, 511)
    ]


def record() -> dict[str, Any]:
    """A record as Python packs it, and what went in."""
    rng = np.random.default_rng(0)
    columns = {name: rng.normal(size=7).astype(np.float32) for name in stage_record.COLUMNS}
    columns["epoch"] = np.arange(7, dtype=np.float32)
    header = {"run": "é−a", "edges": {"w_max": float("nan"), "z_low": np.float32(-2)}, "target": np.array([432])}
    packed = base64.b64encode(stage_record.packed(header, columns)).decode()
    return {"bytes": packed, "columns": {name: floats(values) for name, values in columns.items()}}


def exact_numbers() -> list[list[float]]:
    rng = np.random.default_rng(0)
    values = np.float32(rng.normal(size=300) * 10.0 ** rng.integers(-12, 12, 300)).astype(float)
    return [[float(v), float(f"{v:.6g}")] for v in values]


def texts() -> dict[str, list[tuple[float, str]]]:
    """Numbers as Python writes them, under the name of the stage's function."""
    values = [0.0, -0.004, 0.094, -0.0996, 1 / 3, 0.5, -1.51, 10, -12.34, 123.45, 1234.56, -2.5e7, 99_999.6, 1e5]
    values += [0.125, -0.625, 0.0625, 12.25, -12.75, 100.5, -1000.5, 0.0005, 2.5e5, 1.25e5, -3.4e38]  # half-way, many
    shares = [0.0, 1.0, 1 / 512, 0.5, 1 / 3, 511 / 512, 0.99999, 1 / 16, 5 / 16]
    same = {
        "signed": (signed, values),
        "gapNumber": (gap_text, values),
        "marginNumber": (margin_text, values),
        "outputNumber": (output_text, values),
        "percent": (percent, shares),
    }
    return {name: [(v, write(v)) for v in given] for name, (write, given) in same.items()}


def pictures() -> list[dict[str, Any]]:
    """Scenes: how a link writes them, what Keras's own convolution makes of each cell, what a network finds in them."""
    rng = np.random.default_rng(5)
    found = []
    for number, kind in enumerate(KINDS):
        height, width = int(rng.integers(8, 40)), int(rng.integers(8, 40))
        made = scene(kind, number, height, width)
        kernels, hidden = (1, 4, 8)[number % 3], ("none", "relu")[number % 2]
        cells = np.where(CORNER > 0, 1, -1) + rng.normal(0, 0.6, (kernels, 9))
        others = rng.normal(0, 0.3, kernels - 1)  # how much the further kernels weigh
        numbers = np.float32([*cells.ravel(), *[-2] * kernels, 1.5, *others, 0.25])
        targets = ([432], [27, 54, 216, 432], [54, 216])[number % 3]
        activation = None if hidden == "none" else hidden
        convs = [keras.layers.Conv2D(kernels, 3, activation=activation, padding="same"), keras.layers.Conv2D(1, 1)]
        network = keras.Sequential([keras.Input((height, width, 1)), *convs])
        first = np.moveaxis(numbers[: 9 * kernels].reshape(kernels, 3, 3, 1), 0, -1)
        bias, w2 = numbers[9 * kernels : 10 * kernels], numbers[10 * kernels : 11 * kernels]
        network.set_weights([first, bias, w2.reshape(1, 1, kernels, 1), numbers[-1:]])
        z = np.asarray(network(made.picture[None, :, :, None].astype(np.float32)))[0, :, :, 0]
        corners = detect(made.picture, pre_activations(numbers, hidden), 0.0, targets, padded=True)
        true = wanted(made.corners, targets)
        nearby = [match(corners, true, tolerance) for tolerance in (0, 1, 2, 5, 16)]
        found.append(
            {
                "height": height,
                "width": width,
                "cells": made.picture.ravel().tolist(),
                "text": drawing_text(made.picture),
                "numbers": floats(numbers),
                "hidden": hidden,
                "keras_z": floats(z),
                "targets": targets,
                "corners": [[corner.row, corner.column, corner.orientation] for corner in made.corners],
                "found": [corner.row * width + corner.column for corner in corners],
                "matched": [
                    {
                        "right": [corner.row * width + corner.column for corner in one.true_positives],
                        "missed": [error.row * width + error.column for error in one.missed],
                        "false": [error.row * width + error.column for error in one.false],
                    }
                    for one in nearby
                ],
            }
        )
    return found


def shown() -> list[dict[str, Any]]:
    """What `show` says, and what is said of it."""
    said = [
        ["bench,atlas"],
        [" Atlas , bench,bench"],
        ["outcome", "picture,nix"],
        ["nix,nil"],
        [""],
        [",".join("abcde" * 9)],
    ]
    found = []
    for texts in said:
        parts, errors = shown_parts(texts)
        found.append({"texts": texts, "parts": parts, "error": str(errors[0]) if errors else None})
    return found


def main(path: str) -> None:
    found = {
        "networks": networks(),
        "slopes": slopes(),
        "verdicts": verdicts(),
        "weights": {name: floats(w) for name, w in WEIGHTS.items()},
        "scores": scores(),
        "zones": zones(),
        "cards": cards(),
        "record": record(),
        "exact_numbers": exact_numbers(),
        "texts": texts(),
        "pictures": pictures(),
        "parts": PARTS,
        "shown": shown(),
        "columns": stage_record.COLUMNS,
        "weight_columns": {kernels: linear_names(kernels) for kernels in range(1, 9)},
        "terms": [[term.word, term.label, term.explanation] for term in TERMS.values()],
    }
    Path(path).write_text(json.dumps(found, allow_nan=False))


if __name__ == "__main__":
    main(sys.argv[1])
