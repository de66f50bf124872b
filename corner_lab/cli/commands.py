"""The command line: `python -m corner_lab train`, `evaluate` and so on, a function each.

Whatever can be refused is refused before TensorFlow is imported, in one line on stderr.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from corner_lab import logs
from corner_lab.cli.grading import grade_document, grade_text, progress_of
from corner_lab.cli.keras_import import import_keras
from corner_lab.cli.options_listing import all_choices, choices_text
from corner_lab.cli.output import discard_output, error, evaluated_text, json_text, tell, trained_text
from corner_lab.cli.parser import UsageError, language_asked, parser_for, values_joined
from corner_lab.cli.picture_files import (
    check_orientations,
    detected,
    detected_text,
    pictures_in,
    write_detected,
    write_scenes,
)
from corner_lab.cli.progress import Show, numbered, progress
from corner_lab.cli.request import asked_for, detecting_network, evaluated_experiment, filmed_run, movie_of, played_runs
from corner_lab.cli.sigint import Interrupts
from corner_lab.cli.written_files import movie_file, player_file, script, site_folder, story_file, written
from corner_lab.experiment.experiment import ExperimentError
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.run_report import report
from corner_lab.export.weights_file import FileError, check_outputs
from corner_lab.language import speaking, tr
from corner_lab.movie import MovieError
from corner_lab.movie import check as check_movie
from corner_lab.player.site import check_folder
from corner_lab.player.stage_script import NoStage, check_stage
from corner_lab.story.trained_runs import TOLD
from corner_lab.training.run import Run

if TYPE_CHECKING:
    from corner_lab.diagnostics.explanation import Explanation

REFUSED, FAILED, INTERRUPTED = 2, 1, 130

log = logging.getLogger(__package__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: the process's own) and return its exit status. Never raises, but for --help."""
    words = values_joined(sys.argv[1:] if argv is None else argv)
    try:
        with speaking(language_asked(words)):
            return _done(words)
    except UsageError as refused:  # there is no such language
        return error(refused, REFUSED)


