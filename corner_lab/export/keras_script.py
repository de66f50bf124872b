"""An experiment as a Keras script that stands alone: it imports keras and numpy, trains, and asserts what was seen.

The script draws the same batches and starts from the same weights, so it ends with the same weights. What the words
of the experiment mean comes from the registries, into its comments too. A script is English, whoever asks for it.
"""

import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace

from corner_lab.experiment.early_stopping import STOPS, stop_bar
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.losses import LOSSES
from corner_lab.experiment.optimizers import OPTIMIZERS
from corner_lab.experiment.scenarios import scenario_of
from corner_lab.export import script_data, script_model, script_scenes, script_verdict
from corner_lab.export.python_source import WIDTH, call, code, comment, indented, joined
from corner_lab.export.script_model import Held
from corner_lab.export.script_verdict import Seen
from corner_lab.export.share_link import query_of, run_words, words_of
from corner_lab.language import speaking, tr
from corner_lab.language.languages import SOURCE
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import COUNT
from corner_lab.training.run import Run

OLDEST = "3.6"  # Keras whose datasets have `on_epoch_begin`


def script_of(run: Run, found: Callable[[], Sequence[str]] = tuple) -> str:
    """The script of a run that is over, with its outcome asserted at the end. Raises ValueError if it is not over.

    `found`: says sentences about the run (see `findings`), to stand at its head; called while English is spoken.
    """
    with speaking(SOURCE):
        told = tuple(found())
    seen = replace(Seen.of(run), found=told)
    assert run.history is not None
    first = run.history.weights_at(0)
    weights = first if run.experiment.init == "given" else None
    held = {place: float(first[place]) for number in run.held for place in run.history.shape.behind(number)}
    return keras_script(run.experiment, weights, seen, held, query_of(words_of(run.experiment, run)))


def keras_script(
    experiment: Experiment,
    weights: Vector | None = None,
    seen: Seen | None = None,
    held: Held | None = None,
    link: str = "",
) -> str:
    """A Python script that trains this experiment in plain Keras.

    `weights`: flat, those that init `given` stands for. `seen`: what to assert at the end; without it the script only
    prints how it ended. `held`: the values of weights that do not learn, by their place in the flat vector. `link`: a
    query string that leads to all this, if it takes more than experiment and weights. Raises ValueError for init
    `given` without weights, and for held weights that the network does not have.
    """
    if experiment.init == "given" and weights is None:
        raise ValueError(tr("init 'given' means that weights are given, and there are none"))
    held = held or {}
    script_model.check_held(experiment, held)
    with speaking(SOURCE):
        return _written(experiment, weights, seen, held, link or query_of(run_words(experiment, weights)))


def _written(experiment: Experiment, weights: Vector | None, seen: Seen | None, held: Held, link: str) -> str:
    e = _what_counts(experiment, seen)
    return joined(
        [
            _heading(experiment, seen, link),
            ["import keras", "import numpy as np"],
            _version_check(),
            script_data.constants(e),
            *(script_scenes.scenes(e.scenes) if e.scenes else []),
            script_data.patterns_and_labels(e),
            script_data.batches(e) if e.epochs else [],
            script_model.held_class(held),
            script_model.held_values(e, held),
            script_model.hard_negatives(e) if e.balance == "hard_negatives" else [],
            script_model.model(e, held),
            script_model.initial_weights(e, weights, held),
            script_model.outputs(e) if _status(seen) != "refused_by_keras" else [],
            script_verdict.pre_activations(e) if _status(seen) not in ("refused_by_keras", "diverged") else [],
            _stop_rule(e),
            _compiled(e),
            _training(e, seen),
            script_verdict.verdict(e, seen),
        ]
    )


def _status(seen: Seen | None) -> str:
    return seen.status if seen else ""


def _what_counts(e: Experiment, seen: Seen | None) -> Experiment:
    """The experiment without what has no part in how it ended."""
    status = _status(seen)
    if status in ("refused_by_keras", "diverged"):
        e = replace(e, stop="never")
    if seen and status == "stopped" and (seen.reason != "stop_rule" or seen.epochs == 0):
        e = replace(e, epochs=seen.epochs, stop="never")
    return e if e.epochs else replace(e, balance="none", stop="never")


# ---------------------------------------------------------------- what it is about


