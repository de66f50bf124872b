"""Explaining a run: its findings, and what each remedy really comes to, worked out in small steps."""

import logging
import threading
from collections.abc import Generator, Iterator
from enum import IntEnum
from typing import Any

from corner_lab.diagnostics import Finding, Remedy, findings, of_code
from corner_lab.diagnostics.combined import Combined
from corner_lab.diagnostics.effect import Effect
from corner_lab.diagnostics.remedies import Proof, fails, known_effect, proof, remember, solves, trying
from corner_lab.formatting import capital
from corner_lab.language import Message, joined, speaking, tr
from corner_lab.language.languages import SOURCE
from corner_lab.training.outcome import Sentences, outcome, reached
from corner_lab.training.run import Run
from corner_lab.workers.process import WorkerEnded, what_failed
from corner_lab.workers.work import BACKGROUND, GROWING

log = logging.getLogger(__package__)

SYMPTOMS = ("solved", "accuracy_trap", "confidence")  # what they say is no cause
TOGETHER = "together"  # under which the effect of several remedies in one is kept
FEW = 2  # remedies that are followed by another
MOST = 3  # that are tried together
OVER = object()


class Wanted(IntEnum):
    """How much of an explanation somebody waits for."""

    FINDINGS = 0  # and no remedy is tried
    NEXT = 1  # remedies, alone and together, until one is known that solves it
    ALL = 2  # all remedies, and the proofs


