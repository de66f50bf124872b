"""What runs in the file: the stage's own modules and style sheet, and the few that stand in for a server."""

import json
from collections.abc import Mapping

from corner_lab.language import tr
from corner_lab.player import js_modules
from corner_lab.player.js_modules import COMPONENTS

PLAYER, STORY, LOADER = "player/player.js", "player/story.js", "player/loader.js"
PAGE_STYLE, STORY_STYLES, INDEX_STYLES = (
    "player/page.css",
    ("player/story.css", "slides/patterns.css"),
    ("player/index.css",),
)
SHEET = "stage/canvas/style_sheet.js"
STYLES = ("app/stage", "bench/bench", "atlas/atlas", "timeline/timeline", "app/parts", "embed/embed", "paper/paper")


class NoStage(Exception):
    """The stage's JavaScript is not there."""


def check_stage(command: str) -> None:
    """Raises NoStage where there is nothing to make a file of, as in an installed package."""
    if not (COMPONENTS / PLAYER).exists():
        raise NoStage(
            tr(
                "the file is to hold the stage of the app, whose JavaScript is not installed with the package: "
                "run `python -m corner_lab {command}` in a checkout of Corner Lab",
                command=command,
            )
        )


def stage_style() -> str:
    """The stage's one style sheet."""
    return "\n".join((COMPONENTS / f"stage/{name}.css").read_text(encoding="utf-8") for name in STYLES)


def with_style(modules: Mapping[str, str]) -> dict[str, str]:
    """The stage's modules with its style sheet among them."""
    return {**modules, SHEET: modules[SHEET].replace('STYLE = ""', f"STYLE = {json.dumps(stage_style())}")}


def player_script(entry: str = PLAYER) -> str:
    """The stage and what plays records on it, as one script."""
    return js_modules.joined(with_style(js_modules.sources(entry))).replace("export default ", "")


def loader_script() -> str:
    """What unfolds the player's script and runs it."""
    return js_modules.joined(js_modules.sources(LOADER))


def page_style(*further: str) -> str:
    """The style sheet of the page around the stage, and what these say besides."""
    return "\n".join((COMPONENTS / path).read_text(encoding="utf-8") for path in (PAGE_STYLE, *further))


def icon() -> bytes:
    """The app's icon, an SVG."""
    return (COMPONENTS.parent / "icon.svg").read_bytes()