def _heading(e: Experiment, seen: Seen | None, link: str) -> list[str]:
    scenario = scenario_of(e)
    texts = [scenario.title, scenario.text] if scenario else ["Learning to find a corner in binary 3x3 patterns"]
    lines = []
    for text in [*texts, f"Written by Corner Lab{_seen_in_words(seen)}"]:
        lines += [*textwrap.wrap(text, WIDTH), ""]
    for text in seen.found if seen else ():
        lines += textwrap.wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ")
    lines += [""] if seen and seen.found else []
    if link:
        lines += ["The experiment's link:", f"?{link}", ""]
    lines += [f'    pip install "keras>={OLDEST}" tensorflow', '"""']
    return ['"""' + lines[0], *lines[1:]]


def _version_check() -> list[str]:
    return code(
        f"""
        # Older ones tell no dataset that an epoch begins, so that nothing would be shuffled.
        if tuple(map(int, keras.__version__.split(".")[:2])) < ({OLDEST.replace(".", ", ")}):
            raise SystemExit(f"This script needs keras>={OLDEST}; installed is keras {{keras.__version__}}.")
        """
    )


def _seen_in_words(seen: Seen | None) -> str:
    if seen is None:
        return "."
    if seen.status == "refused_by_keras":
        return ", where Keras refused to train this. Here it has to as well."
    if seen.status == "diverged":
        return f", where it diverged after epoch {seen.epochs:,}. Here it has to as well."
    return (
        f", where it ended with {seen.right} of {COUNT} patterns right, the lowest output of a target at "
        f"{seen.corner_output:.4g} and the highest other output at {seen.worst_other_output:.4g}. "
        "The last lines assert that it ends so here."
    )


# ---------------------------------------------------------------- training


def _stop_rule(e: Experiment) -> list[str]:
    if e.stop == "never":
        return []
    bar = stop_bar(e.stop, e.head, e.loss)
    above, below = (">=", "<=") if bar.closed else (">", "<")
    explanation = STOPS[e.stop].explanation.split(" (")[0].rstrip(".")
    return code(
        f'''
        class {_rule(e)}(keras.callbacks.Callback):
            """{explanation}."""

            def on_epoch_end(self, epoch, logs=None):
                z = pre_activations()
                high, low = z[positive].min(), z[~positive].max()
                self.model.stop_training = bool(high {above} {bar.high} and low {below} {bar.low})
        '''
    )


def _rule(e: Experiment) -> str:
    return f"StopWhen{e.stop.capitalize()}"


def _compiled(e: Experiment) -> list[str]:
    loss, optimizer = LOSSES[e.loss], OPTIMIZERS[e.optimizer]
    settings = ["from_logits=True"] if loss.from_logits(e.head) else []
    if e.balance == "hard_negatives":
        settings.append("reduction=None")
    made = f"loss=keras.losses.{loss.keras_name}({', '.join(settings)})"
    explained = f"{loss.label}: {loss.explanation}"
    if not e.epochs:
        return [*comment(explained), f"model.compile({made})"]
    rate = [f"learning_rate={e.learning_rate!r}", *(f"{k}={v!r}" for k, v in optimizer.settings.items())]
    return [
        *comment(explained, f"{optimizer.label}: {optimizer.explanation}"),
        "model.compile(",
        f"    optimizer=keras.optimizers.{optimizer.keras_name}({', '.join(rate)}),",
        f"    {made},",
        "    jit_compile=True,  # as in Corner Lab: the same roundings",
        ")",
    ]


def _training(e: Experiment, seen: Seen | None) -> list[str]:
    if not e.epochs:
        x = "x[patch]" if e.scenes else "x"
        lines = [f"loss = model.evaluate({x}, y, batch_size=BATCH_SIZE, verbose=0)"]
    else:
        arguments = ["Batches()", "epochs=EPOCHS", "shuffle=False"]
        if e.stop != "never":
            arguments.append(f"callbacks=[{_rule(e)}()]")
        if _status(seen) == "diverged":
            arguments.append("callbacks=[keras.callbacks.TerminateOnNaN()]")
        lines = call("history = model.fit", [*arguments, "verbose=2"], indent=4)
    if seen and seen.status == "refused_by_keras":
        return _refused(lines, seen)
    return lines


def _refused(lines: list[str], seen: Seen) -> list[str]:
    said = json.dumps(seen.message.split(". ")[0], ensure_ascii=False)
    return [
        "try:",
        *indented(line.removeprefix("history = ").removeprefix("loss = ") for line in lines),
        *code(
            f"""
            except ValueError as error:
                print("Keras refuses to train this:", error)
                expected = {said}
                assert expected in str(error), f"expected the words {{expected!r}}, found: {{error}}"
            else:
                raise AssertionError("Keras has trained what it refused in Corner Lab")
            """
        ),
    ]
