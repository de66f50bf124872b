"""Explaining a run: its findings, and what each remedy really comes to, worked out in small steps."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from corner_lab.diagnostics import Finding, Remedy, findings, of_code
from corner_lab.diagnostics.remedies import Proof, known_effect, proof, remember, solves, trying
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import capital
from corner_lab.training.outcome import Sentences, outcome
from corner_lab.training.run import Run

log = logging.getLogger(__package__)

SYMPTOMS = ("solved", "accuracy_trap", "confidence")  # what they say is no cause
PAIR = "pair"  # under which the effect of two remedies together is kept
FEW = 2  # remedies that are followed by another
OVER = object()


class Explanation:
    """The findings about a run that is over. One worker calls `step` again and again; any thread may read, pause or
    stop it.

    The remedies of issues are trained one after the other, so that no more than one takes turns with other work. Where
    each alone fails, what is wrong with their runs is mended too, until that solves it: `pair`.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.key = key(run)
        self.findings: list[Finding] | None = None
        self.effects: dict[str, str] = {}  # by the finding's code
        self.proofs: dict[str, Proof] = {}  # likewise, of findings that have a twin
        self.pair: Remedy | None = None  # two remedies in one, which solve together what each alone does not
        self.further = False  # whether the pair's second remedy leaves nothing of the first, as a still lower rate
        self._pieces = self._work()
        self.problem = ""
        self.version = 0  # rises whenever there is something new to show
        self._stopped = False
        self._lock = threading.Lock()
        self._paused = self._rests = False
        self.over = False

    @property
    def issues(self) -> list[Finding]:
        return [f for f in self.findings or [] if f.status == "issue"]

    @property
    def next(self) -> tuple[Remedy, str] | None:
        """What is to be tried next, and what it came to if it was: the first remedy that solves it, or the pair that
        does; as long as none is known to, the first finding's."""
        offered = [(f.remedy, self.effects.get(f.code, "")) for f in self.issues if f.remedy is not None]
        solving = [(remedy, effect) for remedy, effect in offered if solves(effect)]
        if self.pair is not None:
            solving.append((self.pair, self.effects[PAIR]))
        return next(iter(solving or offered), None)

    def stop(self) -> None:
        """Ask it to end: nobody reads it any more."""
        self._stopped = True

    def pause(self) -> None:
        """Say that nobody looks any more: it rests from the next step on, and keeps what it has."""
        with self._lock:
            self._paused = True

    def resume(self) -> bool:
        """Say that somebody looks. Returns whether it rested, and is to be given to a worker again."""
        with self._lock:
            rested, self._paused, self._rests = self._rests, False, False
        return rested

    def step(self) -> bool:
        """Do one piece of the work. Returns whether to go on. Never raises: what fails becomes `problem`."""
        with self._lock:
            self._rests = self._paused
        if self._rests:
            return False
        try:
            more = not self._stopped and next(self._pieces, OVER) is not OVER
        except Exception as error:  # a worker must outlive it
            log.exception("explaining the run of ?%s failed", self.run.experiment.query)
            self.problem = f"{type(error).__name__}: {error}"
            more = False
        if not more:
            self.version += 1  # first: who sees that it is over is to find that there is something new
            self.over = True
        return more

    def finished(self) -> "Explanation":
        """Work it out in this thread, to the end."""
        while self.step():
            pass
        return self

    def to_json(self) -> list[dict[str, Any]]:
        """The findings for `train --json --explain`: each with its remedy's effect, null if it was not tried."""
        documents = []
        for finding in self.findings or []:
            document = finding.to_json()
            if document["remedy"]:
                document["remedy"]["effect"] = self.effects.get(finding.code)
            if finding.code in self.proofs:
                document["proof"] = self.proofs[finding.code].to_json()
            documents.append(document)
        return documents

    def to_text(self) -> str:
        """The findings in lines: issues with their remedies, then what passed."""
        lines = []
        for finding in self.issues:
            lines += [f"issue: {finding.title}", f"  {finding.sentence}"]
            if finding.code in self.proofs:
                lines.append(f"  proof: {self.proofs[finding.code].sentence}")
            if finding.remedy is not None:
                lines.append(f"  remedy: {finding.remedy.label} ({self.effects.get(finding.code, 'not tried')})")
        if self.pair is not None:
            how = "further" if self.further else "together"
            lines.append(f"{how}: {self.pair.label} ({self.effects[PAIR].removeprefix('this alone: ')})")
        lines += [f"passed: {f.title}. {f.sentence}" for f in self.findings or [] if f.status == "passed"]
        return "\n".join(lines)

    def _work(self) -> Iterator[None]:
        """All there is to do, in pieces."""
        self.findings = findings(self.run)
        self.version += 1
        yield
        for finding in self.issues:
            if finding.remedy is not None:
                yield from self._try(finding.code, finding.remedy)
        for finding in self.issues:
            if finding.twin is not None:
                yield from self._prove(finding.code, finding.twin)
        if not any(solves(self.effects[f.code]) for f in causes(self.findings) if f.remedy is not None):
            yield from self._try_pairs()

    def _try(self, code: str, remedy: Remedy) -> Iterator[None]:
        """Train a remedy, unless what it comes to is known."""
        effect = known_effect(remedy)
        if effect is None:
            run = remedy.run()
            while trying(run):
                yield
            effect = remember(remedy, run)
        self.effects[code] = effect
        self.version += 1
        yield

    def _prove(self, code: str, twin: Remedy) -> Iterator[None]:
        """Train a finding's twin."""
        run = twin.run()
        while trying(run):
            yield
        found = proof(self.run, run)
        if found is not None:
            self.proofs[code] = found
            self.version += 1
        yield

    def _try_pairs(self) -> Iterator[None]:
        """Look at what is wrong with the run of each of the first remedies, and train that mended too."""
        for one in [f.remedy for f in causes(self.findings or []) if f.remedy is not None][:FEW]:
            run = one.run()
            while trying(run):
                yield
            for finding in [f for f in causes(findings(run)) if f.remedy is not None][:FEW]:
                assert finding.remedy is not None
                second = finding.remedy
                further = supersedes(self.run.experiment, one.experiment, second.experiment)
                if not further:
                    label = f"{one.label}, and {second.label[:1].lower()}{second.label[1:]}"
                    second = replace(second, label=label)
                yield from self._try(PAIR, second)
                if solves(self.effects[PAIR]):
                    self.pair, self.further = second, further
                    self.version += 1
                    return
        self.effects.pop(PAIR, None)


