"""The command line: `python -m corner_lab train`, `evaluate`, `export` and `options`.

Whatever can be refused is refused before TensorFlow is imported, in one line on stderr. Options, their help and what is
allowed come from the fields of `Experiment` and the registries.
"""

import argparse
import json
import os
import re
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from corner_lab.experiment import CHECKS, REGISTRIES, Experiment, ExperimentError, value_from_text
from corner_lab.files import (
    FileError,
    check_outputs,
    read_weights,
    weights_vector,
    write_history,
    write_text,
    write_weights,
)
from corner_lab.initial import INITS, initial_weights
from corner_lab.link import Link, read
from corner_lab.patterns import COUNT, NAMED
from corner_lab.progress import Show, progress
from corner_lab.quiet import import_keras
from corner_lab.report import history_table, report
from corner_lab.run import Run
from corner_lab.scenarios import SCENARIOS
from corner_lab.script import script_of
from corner_lab.taking import keras_file
from corner_lab.weights import Shape, Vector

if TYPE_CHECKING:
    from corner_lab.explain import Explanation

REFUSED, FAILED, INTERRUPTED = 2, 1, 130
EXIT_STATUS = (
    "Exit status: 0 done, also where the run diverged or Keras refused it (the status says so); 1 failed; 2 refused, "
    "before anything was trained; 130 stopped by Ctrl+C. The first Ctrl+C ends training after its current chunk, and "
    "what was trained is printed and written as usual, with status stopped; before training it ends at once."
)

EVALUATED = ("target", "head", "labels", "second_conv", "loss", "batch_size")  # the fields that evaluation depends on
CLOSED_FORMS = [word for word, init in INITS.items() if word != "given" and not init.keras_initializer]


class UsageError(Exception):
    """A command line that argparse refuses."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: the process's own) and return its exit status. Never raises, but for --help."""
    try:
        args = _parser().parse_args(_values_joined(sys.argv[1:] if argv is None else argv))
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
    run = _asked_for(args)
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


def _trained(run: Run, interrupts: "Interrupts", show: Show) -> float:
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


def _status(run: Run, interrupts: "Interrupts", failures: Sequence[FileError], complete: bool = True) -> int:
    """The exit status after training, having told what could not be written; `complete`: whether all was explained."""
    for failure in failures:
        _error(failure, FAILED)
    if failures:
        return FAILED
    cut_short = run.status == "stopped" or not complete
    return INTERRUPTED if interrupts.seen and cut_short else 0


def _explained(args: argparse.Namespace, run: Run, show: Show, interrupts: "Interrupts") -> "Explanation | None":
    """The findings about the run if they were asked for; Ctrl+C leaves the remedies that are not yet tried."""
    if not args.explain:
        return None
    from corner_lab.explain import Explanation  # brings Plotly, for the figures that only the app draws

    explanation = Explanation(run)
    while not interrupts.seen and explanation.step():
        show("trying remedies")
    return explanation


def _asked_for(args: argparse.Namespace) -> Run:
    """The run that is asked for: scenario or link, then single fields, then weights."""
    changes, base = _changes(args), _base(args)
    if args.start is not None:
        if changes.get("init", "given") != "given":
            raise ExperimentError("init", changes["init"], "--from FILE gives the weights; leave one of the two out")
        changes["init"] = "given"
    experiment = replace(base.experiment, **changes)
    if (base.start is not None or base.held) and _shape(experiment) != _shape(base.experiment):
        raise ExperimentError("link", "start, held", "are of another network than these options make")
    if args.start is not None:
        weights, _ = read_weights("--from", args.start)
        return Run(experiment, weights_vector("--from", args.start, weights, _shape(experiment)), base.held)
    if experiment.init == "given":
        raise ExperimentError("init", "given", "needs weights; use --from FILE")
    return Run(experiment, None if "init" in changes else base.start, base.held)


def _base(args: argparse.Namespace) -> Link:
    if args.scenario is not None:
        if args.scenario not in SCENARIOS:
            raise ExperimentError("scenario", args.scenario, "allowed are " + ", ".join(map(repr, SCENARIOS)))
        return Link(SCENARIOS[args.scenario].experiment)
    link, errors = read(args.link or "")
    for error in errors:
        # The link of a run that began with given weights says so, and --from brings them.
        if args.start is None or (error.field, error.value) != ("init", "given"):
            raise error
    return link


