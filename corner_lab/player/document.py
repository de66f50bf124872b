"""An HTML file that needs no network: its head, its policy, and what it holds folded up.

Its Content-Security-Policy allows the scripts and style sheets that stand in the file, by their hashes, and nothing
else: no request leaves it, and nothing that a title or a link says can run.
"""

import base64
import gzip
import hashlib
from collections.abc import Iterable, Sequence
from html import escape

from corner_lab.language import current
from corner_lab.player.stage_script import icon, loader_script, stage_style

MADE_BY = '<meta name="generator" content="Corner Lab">'  # by which a file of ours is known


def document(
    title: str, style: str, body: Iterable[str], program: str = "", folds: Sequence[tuple[str, bytes]] = ()
) -> str:
    """The file. `program`: the script that a loader unfolds and runs, with the stage's style sheet in it; `folds`: a
    class and the bytes of each block that it reads. Its language is the one spoken now."""
    scripts, sheets = ["'none'"], [_hash(style)]
    if program:
        loader = loader_script()
        scripts, sheets = [_hash(loader), _hash(program)], [*sheets, _hash(stage_style())]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts)}",
            f"style-src {' '.join(sheets)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    lines = [
        f'<!doctype html>\n<html lang="{current().tag}">\n<head>\n<meta charset="utf-8">',
        MADE_BY,
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)} · Corner Lab</title>",
        f'<link rel="icon" href="data:image/svg+xml;base64,{base64.b64encode(icon()).decode()}">',
        f"<style>{style}</style>\n</head>\n<body>",
        *body,
        *(f'<script type="application/gzip" class="{kind}">{_folded(data)}</script>' for kind, data in folds),
    ]
    if program:
        lines += [
            f'<script type="application/gzip" id="program">{_folded(program.encode())}</script>',
            f'<script type="module">{loader}</script>',
        ]
    return "\n".join([*lines, "</body>\n</html>\n"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _folded(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
