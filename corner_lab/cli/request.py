"""What a command line asks for: the run to train, the weights to evaluate. Whatever can be refused is refused here."""

import argparse
import os
from dataclasses import replace
from typing import Any

from corner_lab.experiment.experiment import CHECKS, Experiment, ExperimentError
from corner_lab.experiment.initializers import INITS
from corner_lab.experiment.parsing import value_from_text
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.share_link import Link, read
from corner_lab.export.weights_file import FileError, read_weights, weights_vector
from corner_lab.language import tr
from corner_lab.movie.request import Movie, parts_from, seconds_from, size_from
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.training.run import Run

# The fields that evaluation depends on.
EVALUATED = ("target", "head", "labels", "second_conv", "kernels", "hidden", "loss", "batch_size")
CLOSED_FORMS = [word for word, init in INITS.items() if word != "given" and not init.keras_initializer]


def asked_for(args: argparse.Namespace) -> Run:
    """The run that is asked for: scenario or link, then single fields, then weights."""
    changes, base = _changes(args), _base(args)
    if args.start is not None:
        if changes.get("init", "given") != "given":
            raise ExperimentError(
                "init", changes["init"], tr("--from FILE gives the weights; leave one of the two out")
            )
        changes["init"] = "given"
    experiment = replace(base.experiment, **changes)
    if (base.start is not None or base.held) and _shape(experiment) != _shape(base.experiment):
        raise ExperimentError("link", "start, held", tr("are of another network than these options make"))
    if args.start is not None:
        weights, _ = read_weights("--from", args.start)
        return Run(experiment, weights_vector("--from", args.start, weights, _shape(experiment)), base.held)
    if experiment.init == "given":
        raise ExperimentError("init", "given", tr("needs weights; use --from FILE"))
    return Run(experiment, None if "init" in changes else base.start, base.held)


def played_runs(args: argparse.Namespace) -> list[tuple[Run, Link]]:
    """The runs that a player is to hold, in their order, and the links that ask for them."""
    asked = []
    for option, text in args.runs or [("link", "")]:
        one = argparse.Namespace(**{"scenario": None, "link": None, "start": None, option: text})
        asked.append((asked_for(one), _base(one)))
    return asked


def filmed_run(args: argparse.Namespace) -> tuple[Run, Link]:
    """The run of a moving picture, and the link that says where it ends and what is on the bench."""
    run, link = asked_for(args), _base(args)
    for name, epoch in (("epochs", run.experiment.epochs), ("epoch", link.epoch)):
        if epoch == 0:
            allowed = tr("nothing moves before the first epoch is over; allowed are 1 and more")
            raise ExperimentError(name, epoch, allowed)
    return run, link


def movie_of(args: argparse.Namespace) -> Movie:
    """What the moving picture is to be."""
    how = seconds_from(args.seconds), size_from(args.size), args.dark, parts_from(args.show)
    return Movie(args.output, *how)


def _base(args: argparse.Namespace) -> Link:
    if args.scenario is not None:
        if args.scenario not in SCENARIOS:
            allowed = tr("allowed are {words}", words=", ".join(map(repr, SCENARIOS)))
            raise ExperimentError("scenario", args.scenario, allowed)
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


def detecting_network(args: argparse.Namespace) -> Run | tuple[Experiment, Vector]:
    """What is to look for corners: the run to train, or weights that are trained and their settings."""
    if args.weights is None:
        return asked_for(args)
    if args.start is not None:
        why = tr("is where training starts, and --weights are not trained; leave one out")
        raise FileError("--from", args.start, why)
    for name, value in _changes(args).items():
        if name not in EVALUATED:
            allowed = tr("is for training, and --weights are not trained; leave one out")
            raise ExperimentError(name, value, allowed)
    return evaluated_experiment(args)


def _shape(e: Experiment) -> ParameterLayout:
    return e.layout


def evaluated_experiment(args: argparse.Namespace) -> tuple[Experiment, Vector]:
    """The weights to evaluate, and under which settings: those of their document, if it has any, and the options."""
    changes, path = _changes(args), args.weights
    if path in CLOSED_FORMS:
        e = Experiment(**changes, init=path)
        return e, e.initial_weights()
    if not os.path.exists(path):
        why = tr("no such file; allowed are {words} or a weights file", words=", ".join(CLOSED_FORMS))
        raise FileError("--weights", path, why)
    weights, beside = read_weights("--weights", path)
    try:
        base = Experiment(**{name: beside[name] for name in EVALUATED if name in beside}, init="given")
    except ExperimentError as error:
        raise FileError("--weights", path, error) from None
    e = replace(base, **changes)
    return e, weights_vector("--weights", path, weights, _shape(e))
