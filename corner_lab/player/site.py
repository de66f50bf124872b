"""A static site: a list of the scenarios, the story, and a player for each, as files that any host or disk can hold.

Each file stands alone, with the stage in it: a script beside it would not load from a disk under this policy, and a
file that is sent on its own goes on working.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from corner_lab.diagnostics.explanation import Explanation, Wanted
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.weights_file import FileError
from corner_lab.formatting import many
from corner_lab.player.document import MADE_BY, document
from corner_lab.player.page import LOCAL_APP, page
from corner_lab.player.played_run import Played, played
from corner_lab.player.stage_script import INDEX_STYLES, page_style
from corner_lab.player.story_page import TITLE, story_page
from corner_lab.story.steps import STEPS
from corner_lab.training.run import Run

INDEX, STORY_FILE = "index.html", "story.html"
HEAD = 1000  # bytes of a file in which it says who made it


def file_name(scenario: str) -> str:
    """The file of a scenario: "the asker's fix" is in the-askers-fix.html."""
    return re.sub(r"[^a-z0-9]+", "-", scenario.lower().replace("'", "")).strip("-") + ".html"


def site_files(runs: Mapping[str, Run], app: str = LOCAL_APP) -> dict[str, str]:
    """The files by name. `runs`: scenarios by name, trained, those of the story among them; `app`: where the app is."""
    shown = {
        name: played(runs[name], scenario.title, Explanation(runs[name], Wanted.FINDINGS).finished())
        for name, scenario in SCENARIOS.items()
        if name in runs
    }
    files = {file_name(name): page([run], app, INDEX) for name, run in shown.items()}
    files[STORY_FILE] = story_page(runs, app, INDEX)
    size = sum(len(text.encode()) for text in files.values())
    return {INDEX: _index(shown, app, size + len(_index(shown, app, size).encode())), **files}


def check_folder(option: str, path: str) -> None:
    """Find out before a long training whether a site can be written there. Raises FileError: of a folder that holds
    anything but a site of ours nothing is overwritten."""
    folder = Path(path)
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.rmdir()
            return
        others = [file.name for file in sorted(folder.iterdir()) if not _is_ours(file)]
        if not others:
            _touched(folder / INDEX)
    except (OSError, ValueError) as error:
        raise FileError(option, path, error) from None
    if others:
        more = f" and {many(len(others) - 1, 'other')}" if len(others) > 1 else ""
        raise FileError(option, path, f"holds {others[0]!r}{more}, which is no part of a site; name an empty folder")


def _is_ours(file: Path) -> bool:
    """Whether it is a file that `site_files` has made."""
    if file.name not in {INDEX, STORY_FILE, *map(file_name, SCENARIOS)} or not file.is_file():
        return False
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    return MADE_BY.encode() in head


def _touched(file: Path) -> None:
    """Raises OSError where the file cannot be written; leaves it as it was."""
    existed = file.exists()
    file.open("ab").close()
    if not existed:
        file.unlink()


# ---------------------------------------------------------------- the list


def _index(shown: Mapping[str, Played], app: str, size: int) -> str:
    where = " (where <code>make run</code> serves it)" if app == LOCAL_APP else ""
    body = [
        "<header><strong>Corner Lab</strong></header>\n<main>",
        f"<h1>{escape(TITLE)}</h1>",
        "<p>All 512 binary 3×3 patterns, one of them positive, a network of one 3×3 convolution and one 1×1 "
        "convolution. Weights set by hand get all 512 right. Training ends with the corner rejected, and a loss that "
        "looks perfect. Here are runs of real Keras to play, stop and take apart, each with what it shows and why.</p>",
        f'<p class="lead"><a href="{STORY_FILE}">The story</a>: the whole of it in {len(STEPS)} screens, for a room. '
        "Page Down and Page Up (or the arrows) turn them, N shows the notes.</p>",
        f"<h2>{many(len(shown), 'run')}</h2>\n<ol>",
        *(_entry(name, run, app) for name, run in shown.items()),
        "</ol>",
        f"<p>These {len(shown) + 2} files take {size / 1e6:.1f} MB, need no network and train nothing; each stands "
        f'alone and can be passed on. Training needs <a href="{escape(app)}">the app</a>{where}, or the command '
        "line.</p>",
        "</main>",
    ]
    return document(TITLE, page_style(*INDEX_STYLES), body)


def _entry(name: str, run: Played, app: str) -> str:
    link = f"{app}?{run.words}"
    return (
        f'<li><h3><a href="{file_name(name)}">{escape(run.title)}</a></h3><p>{escape(SCENARIOS[name].text)}</p>'
        f"<p><strong>{escape(run.outcome[0])}.</strong> {escape(run.outcome[1])}</p>"
        f'<p class="way">Train it again: <a href="{escape(link)}">{escape(link)}</a> or '
        f"<code>python -m corner_lab train --scenario &quot;{escape(name)}&quot;</code></p></li>"
    )
