"""Corner Lab: the entry for `streamlit run app.py`. What the server serves; the pages, their navigation, the link."""

from pathlib import Path
from typing import Literal

import streamlit as st
from starlette.middleware import Middleware

from corner_lab import logs
from corner_lab.export.share_link import SHOW
from corner_lab.language import trn
from corner_lab.workers import memory
from ui import pages
from ui.components import visit
from ui.server import headers, health, hosts, js_modules, menu, routes, streamlit_internals
from ui.server.compressed import Compressed
from ui.server.limits import limits
from ui.state import bench_endpoint, language, tasks, url
from ui.state.session import by_id, session

ICON = Path(__file__).parent / "ui" / "icon.svg"  # an icon by name would be fetched from the network


def draw() -> None:
    """Draw the page that the visitor is on."""
    language.arrive()
    offered = menu.items(st.context.url)
    st.set_page_config(page_title="Corner Lab", page_icon=str(ICON), layout="wide", menu_items=offered)
    if not admitted():
        return
    leads = elsewhere() or (session().opened and SHOW not in st.query_params)  # parts in a frame lead nowhere
    position: Literal["top", "hidden"] = "top" if leads else "hidden"
    page = st.navigation([pages.page(name) for name in pages.PAGES], position=position)
    streamlit_internals.leave_others(page.url_path)
    url.arrive(page.url_path)
    place = visit.place()
    if session().channel.painted or page.url_path in pages.OTHERS:
        with place:
            # First: a session that is new to the browser is to be seen before what it draws.
            s = session()
            visit.show(
                s.id,
                url.undo_words(),
                s.progress.kept(),
                on_undo=url.take_undo,
                on_tasks=tasks.heard,
                on_language=language.choose,
            )
    page.run()
    url.follow(page.url_path)
    streamlit_internals.wait_until_sent()


def admitted() -> bool:
    """Whether this visitor has a place; who has none is told. One that was given stays."""
    s, most = session(), limits().visitors
    s.admitted = s.admitted or streamlit_internals.visitors() <= most
    if not s.admitted:
        st.warning(
            trn(
                "This server has places for one visitor at a time, and all are taken. Reload the page in a while.",
                "This server has places for {count} visitors at a time, and all are taken. Reload the page in a while.",
                most,
            )
        )
    return s.admitted


def elsewhere() -> bool:
    """Whether this is another page than the playground, whose first picture is the stage alone."""
    return (st.context.url or "").rpartition("/")[2] in pages.OTHERS


if __name__ == "__main__":  # run by Streamlit for every answer
    draw()
else:  # imported once, by the server
    memory.share_one_heap()
    logs.set_up("INFO")  # what fails in a worker is to reach the server's log
    health.log_start()
    language.listen()
    streamlit_internals.load_pandas()
    streamlit_internals.keep_steps()
    streamlit_internals.keep_endings()
    streamlit_internals.keep_files()
    streamlit_internals.keep_theme()
    streamlit_internals.look_up_one()
    ours = [route(routes.folder()) for route in (js_modules.route, bench_endpoint.route)]
    ours += health.routes(routes.folder(), by_id)
    fixed = headers.headers([streamlit_internals.front_page(routes.WHERE)])
    app = st.App(
        __file__,
        routes=[*routes.routes(pages.SHOWN_FIRST, pages.WITH_FIGURES), *ours],
        middleware=[
            Middleware(headers.Headers, headers=fixed),
            Middleware(hosts.OwnHostsOnly),
            Middleware(Compressed, folder=routes.folder(), static=streamlit_internals.static_files()),
        ],
        exception_handlers={Exception: headers.failed(fixed)},
        lifespan=routes.lifespan,
    )
