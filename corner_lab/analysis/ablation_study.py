"""Measuring the three causes: trains every case of the cube in turn, and says what follows from the figures."""

import math
import time
from collections.abc import Mapping
from functools import reduce

from corner_lab.analysis.ablation import ABLATION, CASES, SEEDS, VERTICES, Case
from corner_lab.analysis.stored_results import Provenance, Stored, StoredResults
from corner_lab.experiment.experiment import Experiment
from corner_lab.formatting import span
from corner_lab.language import joined, tr, trn
from corner_lab.training.seed_sweep import Tally, forget_failed, many_for
from corner_lab.workers.watched import Watched


class Causes(Watched):
    """Trains every case, vertices first, from many seeds at once, while somebody looks: those of which no result is
    stored, or all of them once they are to be measured again."""

    patience = 5.0

    def __init__(
        self, seeds: int = SEEDS, cases: Mapping[str, Case] = CASES, stored: StoredResults | None = None
    ) -> None:
        super().__init__()
        self.seeds = seeds
        self.cases = cases
        self.stored = stored
        self.anew = stored is None  # whether what is stored counts no more
        self.seconds: dict[str, float] = {}  # that a case has taken so far
        self._last = -math.inf

    @property
    def current(self) -> Case | None:
        """What is being trained; None once all is known."""
        return next((case for case in self.cases.values() if not self._known(case)), None)

    def measure_again(self) -> None:
        """Let nothing of what is stored count any more."""
        self.anew = True

    def again(self) -> None:
        super().again()
        for case in self.failed:
            forget_failed(case.experiment, self.seeds)
            if case.refused is not None:
                forget_failed(case.refused, self.seeds)

    @property
    def failed(self) -> list[Case]:
        """The cases that could not be measured: an error, or processes that ended."""
        return [case for case in self.cases.values() if self._message_of(case)]

    def _message_of(self, case: Case) -> str:
        found = [self._tally(e) for e in (case.experiment, case.refused) if e is not None]
        return next((tally.message for tally in found if tally.status == "failed"), "")

    @property
    def failure(self) -> str:
        """What could not be measured and why, in a sentence; "" where all could so far."""
        if self.problem:
            return joined([tr("Measuring has failed."), self.problem])
        failed = self.failed
        if not failed:
            return ""
        first, others = heading(failed[0]), len(failed) - 1
        told = tr("Not measured: {case}.", case=first)
        if others:
            told = trn(
                "Not measured: {case} and {count} other.",
                "Not measured: {case} and {count} others.",
                others,
                case=first,
            )
        return joined([told, self._message_of(failed[0])])

    @property
    def provenance(self) -> Provenance | None:
        """Where the oldest of the results shown comes from, if they are stored ones."""
        found = [stored.provenance for case in self.cases.values() if (stored := self._stored(case.experiment))]
        return min(found, key=lambda known: known.date, default=None)

    def advance(self, case: Case) -> None:
        began = time.monotonic()
        if case.refused is None or not self._step(case.refused):
            self._step(case.experiment)
        now = time.monotonic()
        waited = began - self._last  # for other work that took turns; more than a second was a pause
        self._last = now
        took = now - began + (waited if waited < 1 else 0)
        self.seconds[case.id] = self.seconds.get(case.id, 0.0) + took

    @property
    def remaining(self) -> float | None:
        """In how many seconds all will be known, if what is left takes as long as what is done; None before a case
        is done. Cases that are the same experiment are trained once."""
        done = [self.seconds[case.id] for case in self.cases.values() if case.id in self.seconds and self._known(case)]
        if not done:
            return None
        left = {case.experiment: case for case in reversed([*self.cases.values()]) if not self._known(case)}
        mean = sum(done) / len(done)
        return sum(max(mean - self.seconds.get(case.id, 0.0), 0.0) for case in left.values())

    def _step(self, e: Experiment) -> bool:
        """Train a chunk of an experiment; at its end the result is stored. Returns whether there is more."""
        if self._stored(e) is not None:
            return False
        trained = many_for(e, self.seeds)
        over = trained.tally.over
        more = trained.step()
        if not (more or over) and self.stored is not None and trained.tally.status != "failed":
            self.stored.keep(trained.experiment, trained.tally, Provenance.here())
        return more

    def _stored(self, e: Experiment) -> Stored | None:
        if self.anew or self.stored is None or many_for(e, self.seeds).tally.over:
            return None
        return self.stored.of(many_for(e, self.seeds).experiment, self.seeds)

    def _known(self, case: Case) -> bool:
        return self.tally(case).over and (case.refused is None or self._tally(case.refused).over)

    def tally(self, case: Case) -> Tally:
        """What is known of a case."""
        return self._tally(case.experiment)

    def _tally(self, e: Experiment) -> Tally:
        stored = self._stored(e)
        return many_for(e, self.seeds).tally if stored is None else stored.tally

    def refusal(self, case: Case) -> str:
        """What Keras said, in its own words, where it refused the case or what the case stands for; otherwise ""."""
        found = self._tally(case.refused or case.experiment)
        return found.message if found.status == "refused_by_keras" else ""

    @property
    def vertices_done(self) -> int:
        return sum(self._known(case) for case in self.cases.values() if case.id in VERTICES)

    @property
    def singles_done(self) -> int:
        return sum(self._known(case) for case in self.cases.values() if case.id not in VERTICES)


