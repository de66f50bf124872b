"""The stage's pure JavaScript modules, in the browser that runs them, against real Keras and against NumPy."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from ui.components import stage

PATTERNS = ((np.arange(512)[:, None] >> np.arange(9)) & 1).astype(np.float32)  # (512, 9)


def keras_outputs(head: str, second_conv: bool, seed: int) -> tuple[list[float], np.ndarray, np.ndarray]:
    """The stage's 12 numbers, z (512,) and output (512,) of a plain Keras model with random weights."""
    import keras

    two = head == "softmax"
    rng = np.random.default_rng(seed)
    layers: list[Any] = [keras.Input((3, 3, 1)), keras.layers.Conv2D(1 if second_conv or not two else 2, 3)]
    if second_conv:
        layers.append(keras.layers.Conv2D(2 if two else 1, 1))
    logits = keras.Sequential([*layers, keras.layers.Reshape((-1,))])
    logits.set_weights([rng.normal(0, 2, w.shape).astype(np.float32) for w in logits.get_weights()])
    model = keras.Sequential([logits, keras.layers.Activation(head)])
    x = PATTERNS.reshape(512, 3, 3, 1)
    scores, outputs = np.asarray(logits(x)), np.asarray(model(x))  # (512, 1) or (512, 2)
    kernel, bias, *second = logits.get_weights()
    if two and not second_conv:
        numbers = [*(kernel[..., 1] - kernel[..., 0]).ravel(), bias[1] - bias[0], 1, 0]
    elif two:
        numbers = [*kernel.ravel(), bias[0], second[0].ravel()[1] - second[0].ravel()[0], second[1][1] - second[1][0]]
    else:
        numbers = [*kernel.ravel(), bias[0], *([second[0].ravel()[0], second[1][0]] if second_conv else [1, 0])]
    z = scores[:, 1] - scores[:, 0] if two else scores[:, 0]
    return [float(v) for v in numbers], z, outputs[:, -1]


