"""A run as the player shows it: its record, and in words what came of it, how to train it, and its Keras script."""

from dataclasses import dataclass, replace

from corner_lab.diagnostics import Finding
from corner_lab.diagnostics.explanation import Explanation, headline, sentences
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.field_help import changes
from corner_lab.experiment.scenarios import scenario_of
from corner_lab.export.keras_script import script_of
from corner_lab.export.share_link import Link, query
from corner_lab.export.stage_record import Record, first_scene, run_record
from corner_lab.formatting import capital
from corner_lab.language import tr
from corner_lab.training.outcome import Sentences, outcome
from corner_lab.training.run import Run

LONGEST = 60  # signs of a title


@dataclass(frozen=True)
class Told:
    """A finding in words; `remedy` says what would mend it, and what that came to if it was tried."""

    title: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True)
class Played:
    """One run of a player."""

    title: str
    record: Record
    words: str  # of the link to all that it opens with, without the question mark, and ...
    training: str  # ... of that to its training alone
    outcome: Sentences
    issues: tuple[Told, ...]
    passed: tuple[Told, ...]
    script: str


def title_of(e: Experiment) -> str:
    """What a run is called that nobody named: by its scenario, else by what it changes of the question."""
    if (scenario := scenario_of(e)) is not None:
        return scenario.title
    title = capital(changes(Experiment(), e))
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip(" ,") + "…"


def played(run: Run, title: str = "", why: Explanation | None = None, link: Link | None = None) -> Played:
    """A run that is over, with the findings of `why`; `link`: where its playhead rests, and what is on the bench."""
    if run.history is None or not run.over:
        raise ValueError(tr("the run is not over"))
    title, link = title or title_of(run.experiment), link or Link(run.experiment)
    found = (why.findings or []) if why is not None else []
    told = headline(run, found) if found else outcome(run)
    record = run_record(run, title)
    epoch = record.header.last if link.epoch is None else min(link.epoch, record.header.last)
    header = replace(
        record.header,
        say=record.header.say | {"end": told} | ({"start": told} if record.header.last == 0 else {}),
        pixels=link.pixels,
        weights=None if link.weights is None else list(link.weights),
        at=epoch,
        scene=first_scene(),
        wanted=list(run.experiment.target),
        guest=True,
    )
    start = run.history.weights_at(0) if run.experiment.init == "given" else None
    here = replace(link, experiment=run.experiment, start=start, held=run.held, epoch=epoch)
    return Played(
        title,
        replace(record, header=header),
        query(here),
        query(Link(run.experiment, start=start, held=run.held)),
        told,
        tuple(_told(finding, why) for finding in found if finding.status == "issue"),
        tuple(_told(finding, None) for finding in found if finding.status == "passed"),
        script_of(run, lambda: sentences(run, found) if found else ()),
    )


def _told(finding: Finding, why: Explanation | None) -> Told:
    if why is None or finding.remedy is None:
        return Told(finding.title, finding.sentence)
    label, effect = finding.remedy.label, why.effects.get(finding.code)
    remedy = f"{label[:1].lower()}{label[1:]}"
    said = (
        tr("To try: {remedy} ({effect}).", remedy=remedy, effect=effect)
        if effect
        else tr("To try: {remedy}.", remedy=remedy)
    )
    return Told(finding.title, finding.sentence, said)
