"""The settings: a widget for every field of the experiment, only what can be chosen, and why the rest cannot."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from corner_lab.experiment.data.training_set import LEAST_SCENES, MOST_SCENES
from corner_lab.experiment.experiment import (
    BATCH_SIZES,
    MAX_EPOCHS,
    MAX_LEARNING_RATE,
    MAX_SCENE_SEED,
    MAX_SEED,
    REGISTRIES,
    Experiment,
    reasons,
    repaired,
    why_not,
)
from corner_lab.experiment.field_help import NAMES, help_for
from corner_lab.experiment.parsing import value_from_text
from corner_lab.experiment.scenarios import SCENARIOS, on_target, scenario_of
from corner_lab.formatting import listing
from corner_lab.language import current, tr
from corner_lab.language.languages import SOURCE
from corner_lab.network.parameters import MOST_KERNELS
from corner_lab.network.patterns import NAMED, TARGET_LABELS, TARGETS
from ui import theme
from ui.components import targets
from ui.state.session import Session, reporting, session
from ui.state.train_actions import train_with_locks

FIELDS = tuple(Experiment.__dataclass_fields__)
CAN_BE_EMPTY = ("scenario", "learning_rate", "scene_count", "scene_seed", "kernels", "epochs", "seed")
MOST_CHANGES = 1_000_000  # of the targets' pictures in one visit
REPAIRED = ("head", "data")  # with a new value of these changes what no longer fits it
PICTURES = "target-pictures"  # the key of the component
# The named targets as the box has them: "plus (186)", "four corners".
NAMED_TARGETS = {
    f"{name} ({indices[0]})" if len(indices) == 1 else name: ",".join(map(str, indices))
    for name, indices in TARGETS.items()
}


def settings(e: Experiment) -> None:
    """Draw the widgets of all fields."""
    _choice("labels", e, st.segmented_control, required=True)
    _toggle("labels_shuffled", e)
    _choice("head", e)
    _choice("loss", e)
    for warning in e.warnings():
        st.warning(theme.plain(warning), icon=":material/warning:")
    _choice("balance", e)
    left, right = st.columns(2)
    with left:
        _choice("optimizer", e)
    with right:
        st.number_input(
            NAMES["learning_rate"],
            min_value=0.0,
            value=None,
            max_value=MAX_LEARNING_RATE,
            step=0.01,
            format="%g",
            **_wired("learning_rate", e),
        )
    st.select_slider(
        NAMES["batch_size"],
        BATCH_SIZES,
        value=e.batch_size,
        **_wired("batch_size", e),
    )
    left, right = st.columns(2)
    with left:
        _count("epochs", e, MAX_EPOCHS, 100)
    with right:
        _count("seed", e, MAX_SEED, 1)
    _choice("init", e, hidden=() if e.init == "given" else ("given",))  # its words need the whole width
    _choice("stop", e)
    _toggle("second_conv", e)
    _kernels(e)
    _choice("hidden", e)
    _target(e)
    _data(e)


def _kernels(e: Experiment) -> None:
    """How many kernels; where there can be but one, why."""
    why = why_not("kernels", MOST_KERNELS, e)
    _count("kernels", e, MOST_KERNELS, 1, least=1, disabled=bool(why))
    if why:
        st.caption(tr("Not offered: more than one kernel; {reason}.", reason=_of_kernels(why)))


def _of_kernels(why: str) -> str:
    """In English the reason goes on with a word for them."""
    return why.replace("are", "they are", 1) if current().code == SOURCE else why


def _data(e: Experiment) -> None:
    """What is learned from; how many scenes and which, where that is scenes."""
    _choice("data", e)
    left, right = st.columns(2)
    with left:
        _count("scene_count", e, MOST_SCENES, 10, least=LEAST_SCENES, disabled=not e.scenes)
    with right:
        _count("scene_seed", e, MAX_SCENE_SEED, 1, disabled=not e.scenes)


def _target(e: Experiment) -> None:
    """The targets: named ones, any set of pattern indices typed in, and as pictures to remove and to draw."""
    options = [*NAMED_TARGETS]
    if (current := _target_option(e.target)) not in options:
        options.append(current)
    st.selectbox(
        NAMES["target"],
        options,
        index=options.index(current),
        key=key("target"),
        format_func=_called,
        placeholder=tr("Choose or add an option"),
        accept_new_options=True,
        on_change=changed("target"),
        help=help_for("target", e),
    )
    names = {index: TARGET_LABELS[name] for name, index in NAMED.items()}
    heard = st.session_state.setdefault(f"{PICTURES}-heard", 0)
    targets.show(e.target, names, heard, on_change=reporting(_take_pictures), key=PICTURES)


def _take_pictures() -> None:
    """Put the targets into the experiment that were chosen as pictures; what no picture says changes nothing."""
    change: Any = getattr(st.session_state[PICTURES], "change", None)
    count: Any = change.get("count") if isinstance(change, dict) else None
    if type(count) in (int, float) and 0 < count < MOST_CHANGES and count == int(count):
        st.session_state[f"{PICTURES}-heard"] = int(count)
        _set("target", change.get("target"))


def _choice(
    field: str, e: Experiment, widget: Any = st.selectbox, hidden: tuple[str, ...] = (), **options: Any
) -> None:
    """A registry field: the words that can be chosen now; the reason for each that cannot stands below."""
    registry, why = REGISTRIES[field], reasons(field, e, repair=field in REPAIRED)
    words = [word for word in registry if not why[word] and word not in hidden]
    value = getattr(e, field)
    if widget is st.selectbox:
        options |= {"index": words.index(value), "placeholder": tr("Choose an option")}
    else:
        options["default"] = value
    widget(
        NAMES[field],
        words,
        key=key(field),
        format_func=lambda word: registry[word].label,
        on_change=changed(field),
        help=help_for(field, e),
        **options,
    )
    for reason, refused in _refused(why, hidden).items():
        labels = listing(registry[word].label for word in refused)
        st.caption(tr("Not offered: {labels}; {reason}.", labels=labels, reason=reason))


def _toggle(field: str, e: Experiment) -> None:
    """A field that is on or off."""
    st.toggle(NAMES[field], value=getattr(e, field), **_wired(field, e))


def _count(field: str, e: Experiment, most: int, step: int, least: int = 0, disabled: bool = False) -> None:
    """A field that is a whole number from `least` to `most`."""
    st.number_input(NAMES[field], least, most, None, step=step, disabled=disabled, **_wired(field, e))


def _wired(field: str, e: Experiment) -> dict[str, Any]:
    """What ties a widget to its field."""
    return {"key": key(field), "on_change": changed(field), "help": help_for(field, e)}


def _refused(why: dict[str, str], hidden: tuple[str, ...]) -> dict[str, list[str]]:
    """The words that cannot be chosen, by reason."""
    refused = [word for word, reason in why.items() if reason and word not in hidden]
    return {why[word]: [other for other in refused if why[other] == why[word]] for word in refused}


def key(field: str) -> str:
    """The key of a field's widget: its name, with a number once the value was set from elsewhere.

    A browser that has not yet heard of such a new value still sends the old one along with its next message. Under the
    same key that would count as the visitor's choice; a new key makes it the echo of a widget that is gone.
    """
    version = session().versions.get(field, 0)
    return f"{field}-{version}" if version else field


def mirror(s: Session) -> None:
    """See that every widget shows the experiment's value; one that shows another is replaced.

    A new widget has the value as its default, so that every message that draws it says so: on a busy server one may be
    lost, and a browser that has not heard of a value sends the default back as if it were chosen. Where a control can
    be empty, and an empty one changes nothing, the value is set, and again whenever it is drawn.
    """
    spoken, s.widgets_in = s.widgets_in, current().code
    if spoken not in ("", s.widgets_in):  # a browser tells what is chosen by the words that it shows
        s.versions = {field: s.versions.get(field, 0) + 1 for field in (*FIELDS, "scenario")}
    scenario = scenario_of(s.experiment)
    values: dict[str, Any] = {field: getattr(s.experiment, field) for field in FIELDS}
    values |= {"target": _target_option(s.experiment.target), "scenario": scenario.name if scenario else None}
    for field, value in values.items():
        if st.session_state.get(key(field), value) != value:
            s.versions[field] = s.versions.get(field, 0) + 1
        if field in CAN_BE_EMPTY:
            st.session_state[key(field)] = value


def _called(option: str) -> str:
    """What the box shows of an option, which may have been typed."""
    name, _, index = option.removesuffix(")").partition(" (")
    if name not in TARGETS or option not in NAMED_TARGETS:
        return option
    return tr("{name} ({index})", name=TARGET_LABELS[name], index=index) if index else TARGET_LABELS[name]


def _target_option(target: tuple[int, ...]) -> str:
    text = ",".join(map(str, target))
    return next((label for label, indices in NAMED_TARGETS.items() if indices == text), text)


def changed(field: str) -> Callable[..., None]:
    return reporting(partial(_take, field, key(field)))


def _take(field: str, drawn_as: str) -> None:
    """Put a widget's new value into the experiment; what no longer goes with it changes too, and a note says so."""
    s, value = session(), st.session_state[drawn_as]
    if value is None or drawn_as != key(field):  # a control that was emptied keeps what it had
        return
    if field == "scenario":
        if not isinstance(value, str) or value not in SCENARIOS:  # no browser of ours sends that
            return
        s.replace_settings(on_target(SCENARIOS[value], s.experiment), SCENARIOS[value].title)
        train_with_locks(s.experiment)
        return
    if field == "target" and isinstance(value, str):
        value = value_from_text("target", NAMED_TARGETS.get(value, value).replace(", ", ","))
    _set(field, value)


def _set(field: str, value: Any) -> None:
    """Change a field as the visitor wants it, and what no longer goes with it. Raises ExperimentError."""
    s = session()
    s.experiment, notes = repaired(s.experiment, **{field: value})
    s.replaced = None
    s.notes += notes
