"""The HTML file: the stage and the runs it plays, folded up, and in words all that needs no script."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit, urlunsplit

from corner_lab.export.stage_record import packed
from corner_lab.language import tr, trn
from corner_lab.player.document import document
from corner_lab.player.played_run import Played, Told
from corner_lab.player.record_block import record_block
from corner_lab.player.stage_script import page_style, player_script

LOCAL_APP = "http://localhost:8501/"  # where `make run` serves it
LONGEST_TITLE = 200


def page(runs: Sequence[Played], app: str = LOCAL_APP, home: str = "") -> str:
    """One file that plays these runs. `app`: the address of the app, to which each links back; `home`: the page beside
    it that lists it."""
    still = tr("The stage needs JavaScript. What follows can be read without.")
    title = " · ".join(dict.fromkeys(run.title for run in runs))[:LONGEST_TITLE]
    body = [
        _header(runs, home),
        '<p id="problem" role="alert" hidden></p>',
        f"<noscript><p>{escape(still)}</p></noscript>",
        '<main>\n<div id="stage" data-alone></div>',
        *(article(run, app, hidden=number > 0) for number, run in enumerate(runs)),
        "</main>",
    ]
    records = [("record", record_block(_packed(run, number))) for number, run in enumerate(runs, 1)]
    return document(title, page_style(), body, player_script(), records)


def app_address(*links: str) -> str:
    """Where the app is: at the first of these that is the address of a page, else at this machine."""
    return next(filter(None, map(page_address, links)), LOCAL_APP)


def page_address(link: str) -> str:
    """The address of the page that a link leads to, without what it says; "" where it leads to none."""
    try:
        split = urlsplit(link.strip())
        host, _ = split.hostname, split.port  # a port that is no number raises
    except ValueError:
        return ""
    if split.scheme not in ("http", "https") or not host or split.username is not None:
        return ""
    return urlunsplit((split.scheme, split.netloc, split.path or "/", "", ""))


def _packed(run: Played, number: int) -> bytes:
    """Its record, which sets the bench anew where another run stood on the stage."""
    header = replace(run.record.header, run=f"run-{number}", tick=number, rev=number)
    return packed(vars(header), run.record.columns)


def _header(runs: Sequence[Played], home: str) -> str:
    """The name, and the buttons that switch between several runs."""
    if len(runs) == 1:
        what = f'<span class="named">{escape(runs[0].title)}</span>'
    else:
        buttons, label = "".join(map(_choice, runs)), tr("Runs")
        what = f'<div class="runs" role="group" aria-label="{escape(label)}">{buttons}</div>'
    name = f'<a href="{escape(home)}">Corner Lab</a>' if home else "Corner Lab"
    return f"<header><strong>{name}</strong>{what}</header>"


def _choice(run: Played) -> str:
    return f'<button type="button" class="choose">{escape(run.title)}</button>'


def article(run: Played, app: str, *, hidden: bool, named: str = "") -> str:
    """What stands below the stage: the outcome, the findings, the way back to the app, the script. `named`: what it is
    headed; "" for the question that it answers."""
    script = escape(tr("Keras script"))
    lines = [
        f'<article class="run" aria-label="{escape(run.title)}"{" hidden" * hidden}>',
        f"<h2>{escape(_heading(named, run.record.header.last))}</h2>",
        f"<p>{stated(*run.outcome)}</p>",
        *map(_issue, run.issues),
        _passed(run.passed),
        f"<p>{_way_back(run, app)}</p>",
        f'<details><summary>{script}</summary><pre tabindex="0" role="region" aria-label="{script}">'
        f"<code>{escape(run.script)}</code></pre></details>\n</article>",
    ]
    return "\n".join(filter(None, lines))


def stated(what: str, why: str) -> str:
    """A claim in bold and what is to be said of it, as HTML."""
    return tr("<strong>{what}.</strong> {why}", what=escape(what), why=escape(why))


def _heading(named: str, last: int) -> str:
    if not named:
        return (
            trn("Why, after {count} epoch", "Why, after {count} epochs", last) if last else tr("Why, before training")
        )
    if not last:
        return tr("{title}, before training", title=named)
    return trn("{title}, after {count} epoch", "{title}, after {count} epochs", last, title=named)


def _way_back(run: Played, app: str) -> str:
    """How to train it, as HTML."""
    command = "python -m corner_lab train" + f" --link {shlex.quote(run.training)}" * bool(run.training)
    places = {"address": escape(f"{app}?{run.words}"), "command": escape(command)}
    if app == LOCAL_APP:
        return tr(
            "This file plays what Keras did, and trains nothing. Training needs the app or the command line: "
            '<a href="{address}">open this run in the app</a> (where <code>make run</code> goes), or run '
            "<code>{command}</code>.",
            **places,
        )
    return tr(
        "This file plays what Keras did, and trains nothing. Training needs the app or the command line: "
        '<a href="{address}">open this run in the app</a>, or run <code>{command}</code>.',
        **places,
    )


def _issue(told: Told) -> str:
    cure = f'<p class="cure">{escape(told.remedy)}</p>' if told.remedy else ""
    return f'<section class="finding"><h3>{escape(told.title)}</h3><p>{escape(told.sentence)}</p>{cure}</section>'


def _passed(found: Sequence[Told]) -> str:
    if not found:
        return ""
    items = "".join(f"<li>{stated(told.title, told.sentence)}</li>" for told in found)
    passed = trn("{count} check passed", "{count} checks passed", len(found))
    return f'<details class="passed"><summary>{escape(passed)}</summary><ul>{items}</ul></details>'
