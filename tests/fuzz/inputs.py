"""Links and weight files: what the app itself writes, and what becomes of it when somebody has a hand in it."""

from __future__ import annotations

import json
import math
from random import Random
from typing import Any
from urllib.parse import quote

from corner_lab.experiment.experiment import BATCH_SIZES, REGISTRIES, Experiment
from corner_lab.experiment.parsing import from_fields
from corner_lab.network.parameters import BENCHES
from corner_lab.pictures import picture_link

LARGEST = 3.4028234663852886e38  # of float32
NASTY = (
    *("", " ", "-0", "nan", "inf", "-inf", "1e39", "1e400", "3.4e38", "-3.4e38", "3.4028235e38", "1e-46", "9" * 30),
    *(
        "9" * 5000,
        "٣",
        "१",
        "\0",
        "%00",
        "🦀",
        "\ud800",
        "<script>alert(1)</script>",
        "[a](javascript:b)",
        "$x$",
        "true",
    ),
    *(
        "True",
        "null",
        "[]",
        "{}",
        "1_000",
        "0x10",
        "+1",
        "1.",
        ".5",
        "1e5",
        "--1",
        "1,",
        ",",
        ",,",
        "k9",
        "'",
        '"',
        "\\",
    ),
    *("\r\nX: 1", "given", "../../etc/passwd", "a" * 300, "1;2", "1&2", "=", "a=b", "%", "%zz", "−1", "1e0000000001"),
)
FIELDS: dict[str, tuple[str, ...]] = {
    **{name: tuple(words) for name, words in REGISTRIES.items()},
    "target": ("432", "27,432", "four_corners", "0", "511", ",".join(map(str, range(512))), "plus"),
    "labels_shuffled": ("true", "false"),
    "second_conv": ("true", "false"),
    "kernels": tuple("12345678"),
    "learning_rate": ("0.01", "1", "1e-3", "0", "100"),
    "batch_size": tuple(map(str, BATCH_SIZES)),
    "epochs": ("0", "5", "100", "100000"),
    "seed": ("0", "7", "2147483647"),
    "scene_count": ("1", "20", "200"),
    "scene_seed": ("0", "9"),
}
STATE = ("v", "pixels", "weights", "locks", "epoch", "start", "held")
PICTURES: dict[str, tuple[str, ...]] = {
    "scene": ("filled:7:32", "outlined:0:8", "filled:4294967295:256"),
    "drawing": ("8x8:gC", "3x3:BBBBBBBBB", "32x32:ggB"),
    "network": picture_link.NETWORKS,
    "tolerance": ("0", "2"),
    "map": picture_link.MAPS,
}
PLACES = ("k0", "k8", "bias", "w2", "b2", "k0.0", "k7.8", "bias.1", "w2.7")
PREFIXES = ("", "", "", "?", "/?", "http://localhost:8501/?", "https://[::1]:1/a?", "http://[", "?&&", " ")


def number(rng: Random) -> str:
    """How a weight may be written: small, large, at the end of what float32 or z can hold, or no number."""
    kind = rng.random()
    if kind < 0.55:
        return str(round(rng.uniform(-3, 3), rng.randrange(4)))
    if kind < 0.9:
        return repr(rng.choice((-1, 1)) * 10 ** rng.uniform(-46, math.log10(LARGEST))).replace("+", "")
    return rng.choice(("3.4e38", "3.4028235e38", "1e19", "-1.8e19", "0") if kind < 0.97 else NASTY)


def numbers(rng: Random, count: int) -> str:
    """So many of them; of one size, or each of its own."""
    alike, same = number(rng), rng.random() < 0.3
    return ",".join(alike if same else number(rng) for _ in range(count))


def word(rng: Random, name: str) -> str:
    """What a link may say by a name, sound more often than not."""
    known = FIELDS.get(name) or PICTURES.get(name)
    if rng.random() < 0.1:
        return rng.choice(NASTY)
    if known:
        return rng.choice(known)
    if name in ("weights", "start"):
        return numbers(rng, rng.choice((*BENCHES, 10, 12, 12, 20, 11, 0, 99)))
    places = [rng.choice(PLACES) for _ in range(rng.randrange(1, 4))]
    if name == "locks":
        return ",".join(places)
    if name == "held":
        return ",".join(f"{place}:{number(rng)}" for place in places)
    return {"v": "1", "pixels": str(rng.randrange(520)), "epoch": str(rng.randrange(200))}.get(name, rng.choice(NASTY))


