"""The pure modules behind curves and time: scales, measures, the ghost, the pace, markers, keys, steps."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from ui.components import stage

# `made(text)` unpacks a record that Python packed; `seen(record, more)` is as much of a view as the scales need.
HELPERS = """
window.made = text => lab.unpacked(Uint8Array.from(atob(text), c => c.charCodeAt(0)));
window.seen = (record, more = {}) => ({ record, names: lab.namesFor([432]), head: "sigmoid", threshold: 0, ghost: null,
  axis: lab.epochAxis(record.column.epoch[record.rows - 1]), ...more });
window.plot = (id, scale) => ({ measure: lab.measureOf(id), scales: { [id]: scale } });
"""


@pytest.fixture(scope="module")
def helped(lab: Page) -> Page:
    """The modules' page, with helpers of these tests."""
    lab.add_script_tag(content=HELPERS, type="module")
    lab.wait_for_function("window.seen !== undefined")
    return lab


def packed(run: str = "a", title: str = "A run", **columns: Any) -> str:
    """A record with these columns, the rest 0.5, ready for `made`."""
    rows = len(next(iter(columns.values())))
    full = {name: np.full(rows, 0.5, np.float32) for name in stage.COLUMNS}
    full["epoch"] = np.arange(rows, dtype=np.float32)
    full |= {name: np.asarray(values, np.float32) for name, values in columns.items()}
    return base64.b64encode(stage.packed({"run": run, "title": title}, full)).decode()


# ---------------------------------------------------------------- numbers


def test_does_a_reading_carry_all_that_a_float32_is_sure_of(helped: Page) -> None:
    rng = np.random.default_rng(0)
    values = np.float32(rng.normal(size=300) * 10.0 ** rng.integers(-12, 12, 300)).astype(float).tolist()
    told = helped.evaluate("vs => vs.map(lab.exactNumber)", values)
    for text, value in zip(told, values, strict=True):
        assert float(text.replace("−", "-")) == float(f"{value:.6g}"), text
        assert len(text) <= 12
    assert helped.evaluate("[0, 1, 0.5, 0.00312793, 1.2e-7, -3.25, NaN].map(lab.exactNumber)") == [
        *("0", "1", "0.5", "0.00312793", "1.2e−7", "−3.25", "NaN")
    ]


def test_is_a_share_that_is_not_whole_never_written_as_whole(helped: Page) -> None:
    assert helped.evaluate("[0, 1, 1 / 3, 511.9 / 512, 1e-6].map(lab.shareNumber)") == [
        "0",
        "1",
        "0.333",
        "0.999",
        "0.001",
    ]


# ---------------------------------------------------------------- scales and measures


def test_does_an_exact_0_have_a_place_of_its_own_on_a_log_axis(helped: Page) -> None:
    with_zero, without = helped.evaluate(
        """[true, false].map(zero => { const s = lab.logScale(1e-4, 1, zero);
          const places = [1, 1e-2, 1e-4, 1e-9, 0].map(v => s.place(v));
          return { places, ticks: s.ticks(120, 18).map(t => t.text) }; })"""
    )
    top, middle, low, below, zero = with_zero["places"]
    assert top == 0 and middle == pytest.approx(low / 2) and low == below and zero == 1
    assert zero - low > 0.1, "0 does not look like the lowest decade"
    assert with_zero["ticks"][-1] == "0" and "0" not in without["ticks"]
    assert without["places"][2] == pytest.approx(1)


def test_does_a_log_axis_of_less_than_a_decade_have_ticks(helped: Page) -> None:
    for low, high in ((0.3, 1), (0.02, 0.09), (0.4, 0.7)):
        texts = helped.evaluate("([a, b]) => lab.logScale(a, b).ticks(120, 18).map(t => t.text)", [low, high])
        assert texts and all(low * 0.99 <= float(t) <= high * 1.01 for t in texts)


def test_are_all_measures_sent_and_can_each_be_drawn_on_each_of_its_scales(helped: Page) -> None:
    rng = np.random.default_rng(1)
    record = packed(**{name: rng.random(40) for name in stage.COLUMNS if name not in ("epoch", *stage.WEIGHT_COLUMNS)})
    found = helped.evaluate(
        """text => { const record = made(text);
          return lab.MEASURES.flatMap(m => m.scales.map(kind => {
            const scale = lab.scaleFor(plot(m.id, kind), seen(record)), columns = m.series({}).map(s => s.column);
            const at = columns.flatMap(name => [...record.column[name]].map(v => scale.place(v)));
            return { id: m.id, kind, columns, inside: at.every(p => p >= 0 && p <= 1),
              different: new Set(at).size > 20, ticks: scale.ticks(120, 18).length };
          })); }""",
        record,
    )
    assert {f["id"] for f in found} == {"loss", "outputs", "recall", "gap", "live", "gradients"}
    for f in found:
        assert set(f["columns"]) <= set(stage.COLUMNS), f
        assert f["inside"] and f["different"] and f["ticks"] >= 1, f


