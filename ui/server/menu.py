"""What Streamlit's menu offers beside the theme: help, where to report, and what this is."""

import os
from typing import Any
from urllib.parse import urlsplit

from corner_lab.language import tr
from ui.server.health import version

VARIABLE = "CORNER_LAB_CONTACT"  # the environment variable that holds where to report: an https or a mailto address


def items(url: str | None) -> dict[Any, str | None]:
    """The entries; `url` is the page's own, as far as it is known. An address that is none is left out."""
    place = urlsplit(url or "")
    glossary = f"{place.scheme}://{place.netloc}{place.path.rpartition('/')[0]}/glossary" if place.netloc else None
    contact = os.environ.get(VARIABLE, "").strip()
    report = contact if contact.startswith(("https://", "http://", "mailto:")) else None
    return {"Get help": glossary, "Report a bug": report, "About": _about()}


def _about() -> str:
    return tr(
        "**Corner Lab {version}**: why a two-layer Keras network cannot be trained to find a corner, and what makes it "
        "learn. Everything on the screen is computed from the run in front of you. MIT licensed.",
        version=version(),
    )
