"""The glossary: every term of the app in alphabetical order, each at an anchor of its own."""

import streamlit as st

from corner_lab.formatting import listing
from corner_lab.language import tr
from corner_lab.terms import Term, alphabetical
from ui import pages, theme
from ui.state.session import session

# On paper nothing but the words.
STYLE = """<style>
.st-key-glossary { max-width: 44rem; }
.st-key-glossary h3 { font-size: 1.125rem; padding: 1rem 0 0.25rem; }
.st-key-glossary p { margin-bottom: 0.25rem; }
.st-key-glossary small { font-size: 12px; }
@media print {
  [data-testid="stHeader"], [data-testid="stToolbar"] { display: none; }
  [data-testid="stMain"], [data-testid="stAppViewContainer"], .stApp { position: static; overflow: visible; }
  .st-key-glossary h3 { break-after: avoid; }
}
</style>"""


def page() -> None:
    st.html(theme.STYLE + STYLE)
    theme.show_problems(session().problems)
    theme.show_notes(session().notes)
    st.subheader(pages.title("glossary"), anchor=False)
    terms = alphabetical()
    st.markdown(
        tr(
            "The {count} words of Corner Lab. On Play a word with a dotted line says what it comes to there: hover, "
            "click or tap it.",
            count=len(terms),
        )
    )
    with st.container(key="glossary"):
        # One element: what comes in parts changes its height after the browser has gone to an anchor.
        st.markdown("\n\n".join(map(_entry, terms)), unsafe_allow_html=True)


def _entry(term: Term) -> str:
    met = listing(f"[{pages.title(name)}]({'./' if name == pages.FIRST else name})" for name in term.met)
    source = f"[{term.source.partition('//')[2].rstrip('/')}]({term.source})" if "://" in term.source else term.source
    told = tr("On {pages}. Source: {source}.", pages=met, source=source.removesuffix("."))
    return f'<h3 data-anchor="{term.word}">{term.label}</h3>\n\n{term.explanation}\n\n<small>{told}</small>'
