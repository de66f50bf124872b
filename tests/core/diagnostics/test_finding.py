"""Does a finding show itself readably, in a line and in a notebook?"""

from __future__ import annotations

import pickle
from typing import get_args

import numpy as np

from corner_lab.diagnostics import Finding, Remedy, effect
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import read
from corner_lab.formatting import sentences
from corner_lab.language import msg, speaking

FOUND = Finding(
    "saturation",
    "issue",
    "The corner's gradient is <dead>",
    "z is −4 & more.",
    remedy=Remedy("Use a <b>sigmoid</b>", Experiment(head="sigmoid")),
)


def test_does_a_finding_say_in_a_line_what_it_is() -> None:
    assert repr(FOUND) == "<Finding saturation, issue: The corner's gradient is <dead>. z is −4 & more.>"
    assert repr(Finding("solved", "not_applicable", "Not solved", "511 of 512 are right.")) == (
        "<Finding solved, not applicable: Not solved. 511 of 512 are right.>"
    )


def test_is_a_findings_html_small_and_escaped() -> None:
    assert FOUND._repr_html_() == (
        "<div><strong>The corner&#x27;s gradient is &lt;dead&gt;</strong><table>"
        "<tr><th>issue</th><td>z is −4 &amp; more.</td></tr>"
        "<tr><th>remedy</th><td>Use a &lt;b&gt;sigmoid&lt;/b&gt;</td></tr></table></div>"
    )


def test_is_a_finding_read_in_the_language_of_its_reader() -> None:
    later = sentences(msg("One sentence of {count}.", count=2), msg("Another."))
    found = Finding(
        "saturation", "issue", msg("A title"), later, remedy=Remedy(msg("Use {it}", it="relu"), Experiment())
    )
    assert (found.title, found.sentence, found.reason) == (
        "A title",
        "One sentence of 2. Another.",
        "One sentence of 2.",
    )
    assert found.remedy is not None and found.to_json()["remedy"]["label"] == found.remedy.label == "Use relu"
    with speaking("zh"):
        assert found.sentence == "One sentence of 2.Another.", "no space between sentences"
    assert pickle.loads(pickle.dumps(found)).sentence == found.sentence


def test_is_nothing_decided_by_what_an_effect_says() -> None:
    """All kinds of a run's end, each in exactly one group."""
    kinds = set(get_args(effect.Kind))
    assert kinds == {*effect.SOLVES, *effect.FAILS, "confident", "open", "untrained"}
    assert not {*effect.SOLVES} & {*effect.FAILS}
    nothing = msg("")
    for kind in kinds:
        came = effect.Effect(kind, nothing, nothing)
        assert (came.solves, came.fails) == (kind in effect.SOLVES, kind in effect.FAILS)


def test_does_the_link_of_a_remedy_open_with_the_runs_given_weights_and_held_numbers() -> None:
    start = (0.5,) * 9 + (0.1, 1.0, 0.0)
    remedy = Remedy("Again", Experiment(labels="aligned", init="given"), start, ((9, 0.25),))
    link, errors = read(remedy.link)
    assert not errors and link.experiment == Experiment(labels="aligned") and dict(link.held) == {9: 0.25}
    assert link.start is not None and link.start.tolist() == np.float32(start).tolist()