def _done(words: Sequence[str]) -> int:
    """Do what these words say, in the language spoken now, and return the exit status."""
    try:
        args = parser_for(COMMANDS).parse_args(words)
        logs.set_up("INFO" if args.verbose else "")
        status: int = args.command(args)
        if sys.stdout:
            sys.stdout.flush()
        return status
    except (UsageError, ExperimentError, FileError, NoStage, MovieError, logs.UnknownLevel) as refused:
        return error(refused, REFUSED)
    except KeyboardInterrupt:
        return error(tr("interrupted"), INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has seen enough
        discard_output()
        return FAILED
    except OSError as failed:  # a full disk, most likely
        discard_output()
        return error(failed, FAILED)
    except Exception as failed:
        log.exception("the command failed")
        return error(f"{type(failed).__name__}: {failed}", FAILED)


def train(args: argparse.Namespace) -> int:
    """Train a run in this thread and print its report, having written the files asked for."""
    run = asked_for(args)
    files = {"--history": args.history, "--save": args.save}
    check_outputs(files)
    with Interrupts() as interrupts, progress() as show:
        import_seconds = _trained(run, interrupts, show)
        if run.status == "failed":
            return error(run.message, FAILED)
        explanation = _explained(run, show, interrupts) if args.explain else None
        show(tr("writing"))
        document = report(run, import_seconds)
        if explanation is not None:
            document["findings"] = explanation.to_json()
        failures = list(written(files, run))
    print(json_text(document) if args.json else trained_text(document))
    if explanation is not None and not args.json:
        print(explanation.to_text())
    return _status(run, interrupts, failures, explanation is None or explanation.over)


def export(args: argparse.Namespace) -> int:
    """Train a run in this thread to see how it ends, and write the Keras script that ends the same."""
    run = asked_for(args)
    files = {"--output": args.output, "--keras": args.keras, "--save": args.save, "--history": args.history}
    check_outputs(files)
    with Interrupts() as interrupts, progress() as show:
        _trained(run, interrupts, show)
        if run.status == "failed":
            return error(run.message, FAILED)
        show(tr("writing"))
        failures = list(written(files, run))
    if args.output is None:
        print(script(run), end="")
    return _status(run, interrupts, failures)


def evaluate(args: argparse.Namespace) -> int:
    """Print what given weights cost and how many patterns they get right."""
    experiment, weights = evaluated_experiment(args)
    from corner_lab.training import evaluate

    with Interrupts(), progress() as show:
        show(tr("importing TensorFlow"))
        import_keras()
        show(tr("evaluating"))
        found = evaluate.evaluate(experiment, weights)
    print(json_text(found) if args.json else evaluated_text(found))
    return 0


def detect(args: argparse.Namespace) -> int:
    """Print the corners that a network finds in picture files; it is trained first unless its weights are given."""
    network = detecting_network(args)
    if args.orientations:
        check_orientations((network.experiment if isinstance(network, Run) else network[0]).target)
    with Interrupts() as interrupts, progress() as show:
        pictures = pictures_in(args, show)
        if isinstance(network, Run):
            _trained(network, interrupts, show)
            if network.status == "failed":
                return error(network.message, FAILED)
        found = detected(pictures, network, args, show)
        failures = list(write_detected(args, pictures, found))
    if args.json:
        print(json_text(found))
    else:
        if isinstance(network, Run):
            print(tr("trained: {outcome}", outcome=trained_text(report(network, 0)).splitlines()[0]))
        print(detected_text(found))
    if isinstance(network, Run):
        return _status(network, interrupts, failures)
    return FAILED if any(error(failure, FAILED) for failure in failures) else 0


def player(args: argparse.Namespace) -> int:
    """Train runs one after the other in this thread, and write the HTML file that plays them."""
    asked = played_runs(args)
    check_outputs({"--output": args.output})
    check_stage("player")
    done = []
    with Interrupts() as interrupts, progress() as show:
        for run, link in asked:
            _trained(run, interrupts, show)
            if run.status == "failed" or run.history is None:  # Keras refuses it: there is nothing to play
                return error(run.message, FAILED)
            done.append((run, link))
            if interrupts.seen:
                break  # those that are trained are written
        show(tr("explaining"))
        said = player_file(args.output, done, [text for option, text in args.runs or () if option == "link"])
    print(said)
    return _status(done[-1][0], interrupts, (), complete=len(done) == len(asked))


def movie(args: argparse.Namespace) -> int:
    """Train a run in this thread, and write the moving picture of it."""
    wanted = movie_of(args)
    run, link = filmed_run(args)
    check_outputs({"--output": args.output})
    check_movie(wanted, args.browser)
    with Interrupts() as interrupts, progress() as show:
        _trained(run, interrupts, show)
        if run.status == "failed" or run.history is None:  # Keras refuses it: there is nothing to show
            return error(run.message, FAILED)
        said = movie_file(wanted, args.browser, (run, link), show, interrupts)
    print(said)
    return _status(run, interrupts, ())


def story(args: argparse.Namespace) -> int:
    """Train the runs of the story in this thread, and write the HTML file that tells it."""
    check_outputs({"--output": args.output})
    check_stage("story")
    return _scenarios_written(TOLD, lambda runs: story_file(args.output, runs, args.base))


def site(args: argparse.Namespace) -> int:
    """Train every scenario in this thread, and write a folder of HTML files: a list, the story, a player for each."""
    check_folder("--output", args.output)
    check_stage("site")
    return _scenarios_written([*SCENARIOS], lambda runs: site_folder(args.output, runs, args.base))


def scenes(args: argparse.Namespace) -> int:
    """Write seeded pictures of rectangles, and where their corners are."""
    with Interrupts(), progress() as show:
        said = write_scenes(args, show)
    print(said)
    return 0


def grade(args: argparse.Namespace) -> int:
    """Print which tasks the solutions in progress files and links reach, and name those that cannot be read."""
    files, broken = progress_of(args.files)
    status = FAILED if files else REFUSED  # of what is broken
    if files:
        with Interrupts(), progress() as show:
            document = grade_document(files, show)
        print(json_text(document) if args.json else grade_text(document))
    return max([error(why, status) for why in broken], default=0)


def options(args: argparse.Namespace) -> int:
    """Print everything that can be chosen."""
    choices = all_choices()
    print(json_text(choices) if args.json else choices_text(choices))
    return 0


COMMANDS = {
    command.__name__: command
    for command in (train, evaluate, export, detect, player, movie, story, site, scenes, grade, options)
}


# ---------------------------------------------------------------- what train and export share


def _trained(run: Run, interrupts: Interrupts, show: Show) -> float:
    """Train a run to its end, which Ctrl+C may bring about. Returns the seconds that the import of Keras took."""
    for warning in run.experiment.warnings():
        tell(tr("warning: {what}", what=warning))
    show(tr("importing TensorFlow"))
    import_seconds = import_keras()
    log.info("Keras imported in %.1f s", import_seconds)
    show(tr("compiling"))
    run.step()
    log.info("%r compiled in %.1f s", run, run.seconds.warm_up)
    interrupts.let_stop(run)
    while run.step():
        show(tr("training"), run.history.last if run.history else 0, run.experiment.epochs)
    log.info("%r trained in %.2f s: %s", run, run.seconds.train, run.message or "no remark")
    return import_seconds


def _scenarios_written(names: Sequence[str], write: Callable[[Mapping[str, Run]], str]) -> int:
    """Train these scenarios, have what shows them all written, and print what `write` says of it."""
    runs: dict[str, Run] = {}
    with Interrupts() as interrupts, progress() as show:
        for number, name in enumerate(names, 1):
            runs[name] = run = Run(SCENARIOS[name].experiment)
            _trained(run, interrupts, numbered(show, number, len(names), name))
            if interrupts.seen:
                return error(tr("interrupted, and nothing was written"), INTERRUPTED)
            if run.status == "failed":
                return error(tr("{name}: {message}", name=name, message=run.message), FAILED)
        show(tr("explaining and writing"))
        said = write(runs)
    print(said)
    return 0


def _explained(run: Run, show: Show, interrupts: Interrupts) -> "Explanation":
    """The findings about the run; Ctrl+C leaves the remedies that are not yet tried."""
    from corner_lab.diagnostics.explanation import Explanation

    explanation = Explanation(run)
    while not interrupts.seen and explanation.step():
        show(tr("trying remedies"))
    return explanation


def _status(run: Run, interrupts: Interrupts, failures: Sequence[FileError], complete: bool = True) -> int:
    """The exit status after training, having told what could not be written; `complete`: whether all was explained."""
    for failure in failures:
        error(failure, FAILED)
    if failures:
        return FAILED
    cut_short = run.status == "stopped" or not complete
    return INTERRUPTED if interrupts.seen and cut_short else 0
