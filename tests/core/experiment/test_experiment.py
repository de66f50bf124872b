"""What can be asked for, and what is said about what cannot: fields, combinations, links."""

from __future__ import annotations

import itertools
from dataclasses import FrozenInstanceError, asdict, fields, replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.experiment.experiment import (
    REGISTRIES,
    Experiment,
    ExperimentError,
    reasons,
    repaired,
    why_not,
)
from corner_lab.experiment.parsing import from_fields, from_query, value_from_text
from corner_lab.pictures.scenes import KINDS

WORDS = {
    "head": ["hard_sigmoid", "sigmoid", "linear", "softmax"],
    "labels": ["as_asked", "aligned"],
    "loss": [
        "mse",
        "binary_crossentropy",
        "binary_focal_crossentropy",
        "hinge",
        "squared_hinge",
        "categorical_crossentropy",
    ],
    "balance": ["none", "class_weight", "oversample", "half_batch", "hard_negatives"],
    "hidden": ["none", "relu"],
    "optimizer": ["adam", "sgd", "momentum", "rmsprop", "adamw", "nadam", "adagrad", "lion"],
    "init": ["glorot_uniform", "he_normal", "zeros", "by_hand", "matched", "given"],
    "stop": ["never", "solved", "confident"],
    "data": ["patterns", *(f"scenes:{kind}" for kind in KINDS)],
}
FIELDS = [f.name for f in fields(Experiment)]
ONE_OUTPUT = WORDS["loss"][:5]


def test_the_default_is_the_question_as_asked() -> None:
    assert asdict(Experiment()) == {
        "target": (432,),
        "data": "patterns",
        "scene_count": 20,
        "scene_seed": 0,
        "head": "hard_sigmoid",
        "labels": "as_asked",
        "labels_shuffled": False,
        "second_conv": True,
        "kernels": 1,
        "hidden": "none",
        "loss": "mse",
        "balance": "none",
        "optimizer": "adam",
        "learning_rate": 0.01,
        "batch_size": 32,
        "epochs": 100,
        "init": "glorot_uniform",
        "seed": 0,
        "stop": "never",
    }


def test_every_registry_has_the_words_of_the_contract_and_explains_them() -> None:
    assert {name: list(registry) for name, registry in REGISTRIES.items()} == WORDS
    for registry in REGISTRIES.values():
        for word, choice in registry.items():
            assert choice.word == word and choice.label and choice.explanation.endswith(".")
        assert len({choice.label for choice in registry.values()}) == len(registry)


@pytest.mark.parametrize(("head", "labels"), [*itertools.product(WORDS["head"], WORDS["labels"])])
def test_each_head_takes_the_losses_of_the_table(head: str, labels: str) -> None:
    allowed = ["mse", "categorical_crossentropy"] if head == "softmax" else ONE_OUTPUT
    for loss in WORDS["loss"]:
        if loss in allowed:
            e = Experiment(head=head, labels=labels, loss=loss)
            in_0_to_1 = head in ("hard_sigmoid", "sigmoid")
            assert bool(e.warnings()) == (in_0_to_1 and loss in ("hinge", "squared_hinge"))
            assert e.threshold == (0.5 if (head, loss) == ("linear", "mse") else 0)  # on z
            assert e.broadcasts == (labels == "as_asked" and head != "softmax")
        else:
            with pytest.raises(ExperimentError) as raised:
                Experiment(head=head, labels=labels, loss=loss)
            assert (raised.value.field, raised.value.value) == ("loss", loss)
            assert head in str(raised.value) or "softmax" in str(raised.value)


def test_a_refused_loss_names_one_that_would_do() -> None:
    with pytest.raises(ExperimentError, match=r"hinge.*softmax.*categorical_crossentropy"):
        Experiment(head="softmax", loss="hinge")
    with pytest.raises(ExperimentError, match=r"categorical_crossentropy.*hard_sigmoid.*softmax"):
        Experiment(loss="categorical_crossentropy")


def test_half_batches_need_two_and_closed_forms_need_one_target() -> None:
    for labels in WORDS["labels"]:
        with pytest.raises(ExperimentError, match=r"half_batch.*batch_size.*2"):
            Experiment(labels=labels, balance="half_batch", batch_size=1)
    assert Experiment(balance="half_batch", batch_size=2)
    for init in ("by_hand", "matched"):
        with pytest.raises(ExperimentError, match=f"{init}.*one target.*2"):
            Experiment(init=init, target=(1, 2))
        assert Experiment(init=init, target=(1,))