class Explanation:
    """The findings about a run that is over. One worker calls `step` again and again; any thread may read, pause or
    stop it.

    The remedies of issues are trained one after the other, so that no more than one takes turns with other work. Where
    each alone fails, what is wrong with their runs is mended too, until two or three of them solve it: `combined`.
    Nothing is done that is not `wanted`.
    """

    def __init__(self, run: Run, wanted: Wanted = Wanted.ALL) -> None:
        self.run = run
        self.key = key(run)
        self.findings: list[Finding] | None = None
        self.effects: dict[str, Effect] = {}  # by the finding's code
        self.proofs: dict[str, Proof] = {}  # likewise, of findings that have a twin
        self.combined: Combined | None = None  # what solves together what each remedy alone does not
        self.tried = 0  # remedies, alone or together
        self._all_tried = False
        self._wanted, self._needs = wanted, Wanted.FINDINGS  # `_needs`: for whom the next piece of work is
        self._pieces = self._work()
        self._failed: Message | str = ""
        self.version = 0  # rises whenever there is something new to show
        self.interrupted = False  # whether a process ended under it, and another one did the same again
        self._stopped = False
        self._lock = threading.Lock()
        self._paused = self._rests = False
        self.over = False

    @property
    def problem(self) -> str:
        """What has ended it, for whoever reads; "" for nothing."""
        return str(self._failed)

    @property
    def urgency(self) -> int:
        """How urgent its next piece is: the findings are waited for, remedies can wait for runs."""
        return GROWING if self.findings is None else BACKGROUND

    @property
    def issues(self) -> list[Finding]:
        return [f for f in self.findings or [] if f.status == "issue"]

    @property
    def next(self) -> tuple[Remedy, Effect | None] | None:
        """What is to be tried next, and what it came to if it was: the first remedy that solves it, or those that do
        together; as long as none is known to, the first that is not known to fail."""
        offered = [(f.remedy, self.effects.get(f.code)) for f in self.issues if f.remedy is not None]
        solving = [(remedy, effect) for remedy, effect in offered if solves(effect)]
        if self.combined is not None:
            solving.append((self.combined.remedy, self.effects[TOGETHER]))
        return next(iter(solving or [(remedy, effect) for remedy, effect in offered if not fails(effect)]), None)

    @property
    def futile(self) -> str:
        """That all remedies were tried and none helps, in a sentence; "" where that is not so."""
        if (
            not (self._all_tried and self.tried and self._unsolved)
            or self._stopped
            or self.problem
            or self.next is not None
        ):
            return ""
        if self.tried == 1:
            return tr("The one remedy tried does not solve it.")
        return tr("None of the {tried} remedies tried, alone or together, solves it.", tried=self.tried)

    @property
    def _unsolved(self) -> bool:
        return self.run.history is not None and not reached(self.run)

    def stop(self) -> None:
        """Ask it to end: nobody reads it any more."""
        self._stopped = True

    def taken_over(self) -> None:
        """Say that a process ended under it, and that another one does the same again."""
        self.interrupted = True

    def pause(self) -> None:
        """Say that nobody looks any more: it rests from the next step on, and keeps what it has."""
        with self._lock:
            self._paused = True

    def resume(self) -> bool:
        """Say that somebody looks. Returns whether it rested, and is to be given to a worker again."""
        with self._lock:
            self._paused = False
            return self._goes_on()

    def want(self, wanted: Wanted) -> bool:
        """Say that somebody waits for so much of it. Returns whether it rested and is to be given to a worker again."""
        with self._lock:
            self._wanted = max(self._wanted, wanted)
            return self._goes_on()

    def _goes_on(self) -> bool:
        rested = self._rests and not self._paused and self._needs <= self._wanted
        self._rests = self._rests and not rested
        return rested

    @property
    def working(self) -> bool:
        """Whether there is something wanted that is still to come."""
        return not self.over and self._needs <= self._wanted

    def step(self) -> bool:
        """Do one piece of the work. Returns whether to go on. Never raises: what fails becomes `problem`."""
        with self._lock:
            self._rests = self._paused or self._needs > self._wanted
        if self._rests:
            return False
        try:
            more = not self._stopped and next(self._pieces, OVER) is not OVER
        except Exception as error:  # a worker must outlive it
            if not isinstance(error, WorkerEnded):  # of that the log has heard, unless it is the server that ends
                log.exception("explaining the run of ?%s failed", self.run.experiment.query)
            self._failed = what_failed(error)
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
                effect = self.effects.get(finding.code)
                document["remedy"]["effect"] = None if effect is None else str(effect)
            if finding.code in self.proofs:
                document["proof"] = self.proofs[finding.code].to_json()
            documents.append(document)
        return documents

    def to_text(self) -> str:
        """The findings in lines: issues with their remedies, then what passed."""
        lines = []
        for finding in self.issues:
            lines += [tr("issue: {title}", title=finding.title), f"  {finding.sentence}"]
            if finding.code in self.proofs:
                lines.append("  " + tr("proof: {sentence}", sentence=self.proofs[finding.code].sentence))
            if finding.remedy is not None:
                tried = self.effects.get(finding.code) or tr("not tried")
                lines.append("  " + tr("remedy: {remedy} ({effect})", remedy=finding.remedy.label, effect=tried))
        if self.combined is not None:
            values = {"remedies": self.combined.remedy.label, "effect": self.effects[TOGETHER].came_to}
            several = len(self.combined.parts) > 1
            lines.append(
                tr("together: {remedies} ({effect})", **values)
                if several
                else tr("further: {remedies} ({effect})", **values)
            )
        if self.futile:
            lines.append(self.futile)
        passed = [f for f in self.findings or [] if f.status == "passed"]
        lines += [tr("passed: {title}. {sentence}", title=f.title, sentence=f.sentence) for f in passed]
        return "\n".join(lines)

    def _work(self) -> Iterator[None]:
        """All there is to do, in pieces."""
        self.findings = findings(self.run)
        self.version += 1
        runs: dict[Remedy, Run | None] = {}
        for finding in self.issues:
            if finding.remedy is not None:
                yield from self._only_for(Wanted.ALL if any(map(solves, self.effects.values())) else Wanted.NEXT)
                runs[finding.remedy] = yield from self._try(finding.code, finding.remedy)
        alone = [self.effects[f.code] for f in causes(self.findings) if f.remedy is not None]
        if not any(map(solves, alone)) and self._unsolved:
            yield from self._only_for(Wanted.NEXT)
            yield from self._try_together(runs)
        self._all_tried = True
        self.version += 1
        yield from self._only_for(Wanted.ALL)
        for finding in self.issues:
            if finding.twin is not None:
                yield from self._prove(finding.code, finding.twin)

    def _only_for(self, wanted: Wanted) -> Iterator[None]:
        """What follows is for who wants at least so much."""
        self._needs = wanted
        yield

    def _try(self, code: str, remedy: Remedy) -> Generator[None, None, Run | None]:
        """Train a remedy, unless what it comes to is known. Returns its run if there was one."""
        effect, run = known_effect(remedy), None
        if effect is None:
            run = yield from self._trained(remedy)
            effect = remember(remedy, run)
        self.effects[code] = effect
        self.tried += 1
        self.version += 1
        yield
        return run

    def _trained(self, remedy: Remedy) -> Generator[None, None, Run]:
        run = remedy.run()
        while trying(run):
            yield
        return run

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

    def _try_together(self, runs: dict[Remedy, Run | None]) -> Iterator[None]:
        """Look at what is wrong with the run of each of the first remedies, and train that mended too; then, if none of
        these solves it, at what is wrong with theirs. `runs`: of the remedies, as far as they were trained just now."""
        e = self.run.experiment
        first = [f.remedy for f in causes(self.findings or []) if f.remedy is not None][:FEW]
        ways: list[tuple[Combined, Run | None]] = [(Combined(one, (one.label_message,), e), runs[one]) for one in first]
        seen = {e, *(one.experiment for one in first)}
        for _ in range(1, MOST):
            longer: list[tuple[Combined, Run | None]] = []
            for way, known in ways:
                run = known or (yield from self._trained(way.remedy))
                for finding in [f for f in causes(findings(run)) if f.remedy is not None][:FEW]:
                    assert finding.remedy is not None
                    combined = way.then(finding.remedy)
                    if combined.remedy.experiment in seen:
                        continue
                    seen.add(combined.remedy.experiment)
                    longer.append((combined, (yield from self._try(TOGETHER, combined.remedy))))
                    if solves(self.effects[TOGETHER]):
                        self.combined = combined
                        self.version += 1
                        return
            ways = longer
        self.effects.pop(TOGETHER, None)


def causes(found: list[Finding]) -> list[Finding]:
    """The issues that name a cause, the first ones first."""
    return [f for f in found if f.status == "issue" and f.code not in SYMPTOMS]


def headline(run: Run, found: list[Finding]) -> Sentences:
    """What a run that is over came to, and why, in the words of the first finding that names a cause."""
    sentence, reason = outcome(run)
    if run.history is None or reached(run) or run.status in ("refused_by_keras", "failed"):
        return sentence, reason
    named = causes(found) or [f for f in found if f.status == "issue" and f.code != "solved"]
    if run.status == "diverged":
        named = [of_code(found, "too_fast")]
    lost = of_code(found, "solved")
    told = [lost.sentence] * (lost.status == "issue") + [capital(finding.reason) for finding in named[:1]]
    return sentence, joined(told) or reason


def key(run: Run) -> tuple[str, int]:
    """What an explanation is about: the run and the row it speaks of."""
    return run.id, run.history.last if run.history else -1


def sentences(run: Run, found: list[Finding] | None = None) -> list[str]:
    """What the findings say is wrong with a run, as plain text in English, for the head of its script."""
    known = findings(run) if found is None else found
    with speaking(SOURCE):
        return [f"{finding.title}: {finding.sentence}" for finding in known if finding.status == "issue"]
