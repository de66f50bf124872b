"""The story: twelve steps for a talk, each with a headline, two sentences that quote figures, and one picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from corner_lab.analysis.separability import CORNERS
from corner_lab.experiment.experiment import Experiment, ExperimentError
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.language import Message, msg, tr
from corner_lab.story import rectangles
from corner_lab.story import sentences as words
from corner_lab.story.exhibits import Runs
from corner_lab.training.run import Run

Picture = Literal["bench", "bar", "pairs", "stage", "sheet", "kernels", "scenes", "certificate"]


@dataclass(frozen=True)
class Step:
    """One full screen. `first` can be said at once, `then` as soon as the runs that it `needs` are ready."""

    id: str
    headline: Callable[[], str]
    first: Callable[[], str]
    aside: Message  # for the speaker
    picture: Picture
    opens: Experiment  # what "try it" trains on the playground
    needs: tuple[str, ...] = ()  # names of runs (see `rehearsal.TOLD`)
    then: Callable[[Runs], str] | None = None
    shows: tuple[str, ...] = ()  # the runs on the stage; of several, the visitor switches
    place: Literal["play", "autopsy", "pictures"] = "play"  # where "try it" leads

    @property
    def runs(self) -> tuple[str, ...]:
        """The names of the runs that it shows or speaks of."""
        return tuple(dict.fromkeys((*self.needs, *self.shows)))

    @property
    def notes(self) -> str:
        """What the speaker alone reads."""
        return str(self.aside)


def sentences(step: Step, runs: Mapping[str, Run]) -> list[str]:
    """What is said at a step, given the runs that are ready."""
    if step.then is None or not all(name in runs for name in step.needs):
        return [step.first()]
    return [step.first(), step.then(runs)]


def step_number(text: str) -> int:
    """The step that the address means, from 1. Raises ExperimentError for anything that is none."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= len(STEPS)):
        raise ExperimentError("step", text, tr("the story has steps 1 to {last}", last=len(STEPS)))
    return int(text)


def _recipe(name: str) -> Experiment:
    return SCENARIOS[name].experiment


STEPS = (
    Step(
        "by-hand",
        lambda: tr("By hand, it works"),
        words.by_hand,
        msg(
            "Switch the middle pixel off: not a corner. Switch it on again. Ask the room whether the network is large "
            "enough. It is: weights that solve the task exist, and they stand here."
        ),
        "bench",
        _recipe("by hand"),
    ),
    Step(
        "printed",
        words.printed_headline,
        words.evaluated,
        msg(
            "This number started it all. Nothing is wrong with the network, so something is wrong with the number. "
            "“Try it” opens the autopsy, where every digit can be taken apart."
        ),
        "bar",
        _recipe("by hand"),
        place="autopsy",
    ),
    Step(
        "reject",
        lambda: tr("Under that loss, rejecting everything beats perfect"),
        words.compared,
        msg(
            "Left the perfect network, right one that always says no. Each coloured cell is a comparison that costs "
            "something; only the outlined ones were meant. Count the lines: the right one has one fewer."
        ),
        "pairs",
        _recipe("as asked"),
        needs=("as asked",),
        then=words.obeyed,
    ),
    Step(
        "shuffled",
        lambda: tr("Shuffle the labels, and nothing changes"),
        words.handed_out,
        msg(
            "Ask the room what becomes of training when labels are dealt out at random. Let “As asked” play to its "
            "end, then press “Labels shuffled”: the new line covers the dotted one of the run before, to the last "
            "digit. A network that learnt from its labels could not do that."
        ),
        "stage",
        _recipe("labels shuffled"),
        needs=("as asked", "labels shuffled"),
        then=words.unnoticed,
        shows=("as asked", "labels shuffled"),
    ),
    Step(
        "fates",
        lambda: tr("A perfect start, one switch, opposite fates"),
        words.perfect_start,
        msg(
            "The moment of the talk. Let “As asked” play to its end, then press “Aligned”: the same weights, the same "
            "data, the same optimizer. The dotted line is the run before."
        ),
        "stage",
        _recipe("a perfect start, aligned"),
        needs=("a perfect start, as asked", "a perfect start, aligned"),
        then=words.fates,
        shows=("a perfect start, as asked", "a perfect start, aligned"),
    ),
    Step(
        "dead",
        lambda: tr("Shapes fixed: it still collapses"),
        words.aligned,
        msg(
            "From random weights this time. Watch the star sink into the hatched zone, where the head is flat. There "
            "the gradient is exactly 0, so no update moves the corner up again."
        ),
        "stage",
        _recipe("shapes fixed"),
        needs=("shapes fixed",),
        then=words.died,
        shows=("shapes fixed",),
    ),
    Step(
        "one",
        words.one_in_all,
        words.rejecting_is_right,
        msg("All patterns there are, in the order of the question's own data. Let the room look for the corner first."),
        "sheet",
        _recipe("oversample"),
        needs=("oversample",),
        then=words.balanced,
    ),
    Step(
        "blink",
        lambda: tr("The asker's fix, now in a blink"),
        words.fix_recipe,
        msg(
            "This is what the asker ended with, and waited for. It works: the shapes match and the loss never "
            "saturates. It is slow only in steps, and steps are cheap."
        ),
        "stage",
        _recipe("the asker's fix"),
        needs=("the asker's fix",),
        then=words.fix_time,
        shows=("the asker's fix",),
    ),
    Step(
        "short",
        lambda: tr("The short way"),
        words.short_recipe,
        msg(
            "All three causes removed at once: shapes that match, a loss with a slope, classes of equal weight. The "
            "rest is a large step."
        ),
        "stage",
        _recipe("the short way"),
        needs=("the short way", "the asker's fix"),
        then=words.short_time,
        shows=("the short way",),
    ),
    Step(
        "template",
        lambda: tr("No training at all"),
        words.template,
        msg(
            "Ask what the kernel ought to look like before you show it. Training ends close to what can be read off "
            "the pattern itself; signal processing calls it a matched filter."
        ),
        "kernels",
        _recipe("matched filter"),
        needs=("the asker's fix",),
        then=words.alike,
    ),
    Step(
        "rectangles",
        lambda: tr("Back to the question: rectangles"),
        rectangles.every_patch,
        msg(
            "This is what the asker wanted. “Try it” opens the page Pictures with this network: draw a rectangle and "
            "let the room watch its corner light up. Then an outlined one: a network knows only what it was shown."
        ),
        "scenes",
        _recipe("the asker's fix"),
        needs=("the asker's fix",),
        then=rectangles.counted,
        place="pictures",
    ),
    Step(
        "limit",
        lambda: tr("What one kernel cannot do"),
        words.certificate_says,
        msg(
            "The proof fits on one line, and no training can get around it. “Try it” asks one kernel for all four "
            "corners; there Next leads to four kernels, which are still one, and to relu between them, which solves "
            "it. Thank the asker: the suspicion that something more fundamental was wrong was right."
        ),
        "certificate",
        _recipe("four corners, one kernel"),
        then=lambda runs: words.all_corners(CORNERS),
    ),
)
