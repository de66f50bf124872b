"""The HTML file: the stage and the runs it plays, folded up, and in words all that needs no script.

Its Content-Security-Policy allows the scripts and style sheets that stand in the file, by their hashes, and nothing
else: no request leaves it, and nothing that a title or a link says can run.
"""

import base64
import gzip
import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit, urlunsplit

from corner_lab.export.stage_record import packed
from corner_lab.formatting import many
from corner_lab.player.played_run import Played, Told
from corner_lab.player.stage_script import icon, loader_script, page_style, player_script, stage_style

LOCAL_APP = "http://localhost:8501/"  # where `make run` serves it
LONGEST_TITLE = 200


def page(runs: Sequence[Played], app: str = LOCAL_APP) -> str:
    """One file that plays these runs. `app`: the address of the app, to which each links back."""
    program, loader, style = player_script(), loader_script(), page_style()
    title = " · ".join(dict.fromkeys(run.title for run in runs))[:LONGEST_TITLE]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(loader)} {_hash(program)}",
            f"style-src {_hash(style)} {_hash(stage_style())}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    records = [_packed(run, number) for number, run in enumerate(runs, 1)]
    lines = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)} · Corner Lab</title>",
        f'<link rel="icon" href="data:image/svg+xml;base64,{base64.b64encode(icon()).decode()}">',
        f"<style>{style}</style>\n</head>\n<body>",
        _header(runs),
        '<p id="problem" role="alert" hidden></p>',
        "<noscript><p>The stage needs JavaScript. What follows can be read without.</p></noscript>",
        '<main>\n<div id="stage" data-alone></div>',
        *(_run(run, app, hidden=number > 0) for number, run in enumerate(runs)),
        "</main>",
        *(f'<script type="application/gzip" class="record">{_folded(record)}</script>' for record in records),
        f'<script type="application/gzip" id="program">{_folded(program.encode())}</script>',
        f'<script type="module">{loader}</script>\n</body>\n</html>\n',
    ]
    return "\n".join(lines)


def app_address(*links: str) -> str:
    """Where the app is: at the first of these that is the address of a page, else at this machine."""
    for link in links:
        try:
            split = urlsplit(link.strip())
            host, _ = split.hostname, split.port  # a port that is no number raises
        except ValueError:
            continue
        if split.scheme in ("http", "https") and host and split.username is None:
            return urlunsplit((split.scheme, split.netloc, split.path or "/", "", ""))
    return LOCAL_APP


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _folded(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _packed(run: Played, number: int) -> bytes:
    """Its record, which sets the bench anew where another run stood on the stage."""
    header = replace(run.record.header, run=f"run-{number}", tick=number, rev=number)
    return packed(vars(header), run.record.columns)


def _header(runs: Sequence[Played]) -> str:
    """The name, and the buttons that switch between several runs."""
    if len(runs) == 1:
        what = f'<span class="named">{escape(runs[0].title)}</span>'
    else:
        buttons = "".join(map(_choice, runs))
        what = f'<div class="runs" role="group" aria-label="Runs">{buttons}</div>'
    return f"<header><strong>Corner Lab</strong>{what}</header>"


def _choice(run: Played) -> str:
    return f'<button type="button" class="choose">{escape(run.title)}</button>'


def _run(run: Played, app: str, *, hidden: bool) -> str:
    """What stands below the stage: the outcome, the findings, the way back to the app, the script."""
    last = run.record.header.last
    after = f"after {many(last, 'epoch')}" if last else "before training"
    where = " (where <code>make run</code> goes)" if app == LOCAL_APP else ""
    command = "python -m corner_lab train" + f" --link {shlex.quote(run.training)}" * bool(run.training)
    lines = [
        f'<article class="run" aria-label="{escape(run.title)}"{" hidden" * hidden}>\n<h2>Why, {after}</h2>',
        f"<p><strong>{escape(run.outcome[0])}.</strong> {escape(run.outcome[1])}</p>",
        *map(_issue, run.issues),
        _passed(run.passed),
        "<p>This file plays what Keras did, and trains nothing. Training needs the app or the command line: "
        f'<a href="{escape(f"{app}?{run.words}")}">open this run in the app</a>{where}, or run '
        f"<code>{escape(command)}</code>.</p>",
        '<details><summary>Keras script</summary><pre tabindex="0" role="region" aria-label="Keras script">'
        f"<code>{escape(run.script)}</code></pre></details>\n</article>",
    ]
    return "\n".join(filter(None, lines))


def _issue(told: Told) -> str:
    cure = f'<p class="cure">{escape(told.remedy)}</p>' if told.remedy else ""
    return f'<section class="finding"><h3>{escape(told.title)}</h3><p>{escape(told.sentence)}</p>{cure}</section>'


def _passed(found: Sequence[Told]) -> str:
    if not found:
        return ""
    items = "".join(f"<li><strong>{escape(told.title)}.</strong> {escape(told.sentence)}</li>" for told in found)
    return f'<details class="passed"><summary>{many(len(found), "check")} passed</summary><ul>{items}</ul></details>'
