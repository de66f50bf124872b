"""Why: findings about the run on the stage, each with its evidence and a remedy to train, tried in the background."""

from typing import Any

import streamlit as st

from corner_lab.diagnostics import Finding, Remedy, explanation
from corner_lab.diagnostics.combined import Combined
from corner_lab.diagnostics.explanation import Explanation, Wanted, key
from corner_lab.formatting import capital
from corner_lab.language import Message, current, joined, msg, tr, trn
from corner_lab.language.languages import SOURCE
from corner_lab.training.outcome import Sentences
from corner_lab.training.run import Run
from ui import theme
from ui.components import sight
from ui.playground import page_news
from ui.playground.stage_actions import needs_remedies
from ui.server.keras_loading import loading, pool
from ui.server.streamlit_internals import draw_fragment
from ui.state.session import Session, session
from ui.state.stage_channel import STAGE_VIEW
from ui.state.train_actions import train
from ui.state.words import Later, expander

KEY = "why"


def follow(s: Session) -> None:
    """Have the run explained once it is over; what was being explained and is gone is dropped.

    Call whenever the stage is drawn, before its record is packed. The pool does the work. Until the run has been
    played there is time for the findings. A remedy is tried for who looks at Why, or where the button "Next" waits.
    """
    if s.why is not None and s.why.run is not s.run:
        s.why.stop()
        s.why = None
    if s.run is None or s.run.history is None or not s.run.over or not loading().done or loading().problem:
        return
    if s.why is None or s.why.key != key(s.run):
        if s.why is not None:
            s.why.stop()
        s.why, s.looks_at_why = Explanation(s.run, Wanted.FINDINGS), False
        pool().submit(s.why)
    if s.at_rest:
        _work_on(s.why, _wanted(s.run, s.looks_at_why))


def _wanted(run: Run, looked_at: bool) -> Wanted:
    if looked_at:
        return Wanted.ALL
    return Wanted.NEXT if needs_remedies(run.experiment) else Wanted.FINDINGS


def _work_on(why: Explanation, wanted: Wanted) -> None:
    if why.want(wanted):
        pool().submit(why)


def pause(s: Session) -> int | None:
    """After how many ms the stage is to ask for news of the findings, or of what remedies come to; None for never.

    Remedies take seconds, and each answer has the browser go over the whole page.
    """
    if s.why is None or not s.why.working or not s.at_rest:
        return None
    return 300 if s.why.findings is None else 1000


def headline(s: Session) -> dict[str, Sentences]:
    """What the stage is to say of its run once the findings about it are known, by situation."""
    run, why = s.on_stage, s.why
    if run is None or why is None or why.findings is None or why.key != key(run) or not s.at_rest:
        return {}
    sentence, reason = explanation.headline(run, why.findings)
    told = sentence, joined([reason, why.futile])
    return {"end": told} | ({"start": told} if why.key[1] == 0 else {})


def show() -> None:
    """Draw what is known of the run's findings, in a fragment of its own in a container of the key KEY."""
    st.fragment(_view, key=KEY)()


def draw_if_due(s: Session) -> None:
    """Have it drawn again if it would look different."""
    if _shown(s) != s.channel.why:
        draw_fragment(KEY)


def _shown(s: Session) -> tuple[Any, ...]:
    return (*s.why.key, s.why.version, current().code) if s.why is not None and s.at_rest else ()


def _view() -> None:
    s = session()
    page_news.draw_if_due(s)
    s.channel.why = _shown(s)
    if s.why is None or not s.at_rest:
        return
    _explained(s.why)
    s.looks_at_why = sight.show(KEY, KEY)
    if s.looks_at_why and not s.channel.whole and s.why.want(Wanted.ALL):
        pool().submit(s.why)
        draw_fragment(STAGE_VIEW)  # which asks how far it is


def _explained(why: Explanation) -> None:
    last = why.key[1]
    after = trn("Why, after {count} epoch", "Why, after {count} epochs", last)
    st.subheader(after if last else tr("Why, before training"), anchor=False)
    if why.findings is None:
        st.caption(theme.plain(why.problem) or tr("Checking this run."))
        _offer_again(why)
        return
    offered: set[Remedy] = set()
    for finding in why.issues:
        with st.container(border=True, key=f"why-{finding.code}"):
            _issue(finding, why, offered)
    solved = next((f for f in why.findings if f.code == "solved"), None)
    if solved is not None and solved.status == "passed":
        st.markdown(_in_a_line(solved.title, solved.sentence))
    elif not why.issues:
        st.markdown(tr("No check names a cause."))
    if why.combined is not None:
        with st.container(border=True, key="why-together"):
            _together(why, why.combined)
    if why.futile:
        st.markdown(why.futile)
    if why.problem:
        st.caption(tr("The remedies could not be tried: {why}", why=theme.plain(why.problem)))
        _offer_again(why)
    _passed([f for f in why.findings if f.status == "passed" and f.code != "solved"])