WRONG = [
    ("target", ()),
    ("target", (512,)),
    ("target", (-1,)),
    ("target", (1.0,)),
    ("target", (True,)),
    ("target", "432"),
    ("target", tuple(range(512))),
    ("head", "relu"),
    ("head", None),
    ("labels", "asked"),
    ("second_conv", 1),
    ("second_conv", "true"),
    ("loss", "mae"),
    ("balance", ""),
    ("optimizer", "Adam"),
    ("learning_rate", 0),
    ("learning_rate", -0.1),
    ("learning_rate", 1000.1),
    ("learning_rate", float("nan")),
    ("learning_rate", float("inf")),
    ("learning_rate", True),
    ("learning_rate", "0.1"),
    ("batch_size", 0),
    ("batch_size", 33),
    ("batch_size", 1024),
    ("batch_size", True),
    ("epochs", -1),
    ("epochs", 100_001),
    ("epochs", 1.5),
    ("init", "ones"),
    ("seed", -1),
    ("seed", 2**31),
    ("seed", False),
    ("stop", "always"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_value_is_named_with_its_field_and_what_is_allowed(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as raised:
        Experiment(**{field: value})  # type: ignore[arg-type]
    error = raised.value
    assert error.field == field and str(error).startswith(field)
    assert error.allowed and error.allowed in str(error) and "\n" not in str(error)
    if field in WORDS:
        assert all(word in error.allowed for word in WORDS[field])
    if value not in ((), "") and len(str(value)) < 30:
        shown = str(value[0]) if isinstance(value, tuple) else str(value)
        assert shown in str(error)


def test_the_ends_of_every_range_are_allowed() -> None:
    for name, ends in {
        "learning_rate": (1e-9, 1000),
        "batch_size": (1, 512),
        "epochs": (0, 100_000),
        "seed": (0, 2**31 - 1),
        "target": ((0,), tuple(range(511))),
    }.items():
        for value in ends:
            assert getattr(Experiment(**{name: value}), name) == value


def test_an_experiment_is_a_value() -> None:
    e = Experiment(target=[432, 27, 432])  # type: ignore[arg-type]
    assert e.target == (27, 432) and e == Experiment(target=(432, 27)) and hash(e) == hash(Experiment(target=(432, 27)))
    assert isinstance(Experiment(learning_rate=1).learning_rate, float)
    with pytest.raises(FrozenInstanceError):
        e.head = "linear"  # type: ignore[misc]
    assert Experiment(**{**asdict(e)}) == e == Experiment(**{**e.to_json()})


# ---------------------------------------------------------------- changes that need others


def test_choosing_softmax_brings_a_loss_along_and_says_so() -> None:
    e, notes = repaired(Experiment(loss="hinge"), head="softmax")
    assert (e.head, e.loss) == ("softmax", "categorical_crossentropy")
    assert len(notes) == 1 and "hinge" in notes[0] and "categorical_crossentropy" in notes[0]
    back, notes = repaired(e, head="sigmoid")
    assert (back.head, back.loss) == ("sigmoid", "mse") and len(notes) == 1


def test_several_kernels_and_relu_go_with_the_1x1_convolution_alone() -> None:
    for field, value in (("kernels", 8), ("hidden", "relu")):
        with pytest.raises(
            ExperimentError, match=rf"{field} .*the 1x1 convolution, and there is none.*second_conv true"
        ):
            Experiment(second_conv=False, **{field: value})  # type: ignore[arg-type]
        with pytest.raises(ExperimentError, match=field):
            repaired(Experiment(second_conv=False), **{field: value})
    e, notes = repaired(Experiment(kernels=8, hidden="relu"), second_conv=False)
    assert (e.kernels, e.hidden, len(notes)) == (1, "none", 2)
    assert notes[0].startswith("kernels 8: are added up") and notes[0].endswith("It is 1 now.")
    assert "1x1 convolution" in why_not("kernels", 2, Experiment(second_conv=False))
    assert why_not("kernels", 2, Experiment()) == "" == why_not("kernels", 1, Experiment(second_conv=False))
    assert reasons("hidden", Experiment(second_conv=False))["relu"] and not reasons("hidden", Experiment())["relu"]
    for wrong in (0, 9, 2.0, True, "4"):
        with pytest.raises(ExperimentError, match=r"kernels .*: a whole number from 1 to 8"):
            Experiment(kernels=wrong)  # type: ignore[arg-type]


def test_a_change_that_needs_no_other_says_nothing() -> None:
    assert repaired(Experiment(), epochs=5) == (Experiment(epochs=5), [])


def test_several_things_can_be_repaired_at_once() -> None:
    start = Experiment(loss="hinge", balance="half_batch", init="matched")
    e, notes = repaired(start, head="softmax", batch_size=1, target=(1, 2))
    assert (e.loss, e.balance, e.init) == ("categorical_crossentropy", "none", "glorot_uniform") and len(notes) == 3


def test_a_wrong_change_is_refused_not_repaired() -> None:
    with pytest.raises(ExperimentError, match="batch_size"):
        repaired(Experiment(), batch_size=33)
    with pytest.raises(ExperimentError, match="loss"):
        repaired(Experiment(), head="softmax", loss="hinge")


def test_reasons_tell_what_cannot_be_chosen_now() -> None:
    found = reasons("loss", Experiment(head="softmax", loss="mse"))
    assert [word for word, reason in found.items() if not reason] == ["mse", "categorical_crossentropy"]
    assert "softmax" in found["hinge"]
    assert reasons("init", Experiment(target=(1, 2)))["matched"]


# ---------------------------------------------------------------- links


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    head = draw(st.sampled_from(WORDS["head"]))
    target = draw(st.sets(st.integers(0, 511), min_size=1, max_size=4).map(sorted).map(tuple))
    balance = draw(st.sampled_from(WORDS["balance"]))
    inits = [word for word in WORDS["init"] if word != "given"]
    second_conv = draw(st.booleans())
    return Experiment(
        target=target,
        head=head,
        labels=draw(st.sampled_from(WORDS["labels"])),
        second_conv=second_conv,
        kernels=draw(st.integers(1, 8)) if second_conv else 1,
        hidden=draw(st.sampled_from(WORDS["hidden"])) if second_conv else "none",
        loss=draw(st.sampled_from(["mse", "categorical_crossentropy"] if head == "softmax" else ONE_OUTPUT)),
        balance=balance,
        optimizer=draw(st.sampled_from(WORDS["optimizer"])),
        learning_rate=draw(st.floats(0, 1000, exclude_min=True)),
        batch_size=2 ** draw(st.integers(1 if balance == "half_batch" else 0, 9)),
        epochs=draw(st.integers(0, 100_000)),
        init=draw(st.sampled_from(inits if len(target) == 1 else inits[:3])),
        seed=draw(st.integers(0, 2**31 - 1)),
        stop=draw(st.sampled_from(WORDS["stop"])),
    )


@given(experiments())
def test_a_link_says_the_whole_experiment(e: Experiment) -> None:
    for link in (e.query, "?" + e.query, "http://localhost:8501/?" + e.query, "https://x.org/a/b?" + e.query + "#top"):
        assert from_query(link) == (e, [])
    assert from_query(urlencode([(name, text) for name, text in e.differences().items()])) == (e, [])


@given(experiments())
def test_a_link_holds_only_what_differs(e: Experiment) -> None:
    default = Experiment()
    names = [part.split("=")[0] for part in e.query.split("&") if part]
    assert names == [name for name in FIELDS if getattr(e, name) != getattr(default, name)]
    assert Experiment().query == ""


@pytest.mark.parametrize(
    ("link", "field", "value"),
    [
        ("head=relu", "head", "relu"),
        ("epochs=ten", "epochs", "ten"),
        ("epochs=1e3", "epochs", "1e3"),
        ("epochs=", "epochs", ""),
        ("learning_rate=nan", "learning_rate", "nan"),
        ("learning_rate=inf", "learning_rate", "inf"),
        ("learning_rate=0x1", "learning_rate", "0x1"),
        ("learning_rate=1_0", "learning_rate", "1_0"),
        ("batch_size=32.0", "batch_size", "32.0"),
        ("seed=-1", "seed", "-1"),
        ("seed=٣", "seed", "٣"),
        ("target=432,", "target", "432,"),
        ("target=512", "target", "512"),
        ("second_conv=1", "second_conv", "1"),
        ("init=given", "init", "given"),
        ("stop=Never", "stop", "Never"),
    ],
)
def test_a_wrong_field_of_a_link_is_named_and_has_its_default(link: str, field: str, value: str) -> None:
    e, errors = from_query(f"seed=7&{link}" if field != "seed" else link)
    (error,) = errors
    assert error.field == field and field in str(error) and value in str(error)
    assert e == (Experiment(seed=7) if field != "seed" else Experiment())


def test_an_unknown_field_is_named_with_the_fields_there_are() -> None:
    e, (error,) = from_query("heed=linear&seed=7")
    assert e == Experiment(seed=7)
    assert "heed" in str(error) and all(name in str(error) for name in FIELDS)


def test_a_repeated_field_is_named_once_and_has_its_default() -> None:
    e, errors = from_query("seed=1&seed=1&epochs=5")
    assert e == Experiment(epochs=5) and [error.field for error in errors] == ["seed"]
    assert "more than once" in str(errors[0])
    e, errors = from_query("seed=1&seed=2&seed=3")
    assert e == Experiment() and [str(error) for error in errors] == ["seed '2': appears more than once"]


def test_are_many_mistakes_told_in_few_sentences() -> None:
    e, errors = from_query("".join(f"f{i}=1&seed={i}&seed=x&" for i in range(900)) + "epochs=5")
    assert e == Experiment(epochs=5) and [error.field for error in errors] == ["seed", "900 unknown fields"]
    assert str(errors[1]).startswith("900 unknown fields 'f0, f1, f2, ") and len(str(errors[1])) < 300
    assert str(from_query("a=1&b=1&a=1")[1][0]).startswith("2 unknown fields 'a, b': fields are ")


def test_every_mistake_is_named() -> None:
    e, errors = from_query("head=relu&epochs=-5&nonsense=1&labels=aligned")
    assert e == Experiment(labels="aligned")
    assert [error.field for error in errors][:2] == ["head", "epochs"] and "nonsense" in str(errors[2])


def test_fields_that_do_not_go_together_are_named_and_defaulted() -> None:
    e, (error,) = from_query("head=softmax&loss=hinge&seed=3")
    assert error.field == "loss" and e == Experiment(head="softmax", seed=3)
    e, (error,) = from_query("loss=categorical_crossentropy")
    assert error.field == "loss" and e == Experiment()
    e, errors = from_query("init=matched&target=1,2&balance=half_batch&batch_size=1")
    assert {error.field for error in errors} == {"init", "balance"}
    assert e == Experiment(target=(1, 2), batch_size=1)


def test_the_pages_own_keys_can_be_passed_over() -> None:
    link = "?embed=true&embed_options=light_theme&embed_options=show_padding&seed=4"
    assert from_query(link, ignore=("embed", "embed_options")) == (Experiment(seed=4), [])
    assert [error.field for error in from_query(link)[1]] == ["2 unknown fields"]


def test_a_long_value_is_cut_short() -> None:
    (error,) = from_query("head=" + "x" * 10_000)[1]
    assert len(str(error)) < 300


JUNK = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    ["%", "%ff", "&&", "=", "?", "://", "http://[", "//[", "432,,1", "-0", "9" * 30, "1e999", "\x00", "\ud800", "embed"]
)


@given(st.lists(st.tuples(st.sampled_from(FIELDS) | JUNK, JUNK), max_size=6), st.sampled_from(["", "?", "http://a/?"]))
def test_no_link_breaks_anything(pairs: list[tuple[str, str]], start: str) -> None:
    raw = start + "&".join(f"{name}={text}" for name, text in pairs)
    quoted = start + "&".join(f"{quote(n, errors='replace')}={quote(t, errors='replace')}" for n, t in pairs)
    for found, errors in (from_query(raw), from_query(quoted), from_fields(pairs)):
        assert isinstance(found, Experiment)
        assert all(isinstance(error, ExperimentError) and str(error) for error in errors)
        assert from_query(found.query) == (found, [])


@given(JUNK)
def test_no_text_at_all_breaks_a_link(text: str) -> None:
    found, errors = from_query(text)
    assert found == Experiment() or not errors or found.differences()


@given(st.sampled_from(FIELDS), JUNK)
def test_a_value_from_text_is_valid_or_refused_with_its_name(field: str, text: str) -> None:
    try:
        value = value_from_text(field, text)
    except ExperimentError as error:
        assert error.field == field
    else:
        try:
            assert getattr(replace(Experiment(), **{field: value}), field) == value
        except ExperimentError as error:  # right by itself, but not with the other defaults
            assert field in ("head", "loss")
            assert error.field == "loss"


# ---------------------------------------------------------------- as people see it


def test_is_an_experiment_shown_as_python_that_makes_it_again() -> None:
    assert repr(Experiment()) == "Experiment()"
    e = Experiment(target=(27, 432), labels="aligned", second_conv=False, learning_rate=0.1, epochs=3)
    assert repr(e) == ("Experiment(target=(27, 432), labels='aligned', second_conv=False, learning_rate=0.1, epochs=3)")
    assert eval(repr(e)) == e


def test_does_a_notebook_show_what_differs_from_the_question() -> None:
    html = Experiment(labels="aligned", epochs=3)._repr_html_()
    assert html.startswith("<div><strong>Experiment</strong><table><tr><th>labels</th><td>aligned</td></tr>")
    assert "<tr><th>epochs</th><td>3</td></tr>" in html and "head hard_sigmoid" in html and len(html) < 600


def test_are_shuffled_labels_named_in_a_link_only_where_they_are_shuffled() -> None:
    assert Experiment(labels="aligned").query == "labels=aligned", "as links of 0.1 are"
    e = Experiment(labels="aligned", labels_shuffled=True)
    assert e.query == "labels=aligned&labels_shuffled=true" and from_query(e.query) == (e, [])
    found, (error,) = from_query("labels_shuffled=yes")
    assert found == Experiment() and str(error) == "labels_shuffled 'yes': true or false"


def test_does_nothing_choose_samples_by_labels_that_are_shuffled() -> None:
    with pytest.raises(ExperimentError, match="chooses samples by their labels, and the labels are shuffled"):
        Experiment(balance="hard_negatives", labels_shuffled=True)
    changed, notes = repaired(Experiment(balance="hard_negatives"), labels_shuffled=True)
    assert (changed.balance, changed.labels_shuffled) == ("none", True) and notes[0].endswith("It is none now.")
    assert reasons("balance", Experiment(labels_shuffled=True))["hard_negatives"]


def test_is_training_on_pictures_refused_where_it_makes_no_sense_with_what_to_do() -> None:
    scenes = Experiment(data="scenes:filled", target=(27, 54), scene_count=30, scene_seed=7)
    assert scenes.query == "target=27,54&data=scenes:filled&scene_count=30&scene_seed=7"
    assert from_query(scenes.query) == (scenes, [])
    refused = {
        "data 'scenes:filled': knows the corners of rectangles alone; choose targets of 27, 54, 216, 432, or data "
        "'patterns'": {"target": (186, 432)},
        "stop 'solved': speaks of all 512 patterns, of which scenes have a few, some with both labels; use 'never'": {
            "stop": "solved"
        },
        "batch_size 4: makes more than 6,000 updates of these scenes' patches; use 8 or more, or fewer scenes": {
            "batch_size": 4
        },
        "batch_size 8: makes more than 6,000 updates of these scenes' patches; use 16 or more, or fewer scenes": {
            "batch_size": 8,
            "balance": "oversample",
        },
        "scene_count 9: a whole number from 10 to 100": {"scene_count": 9},
        "scene_seed -1: a whole number from 0 to 1,000,000,000": {"scene_seed": -1},
        "data 'scenes:square': allowed are " + ", ".join(WORDS["data"]): {"data": "scenes:square"},
    }
    for message, change in refused.items():
        with pytest.raises(ExperimentError) as raised:
            replace(scenes, **change)
        assert str(raised.value) == message
    changed, notes = repaired(Experiment(stop="solved"), data="scenes:thin")
    assert (changed.data, changed.stop) == ("scenes:thin", "never") and notes[0].endswith("It is never now.")
    changed, notes = repaired(scenes, target=(186,))
    assert (changed.data, changed.target) == ("patterns", (186,)) and notes[0].endswith("It is patterns now.")


@pytest.mark.parametrize(
    ("fields", "mislabels"),
    [
        ({}, False),
        ({"labels": "aligned"}, True),
        ({"head": "softmax"}, True),
        ({"labels": "aligned", "batch_size": 1}, False),
    ],
)
def test_do_shuffled_labels_mislabel_where_an_output_meets_one_label(fields: dict[str, Any], mislabels: bool) -> None:
    assert Experiment(**fields, labels_shuffled=True).mislabels is mislabels
    assert not Experiment(**fields).mislabels
