"""The pages that explain the loss: the autopsy and the landscape, without a browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from corner_lab.analysis.autopsy import Autopsy, changed_outputs
from corner_lab.analysis.autopsy_text import verdict
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import linear_weights
from corner_lab.language import languages
from corner_lab.network.numpy_model import pre_activations
from corner_lab.network.patterns import is_target
from corner_lab.training.history import History, row_of
from corner_lab.training.run import Run
from tests.app.conftest import read
from ui.pages import landscape as landscape_page
from ui.server.keras_loading import Loading, pool
from ui.state.session import Bench, Session


def visit(page: str, s: Session | None = None) -> AppTest:
    """A page of its own, as somebody sees it who has this session."""
    at = AppTest.from_string(f"from ui.pages import {page}\n{page}.page()", default_timeout=60)
    at.session_state["session"] = s or Session()
    return shown(at)


def shown(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, [node.value for node in at.exception]
    return at


def put(at: AppTest, key: str, value: Any) -> AppTest:
    (node,) = [node for node in at.main if getattr(node, "key", None) == key]
    node.set_value(value)
    return shown(at)


def offered(at: AppTest, key: str) -> list[str]:
    (node,) = [node for node in at.main if getattr(node, "key", None) == key]
    return [option.content for option in node.proto.options]


def figures(at: AppTest) -> list[tuple[str, str]]:
    return [(metric.label, metric.value) for metric in at.metric]


def texts(at: AppTest) -> str:
    return "\n".join(node.value for node in at.markdown)


# ---------------------------------------------------------------- the autopsy


def test_does_the_autopsy_open_on_the_questions_three_figures_and_follow_the_label_shape() -> None:
    at = visit("autopsy")
    opening = [
        ("evaluate returns", "0.0037841796875"),
        ("Keras 3.3 prints", "9.3703e-04"),
        ("with shapes aligned", "0"),
    ]
    assert figures(at) == opening
    assert at.number_input(key="autopsy-batch-32").value == 14, "the batch with the corner"
    assert "All its 1,024 pairs count; 62 cost something" in texts(at)
    put(at, "autopsy-batch-32", 3)
    assert "Batch 3 of 16 has no target. All its 1,024 pairs count; none costs anything" in texts(at)
    put(at, "autopsy-rank", 4)
    assert [value for _, value in figures(at)] == ["0", "0.0000e+00", "0"]
    put(at, "autopsy-rank", 2)
    assert figures(at) == opening


def test_do_weights_batch_size_and_loss_of_the_autopsy_change_its_figures() -> None:
    at = visit("autopsy")
    put(at, "autopsy-weights", "matched")
    put(at, "autopsy-scale", 0.5)
    put(at, "autopsy-shift", -1.0)
    put(at, "autopsy-batch-size", 128)
    put(at, "autopsy-loss", "hinge")
    outputs = changed_outputs(linear_weights("matched", 432), "hard_sigmoid", 0.5, -1.0)
    assert figures(at) == verdict(Autopsy(outputs, is_target((432,)), 1, 128, "hinge"))
    assert at.number_input(key="autopsy-batch-128").value == 4
    put(at, "autopsy-batch-size", 512)
    assert at.number_input(key="autopsy-batch-512").disabled


def test_are_the_benchs_weights_offered_once_there_are_some() -> None:
    assert offered(visit("autopsy"), "autopsy-weights") == ["set by hand", "matched filter"]
    bench = (0.5, -1.0, 0.0, 1.0, 1.0, 0.0, -1.0, 0.25, 2.0, -0.5, 1.5, 0.25)
    at = visit("autopsy", Session(bench=Bench.edited(bench), experiment=Experiment(head="sigmoid")))
    put(at, "autopsy-weights", "bench")
    outputs = changed_outputs(np.array(bench, dtype=np.float32), "sigmoid", 1, 0)
    assert figures(at) == verdict(Autopsy(outputs, is_target((432,))))
    assert "Head: sigmoid" in [caption.value for caption in at.caption]


def test_does_the_autopsy_take_another_target_and_several() -> None:
    at = visit("autopsy", Session(experiment=Experiment(target=(5,))))
    assert at.number_input(key="autopsy-batch-32").value == 1
    assert figures(at)[0] == ("evaluate returns", "0.0037841796875")
    at = visit("autopsy", Session(experiment=Experiment(target=(431, 432))))
    assert "Batch 14 of 16 has 2 targets" in texts(at)


def test_does_another_language_leave_what_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    at = visit("autopsy")
    put(at, "autopsy-weights", "matched")
    put(at, "autopsy-loss", "hinge")
    put(at, "autopsy-scale", 0.5)
    digits = [figure for _, figure in figures(at)]
    for code in ("zh", "en", "zh"):
        monkeypatch.setattr(languages, "_asks", lambda code=code: code)
        for _ in range(2):
            assert [figure for _, figure in figures(shown(at))] == digits
    put(at, "autopsy-loss-zh", "squared_hinge")
    monkeypatch.setattr(languages, "_asks", lambda: "en")
    chosen = [figure for _, figure in figures(shown(at))]
    assert chosen != digits and chosen == [figure for _, figure in figures(shown(at))]


# ---------------------------------------------------------------- the landscape


def landed(s: Session | None = None) -> AppTest:
    """The landscape page once TensorFlow is there."""
    at = visit("landscape", s)
    end = time.monotonic() + 60
    while any("still loading" in node.value for node in at.info):
        assert time.monotonic() < end, "TensorFlow did not load"
        time.sleep(0.1)
        shown(at)
    return at


def traces(at: AppTest) -> set[str]:
    (chart,) = at.get("plotly_chart")
    return {trace.get("name", trace["type"]) for trace in json.loads(chart.proto.spec)["data"]}


def test_does_the_landscape_compare_without_changing_the_experiment() -> None:
    at = landed()
    assert "511 of 512 are right, the corner's output goes from 0.583 to 0.031" in texts(at)
    assert {"contour", "flat: gradient exactly 0", "perfect", "rejects everything"} < traces(at)
    put(at, "landscape-labels", "aligned")
    assert "all 512 are right, the corner's output goes from 0.583 to 1.000" in texts(at)
    put(at, "landscape-loss", "binary_crossentropy")
    put(at, "landscape-head", "sigmoid")
    assert "Nothing drawn here is flat" in texts(at) and "flat: gradient exactly 0" not in traces(at)
    put(at, "landscape-surface", True)
    assert "surface" in traces(at)
    assert at.session_state["session"].experiment == Experiment()
    put(at, "landscape-head", "softmax")
    assert "It is categorical_crossentropy now." in read(at.toast[0].value)
    at.session_state["session"].experiment = Experiment(batch_size=64)
    shown(at)
    assert "batch size 64" in at.caption[0].value and "goes from 0.583 to 0.016" in texts(at), "and follows Play's"


def test_does_the_landscape_say_what_it_cannot_draw() -> None:
    at = landed(Session(experiment=Experiment(loss="binary_crossentropy")))
    warning = read(at.warning[0].value)
    assert "Keras refuses these shapes" in warning and "must have the same rank" in warning
    assert not at.get("plotly_chart")
    at = landed(Session(experiment=Experiment(target=(27, 432))))
    assert "there are 2 targets" in at.info[0].value and not at.get("plotly_chart")


def test_does_the_landscape_wait_for_tensorflow_without_blocking(monkeypatch: pytest.MonkeyPatch) -> None:
    still = Loading(pool())
    monkeypatch.setattr(still, "start", lambda: None)
    monkeypatch.setattr(landscape_page, "loading", lambda: still)
    at = visit("landscape")
    assert at.info[0].value == "TensorFlow is still loading; the landscape follows by itself."
    still._problem = "TensorFlow did not load (ImportError: x); the bench works, training does not."
    still._done.set()
    shown(at)
    assert at.error[0].value == still.problem and not at.info


def test_does_the_landscape_show_the_path_of_the_run_with_its_settings_only() -> None:
    e = Experiment(labels="aligned", init="matched", epochs=3)
    run = Run(e)  # as if trained: the weights grow a little in each epoch
    weights = np.array([*linear_weights("matched", 432)]) * np.array([[1, 1.1, 1.2, 1.3]]).T
    rows = np.array([row_of(e, w, 0.0) for w in weights.astype(np.float32)])
    run.history, run.status = History(e, rows[0]), "finished"
    run.history.append(rows[1:])
    s = Session(experiment=e, run=run)
    at = landed(s)
    assert "The run goes from scale 1.00, bias −3.50 to scale" in texts(at) and "in 3 epochs" in texts(at)
    assert "the run's shadow" in traces(at)
    assert [button.label for button in at.button] == ["Put on the bench"]
    put(at, "landscape-labels", "as_asked")
    assert "The run on the stage has other settings." in texts(at) and "the run's shadow" not in traces(at)
    assert [button.label for button in at.button] == ["Put on the bench", "Train this on Play"]


def press_point(at: AppTest, scale: float, bias: float) -> AppTest:
    """Press a point of the contour, as the browser reports it."""
    (chart,) = at.get("plotly_chart")
    points = [{"curve_number": 1, "point_index": 0, "x": scale, "y": bias}]
    selection = {"selection": {"points": points, "point_indices": [0], "box": [], "lasso": []}}
    states = at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=chart.proto.id, string_value=json.dumps(selection)))
    at._run(states)
    assert not at.exception, [node.value for node in at.exception]
    return at


@pytest.mark.parametrize("e", [Experiment(), Experiment(head="softmax", loss="mse"), Experiment(second_conv=False)])
def test_does_a_point_of_the_landscape_go_to_the_bench_and_back(e: Experiment) -> None:
    before = Bench.of(e.layout, np.arange(e.layout.size, dtype=np.float32))
    at = landed(Session(experiment=e, bench=before))
    s: Session = at.session_state["session"]
    rev = s.channel.rev
    press_point(at, 2.0, -7.0)
    assert s.bench is not None and s.channel.rev > rev and s.experiment == e
    z = pre_activations(s.bench.layout.linear(s.bench.layout.from_bench(s.bench.vector)))
    assert z[432] == 1 and z[511] == -9 and z[0] == -7  # 4, -1 and 0 pixels' worth of 2, and the bias
    right = int(np.sum((z > 0) == is_target((432,))))
    assert f"On the bench now: scale 2.00, bias −7.00. {right} of 512 are right, the loss is " in texts(at)
    assert right == 512 and "on the bench" in traces(at)
    assert at.toast[0].value == "The bench shows the weights of scale 2.00, bias −7.00."
    at.button(key="landscape-undo").click()
    shown(at)
    assert s.bench is before and "On the bench now" not in texts(at) and "on the bench" not in traces(at)


def test_do_a_points_settings_come_along_and_can_a_point_be_typed() -> None:
    at = landed()
    s: Session = at.session_state["session"]
    put(at, "landscape-labels", "aligned")
    at.text_input(key="landscape-scale").set_value("−1")
    at.text_input(key="landscape-bias").set_value("0,25")
    next(button for button in at.button if button.label == "Put on the bench").click()
    shown(at)
    assert s.experiment == Experiment(labels="aligned") and "scale −1.00, bias 0.25" in texts(at)
    assert at.toast[0].value == "From the landscape: labels aligned."
    at.button(key="landscape-undo").click()
    shown(at)
    assert (s.experiment, s.bench, s.replaced) == (Experiment(), None, None)
    for text, told in (("1e300", "allowed are numbers from −1,000,000 to"), ("seven", "'seven' is not a number")):
        at.text_input(key="landscape-scale").set_value(text)
        next(button for button in at.button if button.label == "Put on the bench").click()
        shown(at)
        assert s.bench is None and told in at.toast[0].value


def test_does_undo_have_a_run_go_on_that_a_point_of_another_network_stopped() -> None:
    at = landed()
    s: Session = at.session_state["session"]
    run = s.run = pool().submit(Run(Experiment(epochs=100_000)))
    until(lambda: run.history is not None and run.history.last > 0)
    put(at, "landscape-head", "linear")
    press_point(at, 2.0, -7.0)
    assert s.run is None and s.experiment.head == "linear" and s.bench is not None
    told = r"From the landscape: the run was of another network\. It was stopped at epoch [\d,]+ and made room\."
    assert re.fullmatch(told, at.toast[0].value)
    until(lambda: run.over)
    at.button(key="landscape-undo").click()
    shown(at)
    stopped = run.history.last
    assert s.run is run and s.on_stage is run and s.experiment == Experiment() and s.bench is None
    until(lambda: run.history.last > stopped)
    assert not run.over
    run.stop()
    until(lambda: run.over)


def until(wanted: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not wanted():
        assert time.monotonic() < end, "not within 60 s"
        time.sleep(0.01)
