"""Does a finding show itself readably, in a line and in a notebook?"""

from __future__ import annotations

import numpy as np

from corner_lab.diagnostics import Finding, Remedy
from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import read

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


def test_does_the_link_of_a_remedy_open_with_the_runs_given_weights_and_held_numbers() -> None:
    start = (0.5,) * 9 + (0.1, 1.0, 0.0)
    remedy = Remedy("Again", Experiment(labels="aligned", init="given"), start, ((9, 0.25),))
    link, errors = read(remedy.link)
    assert not errors and link.experiment == Experiment(labels="aligned") and dict(link.held) == {9: 0.25}
    assert link.start is not None and link.start.tolist() == np.float32(start).tolist()
