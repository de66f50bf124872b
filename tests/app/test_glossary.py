"""The glossary, and the words: one registry, of which every label is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from corner_lab.experiment.initializers import linear_weights
from corner_lab.plots.theme import LIGHT
from corner_lab.plots.training import kernel_heatmaps
from corner_lab.terms import TERMS, alphabetical
from ui import pages

ROOT = Path(__file__).resolve().parents[2]


def named(word: str) -> str:
    """The label as it stands within a line."""
    return TERMS[word].label[0].lower() + TERMS[word].label[1:]


def script() -> None:
    from ui.pages import glossary

    glossary.page()


def test_has_the_glossary_every_term_once_in_order_at_its_anchor() -> None:
    at = AppTest.from_function(script).run()
    assert not at.exception
    text = "\n".join(node.value for node in at.markdown)
    found = re.findall(r'<h3 data-anchor="([^"]+)">([^<]+)</h3>\n\n(.+)\n\n<small>On (.+)</small>', text)
    assert [label for _, label, _, _ in found] == sorted((t.label for t in TERMS.values()), key=str.lower)
    for word, label, sentence, where in found:
        term = TERMS[word]
        assert (label, sentence) == (term.label, term.explanation)
        assert {name.lower() for name in re.findall(r"\[(\w+)\]\(", where.partition("Source")[0])} == set(term.met)


def test_is_every_term_one_sentence_met_on_a_page_and_an_anchor() -> None:
    for word, term in TERMS.items():
        assert word == term.word and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word)
        assert term.explanation.endswith(".") and ". " not in term.explanation, word
        assert len(term.explanation) < 240 and term.source and term.met
        assert set(term.met) <= set(pages.PAGES), word
    labels = [term.label.lower() for term in alphabetical()]
    assert len(set(labels)) == len(labels)


def test_is_pictures_named_where_its_words_are_terms() -> None:
    source = (ROOT / "ui/components/picture/markup.js").read_text(encoding="utf-8")
    figures, rows = r'figure\("\w+", trc?\((?:"[^"]+", )?"([^"]+)"', r'<dt[^>]*>\$\{tr\("([^"]+)"'
    labels = set(re.findall(figures, source)) | set(re.findall(rows, source))
    own = {word for word, term in TERMS.items() if term.label in labels - {"Right"}}  # of the corners of rectangles
    assert own == {"output", "recall", "precision"}
    # Beside the picture stands the bench, in the words that it has on Play.
    bench = (ROOT / "ui/components/stage/bench/markup.js").read_text(encoding="utf-8")
    shared = set(re.findall(r'(?:worded\(|data-term=)"([\w-]+)"', bench))
    assert {"kernel", "product", "bias", "w2", "b2", "pre-activation"} < shared
    assert {word for word in own | shared if "pictures" not in TERMS[word].met} == set()


def test_do_the_figures_of_study_use_the_same_words() -> None:
    figure = kernel_heatmaps(np.asarray(linear_weights("matched", 432)), (432,), LIGHT)
    titles = [note.text for note in figure.layout.annotations]
    assert titles == [f"learned {named('effective-kernel')}", named("matched-filter")]


# What each was replaced by: one word for one thing.
GONE = {
    r"Removed: ": "Causes removed: ...",
    r"raised by\b": "shift",
    r"outpull": "outweigh in the gradient",
    r"\bcorners measured": "vertices",
    r"\bthe rest\b\"|\b(for|from|over|highest of) the rest\b": "others",
    r"\b(go|goes|going) flat\b": "saturate",
    r"\b[Pp]ull(s|ed)?\b": "gradient",
    r"Flat loss": "saturation",
}


def test_do_words_that_were_replaced_stay_away() -> None:
    for folder in ("ui", "corner_lab"):
        for path in [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.js")]:
            shown = re.findall(r"f?\"[^\"\n]*\"|`[^`\n]*`", path.read_text(encoding="utf-8").replace('"""', ""))
            found = [(word, text) for text in shown for word in GONE if re.search(word, text)]
            assert not found, f"{path.relative_to(ROOT)}: {found}"