def test_is_only_what_can_be_0_or_less_given_another_log_axis(helped: Page) -> None:
    record = packed(gap=[-4.0, -1, 2], corner_output=[-0.5, 0.2, 1.5], gradient_targets=[1e-3, 1e-6, 0])
    kinds = helped.evaluate(
        """text => { const record = made(text);
          const asked = [["gap"], ["outputs"], ["outputs", "linear"], ["gradients"], ["loss"]];
          return asked.map(([id, head = "sigmoid"]) => {
            const s = lab.scaleFor(plot(id, "log"), seen(record, { head }));
            return [s.kind, s.foot !== null];
          }); }""",
        record,
    )
    assert kinds == [["asinh", False], ["log", True], ["asinh", False], ["log", True], ["log", False]]


def test_do_both_runs_fit_into_the_picture(helped: Page) -> None:
    now, before = packed(loss=[0.1, 0.05, 0.02]), packed("b", loss=[3.0, 1.0, 1e-4, 1e-9])
    ranges = helped.evaluate(
        """([now, before]) => { const record = made(now), ghost = lab.ghostOf(made(before), ["loss"]);
          return [null, ghost].map(g => {
            const s = lab.scaleFor(plot("loss", "log"), seen(record, { ghost: g }));
            return [s.low, s.high];
          }); }""",
        [now, before],
    )
    assert ranges[0][0] > 0.01 and ranges[0][1] < 1
    assert 1e-5 < ranges[1][0] < 1e-4 and ranges[1][1] > 3, "beyond the present run's end the ghost is not drawn"


def test_how_are_values_spoken(helped: Page) -> None:
    said = """([text, id]) => { const r = made(text);
      return lab.spoken(lab.measureOf(id), r, r.rows - 1, lab.namesFor([432])); }"""
    trained = packed(gradient_targets=[1, 0], gradient_others=[1, 0.25], loss=[1, 0.00312793])
    assert helped.evaluate(said, [trained, "gradients"]) == "the corner 0, the rest 0.25"
    assert helped.evaluate(said, [trained, "loss"]) == "loss 0.00312793"
    by_hand = packed(loss=[np.nan], gradient_targets=[np.nan], gradient_others=[np.nan])
    assert helped.evaluate(said, [by_hand, "loss"]) == "no loss"
    assert helped.evaluate(said, [by_hand, "gradients"]) == "not measured, not measured"


# ---------------------------------------------------------------- the ghost


def test_which_run_stays_behind(helped: Page) -> None:
    long, short = packed("a", "First", loss=[1, 2, 3]), packed("b", "Refused", loss=[np.nan])
    ids = helped.evaluate(
        """([long, short]) => { const a = made(long), b = made(short);
          const after = (ghost, record, run) => lab.ghostAfter(ghost, record, run, ["loss"]);
          const first = after(null, a, "b");
          return [after(null, null, "a"), after(null, a, "a"),
            first.title, first.rows, Object.keys(first.column), after(first, b, "c") === first]; }""",
        [long, short],
    )
    assert ids == [None, None, "First", 3, ["epoch", "loss"], True]
    row = "t => { const g = lab.ghostOf(made(t), ['loss']); return [0, 1.5, 2, 3].map(e => lab.ghostRow(g, e)); }"
    assert helped.evaluate(row, long) == [0, 1, 2, -1]


# ---------------------------------------------------------------- pace, steps, keys


@pytest.mark.parametrize(("every", "rate"), [(16.7, 41.0), (16.7, 1.0), (16.7, 1000.0), (500.0, 10.0), (50.0, 7.0)])
def test_is_the_pace_what_was_shown(helped: Page, every: float, rate: float) -> None:
    told = helped.evaluate(
        """([every, rate]) => { const pace = lab.playbackRate(); let last = null;
          for (let t = 0; t < 4000; t += every) last = pace.note(t, Math.floor(t / 1000 * rate), true);
          return last; }""",
        [every, rate],
    )
    assert told == pytest.approx(rate, rel=0.12)


def test_does_the_pace_sink_while_training_is_slower_and_end_at_rest(helped: Page) -> None:
    told = helped.evaluate(
        """() => { const pace = lab.playbackRate(), at = (t, e, playing = true) => pace.note(t, e, playing);
          const first = at(0, 0), none = at(50, 0);
          for (let t = 100; t <= 1000; t += 20) at(t, t / 10);
          return [first, none, at(1020, 102), at(3000, 102), at(3020, 102, false), at(3040, 0)]; }"""
    )
    assert told[:2] == [None, None] and told[2] == pytest.approx(100, rel=0.1)
    assert told[3] < 25 and told[4:] == [None, None]