# ---------------------------------------------------------------- sentences


def progress(causes: Causes, case: Case) -> str:
    """How much is done while a case is trained, and how long the rest takes."""
    vertices = sum(case.id in VERTICES for case in causes.cases.values())
    done = {"done": causes.vertices_done, "vertices": vertices}
    measured = tr("{done} of {vertices} vertices measured.", **done)
    if singles := len(causes.cases) - vertices:
        done |= {"singles_done": causes.singles_done, "singles": singles}
        measured = tr("{done} of {vertices} vertices and {singles_done} of {singles} single changes measured.", **done)
    epoch, epochs = f"{causes.tally(case).epoch:,}", f"{case.experiment.epochs:,}"
    trained = tr("Training now: {case}, epoch {epoch} of {epochs}.", case=heading(case), epoch=epoch, epochs=epochs)
    if left := causes.remaining:
        trained = tr(
            "Training now: {case}, epoch {epoch} of {epochs}; about {time} for all the rest.",
            case=heading(case),
            epoch=epoch,
            epochs=epochs,
            time=span(left),
        )
    return joined([measured, trained])


def heading(case: Case) -> str:
    """A case's name where it stands alone: "Cause removed: imbalance", "As asked: SGD"."""
    return str(case.heading)


def figure(tally: Tally) -> str:
    """What a tally says, in a few words: "40 of 40 solved, median epoch 44"."""
    if tally.status == "waiting":
        return tr("not measured yet")
    if tally.status == "refused_by_keras":
        return tr("Keras refuses")
    if tally.status == "failed":
        return tr("failed")
    solved, epoch = {"solved": tally.solved, "seeds": tally.seeds}, f"{tally.epoch:,}"
    words = tr("{solved} of {seeds} solved", **solved)
    if not tally.over:
        words = tr("{solved} of {seeds} solved by epoch {epoch}", **solved, epoch=epoch)
    if tally.median is not None:
        words = tr("{figures}, median epoch {median}", figures=words, median=f"{tally.median:,}")
    if tally.over and tally.right < tally.solved:
        words = tr("{figures}; {right} still right at epoch {epoch}", figures=words, right=tally.right, epoch=epoch)
    return words


def ablation_findings(causes: Causes) -> list[str]:
    """What the single changes that keep the labels as asked show, once all of them are measured."""
    cases = [case for case in ABLATION[0].cases if case.experiment.labels == "as_asked"]
    trained = [t for t in (causes.tally(case) for case in cases) if t.status != "refused_by_keras"]
    if any(tally.status != "finished" for tally in trained):
        return []
    if right := max(tally.right for tally in trained):
        return [
            tr(
                "Of {changes} single changes that leave the label shapes as asked, the best has {right} of {seeds} "
                "seeds right at its last epoch.",
                changes=len(trained),
                right=right,
                seeds=causes.seeds,
            )
        ]
    found = [
        tr(
            "Of {changes} single changes that leave the label shapes as asked, none has a single seed right at its "
            "last epoch.",
            changes=len(trained),
        )
    ]
    if passed := [case.title for case in cases if causes.tally(case).solved]:
        named = reduce(lambda some, one: tr("{some} and {one}", some=some, one=one), passed)
        found.append(tr("With {changes} some seeds get all 512 right on the way and lose it again.", changes=named))
    return found


def findings(causes: Causes) -> list[str]:
    """What the vertices that are measured show, one sentence each; empty as long as nothing follows from them."""
    tallies = {case.id: causes.tally(case) for case in VERTICES.values()}
    asked = [tallies[key] for key in VERTICES if key[0] == "0"]
    found = []
    if all(tally.status == "finished" for tally in asked):
        most = max(tally.solved for tally in asked)
        if most == 0:
            found.append(
                tr(
                    "With the labels as asked, 0 of {seeds} seeds are solved in each of the four vertices: balanced "
                    "batches, a sigmoid in place of the saturating head, or both do not help.",
                    seeds=causes.seeds,
                )
            )
        else:
            found.append(
                tr("With the labels as asked, up to {most} of {seeds} seeds are solved.", most=most, seeds=causes.seeds)
            )
    alone, *more = (tallies[key] for key in ("100", "101", "110"))
    if all(tally.status == "finished" for tally in (alone, *more)):
        found.append(_on_the_shapes(alone, min(tally.solved for tally in more), causes.seeds))
    return found


def _on_the_shapes(alone: Tally, least: int, seeds: int) -> str:
    """What the shapes solve alone, and with one more cause removed, which solves this many of the seeds at least."""
    told = tr("The shapes alone solve {solved} of {seeds}: that is sufficient.", solved=alone.solved, seeds=alone.seeds)
    if alone.solved < alone.seeds:
        told = tr(
            "The shapes alone solve {solved} of {seeds}: that is not sufficient.",
            solved=alone.solved,
            seeds=alone.seeds,
        )
    if alone.solved >= least:
        return told
    if least < seeds:
        return joined([told, tr("One more cause removed, whichever, solves at least {least}.", least=least)])
    return joined([told, tr("One more cause removed, whichever, solves {least}.", least=least)])
