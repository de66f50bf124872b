"""The sidebar: scenarios, the experiment's settings, a file of weights, and the buttons that train.

The settings stand in a fragment of their own, which answers what is set there: the stage's follows it, and what stands
below it where that changes. Whatever else changes them has the whole page drawn.
"""

import streamlit as st

from corner_lab.experiment.field_help import changes
from corner_lab.experiment.scenarios import SCENARIOS, scenario_of
from corner_lab.language import current, tr
from ui.playground import downloads, page_news, settings
from ui.playground.page_news import answering
from ui.playground.stage_actions import train_text
from ui.server.streamlit_internals import draw_fragment
from ui.state import url
from ui.state.session import Session, session
from ui.state.stage_channel import STAGE_VIEW
from ui.state.train_actions import continue_from_bench, train_longer, train_settings

SETTINGS = "sidebar-settings"  # the fragments of the settings
GO_ON, TRAIN = "sidebar-go-on", "sidebar-train"  # and of the buttons


def show(s: Session) -> None:
    """Draw the sidebar for the session's experiment; changes reach it through callbacks."""
    with st.sidebar:
        _brand()
        st.fragment(_settings, key=SETTINGS)()
        s.channel.buttons = _offered(s)
        st.fragment(_go_on, key=GO_ON)()
        with st.container(key="train"):
            st.fragment(_train, key=TRAIN)()


def _settings() -> None:
    s = session()
    if not s.channel.whole:
        page_news.note_settings(s)
        page_news.draw_if_due(s)
    settings.mirror(s)
    st.selectbox(
        tr("Scenario"),
        list(SCENARIOS),
        key=settings.key("scenario"),
        index=None,
        placeholder=tr("your own settings"),
        format_func=lambda name: SCENARIOS[name].title,
        on_change=settings.changed("scenario"),
        help=tr("Named experiments. Choosing another one trains it."),
    )
    # Each part in a container: what follows keeps its place where one of them comes or goes.
    with st.container():
        _about_the_scenario(s)
    with st.container():
        settings.settings(s.experiment)
    with st.container():
        downloads.open_file()
    if not s.channel.whole:
        url.follow("")
        draw_fragment(STAGE_VIEW)


def _about_the_scenario(s: Session) -> None:
    """What it is, and back to what was set before."""
    scenario = scenario_of(s.experiment)
    if scenario:
        st.caption(scenario.text)
    if s.replaced is not None:
        st.button(
            tr("Undo settings"),
            key="undo-settings",
            icon=":material/undo:",
            type="tertiary",
            on_click=s.undo_settings,
            help=tr("Back to what you had set: {changes}.", changes=changes(s.experiment, s.replaced.experiment)),
        )


def show_frame() -> None:
    """Hold the sidebar's place: its widgets take the browser longest, so they follow the first picture."""
    with st.sidebar:
        st.space("small")


def _brand() -> None:
    st.markdown("### :material/select_all: Corner Lab")


def follow(s: Session) -> None:
    """Have the buttons drawn again if they would look different. Call where the stage's fragment is drawn alone."""
    if _offered(s) != s.channel.buttons:
        s.channel.buttons = _offered(s)
        draw_fragment(GO_ON)
        draw_fragment(TRAIN)


def _offered(s: Session) -> tuple[bool, bool, bool, bool, str, str]:
    """Which of the buttons can be pressed, whether to train is the first thing to do, what that is called, and in which
    language."""
    goes_on = s.on_stage is not None or s.bench is not None
    longer = s.run is not None and s.run.status in ("finished", "stopped")
    starts = s.experiment.init != "given" or s.given is not None
    changed = s.run is not None and s.run.experiment != s.experiment
    return goes_on, longer, starts, changed, train_text(s.experiment), current().code


def _go_on() -> None:
    goes_on, longer, *_ = _offered(session())
    st.button(
        tr("Continue from here"),
        key="continue",
        width="stretch",
        on_click=answering(continue_from_bench),
        disabled=not goes_on,
        help=tr("Train with these settings from the weights on the bench, with a fresh optimizer."),
    )
    st.button(
        tr("Train longer"),
        key="train-longer",
        width="stretch",
        on_click=answering(train_longer),
        disabled=not longer,
        help=tr("Go on with the run on the stage, and its optimizer, for as many epochs as set above."),
    )


def _train() -> None:
    s = session()
    _, _, starts, changed, text, _ = _offered(s)
    st.button(
        text,
        key="train-settings",
        type="primary" if changed else "secondary",
        width="stretch",
        on_click=answering(train_settings),
        disabled=not starts,
    )
