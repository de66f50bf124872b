"""The tasks: goals to reach on Play, each with a hint and a folded answer, and the visitor's progress as a file."""

import streamlit as st

from corner_lab.tasks import TASKS, Task
from corner_lab.tasks.progress_file import progress_text
from ui import pages, theme
from ui.state.session import Session, session
from ui.state.tasks import take

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
            f"check it: `python -m corner_lab grade {FILE}` trains each link anew."
        )
        _progress(s)
        for task in TASKS:
            with st.container(border=True, key=f"task-{task.word}"):
                _task(s, task)


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
        nothing = not solved and s.progress.taken is None
        st.button("Forget all", on_click=s.progress.forget, disabled=nothing, key="forget-progress")


def _task(s: Session, task: Task) -> None:
    link = s.progress.solved.get(task.word)
    words, way = st.columns([4, 1.2], vertical_alignment="top")
    with words:
        mark = "" if link is None else ":material/check_circle: "
        st.markdown(f"#### {mark}{task.number}. {task.title}\n\n{task.goal} {task.begins}".rstrip())
    with way:
        taken = s.progress.taken is task
        label = "Go on" if taken else "Take again" if link is not None else "Take"
        if st.button(label, key=f"take-{task.word}", type="primary" if taken else "secondary", width="stretch"):
            if not taken:
                take(s, task)
            pages.open_page("play")
        if link is not None:
            st.link_button("Your solution", f"./?{link}", width="stretch")
    if link is not None:
        st.markdown(f"*{task.teaches}*")
    with st.container(gap="xsmall"):
        with st.expander("Hint", key=f"hint-{task.word}", type="compact"):
            st.markdown(task.hint)
        with st.expander("Answer", key=f"answer-{task.word}", type="compact"):
            st.markdown(f"{task.told}\n\n{task.teaches}")
            st.link_button("Open the answer", f"./?{task.answer}")
