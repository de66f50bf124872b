"""The page of pictures: rectangles drawn, made or uploaded, and the corners that a network finds in them.

The browser owns the picture and which network looks at it (ui/components/picture). Python makes scenes, reads files and
links, and hands over the numbers of the networks: those on the bench, the run's, the two closed forms.
"""

from typing import Any

import streamlit as st

from corner_lab.analysis.corner_detectors import comparison
from corner_lab.language import current, tr
from corner_lab.pictures import picture_link
from corner_lab.pictures.files import PictureError
from corner_lab.pictures.files import read as read_picture
from corner_lab.pictures.picture_link import SceneWord
from ui import pages, theme
from ui.components import picture, polling
from ui.pages.picture_record import packed
from ui.pages.picture_visit import Visit, read_address, visit_of_pictures
from ui.server.keras_loading import loading
from ui.server.streamlit_internals import wait_until_sent
from ui.state import bench_endpoint, url
from ui.state.session import Session, session
from ui.state.train_actions import watch
from ui.state.words import expander

PICTURE, NEWS, FILE = "picture", "pictures-news", "picture-file"  # the keys of the components and of the uploader
OTHERS = "detectors"  # the key of the place that has them
MEGABYTES = 20


def page() -> None:
    s, visit = session(), visit_of_pictures()
    read_address(s, visit)
    st.html(theme.STYLE)
    st.subheader(tr("The corners of rectangles"), anchor=False)
    st.caption(
        tr(
            "Every 3×3 patch of a binary picture is one of the 512 patterns, so what a network makes of a whole "
            "picture is a look-up in its 512 outputs. Draw, and see what it calls a corner. Beyond the border "
            "everything is off."
        )
    )
    theme.show_problems([*s.problems, *visit.problems])
    theme.show_notes(s.notes)
    st.fragment(_view)(_stage_of(s))


def _view(before: tuple[Any, ...]) -> None:
    s, visit = session(), visit_of_pictures()
    if visit.opening:
        visit.opening = False
        pages.open_page("play")
    watch()
    if s.arrival is not None and visit.questions.asked:  # the picture is on the screen
        loading().start()
        url.start_arrival(s)
    url.show_arrival(s)
    above, place, below = st.container(), st.container(), st.container()  # what comes and goes moves no other's place
    with above:
        _say_what_is_awaited(s)
    with below:
        _upload(visit)  # first: what it reads is shown at once
        _beside_others()
    with place:
        picture.show(packed(s, visit), on_scene=_scene_wanted, on_bench=_bench_wanted, key=PICTURE)
    polling.show(visit.questions, _awaited(s), key=NEWS)
    if _stage_of(s) != before:  # the address, and the notes
        wait_until_sent()
        st.rerun()


def _awaited(s: Session) -> bool:
    """Whether there is more to come."""
    if loading().problem:
        return False
    coming = s.arrival is not None and not s.arrival.shown
    return coming or (s.run is not None and not s.run.over)


def _say_what_is_awaited(s: Session) -> None:
    """That a link's run is still to come, or why there is none."""
    if s.run is not None and s.run.history is None and s.run.status == "failed":
        st.error(tr("The run failed: {why}", why=s.run.message), icon=":material/error:")
    elif s.arrival is not None and not s.arrival.shown:
        st.caption(loading().problem or tr("The run of the link is trained first; it follows by itself."))


def _stage_of(s: Session) -> tuple[Any, ...]:
    """What the whole page is drawn for."""
    return (_awaited(s), s.on_stage.id if s.on_stage is not None else "", len(s.notes))


# ---------------------------------------------------------------- what the browser asks for


def _scene_wanted() -> None:
    """Make the scene that was asked for; what cannot be is no scene of ours, and changes nothing."""
    told: Any = st.session_state[PICTURE].scene
    try:
        word = SceneWord(str(told["kind"]), int(told["seed"]), int(told["side"]))
        visit_of_pictures().show_scene(picture_link.read_scene(str(word)))
    except (KeyError, TypeError, ValueError, OverflowError):  # the last for an infinity
        session().notes.append(tr("There is no such scene. The picture stays."))


def _bench_wanted() -> None:
    """Put a patch, or weights that the direct line could not bring, on the bench; go to Play if that was asked for."""
    told, s = st.session_state[PICTURE].bench, session()
    if not isinstance(told, dict):
        return
    before = s.pixels, s.bench
    bench_endpoint.take(s, {name: told[name] for name in ("pixels", "weights") if name in told})
    s.channel.rev += before != (s.pixels, s.bench)
    visit_of_pictures().opening = told.get("open") is True


def _upload(visit: Visit) -> None:
    """A picture from a file. What is wrong with it is said, and the picture stays."""
    with expander(tr("Upload a picture"), "picture-upload", icon=":material/upload:"):
        file = st.file_uploader(tr("PNG or JPEG"), ["png", "jpg", "jpeg"], key=FILE, max_upload_size=MEGABYTES)
        left, right = st.columns(2, vertical_alignment="bottom")
        threshold = left.slider(tr("Threshold on brightness"), 0.0, 1.0, 0.5, 0.01, key="picture-threshold")
        dark = right.toggle(tr("Dark is on"), key="picture-dark", help=tr("For a dark drawing on white paper."))
        if file is None:
            return
        how = (file.file_id, threshold, dark)
        if how != visit.taken or (visit.file_problem and visit.problem_in != current().code):
            visit.taken, visit.file_problem, visit.problem_in = how, "", current().code
            try:
                visit.show_drawing(read_picture(file.getvalue(), threshold, dark))
            except PictureError as error:
                visit.file_problem = tr(
                    "{file}: {problem}. The picture stays as it was.", file=file.name, problem=error
                )
        if visit.file_problem:
            st.error(visit.file_problem, icon=":material/error:")


def _beside_others() -> None:
    """Ours measured when it is opened, beside what other detectors come to in the same scenes."""
    box = expander(tr("Beside other corner detectors"), OTHERS, icon=":material/compare:")
    with box:
        if box.open:
            with st.spinner(tr("The look-up is measured.")):
                table, note = comparison()
            st.markdown(table)
            st.caption(note)
