"""The page that is photographed: the stage and nothing else, on the colours of the player's page."""

import base64
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from corner_lab.export.stage_record import packed
from corner_lab.language import current
from corner_lab.player import js_modules
from corner_lab.player.js_modules import COMPONENTS
from corner_lab.player.played_run import Played
from corner_lab.player.stage_script import page_style, with_style

MOVIE = "movie/movie.js"
FONT_FILES = "static/static/media/SourceSansVF-Upright*.woff2"  # in Streamlit's package


def html(parts: tuple[str, ...]) -> str:
    """The page without its script; `parts` of the stage show."""
    look = _text("movie/look.css")
    style = _font_style() + page_style() + _text("movie/page.css")
    return (
        f'<!doctype html>\n<html lang="{current().tag}">\n<meta charset="utf-8">\n<title>Corner Lab</title>\n'
        f"<style>{style}</style>\n"
        f'<div id="stage" data-alone data-film="{" ".join(parts)}"></div>\n'
        f'<template id="look"><style class="look">{look}</style></template>\n'
    )


def script() -> str:
    """The stage's own modules, and the one that lets their clock stand still."""
    return js_modules.joined(with_style(js_modules.sources(MOVIE))).replace("export default ", "")


def records(run: Played) -> tuple[str, str]:
    """What the stage plays, and what it shows at the end: the epoch of a link, and the weights it has on the bench."""
    header = run.record.header
    plays = replace(header, run="run", tick=1, rev=1, at=None, weights=None, autoplay=True)
    rests = replace(plays, tick=2, rev=2, at=header.at, weights=header.weights)
    first, second = (base64.b64encode(packed(vars(one), run.record.columns)).decode() for one in (plays, rests))
    return first, second


def _font_style() -> str:
    """The app's font, which Streamlit brings; where it is not installed, the page takes one that the machine has."""
    found = find_spec("streamlit")
    folders = [] if found is None else found.submodule_search_locations or []
    files = [file for folder in folders for file in sorted(Path(folder).glob(FONT_FILES))]
    if not files:
        return ""
    data = base64.b64encode(files[0].read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{data})"
    return f'@font-face {{ font-family: "Source Sans 3"; font-weight: 200 900; src: {source}; }}\n'


def _text(name: str) -> str:
    return (COMPONENTS / name).read_text(encoding="utf-8")