def toy_columns(rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    columns = {name: rng.normal(size=rows).astype(np.float32) for name in stage.COLUMNS}
    columns["epoch"] = np.arange(rows, dtype=np.float32)
    return columns


def unpacked(lab: Page, record: bytes, expression: str, offset: int = 1) -> Any:
    """`expression` over the record `r` and its `bytes`, which sit at an odd offset as they do inside a message."""
    return lab.evaluate(
        f"""([text, offset]) => {{
            const raw = Uint8Array.from(atob(text), c => c.charCodeAt(0));
            const message = new Uint8Array(raw.length + offset);
            message.set(raw, offset);
            const bytes = message.subarray(offset), r = lab.unpacked(bytes);
            return {expression};
        }}""",
        [base64.b64encode(record).decode(), offset],
    )


@pytest.mark.parametrize("second_conv", [True, False])
@pytest.mark.parametrize("head", ["hard_sigmoid", "sigmoid", "linear", "softmax"])
def test_does_the_bench_compute_what_keras_computes_for_all_512(lab: Page, head: str, second_conv: bool) -> None:
    numbers, z, output = keras_outputs(head, second_conv, seed=len(head) + second_conv)
    got_z, got_output = lab.evaluate(
        "([w, head]) => { const z = lab.allZ(w); return [[...z], [...z].map(lab.HEADS[head].output)]; }",
        [numbers, head],
    )
    np.testing.assert_allclose(got_z, z, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(got_output, output, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("head", ["hard_sigmoid", "sigmoid", "linear"])
def test_is_the_slope_on_the_bench_the_derivative_keras_uses(lab: Page, head: str) -> None:
    import keras
    import tensorflow as tf

    z = tf.constant([-200.0, -20.0, -3.5, -2.9, -0.3, 0.0, 1.7, 2.9, 3.5, 12.0])
    with tf.GradientTape() as tape:
        tape.watch(z)
        output = keras.activations.get(head)(z)
    slopes = lab.evaluate("([z, head]) => z.map(lab.HEADS[head].slope)", [z.numpy().tolist(), head])
    np.testing.assert_allclose(slopes, tape.gradient(output, z).numpy(), atol=1e-6)


def test_when_is_a_slope_exactly_0(lab: Page) -> None:
    hard = lab.evaluate("[-3, -2.999, 2.999, 3].map(lab.HEADS.hard_sigmoid.slope).map(d => d === 0)")
    soft = lab.evaluate("[-20, 40, 80, 200, -200].map(lab.HEADS.sigmoid.slope).map(d => d === 0)")
    assert hard == [True, False, False, True]
    assert soft == [False, False, False, True, True]  # a sigmoid's float32 gradient is 0 only where it underflows


def test_how_many_are_right_and_what_separates_the_corner(lab: Page) -> None:
    z = np.random.default_rng(3).normal(size=512)
    z[[5, 432]] = 0.0  # exactly on the threshold: wrong, target or not
    for targets in ([432], [432, 216, 7]):
        is_target = np.isin(np.arange(512), targets)
        got = lab.evaluate("([z, t]) => lab.summary(z, lab.targetFlags(t), 0)", [z.tolist(), targets])
        assert got["tp"] == np.sum(is_target & (z > 0)) and got["fn"] == np.sum(is_target & (z <= 0))
        assert got["tn"] == np.sum(~is_target & (z < 0)) and got["fp"] == np.sum(~is_target & (z >= 0))
        assert got["right"] == got["tp"] + got["tn"]
        assert got["recall"] == pytest.approx(got["tp"] / len(targets))
        assert got["gap"] == pytest.approx(z[is_target].min() - z[~is_target].max())
        assert z[got["targetAt"]] == z[is_target].min() and z[got["otherAt"]] == z[~is_target].max()


def test_how_far_is_a_pattern_from_the_nearest_target(lab: Page) -> None:
    targets = [432, 54]
    got = lab.evaluate("t => [...lab.distances(t)]", targets)
    assert got == [min(bin(i ^ t).count("1") for t in targets) for i in range(512)]


def test_does_the_browser_read_back_what_python_packed(lab: Page) -> None:
    columns = toy_columns(7)
    header = {"run": "é−a", "edges": {"w_max": float("nan"), "z_low": np.float32(-2)}, "target": np.array([432])}
    record = stage.packed(header, columns)
    length = struct.unpack("<I", record[:4])[0]
    assert length % 4 == 0 and json.loads(record[4 : 4 + length])["edges"] == {"w_max": None, "z_low": -2.0}
    for offset in range(4):
        got = unpacked(
            lab,
            record,
            "[r.header, r.rows, Object.fromEntries(Object.entries(r.column).map(([k, v]) => [k, [...v]]))]",
            offset,
        )
        assert got[0]["run"] == "é−a" and got[0]["target"] == [432] and got[1] == 7
        for name, values in columns.items():
            np.testing.assert_array_equal(np.float32(got[2][name]), values)
    weights = unpacked(lab, record, "[...lab.weightsAt(r, 3)]")
    np.testing.assert_array_equal(np.float32(weights), [columns[name][3] for name in stage.WEIGHT_COLUMNS])


def test_what_happens_to_a_record_python_should_not_send() -> None:
    with pytest.raises(ValueError, match="equally long"):
        stage.packed({}, {**toy_columns(3), "loss": np.zeros(2)})
    with pytest.raises(ValueError, match="lacks the columns bias"):
        stage.packed({}, {name: values for name, values in toy_columns(3).items() if name != "bias"})


def test_which_row_is_shown_at_an_epoch(lab: Page) -> None:
    whole = stage.packed({}, toy_columns(50))
    assert unpacked(lab, whole, "[0, 1, 1.99, 30, 49, 80].map(e => lab.rowAt(r, e))") == [0, 1, 1, 30, 49, 49]
    sparse = toy_columns(5)
    sparse["epoch"] = np.array([0, 10, 11, 40, 90], np.float32)
    assert unpacked(lab, stage.packed({}, sparse), "[0, 9.9, 10, 12, 89, 90, 200].map(e => lab.rowAt(r, e))") == [
        0,
        0,
        1,
        2,
        3,
        4,
        4,
    ]


def test_does_thinning_keep_every_bins_extremes(lab: Page) -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=20_000).astype(np.float32)
    values[rng.integers(0, 20_000, 500)] = np.nan
    columns = toy_columns(20_000) | {"loss": values}
    last, bins = 19_999, 1000
    rows = unpacked(
        lab,
        stage.packed({}, columns),
        f"lab.thinned(r.column.loss, r.column.epoch, lab.epochAxis({last}).epoch, {bins})",
    )
    assert len(rows) <= 2 * bins and rows == sorted(set(rows))
    place = np.log1p(np.arange(20_000) / 5) / np.log1p(last / 5)
    bin_of = np.minimum(bins - 1, np.floor(place * bins + 1e-12)).astype(int)
    kept = np.asarray(rows)
    for b in np.unique(bin_of):
        inside, chosen = values[bin_of == b], values[kept[bin_of[kept] == b]]
        if np.isfinite(inside).any():
            assert np.nanmin(chosen) == np.nanmin(inside) and np.nanmax(chosen) == np.nanmax(inside)


def test_is_a_short_record_drawn_whole(lab: Page) -> None:
    rows = unpacked(
        lab, stage.packed({}, toy_columns(300)), "lab.thinned(r.column.loss, r.column.epoch, lab.epochAxis(299).epoch)"
    )
    assert rows == list(range(300))


def test_do_the_axes_lead_back_to_where_they_came_from(lab: Page) -> None:
    for end in (1, 100, 100_000):
        epochs = [0, 1, end / 3, end]
        assert lab.evaluate(
            "([end, es]) => { const a = lab.epochAxis(end); return es.map(e => a.epoch(a.u(e))); }", [end, epochs]
        ) == pytest.approx(epochs)
        assert lab.evaluate(
            "end => { const a = lab.epochAxis(end); return [a.u(0), a.u(end)]; }", end
        ) == pytest.approx([0, 1])
    z = [-30, -3, -0.2, 0, 1, 7]
    assert lab.evaluate(
        "zs => { const a = lab.zAxis(-30, 7); return zs.map(z => a.z(a.place(z))); }", z
    ) == pytest.approx(z)
    assert lab.evaluate(
        "() => { const a = lab.zAxis(-30, 7); return [a.place(7), a.place(-30), a.place(99), a.place(-99)]; }"
    ) == pytest.approx([0, 1, 0, 1])


def test_does_the_z_axis_always_show_the_threshold_and_the_dead_edges(lab: Page) -> None:
    low, high = lab.evaluate("lab.zDomain('hard_sigmoid', {z_low: -2, z_high: 1})")
    assert low <= -30 and high >= 7
    low, high = lab.evaluate("lab.zDomain('hard_sigmoid', {z_low: -535, z_high: 12.3})")
    assert low <= -535 and high >= 12.3
    assert lab.evaluate("lab.zDomain('linear', {z_low: null})") == [-4, 4]


def played(lab: Page, steps: list[float], speed: str, end: int = 100, **tape: Any) -> dict[str, Any]:
    settings = {"last": end, "growing": False, "calm": False} | tape
    head: dict[str, Any] = lab.evaluate(
        """([steps, speed, end, tape]) => {
            const choice = lab.SPEEDS.find(s => s.id === speed), axis = lab.epochAxis(end);
            const step = (head, dt) => lab.advanced(head, dt, choice, { ...tape, axis });
            return steps.reduce(step, lab.playheadAt(0, true));
        }""",
        [steps, speed, end, settings],
    )
    return head


@pytest.mark.parametrize("speed", ["10", "in20", "in5"])
def test_does_it_matter_how_often_the_display_refreshes(lab: Page, speed: str) -> None:
    once, often = played(lab, [3.0], speed), played(lab, [0.016] * 187 + [0.008], speed)
    assert once["epoch"] == pytest.approx(often["epoch"], rel=1e-6) and once["playing"] and often["playing"]


def test_does_all_in_5_s_take_5_s(lab: Page) -> None:
    for end in (10, 100_000):
        assert played(lab, [4.99], "in5", end)["playing"]
        assert played(lab, [5.01], "in5", end) == {"epoch": end, "playing": False, "held": 0}


def test_does_the_playhead_wait_for_a_run_that_still_grows(lab: Page) -> None:
    waiting = played(lab, [50.0, 1.0], "10", 1000, last=40, growing=True)
    assert waiting["epoch"] == 40 and waiting["playing"]
    assert played(lab, [0.01], "once", 1000, last=40, growing=True)["epoch"] == 40
    assert played(lab, [0.01], "once", 1000, last=40, growing=False) == {"epoch": 40, "playing": False, "held": 0}


def test_does_reduced_motion_step_twice_a_second(lab: Page) -> None:
    assert played(lab, [0.1] * 4, "10", calm=True)["epoch"] == 0
    assert played(lab, [0.1] * 5, "10", calm=True)["epoch"] == pytest.approx(5)
    assert played(lab, [0.1] * 12, "10", calm=True)["epoch"] == pytest.approx(10)


def test_how_are_numbers_written(lab: Page) -> None:
    assert lab.evaluate("[0, -0, 1, -100, 0.994, -1.038, 12.34, -123.4, 2e7, NaN].map(v => lab.signed(v))") == [
        "0", "0", "+1", "−100", "+0.99", "−1.04", "+12.3", "−123", "+2e7", "NaN",
    ]  # fmt: skip
    assert lab.evaluate("[-3.0421, 40, 123.456].map(lab.ledgerNumber)") == ["−3.042", "+40", "+123.46"]
    assert lab.evaluate("[0, 0.03125, 1, -0.5, -1e-9, 12.3456].map(lab.outputNumber)") == [
        "0.000",
        "0.031",
        "1.000",
        "−0.500",
        "0.000",
        "12.35",
    ]
    assert lab.evaluate("[31 / 8192, 0, 0.69, 0.00001234, Infinity].map(lab.lossNumber)") == [
        "0.0038",
        "0",
        "0.69",
        "1.2e−5",
        "+∞",
    ]
    assert lab.evaluate("[1, 1000, 100000].map(lab.grouped)") == ["1", "1,000", "100,000"]


def test_which_ways_of_typing_a_number_are_understood(lab: Page) -> None:
    typed = ["-0,5", "−100.5", "+.25", " 12 ", "1e3", "abc", "", "1.2.3", "1e9", "--1"]
    assert lab.evaluate("ts => ts.map(t => lab.typedNumber(t))", typed) == [
        -0.5,
        -100.5,
        0.25,
        12,
        1000,
        None,
        None,
        None,
        None,
        None,
    ]
    assert lab.evaluate("['0', '511', '512', '-1', '4.5', 'x'].map(lab.typedIndex)") == [0, 511, None, None, None, None]


def test_can_a_drag_reach_minus_100_and_come_back(lab: Page) -> None:
    assert lab.evaluate("lab.dragged(0, 240)") > 100 and lab.evaluate("lab.dragged(10, -400)") < -100
    assert lab.evaluate("lab.dragged(-0.41, 0)") == pytest.approx(-0.41)
    fine = lab.evaluate("lab.dragged(0, 1)")
    assert 0 < fine <= 0.03


def test_do_arrow_keys_in_the_atlas_reach_every_point_of_a_distance(lab: Page) -> None:
    z = np.round(np.random.default_rng(1).normal(size=512), 1).tolist()  # many equal values
    seen = lab.evaluate(
        """z => {
            const places = lab.atlasPlaces([432]), zs = Float64Array.from(z);
            const inside = [...zs.keys()].filter(i => places.distance[i] === 3);
            let at = inside.reduce((low, i) => (zs[i] < zs[low] ? i : low), inside[0]);
            for (let to = at; to >= 0; to = lab.patternBeside(places, zs, at, "ArrowDown")) at = to;
            const seen = new Set();
            for (; at >= 0; at = lab.patternBeside(places, zs, at, "ArrowUp")) seen.add(at);
            return [seen.size, inside.length];
        }""",
        z,
    )
    assert seen == [84, 84]


@pytest.mark.parametrize(
    ("targets", "name", "verdict"),
    [([432], "the corner", "corner"), ([7], "the target", "target"), ([432, 216], "the lowest target", "target")],
)
def test_what_is_the_target_called(lab: Page, targets: list[int], name: str, verdict: str) -> None:
    names = lab.evaluate("t => lab.namesFor(t)", targets)
    assert names["the"] == name and names["is"] == verdict


def test_is_the_ending_kept_until_the_playhead_gets_there(lab: Page) -> None:
    header = {
        "rows": 101,
        "status": "finished",
        "growing": False,
        "title": "As asked",
        "say": {"start": ["set", ""], "end": ["the end", "because"]},
        "actions": {"end": [{"id": "a", "text": "A", "primary": True}, {"id": "b", "text": "B", "primary": True}]},
    }
    view = {
        "record": {"header": header},
        "names": lab.evaluate("lab.namesFor([432])"),
        "sum": {"right": 511, "fn": 1},
        "edited": False,
        "playing": True,
        "row": 40,
        "epoch": 40,
        "corner": 0.25,
        "other": 0.5,
    }
    told = "([view, change]) => lab.outcome({ ...view, ...change })"
    assert lab.evaluate(told, [view, {}]) == ["As asked", "511 of 512 right; the corner's output is 0.250."]
    assert lab.evaluate(told, [view, {"playing": False}])[0] == "Epoch 40: 511 of 512 right, the corner rejected"
    assert lab.evaluate(told, [view, {"playing": False, "row": 100, "epoch": 100}]) == ["the end", "because"]
    buttons = lab.evaluate(
        "([view, change]) => lab.actionsFor({ ...view, ...change })", [view, {"playing": False, "row": 100}]
    )
    assert [b["primary"] for b in buttons] == [True, False]


def test_does_the_stage_wait_for_an_answer_before_it_asks_again(lab: Page) -> None:
    asked = lab.evaluate(
        """async () => {
            const values = new Set(), wait = ms => new Promise(done => setTimeout(done, ms));
            const asks = lab.poller(value => values.add(value)), seen = [];
            asks.heard(10); await wait(100); seen.push(values.size);   // asked once, no answer: not again
            asks.heard(10); await wait(100); seen.push(values.size);   // answered
            asks.heard(null); await wait(100); seen.push(values.size); // answered, and nothing more is to come
            asks.heard(10); asks.stop(); await wait(100); seen.push(values.size);
            return seen;
        }"""
    )
    assert asked == [1, 2, 2, 2]


def test_is_a_question_that_got_lost_asked_again(lab: Page) -> None:
    lab.clock.install()
    values = lab.evaluate_handle("() => { const seen = []; lab.poller(n => seen.push(n)).heard(10); return seen; }")
    lab.clock.run_for(2900)
    assert len(values.json_value()) == 1
    lab.clock.run_for(3200)
    assert len(set(values.json_value())) == 3


def test_does_the_bench_split_a_softmax_into_its_two_scores(lab: Page) -> None:
    import keras

    rng = np.random.default_rng(4)
    for second_conv in (True, False):
        logits = keras.Sequential([keras.Input((3, 3, 1)), keras.layers.Conv2D(1 if second_conv else 2, 3)])
        if second_conv:
            logits.add(keras.layers.Conv2D(2, 1))
        logits.set_weights([rng.normal(0, 2, w.shape).astype(np.float32) for w in logits.get_weights()])
        kernel, bias, *second = [w.squeeze() for w in logits.get_weights()]
        if second_conv:
            (w0, w1), (b0, b1) = second
            numbers = [*kernel.ravel(), bias, w1 - w0, b1 - b0, w0, b0]
        else:
            k0, k1 = kernel.reshape(9, 2).T
            numbers = [*(k1 - k0), bias[1] - bias[0], 1, 0, *k0, bias[0]]
        scores = np.asarray(logits(PATTERNS.reshape(512, 3, 3, 1))).reshape(512, 2)
        got = lab.evaluate(
            """n => { const z = lab.allZ(n); return [...z.keys()].map(i => {
                const { other, corner } = lab.steps(n, i, z[i]); return [other, corner]; }); }""",
            [float(v) for v in numbers],
        )
        np.testing.assert_allclose(got, scores, rtol=1e-4, atol=1e-4)


def test_does_a_change_of_one_class_leave_the_other_as_it_is(lab: Page) -> None:
    got = lab.evaluate(
        """() => {
            const n = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 3, 4, 10, 20], seen = [];
            const classes = () => seen.push([lab.W0, lab.B0, lab.W1, lab.B1].map(i => lab.numberOf(n, i)));
            classes();
            const changes = [[lab.W0, 2], [lab.W1, 5], [lab.B0, -1], [lab.B1, 7]];
            for (const [i, v] of changes) { lab.setNumber(n, i, v); classes(); }
            return [seen, n.slice(10), [lab.W0, lab.W1, lab.B0, lab.B1, 4].map(lab.lockOf)];
        }"""
    )
    assert got[0] == [[10, 20, 13, 24], [2, 20, 13, 24], [2, 20, 5, 24], [2, -1, 5, 24], [2, -1, 5, 7]]
    assert got[1:] == [[3, 8, 2, -1], [10, 10, 11, 11, 4]]


def test_does_a_new_deed_forget_what_was_undone(lab: Page) -> None:
    got = lab.evaluate(
        """() => {
            const t = lab.undoStack({ a: 0 }), seen = [t.canUndo, t.note({ a: 0 }), t.note({ a: 1 }), t.note({ a: 2 })];
            seen.push(t.undo(), t.undo(), t.undo(), t.redo(), t.note({ a: 9 }), t.redo(), t.canRedo, t.undo());
            for (let i = 0; i < 300; i++) t.note({ a: 100 + i });
            const kept = t.kept(), again = lab.undoStack({});
            again.restore(kept);
            return [seen, kept.states.length, again.present(), again.undo()];
        }"""
    )
    expected = [False, False, True, True, {"a": 1}, {"a": 0}, None, {"a": 1}, True, None, False, {"a": 1}]
    assert got == [expected, 100, {"a": 399}, {"a": 398}]


def test_does_a_stage_that_was_removed_go_on_in_the_same_session_alone(lab: Page) -> None:
    got = lab.evaluate(
        """() => {
            const record = { header: { session: "a" } };
            lab.keepAlive({ record, pixels: 7, plots: ["mine"], edit: null, speed: "slow" });
            const same = { pixels: 432, plots: [] }, other = { pixels: 432, plots: [] };
            const revived = [lab.revive(same, { session: "a" }), lab.revive(other, { session: "b" })];
            return [revived, same.pixels, same.plots, same.speed, other.pixels];
        }"""
    )
    assert got == [[True, False], 7, ["mine"], "slow", 432]


@pytest.mark.parametrize(("wide", "high"), [(0, 0), (300, 0), (0, 200), (300, 200)])
def test_does_a_picture_without_room_draw_nothing_and_not_fail(lab: Page, wide: int, high: int) -> None:
    drawn = lab.evaluate(
        """([W, H]) => {
            const canvas = document.createElement("canvas"), P = lab.readPalette(document.body);
            canvas.box = { W, H };
            const pen = lab.penOn(canvas, 1, P);
            pen.blit(lab.layerOf(canvas, "still", "a", pen, still => still.g.fillRect(0, 0, 10, 10)));
            return W > 0 && H > 0 && pen.g.getImageData(5, 5, 1, 1).data[3] === 255;
        }""",
        [wide, high],
    )
    assert drawn == (wide > 0 and high > 0)
