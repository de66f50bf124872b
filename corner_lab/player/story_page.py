"""The story as an HTML file: for each step its words, notes and picture; and the runs that it tells of, once each."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.share_link import Link, query
from corner_lab.export.stage_record import Record, packed
from corner_lab.language import tr, trc
from corner_lab.player.document import document
from corner_lab.player.page import LOCAL_APP, article
from corner_lab.player.played_run import Played, played
from corner_lab.player.record_block import record_block
from corner_lab.player.stage_script import STORY, STORY_STYLES, page_style, player_script
from corner_lab.plots.theme import LIGHT
from corner_lab.story import pictures
from corner_lab.story.audience_link import NoInvitation, public_url, qr_code
from corner_lab.story.sentences import title
from corner_lab.story.steps import STEPS, Step, sentences
from corner_lab.story.trained_runs import TOLD
from corner_lab.training.run import Run


@dataclass(frozen=True)
class Told:
    """What the story tells of: its runs by name, as they were trained and as a player shows them."""

    runs: Mapping[str, Run]
    played: Mapping[str, Played]


def story_page(runs: Mapping[str, Run], app: str = LOCAL_APP, home: str = "") -> str:
    """One file that tells the story. `app`: the address of the app, with a slash at its end; `home`: the page beside it
    that leads to it. `runs`: those of `TOLD` by name, which are over; raises ValueError for one that is not there.
    """
    missing = [name for name in TOLD if name not in runs]
    if missing:
        raise ValueError(tr("the story tells of runs that are not there: {names}", names=", ".join(missing)))
    of = Told(runs, {name: played(runs[name], SCENARIOS[name].title) for name in TOLD})
    code, unmoved = _invitation(app), tr("The pictures that move need JavaScript. The words can be read without.")
    drawings = [pictures.patterns(step) for step in STEPS if step.picture in pictures.PATTERNS]
    body = [
        '<p id="problem" role="alert" hidden></p>',
        f"<noscript><p>{escape(unmoved)}</p></noscript>",
        "<main>",
        *(_step(step, number, of, app) for number, step in enumerate(STEPS, 1)),
        "</main>",
        *(_notes(step, number) for number, step in enumerate(STEPS, 1)),
        *_runs(of, app),
        *code,
        _bar(bool(code), home),
    ]
    blocks = [*drawings, *([{"kind": "code", **_code(app)}] if code else [])]
    folds = [
        *(("record", _packed(record, parts, number)) for number, (record, parts) in enumerate(_staged(of), 1)),
        *(("drawing", json.dumps(block).encode()) for block in blocks),
    ]
    return document(title(), page_style(*STORY_STYLES), body, player_script(STORY), folds)


# ---------------------------------------------------------------- what it holds once


def _shown() -> list[str]:
    """The runs that stand on the stage of some step, each once; the weights set by hand come before them."""
    return list(dict.fromkeys(name for step in STEPS for name in step.shows))


def _staged(of: Told) -> list[tuple[Record, list[str]]]:
    """The records and the parts of the stage that show them, in the order in which steps name them by number."""
    runs = [(of.played[name].record, pictures.STAGED["stage"]) for name in _shown()]
    return [(pictures.by_hand(), pictures.STAGED["bench"]), *runs]


def _record_number(step: Step, name: str = "") -> int:
    return 0 if step.picture == "bench" else 1 + _shown().index(name or step.shows[0])


def _packed(record: Record, parts: list[str], number: int) -> bytes:
    """A record that plays from its start, on a stage that keeps its pixels when another run comes."""
    header = replace(
        record.header, run=f"run-{number}", tick=number, rev=1, at=None, scene=None, parts=parts, guest=True
    )
    return record_block(packed(vars(header), record.columns))


# ---------------------------------------------------------------- a step


def _step(step: Step, number: int, of: Told, app: str) -> str:
    words = [f"<p>{escape(sentence)}</p>" for sentence in sentences(step, of.runs)]
    about = " ".join(str(TOLD.index(name)) for name in _about(step))
    now = " now" * (number == 1)
    return "\n".join(
        (
            f'<section class="step{now}" id="step-{number}" aria-labelledby="head-{number}" data-runs="{about}" '
            f'data-opens="{escape(_opened(step, app))}">',
            f'<div class="words"><h1 id="head-{number}">{escape(step.headline())}</h1>',
            *words,
            "</div>",
            _picture(step, of, app),
            "</section>",
        )
    )


def _about(step: Step) -> list[str]:
    """The runs that a step shows or speaks of."""
    return list(dict.fromkeys((*step.shows, *step.needs)))


def _opened(step: Step, app: str) -> str:
    """Where "Try it" leads: to what the step opens, on the page that shows it."""
    return _trained(step, app) if step.place == "play" else f"{app}{step.place}"


def _trained(step: Step, app: str) -> str:
    """The link that has the app train what a step opens."""
    return f"{app}?{query(Link(step.opens, epoch=step.opens.epochs))}"


def _picture(step: Step, of: Told, app: str) -> str:
    if step.picture in pictures.STAGED:
        return f'{_switch(step, of, app)}<div class="picture" data-record="{_record_number(step)}"></div>'
    if step.picture in pictures.PATTERNS:
        number = [other.id for other in STEPS if other.picture in pictures.PATTERNS].index(step.id)
        return f'<div class="picture" data-drawing="{number}"></div>'
    return f'<div class="picture stills">{"".join(_stills(step, of))}</div>'


def _stills(step: Step, of: Told) -> list[str]:
    from corner_lab.plots.still import stills

    return [svg for figure in pictures.figures(step, of.runs, LIGHT) for svg in stills(figure, LIGHT)]


def _switch(step: Step, of: Told, app: str) -> str:
    """The buttons that switch between the runs of a step; none where it shows one."""
    if len(step.shows) < 2:
        return ""
    buttons = "".join(
        f'<button type="button" class="choose show" data-shows="{_record_number(step, name)}" '
        f'data-opened="{escape(f"{app}?{of.played[name].words}")}">{escape(pictures.switch_label(name))}</button>'
        for name in step.shows
    )
    label = tr("Labels")
    return f'<div class="switch" role="group" aria-label="{escape(label)}">{buttons}</div>'


# ---------------------------------------------------------------- what opens above the bar


def _notes(step: Step, number: int) -> str:
    label = escape(tr("Notes"))
    return (
        f'<aside class="panel" data-panel="notes" data-step="{number}" aria-label="{label}" hidden>'
        f"<p>{escape(step.notes)}</p></aside>"
    )


def _runs(of: Told, app: str) -> list[str]:
    """For each step how to train what it opens; and the runs, of which those of the step show."""
    name = escape(tr("Runs of this step"))
    lines = [f'<section class="panel" data-panel="runs" aria-label="{name}" tabindex="0" hidden>']
    for number, step in enumerate(STEPS, 1):
        command = shlex.join(["python", "-m", "corner_lab", "train", *_link(step)])
        told = tr(
            "This file plays what Keras did, and trains nothing. Training needs the app, where "
            '<a href="{address}">this step’s run</a> opens, or the command line: <code>{command}</code>',
            address=escape(_trained(step, app)),
            command=escape(command),
        )
        lines.append(f'<p data-panel="runs" data-step="{number}">{told}</p>')
    lines += [article(of.played[name], app, hidden=True, named=of.played[name].title) for name in TOLD]
    return [*lines, "</section>"]


def _link(step: Step) -> list[str]:
    words = query(Link(step.opens))
    return ["--link", words] if words else []


def _invitation(app: str) -> list[str]:
    """The address for the audience and its QR code, where there is one that others can open."""
    try:
        url = public_url(app, "")
    except NoInvitation:
        return []
    number, label = sum(step.picture in pictures.PATTERNS for step in STEPS), escape(tr("QR code"))
    return [
        f'<aside class="panel code" data-panel="code" aria-label="{label}" hidden>'
        f'<div data-drawing="{number}"></div><p><a href="{escape(url)}">{escape(url)}</a></p></aside>'
    ]


def _code(app: str) -> dict[str, str]:
    return {"say": tr("QR code of {address}", address=app), "svg": qr_code(app)}


def _bar(invites: bool, home: str) -> str:
    label, back, following = (escape(text) for text in (tr("Story"), trc("story", "Back"), trc("story", "Next")))
    at, runs = escape(tr("{at} of {all}", at=1, all=len(STEPS))), escape(tr("All runs"))
    opens = [_opener("notes", tr("Notes"), ' title="N"'), _opener("runs", tr("Runs"))]
    if invites:
        opens.append(_opener("code", tr("QR code")))
    if home:
        opens.append(f'<a href="{escape(home)}">{runs}</a>')
    return (
        f'<nav class="bar" aria-label="{label}"><div><button type="button" id="back" title="Page Up, ←">{back}</button>'
        f'<span id="at" role="status">{at}</span>'
        f'<button type="button" id="next" title="Page Down, →">{following}</button></div>'
        '<div><a id="try" href="#">' + escape(tr("Try it")) + f"</a>{''.join(opens)}</div></nav>"
    )


def _opener(panel: str, label: str, hint: str = "") -> str:
    return f'<button type="button" data-opens="{panel}" aria-expanded="false"{hint}>{escape(label)}</button>'