def _changes(args: argparse.Namespace) -> dict[str, Any]:
    """The fields given as options, as values."""
    given = {name: getattr(args, name, None) for name in CHECKS}
    return {
        name: value_from_text(name, value) if isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }


def _shape(e: Experiment) -> Shape:
    return Shape.of(e.two_outputs, e.second_conv)


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
    from corner_lab.explain import sentences

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
    run = _asked_for(args)
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
    experiment, weights = _evaluated_experiment(args)
    from corner_lab import evaluation

    with Interrupts(), progress() as show:
        show("importing TensorFlow")
        import_keras()
        show("evaluating")
        found = evaluation.evaluate(experiment, weights)
    print(_json(found) if args.json else _evaluated(found))
    return 0


def _evaluated_experiment(args: argparse.Namespace) -> tuple[Experiment, Vector]:
    """The weights to evaluate, and under which settings: those of their document, if it has any, and the options."""
    changes, path = _changes(args), args.weights
    if path in CLOSED_FORMS:
        e = Experiment(**changes, init=path)
        return e, initial_weights(path, seed=0, head=e.head, second_conv=e.second_conv, target=e.target)
    if not os.path.exists(path):
        raise FileError("--weights", path, f"no such file; allowed are {', '.join(CLOSED_FORMS)} or a weights file")
    weights, beside = read_weights("--weights", path)
    try:
        base = Experiment(**{name: beside[name] for name in EVALUATED if name in beside}, init="given")
    except ExperimentError as error:
        raise FileError("--weights", path, error) from None
    e = replace(base, **changes)
    return e, weights_vector("--weights", path, weights, _shape(e))


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
    print(_json(choices) if args.json else _choices_text(choices))
    return 0


def all_choices() -> dict[str, Any]:
    """Every field with its default, what is allowed and its registry; the named targets; every scenario."""
    described = ("word", "label", "explanation", "source")
    return {
        "fields": {
            name: {
                "default": default,
                "allowed": allowed(name),
                "choices": [{key: getattr(c, key) for key in described} for c in REGISTRIES.get(name, {}).values()],
            }
            for name, default in Experiment().to_json().items()
        },
        "targets": dict(NAMED),
        "scenarios": [
            {"name": name, "title": s.title, "text": s.text, "outcome": s.outcome, "link": s.experiment.query}
            for name, s in SCENARIOS.items()
        ],
    }


def allowed(name: str) -> str:
    """What a field takes, in the words in which it refuses everything else."""
    try:
        CHECKS[name](name, None)
    except ExperimentError as error:
        return error.allowed
    raise AssertionError(f"{name} takes None")


def _choices_text(choices: Mapping[str, Any]) -> str:
    def paragraph(text: str) -> str:
        return textwrap.fill(text, 100, initial_indent="      ", subsequent_indent="      ")

    lines: list[str] = []
    for name, field in choices["fields"].items():
        lines.append(f"{name} (default {_shown(field['default'])})")
        for choice in field["choices"]:
            lines.append(
                f"  {choice['word']}  {choice['label']}" if choice["word"] != choice["label"] else f"  {choice['word']}"
            )
            lines.append(paragraph(choice["explanation"]))
            if choice["source"]:
                lines.append(paragraph(f"[{choice['source']}]"))
        if not field["choices"]:
            lines.append(f"  {field['allowed']}")
    lines.append("targets with a name")
    lines += [f"  {index:<4} {name}" for name, index in choices["targets"].items()]
    lines.append("scenarios")
    for scenario in choices["scenarios"]:
        lines.append(f"  {scenario['name']}  {scenario['title']}")
        lines += [paragraph(scenario["text"]), paragraph(scenario["outcome"])]
    return "\n".join(lines)


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).lower()


# ---------------------------------------------------------------- Ctrl+C