def supersedes(before: Experiment, first: Experiment, second: Experiment) -> bool:
    """Whether of two changes in turn the second leaves nothing of the first."""
    changed = [f.name for f in fields(Experiment) if getattr(first, f.name) != getattr(before, f.name)]
    return all(getattr(second, name) != getattr(first, name) for name in changed)


def causes(found: list[Finding]) -> list[Finding]:
    """The issues that name a cause, the first ones first."""
    return [f for f in found if f.status == "issue" and f.code not in SYMPTOMS]


def headline(run: Run, found: list[Finding]) -> Sentences:
    """What a run that is over came to, and why, in the words of the first finding that names a cause."""
    sentence, reason = outcome(run)
    if run.history is None or run.history.solved() or run.status in ("refused_by_keras", "failed"):
        return sentence, reason
    named = causes(found) or [f for f in found if f.status == "issue" and f.code != "solved"]
    if run.status == "diverged":
        named = [of_code(found, "too_fast")]
    lost = of_code(found, "solved")
    told = [lost.sentence] * (lost.status == "issue") + [capital(finding.reason) for finding in named[:1]]
    return sentence, " ".join(told) or reason


def key(run: Run) -> tuple[str, int]:
    """What an explanation is about: the run and the row it speaks of."""
    return run.id, run.history.last if run.history else -1


def sentences(run: Run, found: list[Finding] | None = None) -> list[str]:
    """What the findings say is wrong with a run, as plain text, for the head of its script."""
    known = findings(run) if found is None else found
    return [f"{finding.title}: {finding.sentence}" for finding in known if finding.status == "issue"]