def test_is_a_step_one_epoch_in_a_run_of_10_000(helped: Page) -> None:
    step = "([text, from, by]) => { const r = made(text); return from.map(e => lab.steppedEpoch(r, e, by)); }"
    whole = packed(loss=np.ones(10_001))
    starts = [0, 1, 4999, 9998, 9999, 10_000]
    assert helped.evaluate(step, [whole, starts, 1]) == [1, 2, 5000, 9999, 10_000, 10_000]
    assert helped.evaluate(step, [whole, starts, -1]) == [0, 0, 4998, 9997, 9998, 9999]
    assert helped.evaluate(step, [whole, starts, 10]) == [10, 11, 5009, 10_000, 10_000, 10_000]
    sparse = packed(epoch=[0, 1, 2, 5, 40, 90], loss=np.ones(6))  # still grows: only some rows were sent
    assert helped.evaluate(step, [sparse, [0, 2, 5, 90], 1]) == [1, 5, 40, 90]
    assert helped.evaluate(step, [sparse, [0, 2, 5, 90], -1]) == [0, 1, 2, 40]
    assert helped.evaluate(step, [sparse, [0, 2, 40], 10]) == [5, 5, 90]


def test_which_keys_move_time(helped: Page) -> None:
    keys = [(" ", False), ("ArrowLeft", False), ("ArrowRight", True), ("Home", False), ("x", False), ("Home", True)]
    assert helped.evaluate("ks => ks.map(([k, s]) => lab.timeCommand(k, s))", keys) == [
        ["toggle"],
        ["step", -1],
        ["step", 10],
        ["seek", 0],
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("html", "space", "arrow"),
    [
        ("<i id=x></i>", False, False),
        ("<button id=x></button>", True, False),
        ("<div role=group><button id=x></button></div>", True, True),  # the pixels
        ("<div role=spinbutton><i id=x></i></div>", False, True),
        ("<div role=slider id=x></div>", False, True),  # the atlas
        ("<div role=slider data-time id=x></div>", False, False),
        ("<input type=range data-time id=x>", False, False),
        ("<input id=x>", True, True),
        ("<select id=x></select>", True, True),
        ("<dialog open><i id=x></i></dialog>", True, True),
    ],
)
def test_does_what_has_the_focus_keep_its_own_keys(helped: Page, html: str, space: bool, arrow: bool) -> None:
    used = helped.evaluate(
        """html => { const box = document.createElement("div"); box.innerHTML = html;
          return [" ", "ArrowLeft"].map(key => lab.usesKey(box.querySelector("#x"), key)); }""",
        html,
    )
    assert used == [space, arrow]


# ---------------------------------------------------------------- markers


def test_do_markers_never_cover_each_other(helped: Page) -> None:
    rng = np.random.default_rng(2)
    kinds = [("died", "gradient died"), ("collapsed", "collapsed"), ("solved", "solved"), ("confident", "confident")]
    for _ in range(60):
        width = int(rng.integers(300, 1000))
        markers = [{"kind": k, "text": t, "epoch": int(rng.integers(0, 101))} for k, t in kinds]
        laid = helped.evaluate(
            "([ms, w]) => lab.laidMarkers(ms, lab.namesFor([432]), lab.epochAxis(100), w, 22, s => s.length * 7 + 16)",
            [markers, width],
        )
        spans = []
        for m in laid:
            size = len(m["text"]) * 7 + 16 if m["text"] else 4
            spans.append((m["x"] - size, m["x"]) if m["flip"] else (m["x"], m["x"] + size))
        for i, (a, b) in enumerate(spans):
            assert a >= -1 and b <= width + 4
            same = [j for j in range(len(spans)) if j != i and laid[j]["text"] and laid[i]["text"]]
            assert all(b <= spans[j][0] + 0.01 or a >= spans[j][1] - 0.01 for j in same), (spans, width)


def test_whose_gradient_died(helped: Page) -> None:
    words = "t => lab.markerText({ kind: 'died', text: 'gradient died' }, lab.namesFor(t))"
    assert helped.evaluate(words, [432]) == "the corner's gradient died"
    assert helped.evaluate(words, [7, 8]) == "the lowest target's gradient died"
    collapsed = "lab.markerText({ kind: 'collapsed', text: 'collapsed' }, lab.namesFor([432]))"
    assert helped.evaluate(collapsed) == "collapsed"