def _offer_again(why: Explanation) -> None:
    """Where explaining failed."""
    if why.problem and st.button(tr("Try again"), key="why-again"):
        session().why = None
        st.rerun()


def _issue(finding: Finding, why: Explanation, offered: set[Remedy]) -> None:
    proof = why.proofs.get(finding.code)
    told, cure = st.columns([3, 1.4], vertical_alignment="top")
    with told:
        st.markdown(f"##### {finding.title}\n\n{theme.plain(finding.sentence)}")
        if proof is not None:
            st.markdown(theme.plain(proof.sentence))
    if finding.remedy is not None:
        with cure:
            _remedy(finding, finding.remedy, why, offered)
    figures = [figure for figure in (finding.figure, proof.figure if proof is not None else None) if figure is not None]
    if not figures:
        return
    evidence = expander(tr("Evidence"), f"evidence-{finding.code}", type="compact")
    if evidence.open:
        for number, figure in enumerate(figures):
            key = f"why-figure-{finding.code}-{number}" if number else f"why-figure-{finding.code}"
            evidence.plotly_chart(figure(theme.palette()), key=key, config=theme.PLAIN_CHART)


def _remedy(finding: Finding, remedy: Remedy, why: Explanation, offered: set[Remedy]) -> None:
    if remedy in offered:
        st.caption(tr("The remedy is that of the finding above: {remedy}.", remedy=_within(remedy.label)))
        return
    offered.add(remedy)
    st.button(
        remedy.label,
        key=f"remedy-{finding.code}-{why.run.id}",
        width="stretch",
        on_click=page_news.answering(_take),
        args=(remedy,),
        help=tr("Puts this change into the settings and trains it."),
    )
    effect = why.effects.get(finding.code)
    if effect is not None:
        st.caption(_clause(effect))
    elif why.working:
        st.caption(tr("Being tried in the background."))


TITLES: dict[int, Message] = {
    1: msg("Further the same way"),
    2: msg("Two causes at once"),
    3: msg("Three causes at once"),
}
DO_NOT: dict[int, Message] = {
    1: msg("Each remedy alone was trained and fails; going further than the first does not."),
    2: msg("Each remedy alone was trained and fails; these two together do not."),
    3: msg("Each remedy alone was trained and fails, as does each pair that was; these three together do not."),
}


def _together(why: Explanation, combined: Combined) -> None:
    told, cure = st.columns([3, 1.4], vertical_alignment="top")
    parts = len(combined.parts)
    effect = why.effects[explanation.TOGETHER].of(parts)
    told.markdown(f"##### {TITLES[parts]}\n\n{DO_NOT[parts]}")
    with cure:
        st.button(
            combined.remedy.label,
            key=f"remedy-{explanation.TOGETHER}-{why.run.id}",
            width="stretch",
            on_click=page_news.answering(_take),
            args=(combined.remedy,),
            help=tr("Puts these changes into the settings and trains them."),
        )
        st.caption(_clause(effect))


def _take(remedy: Remedy) -> None:
    """Put the remedy into the sidebar and train it, from the run's own weights if those were given."""
    session().replace_settings(remedy.experiment, remedy.label)
    train(remedy.experiment, remedy.start, Later(lambda: remedy.label), dict(remedy.held))


def _passed(found: list[Finding]) -> None:
    if not found:
        return
    label = trn("{count} check passed", "{count} checks passed", len(found))
    with expander(label, "why-passed", type="compact"):
        st.markdown("\n".join(f"- {_in_a_line(f.title, theme.plain(f.sentence))}" for f in found))


def _clause(effect: object) -> str:
    """What a remedy came to, as a sentence."""
    return tr("{sentence}.", sentence=capital(str(effect)))


def _within(label: str) -> str:
    """A label within a sentence: in English in small letters."""
    return label.lower() if current().code == SOURCE else label


def _in_a_line(title: str, sentence: str) -> str:
    return tr("**{title}.** {sentence}", title=title, sentence=sentence)
