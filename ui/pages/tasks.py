"""The tasks: goals to reach on Play, each with a hint and a folded answer; the visitor's progress as a file or link.

An address with somebody's progress shows that in place of the visitor's own, which stays as it is.
"""

from collections.abc import Mapping

import streamlit as st

from corner_lab.tasks import TASKS, Task
from corner_lab.tasks.progress_file import progress_text
from corner_lab.tasks.progress_link import WORD, TooLong, progress_word, read_words
from corner_lab.tasks.tasks import BY_WORD
from ui import pages, theme
from ui.state.session import Session, session
from ui.state.tasks import take
from ui.state.url import address

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
    with st.container(key="tasks"):
        st.subheader("Tasks", anchor=False)
        st.markdown(
            f"{len(TASKS)} goals to reach on Play, on the bench or by training; a strip above the stage says whether "
            "the one you have taken is reached. Your browser keeps what you have reached. The file is for who wants to "
            f"check it: `python -m corner_lab grade {FILE}` trains each solution anew. A link holds the same."
        )
        theirs = _theirs()
        if theirs is None:
            _progress(s)
        else:
            _somebodys(s, theirs)
        for task in TASKS:
            with st.container(border=True, key=f"task-{task.word}"):
                _task(s, task, theirs)


# ---------------------------------------------------------------- progress


def _progress(s: Session) -> None:
    solved = s.progress.solved
    with st.container(key="tasks-progress", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(solved)} of {len(TASKS)} reached**", width="content")
        st.download_button(
            "Save progress",
            progress_text(solved),
            FILE,
            "application/json",
            on_click="ignore",
            disabled=not solved,
            icon=":material/download:",
            key="save-progress",
        )
        with st.popover("Progress link", disabled=not solved, icon=":material/link:", key="progress-link"):
            _link(solved)
        nothing = not solved and s.progress.taken is None
        st.button("Forget all", on_click=s.progress.forget, disabled=nothing, key="forget-progress")


def _link(solved: Mapping[str, str]) -> None:
    """The link that holds what was reached, to copy; where it would be too long, what to do instead."""
    try:
        word = progress_word(solved)
    except TooLong as why:
        st.markdown(f"{why}")
        return
    st.markdown("Shows what you have reached to whoever opens it. To check it, quotation marks included:")
    st.code(f'python -m corner_lab grade "{address("tasks")}?{WORD}={word}"', language="bash", wrap_lines=True)
    st.markdown("The link alone:")
    st.code(f"{address('tasks')}?{WORD}={word}", language=None, wrap_lines=True)


def _theirs() -> Mapping[str, str] | None:
    """Somebody's solutions, where the address has such; what is wrong with one that cannot be read is said."""
    words = st.query_params.get_all(WORD)
    if not words:
        return None
    try:
        found = read_words(words)
    except ValueError as why:
        st.warning(f"The progress link cannot be read: {theme.plain(str(why))}.", icon=":material/link_off:")
        return None
    return {word: link for word, link in found.items() if word in BY_WORD}


def _somebodys(s: Session, theirs: Mapping[str, str]) -> None:
    """Whose progress shows, and what can be done with it."""
    mine = s.progress.solved
    with st.container(border=True, key="tasks-theirs"):
        st.markdown(
            f"**This is somebody's progress: {len(theirs)} of {len(TASKS)} reached**, as the link says; grading it "
            f"finds out. Your own, {len(mine)} of {len(TASKS)}, stays as it is."
        )
        with st.container(horizontal=True):
            st.button("Keep mine", on_click=_leave_theirs, key="keep-mine")
            new = len({*theirs} - {*mine})
            st.button(
                "Take these over",
                on_click=_take_over,
                args=(theirs,),
                disabled=not new,
                key="take-over",
                help=f"Adds {new} to what you have reached; what you have reached yourself stays." if new else None,
            )


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
        st.markdown(f"#### {mark}{task.number}. {task.title}\n\n{task.goal} {task.begins}".rstrip())
    with way:
        taken = s.progress.taken is task
        label = "Go on" if taken else "Take again" if task.word in s.progress.solved else "Take"
        if st.button(label, key=f"take-{task.word}", type="primary" if taken else "secondary", width="stretch"):
            if not taken:
                take(s, task)
            pages.open_page("play")
        if link is not None:
            st.link_button("Your solution" if theirs is None else "Their solution", f"./?{link}", width="stretch")
    if link is not None:
        st.markdown(f"*{task.teaches}*")
    with st.container(gap="xsmall"):
        with st.expander("Hint", key=f"hint-{task.word}", type="compact"):
            st.markdown(task.hint)
        with st.expander("Answer", key=f"answer-{task.word}", type="compact"):
            st.markdown(f"{task.told}\n\n{task.teaches}")
            st.link_button("Open the answer", f"./?{task.answer}")
