"""The command line: `python -m corner_lab train`, `evaluate`, `export` and `options`.

Whatever can be refused is refused before TensorFlow is imported, in one line on stderr.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corner_lab.cli.keras_import import import_keras
from corner_lab.cli.options_listing import all_choices, choices_text
from corner_lab.cli.parser import UsageError, parser_for, values_joined
from corner_lab.cli.progress import Show, progress
from corner_lab.cli.request import asked_for, evaluated_experiment
from corner_lab.cli.sigint import Interrupts
from corner_lab.experiment.experiment import ExperimentError
from corner_lab.export.keras_script import script_of
from corner_lab.export.run_report import history_table, report
from corner_lab.export.weights_file import (
    FileError,
    check_outputs,
    keras_file,
    write_history,
    write_text,
    write_weights,
)
from corner_lab.network.patterns import COUNT
from corner_lab.training.run import Run

if TYPE_CHECKING:
    from corner_lab.diagnostics.explanation import Explanation

REFUSED, FAILED, INTERRUPTED = 2, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: the process's own) and return its exit status. Never raises, but for --help."""
    try:
        args = parser_for(COMMANDS).parse_args(values_joined(sys.argv[1:] if argv is None else argv))
        status: int = args.command(args)
        if sys.stdout:
            sys.stdout.flush()
        return status
    except (UsageError, ExperimentError, FileError) as error:
        return _error(error, REFUSED)
    except KeyboardInterrupt:
        return _error("interrupted", INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has seen enough
        _discard_output()
        return FAILED
    except OSError as error:  # a full disk, most likely
        _discard_output()
        return _error(error, FAILED)
    except Exception as error:
        return _error(f"{type(error).__name__}: {error}", FAILED)


def _error(message: object, status: int) -> int:
    _tell("error: " + " ".join(str(message).split()))
    return status


def _tell(line: str) -> None:
    if sys.stderr:  # None where it is closed, which print would take for stdout
        print(line, file=sys.stderr, flush=True)


def _discard_output() -> None:
    """Let what is still to be written to stdout vanish, so that Python does not complain about it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---------------------------------------------------------------- train


def train(args: argparse.Namespace) -> int:
    """Train a run in this thread and print its report, having written the files asked for."""
    run = asked_for(args)
    files = {"--history": args.history, "--save": args.save}
    check_outputs(files)
    with Interrupts() as interrupts, progress() as show:
        import_seconds = _trained(run, interrupts, show)
        if run.status == "failed":
            return _error(run.message, FAILED)
        explanation = _explained(args, run, show, interrupts)
        show("writing")
        document = report(run, import_seconds)
        if explanation is not None:
            document["findings"] = explanation.to_json()
        failures = list(_written(files, run))
    print(_json(document) if args.json else _result(document))
    if explanation is not None and not args.json:
        print(explanation.to_text())
    return _status(run, interrupts, failures, explanation is None or explanation.over)


def _trained(run: Run, interrupts: Interrupts, show: Show) -> float:
    """Train a run to its end, which Ctrl+C may bring about. Returns the seconds that the import of Keras took."""
    for warning in run.experiment.warnings():
        _tell(f"warning: {warning}")
    show("importing TensorFlow")
    import_seconds = import_keras()
    show("compiling")
    run.step()
    interrupts.let_stop(run)
    while run.step():
        show("training", run.history.last if run.history else 0, run.experiment.epochs)
    return import_seconds


def _status(run: Run, interrupts: Interrupts, failures: Sequence[FileError], complete: bool = True) -> int:
    """The exit status after training, having told what could not be written; `complete`: whether all was explained."""
    for failure in failures:
        _error(failure, FAILED)
    if failures:
        return FAILED
    cut_short = run.status == "stopped" or not complete
    return INTERRUPTED if interrupts.seen and cut_short else 0


def _explained(args: argparse.Namespace, run: Run, show: Show, interrupts: Interrupts) -> "Explanation | None":
    """The findings about the run if they were asked for; Ctrl+C leaves the remedies that are not yet tried."""
    if not args.explain:
        return None
    from corner_lab.diagnostics.explanation import Explanation  # brings Plotly, for the figures that only the app draws

    explanation = Explanation(run)
    while not interrupts.seen and explanation.step():
        show("trying remedies")
    return explanation


def _written(files: Mapping[str, str | None], run: Run) -> Iterator[FileError]:
    """Write the files asked for, by option; yields what went wrong."""
    for option, path in files.items():
        if path is not None:
            try:
                WRITERS[option](path, run)
            except OSError as error:
                yield FileError(option, path, error)


def _write_history(path: str, run: Run) -> None:
    write_history(path, *history_table(run))


def _write_weights(path: str, run: Run) -> None:
    write_weights(path, report(run)["weights"])


def _write_script(path: str, run: Run) -> None:
    write_text(path, _script(run))


def _script(run: Run) -> str:
    from corner_lab.diagnostics.explanation import sentences

    return script_of(run, sentences(run))


def _write_keras(path: str, run: Run) -> None:
    """The trained network as a Keras model file, which `keras.saving.load_model` opens in safe mode."""
    Path(path).write_bytes(keras_file(run))


WRITERS: Mapping[str, Callable[[str, Run], None]] = {
    "--history": _write_history,
    "--save": _write_weights,
    "--output": _write_script,
    "--keras": _write_keras,
}


def _result(document: Mapping[str, Any]) -> str:
    """A report in a few lines."""
    tp, fp, fn, tn = (document[name] for name in ("tp", "fp", "fn", "tn"))
    counts = f"{tp + tn} of {COUNT} patterns right, {tp} of {tp + fn} targets found, {fp} others taken for one"
    if document["solved"]:
        outcome = f"solved, first at epoch {document['solved_at']:,}: {counts}"
    elif document["solved_at"] is not None:
        outcome = f"not solved any more (it was at epoch {document['solved_at']:,}): {counts}"
    else:
        outcome = f"not solved: {counts}"
    seconds = document["seconds"]
    lines = [
        outcome,
        f"lowest target output {document['corner_output']}, highest other output {document['worst_other_output']}, "
        f"loss {document['loss']}",
        f"{document['status']}: {document['epochs']:,} epochs, {document['updates']:,} updates; "
        f"import {seconds['import']:.1f} s, warm-up {seconds['warm_up']:.1f} s, training {seconds['train']:.2f} s",
        *document["message"].splitlines(),
        f"link: {document['link'] or '(empty: the question as asked)'}",
    ]
    return "\n".join(lines)


# ---------------------------------------------------------------- export


def export(args: argparse.Namespace) -> int:
    """Train a run in this thread to see how it ends, and write the Keras script that ends the same."""
    run = asked_for(args)
    files = {"--output": args.output, "--keras": args.keras, "--save": args.save, "--history": args.history}
    check_outputs(files)
    with Interrupts() as interrupts, progress() as show:
        _trained(run, interrupts, show)
        if run.status == "failed":
            return _error(run.message, FAILED)
        show("writing")
        failures = list(_written(files, run))
    if args.output is None:
        print(_script(run), end="")
    return _status(run, interrupts, failures)


# ---------------------------------------------------------------- evaluate


def evaluate(args: argparse.Namespace) -> int:
    """Print what given weights cost and how many patterns they get right."""
    experiment, weights = evaluated_experiment(args)
    from corner_lab.training import evaluate

    with Interrupts(), progress() as show:
        show("importing TensorFlow")
        import_keras()
        show("evaluating")
        found = evaluate.evaluate(experiment, weights)
    print(_json(found) if args.json else _evaluated(found))
    return 0


def _evaluated(found: Mapping[str, Any]) -> str:
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


# ---------------------------------------------------------------- options


def options(args: argparse.Namespace) -> int:
    """Print everything that can be chosen."""
    choices = all_choices()
    print(_json(choices) if args.json else choices_text(choices))
    return 0


def _json(value: object) -> str:
    return json.dumps(value, indent=2, allow_nan=False)


COMMANDS = {"train": train, "export": export, "evaluate": evaluate, "options": options}
