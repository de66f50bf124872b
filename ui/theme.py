"""What the pages share in looks: the colours of the theme at hand, how charts behave, the style around them."""

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from corner_lab.export.share_link import SHOW
from corner_lab.language import joined, tr
from corner_lab.plots.theme import DARK, LIGHT, Palette

#: A chart that is looked at, not taken along.
PLAIN_CHART: dict[str, Any] = {"displaylogo": False, "displayModeBar": False}

SIGNS = re.compile(r"[\\*_\[\]$~`<&]")
APART = re.compile(r"(?<=:)(?=\S)|(?<=@)(?=\S)|(?<=-)(?=[->])|(?<=<)(?=-)|(?<=www)(?=\.)")

MOST_PROBLEMS = 4  # warnings about a link: the stage is below them

# Streamlit leaves wide margins, and its toasts would cover the stage's buttons; the train button stays in sight.
# Where two number fields share a line, plus and minus would leave no room for the number (arrow keys do the same).
# Its own Stop, which it offers while a page takes long, would leave that page half drawn, and be taken for the run's.
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 24px; padding-right: 24px; }
@media (max-width: 700px) { [data-testid="stMainBlockContainer"] { padding-left: 16px; padding-right: 16px; } }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 8px; }
[data-testid="stMain"] { scroll-padding-top: 72px; }
/* Streamlit's is three quarters of the text around it. */
[data-testid="stMarkdownContainer"] code { font-size: max(13px, .93em); }
.st-key-why [data-testid="stHeaderActionElements"] { display: none; }
[class*="st-key-remedy-"] button * { white-space: normal !important; overflow: visible; text-overflow: clip; }
[data-testid="stSidebar"] [data-testid="stColumn"] [data-testid^="stNumberInputStep"] { display: none; }
[data-testid="stSidebarHeader"] { height: 24px; }
/* Without a task the strip takes no room, not even a gap. */
[data-testid="stLayoutWrapper"]:has(> .st-key-task):not(:has(.st-key-task-strip)) { display: none; }
[data-testid="stLayoutWrapper"]:has(> .st-key-train) { position: sticky; bottom: 0; z-index: 2; }
.st-key-train { padding: 8px 0 12px; background: light-dark(#F6F6F3, #1B1F24); }
[data-testid="stStatusWidget"] button { display: none; }
[data-testid="stToastContainer"] { top: auto !important; bottom: 16px !important; }
/* Where nothing hovers Plotly's buttons would lie over the titles of figures for good. */
@media (hover: none) { .js-plotly-plot .modebar { display: none !important; } }
[data-testid="stCaptionContainer"] { opacity: 1; }
[data-testid="stCaptionContainer"] p { color: light-dark(#5A6069, #A6ADB6); opacity: 1; }
</style>"""

# Parts of the stage alone, in a frame. `embed=true` has Streamlit itself leave out its toolbar; a link without it looks
# the same. Nothing takes room above the stage but what is said of the link: it has the window from where it begins.
FRAMED_STYLE = """<style>
:is([data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"]) { display: none; }
[data-testid="stMain"] { overflow: hidden; }
[data-testid="stMain"] [data-testid="stMainBlockContainer"] { padding: 0; max-width: none; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: 0; }
[data-testid="stToastContainer"] { z-index: 3; }
</style>"""


def palette() -> Palette:
    """The colours of the theme that the visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def saved_chart(kind: str = "png") -> dict[str, Any]:
    """A chart whose camera saves it: as "png" or "svg"."""
    return {"displaylogo": False, "toImageButtonOptions": {"format": kind, "scale": 2, "filename": "corner-lab"}}


def show_notes(notes: list[str]) -> None:
    """Show each once, and forget them."""
    for note in notes:
        st.toast(plain(note), icon=":material/info:")
    notes.clear()


def show_problems(problems: Sequence[ValueError]) -> None:
    """Say what is wrong with the link: the first few things, and how many more there are."""
    shown = problems if len(problems) <= MOST_PROBLEMS else problems[: MOST_PROBLEMS - 1]
    sentences = [joined([tr("The link says {problem}.", problem=plain(str(one))), _instead(one)]) for one in shown]
    if (more := len(problems) - len(shown)) > 0:
        sentences.append(tr("So it is with {count} more words of the link.", count=more))
    for sentence in sentences:
        st.warning(sentence, icon=":material/link_off:")


def _instead(problem: ValueError) -> str:
    says_what_is_shown = getattr(problem, "field", "") == SHOW
    return "" if says_what_is_shown else tr("The default is used instead.")


def plain(sentence: str) -> str:
    """A sentence as Markdown that means nothing else: what links and files say may be in it.

    Streamlit makes emoji, icons, badges, arrows and links also of what is escaped: a sign that is not seen keeps their
    parts from each other.
    """
    return APART.sub("\N{WORD JOINER}", SIGNS.sub(r"\\\g<0>", sentence))
