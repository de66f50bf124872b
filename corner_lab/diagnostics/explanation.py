"""Explaining a run: its findings, and what each remedy really comes to, worked out in small steps."""

import logging
from typing import Any

from corner_lab.diagnostics import Finding, findings
from corner_lab.diagnostics.remedies import known_effect, remember, trying
from corner_lab.training.run import Run

log = logging.getLogger(__package__)


class Explanation:
    """The findings about a run that is over. One worker calls `step` again and again; any thread may read or stop it.

    The remedies of issues are trained one after the other, so that no more than one takes turns with other work.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.key = key(run)
        self.findings: list[Finding] | None = None
        self.effects: dict[str, str] = {}  # by the finding's code
        self.problem = ""
        self.version = 0  # rises whenever there is something new to show
        self._trial: Run | None = None
        self._stopped = False
        self.over = False

    @property
    def issues(self) -> list[Finding]:
        return [f for f in self.findings or [] if f.status == "issue"]

    def stop(self) -> None:
        """Ask it to end: nobody reads it any more."""
        self._stopped = True

    def step(self) -> bool:
        """Do one piece of the work. Returns whether there is more. Never raises: what fails becomes `problem`."""
        try:
            more = not self._stopped and self._piece()
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
            documents.append(document)
        return documents

    def to_text(self) -> str:
        """The findings in lines: issues with their remedies, then what passed."""
        lines = []
        for finding in self.issues:
            lines += [f"issue: {finding.title}", f"  {finding.sentence}"]
            if finding.remedy is not None:
                lines.append(f"  remedy: {finding.remedy.label} ({self.effects.get(finding.code, 'not tried')})")
        lines += [f"passed: {f.title}. {f.sentence}" for f in self.findings or [] if f.status == "passed"]
        return "\n".join(lines)

    def _piece(self) -> bool:
        if self.findings is None:
            self.findings = findings(self.run)
            self.version += 1
            return True
        open_ones = [f for f in self.issues if f.remedy is not None and f.code not in self.effects]
        if not open_ones:
            return False
        code, remedy = open_ones[0].code, open_ones[0].remedy
        assert remedy is not None
        known = known_effect(remedy)
        if known is None:
            self._trial = self._trial or remedy.run()
            if trying(self._trial):
                return True
            known, self._trial = remember(remedy, self._trial), None
        self.effects[code] = known
        self.version += 1
        return True


def key(run: Run) -> tuple[str, int]:
    """What an explanation is about: the run and the row it speaks of."""
    return run.id, run.history.last if run.history else -1


def sentences(run: Run, found: list[Finding] | None = None) -> list[str]:
    """What the findings say is wrong with a run, as plain text, for the head of its script."""
    known = findings(run) if found is None else found
    return [f"{finding.title}: {finding.sentence}" for finding in known if finding.status == "issue"]
