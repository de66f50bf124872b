"""The sidebar: every field, what it offers, what it refuses and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.parsing import from_query
from corner_lab.experiment.scenarios import SCENARIOS

OpenApp = Callable[..., Any]

FULL = (
    "target=216&head=sigmoid&labels=aligned&labels_shuffled=true&second_conv=false&loss=binary_focal_crossentropy&balance=half_batch"
    "&optimizer=nadam&learning_rate=0.005&batch_size=64&epochs=250&init=he_normal&seed=7&stop=confident"
)
WIDGETS = {
    "labels": "aligned",
    "labels_shuffled": True,
    "head": "sigmoid",
    "loss": "binary_focal_crossentropy",
    "balance": "half_batch",
    "optimizer": "nadam",
    "learning_rate": 0.005,
    "batch_size": 64,
    "epochs": 250,
    "seed": 7,
    "init": "he_normal",
    "stop": "confident",
    "second_conv": False,
    "kernels": 1,
    "hidden": "none",
    "target": "top-right corner (216)",
    "data": "patterns",
    "scene_count": 20,
    "scene_seed": 0,
}
ONE_OUTPUT = ["mean squared error", "binary cross-entropy", "focal loss", "hinge", "squared hinge"]


def test_does_the_sidebar_show_every_field_with_the_experiments_value(open_app: OpenApp) -> None:
    assert WIDGETS.keys() == Experiment.__dataclass_fields__.keys()
    lab = open_app(FULL)
    assert {name: lab.field(name).value for name in WIDGETS} == WIDGETS


def test_does_the_page_open_with_the_question_as_asked(open_app: OpenApp) -> None:
    lab = open_app()
    default = Experiment()
    for name in WIDGETS.keys() - {"target"}:
        assert lab.field(name).value == getattr(default, name), name
    assert lab.field("target").value == "top-left corner (432)"
    assert lab.field("scenario").value == "as asked"
    assert lab.query == {} and lab.warnings == [] and lab.toasts == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("labels", "aligned"),
        ("head", "sigmoid"),
        ("loss", "hinge"),
        ("balance", "oversample"),
        ("optimizer", "lion"),
        ("learning_rate", 0.5),
        ("batch_size", 512),
        ("epochs", 1234),
        ("seed", 2**31 - 1),
        ("init", "zeros"),
        ("stop", "solved"),
        ("second_conv", False),
        ("kernels", 8),
        ("hidden", "relu"),
        ("labels_shuffled", True),
        ("data", "scenes:noisy"),
    ],
)
def test_does_every_widget_change_its_field_and_no_other(open_app: OpenApp, field: str, value: Any) -> None:
    lab = open_app()
    lab.choose(**{field: value})
    wanted = replace(Experiment(), **{field: value})
    assert lab.experiment == wanted
    assert lab.query == {field: [str(value).lower() if isinstance(value, bool) else str(value)]}
    assert lab.toasts == []
    assert lab.session.run is None, "changing a setting must not train"


def test_are_several_kernels_and_relu_offered_with_the_1x1_convolution_alone(open_app: OpenApp) -> None:
    lab = open_app("kernels=4&hidden=relu")
    assert (lab.field("kernels").value, lab.field("hidden").value) == (4, "relu")
    lab.choose(second_conv=False)
    assert (lab.experiment.kernels, lab.experiment.hidden) == (1, "none")
    assert lab.field("kernels").disabled and lab.field("hidden").options == ["nothing"]
    assert any(
        text.startswith("Not offered: more than one kernel; they are added up by the 1x1") for text in lab.captions
    )
    assert any(text.startswith("Not offered: relu; stands before the 1x1 convolution") for text in lab.captions)


def test_are_scenes_offered_to_learn_from_for_corners_alone(open_app: OpenApp) -> None:
    lab = open_app("data=scenes:thin&scene_count=30&target=27,54")
    assert (lab.field("data").value, lab.field("scene_count").value) == ("scenes:thin", 30)
    assert len(lab.field("data").options) == 10 and not lab.field("scene_seed").disabled
    lab.choose(scene_count=10, scene_seed=5)
    assert lab.query["scene_count"] == ["10"] and lab.query["scene_seed"] == ["5"]
    assert lab.field("stop").options == ["never"]
    lab.choose(target="X (341)")
    assert lab.experiment.data == "patterns" and lab.field("data").options == ["the 512 patterns"]
    assert any("knows the corners of rectangles alone" in text for text in lab.captions)
    assert lab.field("scene_count").disabled


@pytest.mark.parametrize(
    ("query", "offered", "reason"),
    [
        ("", ONE_OUTPUT, "Not offered: categorical cross-entropy; compares two outputs"),
        ("head=linear&labels=aligned", ONE_OUTPUT, "Not offered: categorical cross-entropy; compares two outputs"),
        (
            "head=softmax",
            ["mean squared error", "categorical cross-entropy"],
            "Not offered: binary cross-entropy, focal loss, hinge, squared hinge; compares one output",
        ),
    ],
)
def test_are_only_losses_offered_that_fit_the_head_and_a_reason_for_the_rest(
    open_app: OpenApp, query: str, offered: list[str], reason: str
) -> None:
    lab = open_app(query)
    assert lab.field("loss").options == offered
    assert sum(caption.startswith(reason) for caption in lab.captions) == 1


def test_is_every_head_offered_whatever_the_loss(open_app: OpenApp) -> None:
    for query in ("", "head=softmax", "head=linear&loss=hinge"):
        assert open_app(query).field("head").options == ["hard_sigmoid", "sigmoid", "linear", "softmax"]


def test_are_half_batches_refused_with_a_reason_where_a_batch_has_no_half(open_app: OpenApp) -> None:
    lab = open_app()
    assert "half batches" in lab.field("balance").options
    lab.choose(batch_size=1)
    assert "half batches" not in lab.field("balance").options
    assert any(c.startswith("Not offered: half batches; half of a batch needs") for c in lab.captions)


def test_does_a_batch_of_one_end_half_batches_and_say_so(open_app: OpenApp) -> None:
    lab = open_app("balance=half_batch")
    lab.choose(batch_size=1)
    assert (lab.experiment.batch_size, lab.experiment.balance) == (1, "none")
    assert lab.toasts == ["balance 'half_batch': half of a batch needs a batch_size of 2 or more. It is none now."]
    assert lab.field("balance").value == "none"
    lab.run()
    assert lab.toasts == [], "a note is shown once"


def test_are_given_weights_not_something_to_choose(open_app: OpenApp) -> None:
    assert open_app().field("init").options == [
        "random (Glorot uniform)",
        "random (He normal)",
        "zeros",
        "set by hand",
        "matched filter",
    ]


def test_does_softmax_switch_the_loss_and_say_so(open_app: OpenApp) -> None:
    lab = open_app("loss=hinge")
    lab.choose(head="softmax")
    assert lab.experiment == replace(Experiment(), head="softmax", loss="categorical_crossentropy")
    assert lab.field("loss").value == "categorical_crossentropy"
    assert len(lab.toasts) == 1
    assert lab.toasts[0].startswith("loss 'hinge': ") and lab.toasts[0].endswith("It is categorical_crossentropy now.")


def test_does_leaving_softmax_switch_the_loss_back_and_say_so(open_app: OpenApp) -> None:
    lab = open_app("head=softmax&loss=categorical_crossentropy")
    lab.choose(head="hard_sigmoid")
    assert lab.experiment == Experiment()
    assert lab.toasts == [
        "loss 'categorical_crossentropy': compares two outputs, head 'hard_sigmoid' has one; use head 'softmax'. "
        "It is mse now."
    ]


def test_does_a_hinge_on_a_bounded_head_warn(open_app: OpenApp) -> None:
    lab = open_app()
    assert lab.warnings == []
    lab.choose(loss="hinge")
    assert len(lab.warnings) == 1 and "can never reach them" in lab.warnings[0]
    lab.choose(head="linear")
    assert lab.warnings == []


@pytest.mark.parametrize("text", ["999", "-1", "corner", "1.5", "1,,2", "432,", "٣", "1 2", "<b>1</b>", "9" * 60])
def test_is_a_bad_target_refused_with_a_note_and_nothing_lost(open_app: OpenApp, text: str) -> None:
    lab = open_app("labels=aligned&seed=3&target=216")
    before = lab.experiment
    lab.type_target(text)
    assert lab.experiment == before
    assert lab.field("target").value == "top-right corner (216)"
    assert len(lab.toasts) == 1
    assert lab.toasts[0].startswith("target '") and "pattern indices 0..511, separated by commas" in lab.toasts[0]
    assert len(lab.toasts[0]) < 160
    assert lab.query == {"labels": ["aligned"], "seed": ["3"], "target": ["216"]}
    lab.choose(seed=4)
    assert lab.experiment == replace(before, seed=4)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("27", (27,)),
        ("0", (0,)),
        (" 5 ", (5,)),
        ("432, 216", (432, 216)),
        ("four_corners", (27, 54, 216, 432)),
        ("Four corners, 0", (0, 27, 54, 216, 432)),
    ],
)
def test_does_a_typed_target_become_the_target(open_app: OpenApp, text: str, target: tuple[int, ...]) -> None:
    lab = open_app()
    lab.type_target(text)
    assert set(lab.experiment.target) == set(target) and len(lab.experiment.target) == len(target)
    assert lab.toasts == []
    assert sorted(lab.header["target"]) == sorted(target)


def test_is_a_named_set_a_choice_and_a_word_of_a_link(open_app: OpenApp) -> None:
    lab = open_app("target=four_corners")
    assert lab.warnings == [] and lab.experiment.target == (27, 54, 216, 432)
    assert lab.field("target").value == "four corners"
    lab.choose(target="four lines")
    assert lab.experiment.target == (56, 84, 146, 273)
    assert lab.pictures["target"] == [56, 84, 146, 273]


def test_do_the_pictures_of_the_targets_change_the_setting(open_app: OpenApp) -> None:
    lab = open_app("target=27,432&init=zeros")
    assert lab.pictures["target"] == [27, 432] and lab.pictures["names"]["27"] == "bottom-right corner"
    lab.choose_pictures([27, 100, 432], 1)
    assert lab.experiment == replace(Experiment(), target=(27, 100, 432), init="zeros")
    assert (lab.field("target").value, lab.pictures["heard"], lab.toasts) == ("27,100,432", 1, [])
    assert lab.session.run is None, "changing a setting must not train"


@pytest.mark.parametrize("target", [[], [512], ["27"], None, [*range(512)]])
def test_are_pictures_that_cannot_be_refused_and_the_old_ones_back(open_app: OpenApp, target: Any) -> None:
    lab = open_app("target=27,432")
    lab.choose_pictures(target, 3)
    assert lab.experiment.target == (27, 432)
    assert len(lab.toasts) == 1 and "pattern indices 0..511, separated by commas" in lab.toasts[0]
    assert (lab.pictures["target"], lab.pictures["heard"]) == ([27, 432], 3)


def test_does_the_pattern_on_the_bench_become_a_target_and_can_it_be_undone(open_app: OpenApp) -> None:
    lab = open_app("labels=aligned&init=matched")
    lab.press_tool("target:27")
    assert lab.experiment == replace(Experiment(), labels="aligned", init="matched", target=(27,))
    assert lab.toasts == ["Make target: target 27."] and lab.header["wanted"] == [27]
    assert lab.session.run is None and lab.header["actions"]["start"][-1]["primary"], "Train trains it"
    lab.press_tool("also:100")
    assert (lab.experiment.target, lab.experiment.init) == ((27, 100), "glorot_uniform")
    assert lab.toasts[0] == "Also a target: target 27 100, start from random (Glorot uniform)."
    assert lab.toasts[1].startswith("init 'matched': is made from one target")
    lab.press_tool("not:27")
    assert lab.experiment.target == (100,) and lab.toasts == ["No longer a target: target 100."]
    lab.click("Undo settings")
    assert lab.experiment.target == (27, 100)


@pytest.mark.parametrize("action", ["not:432", "also:512", "target:999"])
def test_is_a_target_that_cannot_be_refused_with_a_note(open_app: OpenApp, action: str) -> None:
    lab = open_app().press_tool(action)
    assert lab.experiment == Experiment()
    assert len(lab.toasts) == 1 and "pattern indices 0..511, separated by commas" in lab.toasts[0]


@pytest.mark.parametrize("action", ["also:", "also:-1", "also:1e9", "target:1,2", "sort:1"])
def test_does_a_press_that_is_none_change_nothing(open_app: OpenApp, action: str) -> None:
    lab = open_app().press_tool(action)
    assert (lab.experiment, lab.toasts) == (Experiment(), [])


def test_are_closed_form_weights_refused_with_a_reason_for_several_targets(open_app: OpenApp) -> None:
    lab = open_app("target=432,433")
    assert lab.field("init").options == ["random (Glorot uniform)", "random (He normal)", "zeros"]
    assert any(c.startswith("Not offered: set by hand, matched filter; is made from one target") for c in lab.captions)


def test_do_several_targets_end_a_closed_form_start_and_say_so(open_app: OpenApp) -> None:
    lab = open_app("init=matched")
    lab.type_target("432,433")
    assert (lab.experiment.target, lab.experiment.init) == ((432, 433), "glorot_uniform")
    assert lab.toasts == ["init 'matched': is made from one target, and there are 2. It is glorot_uniform now."]


def test_is_a_closed_form_scenario_refused_kindly_for_several_targets(open_app: OpenApp) -> None:
    lab = open_app("target=432,433&seed=5")
    lab.choose(scenario="by hand")
    assert lab.experiment == replace(Experiment(), target=(432, 433), seed=5)
    assert len(lab.toasts) == 1 and "is made from one target" in lab.toasts[0]
    assert lab.session.run is None


def test_is_a_learning_rate_of_zero_refused_with_a_note(open_app: OpenApp) -> None:
    lab = open_app("learning_rate=0.5")
    lab.choose(learning_rate=0.0)
    assert lab.experiment.learning_rate == 0.5
    assert lab.field("learning_rate").value == 0.5
    assert lab.toasts == ["learning_rate 0.0: a number above 0 and up to 1000."]


def test_does_the_scenario_follow_the_settings(open_app: OpenApp) -> None:
    lab = open_app()
    lab.choose(labels="aligned")
    assert lab.field("scenario").value == "shapes fixed"
    lab.choose(learning_rate=0.5)
    assert lab.field("scenario").value is None
    lab.choose(learning_rate=0.01)
    lab.choose(seed=9)
    assert lab.field("scenario").value == "shapes fixed", "a scenario holds for every seed"


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    "query",
    [
        FULL,
        "head=softmax&loss=categorical_crossentropy&learning_rate=0.001&batch_size=512&epochs=10000",
        "target=432,433&labels=aligned",
        "learning_rate=1e-06&epochs=100000&seed=2147483647",
        "head=linear&labels=aligned&second_conv=false&loss=hinge&balance=class_weight&optimizer=rmsprop&stop=solved",
    ],
)
def test_does_a_link_restore_every_field_and_stay_in_the_address_bar(open_app: OpenApp, query: str) -> None:
    wanted, errors = from_query(query)
    assert errors == []
    lab = open_app(query)
    assert lab.experiment == wanted
    assert lab.warnings == []
    assert "&".join(f"{name}={value}" for name, [value] in lab.query.items()) == query
    lab.run()
    assert lab.experiment == wanted


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("head=relu", "head 'relu': allowed are hard_sigmoid, sigmoid, linear, softmax"),
        ("learning_rate=fast", "learning_rate 'fast': a number above 0 and up to 1000"),
        ("learning_rate=nan", "learning_rate 'nan'"),
        ("epochs=100001", "epochs 100001: a whole number from 0 to 100,000"),
        ("epochs=-1", "epochs -1"),
        ("batch_size=3", "batch_size 3: a power of two from 1 to 512"),
        ("target=512", "target '512': pattern indices 0..511"),
        ("seed=", "seed '': a whole number"),
        ("second_conv=maybe", "second_conv 'maybe': true or false"),
        ("colour=red", "unknown field 'colour': fields are target, head"),
        ("init=given", "init 'given': a link carries no weights by this word; open their file in the sidebar"),
        ("head=softmax&loss=hinge", "loss 'hinge': compares one output"),
    ],
)
def test_is_a_wrong_field_named_and_its_default_used(open_app: OpenApp, query: str, named: str) -> None:
    lab = open_app(f"{query}&labels=aligned")
    (warning,) = lab.warnings
    assert warning.startswith(f"The link says {named}") and warning.endswith("The default is used instead.")
    kept = {"head": "softmax"} if query.startswith("head=softmax") else {}
    assert lab.experiment == replace(Experiment(), labels="aligned", **kept)
    assert lab.query == {name: [value] for name, value in {**kept, "labels": "aligned"}.items()}


def test_is_a_repeated_field_named_and_its_default_used(open_app: OpenApp) -> None:
    lab = open_app("seed=1&seed=2&epochs=50")
    assert lab.warnings == ["The link says seed '2': appears more than once. The default is used instead."]
    assert lab.experiment == replace(Experiment(), epochs=50)


def test_are_the_many_mistakes_of_a_link_few_warnings(open_app: OpenApp) -> None:
    lab = open_app("&".join(f"f{i}=1" for i in range(900)))
    (warning,) = lab.warnings
    assert warning.startswith("The link says 900 unknown fields 'f0, f1, ")
    wrong = "head=a&labels=a&loss=a&balance=a&optimizer=a&hidden=a&seed=a&pixels=a&epoch=a&x=1&y=1"
    lab = open_app(wrong)
    assert [w.split("'")[0] for w in lab.warnings[:3]] == [f"The link says {n} " for n in ("head", "labels", "loss")]
    assert lab.warnings[3:] == ["So it is with 7 more words of the link."]


def test_is_everything_wrong_with_a_link_named_at_once(open_app: OpenApp) -> None:
    lab = open_app("head=relu&epochs=x&colour=red&seed=4")
    assert len(lab.warnings) == 3
    for warning, name in zip(lab.warnings, ("head 'relu'", "epochs 'x'", "unknown field 'colour'"), strict=True):
        assert warning.startswith(f"The link says {name}")
    assert lab.experiment == replace(Experiment(), seed=4)


def test_are_streamlits_own_embed_keys_left_alone(open_app: OpenApp) -> None:
    lab = open_app("embed=true&embed_options=show_toolbar&seed=4")
    assert lab.warnings == []
    assert lab.experiment == replace(Experiment(), seed=4)


def test_does_the_address_bar_follow_the_settings_back_to_nothing(open_app: OpenApp) -> None:
    lab = open_app()
    lab.choose(head="sigmoid", labels="aligned")
    assert lab.query == {"head": ["sigmoid"], "labels": ["aligned"]}
    lab.choose(head="hard_sigmoid")
    assert lab.query == {"labels": ["aligned"]}
    lab.choose(labels="as_asked")
    assert lab.query == {}


def test_does_what_a_link_says_stay_text(open_app: OpenApp) -> None:
    written = "![](//a.example) [b](//c) *_~`$"
    lab = open_app(urlencode({"head": written, "seed": written}))
    assert [f"The link says {name} {written!r}: " for name in ("head", "seed")] == [
        warning[: warning.index(": ", 20) + 2] for warning in lab.warnings
    ]


def test_do_the_sidebars_parts_keep_their_places_where_others_come_and_go(open_app: OpenApp) -> None:
    """A fragment that moves stands there twice until the whole page has come."""

    def keys(node: Any) -> set[str]:
        inner = getattr(node, "children", {}).values()
        return {str(getattr(node, "key", None))}.union(*(keys(child) for child in inner))

    def places() -> dict[str, int]:
        parts = lab.at.sidebar.children.items()
        return {key: next(i for i, part in parts if key in keys(part)) for key in ("continue", "train-settings")}

    lab = open_app()
    before = places()
    lab.choose(scenario="as asked")
    assert SCENARIOS["as asked"].text in lab.captions
    assert places() == before
    lab.choose(epochs=7)  # no scenario any more
    assert places() == before