class Interrupts:
    """Ctrl+C while the block runs: ends it at once with KeyboardInterrupt, or after `let_stop` asks the run to stop."""

    def __init__(self) -> None:
        self.seen = 0
        self._run: Run | None = None

    def let_stop(self, run: Run) -> None:
        """From here on the first Ctrl+C lets the run end after its chunk; a second one still ends at once."""
        if self.seen:  # TensorFlow swallowed the exception
            raise KeyboardInterrupt
        self._run = run

    def __enter__(self) -> "Interrupts":
        self._before = signal.signal(signal.SIGINT, self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _seen(self, *_: object) -> None:
        self.seen += 1
        if self._run is None or self.seen > 1:
            raise KeyboardInterrupt
        self._run.stop()


# ---------------------------------------------------------------- the parser


class Parser(argparse.ArgumentParser):
    """A parser that raises what it refuses, instead of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


def _parser() -> Parser:
    parser = Parser(
        prog="python -m corner_lab",
        description="Why a small Keras network does not learn to find a corner, and what makes it learn.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="{train,evaluate,export,options}")
    _add_train(commands)
    _add_evaluate(commands)
    _add_export(commands)
    listing = commands.add_parser("options", help="list every choice, with explanations", allow_abbrev=False)
    listing.set_defaults(command=options)
    _add_json(listing)
    return parser


def _add_train(commands: "argparse._SubParsersAction[Parser]") -> None:
    parser = commands.add_parser("train", help="train a network and report", epilog=EXIT_STATUS, allow_abbrev=False)
    parser.set_defaults(command=train)
    _add_trained(parser)
    parser.add_argument("--explain", action="store_true", help="say why it came out so, and train what would fix it")
    _add_json(parser)


def _add_export(commands: "argparse._SubParsersAction[Parser]") -> None:
    parser = commands.add_parser(
        "export",
        help="train, and write a Keras script that trains the same and asserts how it ends",
        epilog=EXIT_STATUS,
        allow_abbrev=False,
    )
    parser.set_defaults(command=export)
    _add_trained(parser)
    parser.add_argument("--output", metavar="FILE", help="write the script here (default: print it)")
    parser.add_argument("--keras", metavar="FILE", help="write the trained network as a Keras model (.keras)")


def _add_trained(parser: Parser) -> None:
    """What is to be trained, and the files that hold it."""
    base = parser.add_mutually_exclusive_group()
    base.add_argument("--scenario", metavar="NAME", help="start from a named experiment (`options` lists them)")
    base.add_argument("--link", metavar="LINK", help="start from a link of the app, or its query string")
    _add_fields(parser, list(CHECKS), "override a field of the scenario or link (default: the question as asked)")
    parser.add_argument("--history", metavar="FILE", help="write a row per epoch, metrics and weights (.csv or .json)")
    parser.add_argument("--save", metavar="FILE", help="write the weights as JSON")
    start_help = "start from these weights: a `train --json` document or what --save wrote"
    parser.add_argument("--from", metavar="FILE", dest="start", help=start_help)


def _add_evaluate(commands: "argparse._SubParsersAction[Parser]") -> None:
    parser = commands.add_parser(
        "evaluate", help="what given weights cost, by Keras's own evaluate", epilog=EXIT_STATUS, allow_abbrev=False
    )
    parser.set_defaults(command=evaluate)
    parser.add_argument(
        "--weights",
        required=True,
        metavar="WEIGHTS",
        help=f"{', '.join(CLOSED_FORMS)}, or a file: a `train --json` document (whose settings then count, "
        "unless an option says otherwise) or what --save wrote",
    )
    _add_fields(parser, list(EVALUATED), "settings (default: the question as asked)")
    _add_json(parser)


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def _add_fields(parser: Parser, names: Sequence[str], title: str) -> None:
    """An option for each of these fields of Experiment; a value stays text until `value_from_text` has read it."""
    group = parser.add_argument_group(title)
    for field in fields(Experiment):
        if field.name not in names:
            continue
        option = "--" + field.name.replace("_", "-")
        if isinstance(field.default, bool):
            group.add_argument(option, dest=field.name, action=argparse.BooleanOptionalAction, default=None)
        else:
            group.add_argument(option, dest=field.name, metavar="VALUE", help=allowed(field.name).replace("%", "%%"))


def _values_joined(argv: Sequence[str]) -> list[str]:
    """Options joined with values like -1e-3, which argparse would take for options."""
    words: list[str] = []
    for word in argv:
        if words and re.fullmatch(r"--[a-z-]+", words[-1]) and re.fullmatch(r"-[^-h].*", word, re.DOTALL):
            words[-1] += "=" + word
        else:
            words.append(word)
    return words


def _json(value: object) -> str:
    return json.dumps(value, indent=2, allow_nan=False)
