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
from corner_lab.language import tr, trn
from corner_lab.player.document import MADE_BY, document
from corner_lab.player.page import LOCAL_APP, page, stated
from corner_lab.player.played_run import Played, played
from corner_lab.player.stage_script import INDEX_STYLES, page_style
from corner_lab.player.story_page import story_page
from corner_lab.story.sentences import title
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
        raise FileError(option, path, _refused(repr(others[0]), len(others) - 1))


def _refused(name: str, others: int) -> str:
    if not others:
        return tr("holds {name}, which is no part of a site; name an empty folder", name=name)
    return trn(
        "holds {name} and {count} other, which is no part of a site; name an empty folder",
        "holds {name} and {count} others, which is no part of a site; name an empty folder",
        others,
        name=name,
    )


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
    about = tr(
        "All 512 binary 3×3 patterns, one of them positive, a network of one 3×3 convolution and one 1×1 convolution. "
        "Weights set by hand get all 512 right. Training ends with the corner rejected, and a loss that looks perfect. "
        "Here are runs of real Keras to play, stop and take apart, each with what it shows and why."
    )
    story = tr(
        '<a href="{file}">The story</a>: the whole of it in {count} screens, for a room. Page Down and Page Up (or the '
        "arrows) turn them, N shows the notes.",
        file=STORY_FILE,
        count=len(STEPS),
    )
    count = trn("{count} run", "{count} runs", len(shown))
    body = [
        "<header><strong>Corner Lab</strong></header>\n<main>",
        f"<h1>{escape(title())}</h1>",
        f"<p>{escape(about)}</p>",
        f'<p class="lead">{story}</p>',
        f"<h2>{escape(count)}</h2>\n<ol>",
        *(_entry(name, run, app) for name, run in shown.items()),
        "</ol>",
        f"<p>{_needs(len(shown) + 2, app, size)}</p>",
        "</main>",
    ]
    return document(title(), page_style(*INDEX_STYLES), body)


def _needs(files: int, app: str, size: int) -> str:
    """What the files take, and what they cannot do, as HTML."""
    figures = {"files": files, "size": f"{size / 1e6:.1f}", "app": escape(app)}
    if app == LOCAL_APP:
        return tr(
            "These {files} files take {size} MB, need no network and train nothing; each stands alone and can be "
            'passed on. Training needs <a href="{app}">the app</a> (where <code>make run</code> serves it), or the '
            "command line.",
            **figures,
        )
    return tr(
        "These {files} files take {size} MB, need no network and train nothing; each stands alone and can be passed "
        'on. Training needs <a href="{app}">the app</a>, or the command line.',
        **figures,
    )


def _entry(name: str, run: Played, app: str) -> str:
    again = tr(
        'Train it again: <a href="{link}">{link}</a> or <code>{command}</code>',
        link=escape(f"{app}?{run.words}"),
        command=escape(f'python -m corner_lab train --scenario "{name}"'),
    )
    return (
        f'<li><h3><a href="{file_name(name)}">{escape(run.title)}</a></h3><p>{escape(SCENARIOS[name].text)}</p>'
        f"<p>{stated(*run.outcome)}</p>"
        f'<p class="way">{again}</p></li>'
    )
