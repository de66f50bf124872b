"""The autopsy page: the question's 9.3703e-04, taken apart step by step."""

import numpy as np
import streamlit as st

from corner_lab.analysis import autopsy_text as words
from corner_lab.analysis.autopsy import LOSSES, RANKS, Autopsy, changed_outputs
from corner_lab.experiment.experiment import BATCH_SIZES
from corner_lab.experiment.initializers import linear_weights
from corner_lab.experiment.losses import LOSSES as LOSS_WORDS
from corner_lab.formatting import exact
from corner_lab.language import msg, tr
from corner_lab.network.parameters import Vector
from corner_lab.network.patterns import is_target
from corner_lab.plots.autopsy import batch_losses, pair_matrix, progress_bars
from corner_lab.plots.theme import Palette
from ui import theme
from ui.state.session import Session, bench, session
from ui.state.words import chosen_before, expander, key_in_words

SHAPES = dict(zip(RANKS, ("(n,)", "(n,1)", "(n,1,1)", "(n,1,1,1)"), strict=True))
WEIGHTS = {"by_hand": msg("set by hand"), "matched": msg("matched filter"), "bench": msg("on the bench")}


def page() -> None:
    s = session()
    st.html(theme.STYLE)
    theme.show_problems(s.problems)
    theme.show_notes(s.notes)
    palette = theme.palette()
    st.subheader(tr("The autopsy of 9.3703e-04"), anchor=False)
    st.caption(
        tr(
            "The question's hand-set weights get every pattern right, and Keras printed a loss of 9.3703e-04. Here is "
            "where each digit comes from; change anything."
        )
    )
    a = _controls(s)
    for column, (name, digits) in zip(st.columns(3), words.verdict(a), strict=True):
        column.metric(name, digits)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _shapes(a)
        batch = _batch(a)
    with right:
        st.plotly_chart(pair_matrix(a, batch, palette), key="autopsy-pairs", config=theme.saved_chart())
    _batches(a, palette)


def _controls(s: Session) -> Autopsy:
    """What is taken apart: label shape, batch size, loss and weights."""
    columns = st.columns(4)
    with columns[0]:
        rank = st.segmented_control(
            tr("Shape of the labels"),
            RANKS,
            default=1,
            required=True,
            wrap=True,
            key="autopsy-rank",
            format_func=SHAPES.__getitem__,
            help=tr("The outputs have shape (n,1,1,1). The question's labels have shape (n,)."),
        )
        loss = st.segmented_control(
            tr("Loss"),
            LOSSES,
            default=chosen_before("autopsy-loss", "mse"),
            required=True,
            wrap=True,
            key=key_in_words("autopsy-loss"),
            format_func=lambda word: LOSS_WORDS[word].label,
            help=tr("The losses that broadcast. The cross-entropies raise an error on labels of shape (n,) and (n,1)."),
        )
    with columns[1]:
        batch_size = st.select_slider(tr("Batch size"), BATCH_SIZES, value=32, key="autopsy-batch-size")
    with columns[2]:
        offered = [word for word in WEIGHTS if word != "bench" or bench(s) is not None]
        before = chosen_before("autopsy-weights", "by_hand")
        weights = st.segmented_control(
            tr("Weights"),
            offered,
            default=before if before in offered else "by_hand",
            required=True,
            wrap=True,
            key=key_in_words("autopsy-weights"),
            format_func=lambda word: str(WEIGHTS[word]),
            help=tr("Weights on the bench come from Play, once something was trained or edited there."),
        )
    with columns[3]:
        scale = st.slider(tr("Scale of z"), 0.0, 2.0, 1.0, 0.05, key="autopsy-scale")
        shift = st.slider(tr("Shift of z"), -10.0, 10.0, 0.0, 0.5, key="autopsy-shift")
    numbers, head, hidden = _weights(s, str(weights))
    about = tr("Head: {head}", head=head)
    if head == "softmax":
        about = tr("Head: {head}, of which the probability of “corner” is the output", head=head)
    columns[2].caption(about)
    outputs = changed_outputs(numbers, head, scale, shift, hidden)
    return Autopsy(outputs, is_target(s.experiment.target), int(rank or 1), int(batch_size), str(loss))


def _weights(s: Session, word: str) -> tuple[Vector, str, str]:
    """The numbers of the chosen weights, the head that stands after them, and what between the convolutions."""
    shown = bench(s)
    if word == "bench" and shown is not None:
        run = s.on_stage
        e = run.experiment if run is not None else s.experiment
        return shown.vector, e.head, e.hidden
    return linear_weights("matched" if word == "matched" else "by_hand", s.experiment.target[0]), "hard_sigmoid", "none"


def _shapes(a: Autopsy) -> None:
    st.markdown(tr("#### 1 · The shapes that meet"))
    rows = [(tr("of"), tr("shape")), ("---", "---"), *words.shape_rows(a)]
    st.markdown("\n".join(f"| {name} | {text} |" for name, text in rows))
    st.markdown(words.on_shapes(a))


def _batch(a: Autopsy) -> int:
    """The batch whose pairs are drawn, from 0; at first the one that holds the target."""
    st.markdown(tr("#### 2 · The pairs of one batch"))
    chosen = st.number_input(
        tr("Batch, 1 to {batches}", batches=a.batches),
        1,
        a.batches,
        a.batch_of_target + 1,
        key=f"autopsy-batch-{a.batch_size}",
        disabled=a.batches == 1,
    )
    batch = int(chosen) - 1
    st.markdown(words.on_pairs(a, batch))
    return batch


def _batches(a: Autopsy, palette: Palette) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        title = tr("#### 3 · The losses of all {batches} batches", batches=a.batches)
        st.markdown(tr("#### 3 · The losses of one batch") if a.batches == 1 else title)
        st.markdown(words.on_batches(a))
        st.plotly_chart(batch_losses(a, palette), key="autopsy-batches", config=theme.saved_chart())
    with right:
        st.markdown(tr("#### 4 · The old progress bar"))
        st.markdown(words.on_bar(a))
        st.plotly_chart(progress_bars(a, palette), key="autopsy-bar", config=theme.saved_chart())
    with expander(tr("All figures"), "autopsy-figures"):
        batches = [*map(str, range(1, a.batches + 1)), tr("end")]
        table = {
            tr("batch"): batches,
            tr("loss of the batch"): [*map(exact, a.batch_losses), ""],
            tr("running mean"): [*map(exact, a.running_means), exact(a.evaluated)],
            tr("Keras 3.3's bar"): [*map(exact, np.asarray(a.old_bar))],
        }
        st.dataframe(table, hide_index=True, key="autopsy-table")