NAMES = (*FIELDS, *STATE, *STATE, *PICTURES, "embed", "show", "unknown", "", "%00", "init ")


def pairs(rng: Random) -> list[tuple[str, str]]:
    """The words of a link."""
    names = [rng.choice(NAMES) for _ in range(rng.choice((1, 2, 3, 5, 8, 12)))]
    return [(name, spoilt(rng, word(rng, name)) if rng.random() < 0.1 else word(rng, name)) for name in names]


def link(rng: Random) -> str:
    """A link, or what was one."""
    said = pairs(rng)
    if rng.random() < 0.01:
        said = [(f"{name}{i}", text) for i in range(300) for name, text in said[:3]]
    quoted = rng.random() < 0.5
    text = "&".join(f"{name}={quote(value, safe=',:', errors='replace') if quoted else value}" for name, value in said)
    text = rng.choice(PREFIXES) + text
    return spoilt(rng, text) if rng.random() < 0.25 else text


def experiments(rng: Random, count: int) -> list[Experiment]:
    """Experiments that can be."""
    return [from_fields((n, rng.choice(FIELDS[n])) for n in rng.sample(tuple(FIELDS), 5))[0] for _ in range(count)]


def spoilt(rng: Random, text: str) -> str:
    """A text with a few places changed, cut, doubled or set in from elsewhere."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice((0, 1, 1, 3, 20)))
        instead = rng.choice((rng.choice(NASTY), text[at:end] * 2, "", chr(rng.randrange(32, 127))))
        text = text[:at] + instead + text[end:]
    return text


# ---------------------------------------------------------------- weight files

LEAVES: tuple[Any, ...] = (
    *(None, True, False, "1", "", [], {}, 10**400, -(10**30), math.nan, math.inf, -math.inf, 3.4e38, -3.4e38, 1e39),
    *(1e-46, LARGEST, 0, -0.0, [[]], [0], {"kernel": 1}, "x" * 300, [[[[[[1]]]]]], "🦀"),
)


def document(rng: Random, sound: dict[str, Any]) -> Any:
    """A document of weights (see `weights_text`) in which some of the numbers and branches are others."""
    found = json.loads(json.dumps(sound))
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        found = _changed(rng, found)
    if rng.random() < 0.4:
        found = _filled(found, lambda: _leaf(number(rng)))
    return found


def weights_file(rng: Random, sound: dict[str, Any]) -> bytes:
    """The bytes of a file that may have been one of weights."""
    text = json.dumps(document(rng, sound), indent=rng.choice((None, 2)))
    if rng.random() < 0.2:
        text = spoilt(rng, text)
    data = text.encode(errors="replace")
    kind = rng.random()
    if kind < 0.03:
        return rng.randbytes(rng.randrange(200))
    if kind < 0.06:
        at = rng.randrange(len(data) + 1)
        return data[:at] + rng.choice((b"\xff", b"\xef\xbb\xbf", b"[" * 3000, b"\0", b"")) + data[at + 1 :]
    return data


def _leaf(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _filled(node: Any, leaf: Any) -> Any:
    """The same with another number wherever one is in a list."""
    if isinstance(node, dict):
        return {name: _filled(value, leaf) for name, value in node.items()}
    if isinstance(node, list):
        return [leaf() if type(value) is float else _filled(value, leaf) for value in node]
    return node


def _changed(rng: Random, node: Any) -> Any:
    """The same with one branch changed, somewhere below."""
    if rng.random() < 0.15 or not isinstance(node, dict | list) or not node:
        return rng.choice(LEAVES)
    if isinstance(node, list):
        at = rng.randrange(len(node))
        kind = rng.random()
        if kind < 0.1:
            return node[:at]
        if kind < 0.2:
            return [*node, *node[at:]]
        return [*node[:at], _changed(rng, node[at]), *node[at + 1 :]]
    name = rng.choice(tuple(node))
    if rng.random() < 0.1:
        return {n if n != name else rng.choice(("other", f"{name} ", "weights")): v for n, v in node.items()}
    return {**node, name: _changed(rng, node[name])}
