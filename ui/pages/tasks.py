"""The tasks: goals to reach on Play, each with a hint and a folded answer; the visitor's progress as a file or link.

An address with somebody's progress shows that in place of the visitor's own, which stays as it is.
"""

from collections.abc import Iterable, Mapping

import streamlit as st

from corner_lab.language import joined, tr, trc
from corner_lab.tasks import TASKS, Task
from corner_lab.tasks.progress_file import progress_text
from corner_lab.tasks.progress_link import WORD, TooLong, progress_word, read_words
from corner_lab.tasks.tasks import BY_WORD
from ui import pages, theme
from ui.state.session import Session, session
from ui.state.tasks import take
from ui.state.url import address
from ui.state.words import expander

STYLE = """<style>
.st-key-tasks { max-width: 60rem; }
.st-key-tasks h4 { font-size: 1rem; padding: 0; }
.st-key-tasks p { margin-bottom: 0.25rem; }
.st-key-tasks summary { opacity: 1 !important; }
.st-key-tasks summary * { color: light-dark(#5A6069, #A6ADB6); }
</style>"""
FILE = "corner-lab-tasks.json"


def page() -> None:
    st.html(theme.STYLE + STYLE)
    s = session()
    theme.show_problems(s.problems)
    theme.show_notes(s.notes)
    with st.container(key="tasks"):
        st.subheader(tr("Tasks"), anchor=False)
        st.markdown(joined(_about()))
        theirs = _theirs()
        if theirs is None:
            _progress(s)
        else:
            _somebodys(s, theirs)
        for task in TASKS:
            with st.container(border=True, key=f"task-{task.word}"):
                _task(s, task, theirs)


def _about() -> Iterable[str]:
    yield tr(
        "{count} goals to reach on Play, on the bench or by training; a strip above the stage says whether the one you "
        "have taken is reached.",
        count=len(TASKS),
    )
    yield tr("Your browser keeps what you have reached.")
    yield tr(
        "The file is for who wants to check it: `python -m corner_lab grade {file}` trains each solution anew.",
        file=FILE,
    )
    yield tr("A link holds the same.")


# ---------------------------------------------------------------- progress


def _progress(s: Session) -> None:
    solved = s.progress.solved
    with st.container(key="tasks-progress", horizontal=True, vertical_alignment="center"):
        st.markdown(tr("**{reached} of {all} reached**", reached=len(solved), all=len(TASKS)), width="content")
        st.download_button(
            tr("Save progress"),
            progress_text(solved),
            FILE,
            "application/json",
            on_click="ignore",
            disabled=not solved,
            icon=":material/download:",
            key="save-progress",
        )
        with st.popover(tr("Progress link"), disabled=not solved, icon=":material/link:", key="progress-link"):
            _link(solved)
        nothing = not solved and s.progress.taken is None
        st.button(tr("Forget all"), on_click=s.progress.forget, disabled=nothing, key="forget-progress")


def _link(solved: Mapping[str, str]) -> None:
    """The link that holds what was reached, to copy; where it would be too long, what to do instead."""
    try:
        word = progress_word(solved)
    except TooLong as why:
        st.markdown(f"{why}")
        return
    shows = tr("Shows what you have reached to whoever opens it.")
    st.markdown(joined([shows, tr("To check it, quotation marks included:")]))
    st.code(f'python -m corner_lab grade "{address("tasks")}?{WORD}={word}"', language="bash", wrap_lines=True)
    st.markdown(tr("The link alone:"))
    st.code(f"{address('tasks')}?{WORD}={word}", language=None, wrap_lines=True)


def _theirs() -> Mapping[str, str] | None:
    """Somebody's solutions, where the address has such; what is wrong with one that cannot be read is said."""
    words = st.query_params.get_all(WORD)
    if not words:
        return None
    try:
        found = read_words(words)
    except ValueError as why:
        told = tr("The progress link cannot be read: {why}.", why=theme.plain(str(why)))
        st.warning(told, icon=":material/link_off:")
        return None
    return {word: link for word, link in found.items() if word in BY_WORD}


def _somebodys(s: Session, theirs: Mapping[str, str]) -> None:
    """Whose progress shows, and what can be done with it."""
    mine = s.progress.solved
    with st.container(border=True, key="tasks-theirs"):
        whose = tr(
            "**This is somebody's progress: {reached} of {all} reached**, as the link says; grading it finds out.",
            reached=len(theirs),
            all=len(TASKS),
        )
        own = tr("Your own, {reached} of {all}, stays as it is.", reached=len(mine), all=len(TASKS))
        st.markdown(joined([whose, own]))
        with st.container(horizontal=True):
            st.button(tr("Keep mine"), on_click=_leave_theirs, key="keep-mine")
            new = len({*theirs} - {*mine})
            st.button(
                tr("Take these over"),
                on_click=_take_over,
                args=(theirs,),
                disabled=not new,
                key="take-over",
                help=_adds(new) if new else None,
            )


def _adds(new: int) -> str:
    return tr("Adds {new} to what you have reached; what you have reached yourself stays.", new=new)


def _leave_theirs() -> None:
    st.query_params.pop(WORD, None)


def _take_over(theirs: Mapping[str, str]) -> None:
    session().progress.take_over(theirs)
    _leave_theirs()


# ---------------------------------------------------------------- the tasks


def _task(s: Session, task: Task, theirs: Mapping[str, str] | None) -> None:
    """A task, with the solution of whose progress shows: somebody's, or the visitor's own."""
    link = (s.progress.solved if theirs is None else theirs).get(task.word)
    words, way = st.columns([4, 1.2], vertical_alignment="top")
    with words:
        mark = "" if link is None else ":material/check_circle: "
        st.markdown(f"#### {mark}{task.number}. {task.title}\n\n{joined([task.goal, task.begins])}")
    with way:
        taken = s.progress.taken is task
        again = task.word in s.progress.solved
        label = tr("Go on") if taken else tr("Take again") if again else trc("a task", "Take")
        if st.button(label, key=f"take-{task.word}", type="primary" if taken else "secondary", width="stretch"):
            if not taken:
                take(s, task)
            pages.open_page("play")
        if link is not None:
            whose = tr("Your solution") if theirs is None else tr("Their solution")
            st.link_button(whose, f"./?{link}", width="stretch")
    if link is not None:
        st.markdown(f"*{task.teaches}*")
    with st.container(gap="xsmall"):
        with expander(tr("Hint"), f"hint-{task.word}", type="compact"):
            st.markdown(task.hint)
        with expander(tr("Answer"), f"answer-{task.word}", type="compact"):
            st.markdown(f"{task.told}\n\n{task.teaches}")
            st.link_button(tr("Open the answer"), f"./?{task.answer}")
