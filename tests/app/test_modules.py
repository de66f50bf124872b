"""The components' JavaScript at its own address."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from corner_lab.movie.page import MOVIE
from corner_lab.player.stage_script import LOADER, PLAYER, STORY, STYLES
from ui.components import picture, stage, targets
from ui.server import js_modules


def get(path: str, folder: str = "") -> tuple[int, dict[str, str], str]:
    """The status, the headers and the text that the server answers with."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": []}
    asyncio.run(Starlette(routes=[js_modules.route(folder)])(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, sent[1]["body"].decode()


@pytest.mark.parametrize("folder", ["", "/lab"])
def test_is_what_streamlit_gets_the_address_of_the_whole_module(folder: str) -> None:
    given = js_modules.served("stage", stage.modules())
    address = js_modules.address("stage")
    assert f'"{address}"' in given and len(given) < 200
    status, headers, text = get(f"{folder}/{address}", folder)
    assert status == 200 and text == js_modules.joined(stage.modules())
    (style,) = re.findall(r'^const STYLE = (".*");$', text, re.MULTILINE)
    assert json.loads(style) == "\n".join((stage.HERE / f"{name}.css").read_text() for name in STYLES)
    assert headers["content-type"].startswith("text/javascript") and "immutable" in headers["cache-control"]


def test_does_another_module_have_another_address() -> None:
    js_modules.served("one", {"a.js": "export default function a() {}\n"})
    first = js_modules.address("one")
    js_modules.served("one", {"a.js": "export default function a() { return 1; }\n"})
    assert js_modules.address("one") != first


@pytest.mark.parametrize("name", ["stage.0000000000000000.js", "../js_modules.py", "\0", "a/b.js"])
def test_is_no_other_file_handed_out(name: str) -> None:
    assert get(f"/{js_modules.FOLDER}/{name}")[0] == 404


def test_can_two_modules_use_the_same_name_unnoticed() -> None:
    with pytest.raises(ValueError, match=r"'twice' is a top-level name of both a\.js and b/c\.js"):
        js_modules.joined({"a.js": "export function twice() {}\n", "b/c.js": "const twice = 1;\n"})


def test_does_every_module_come_after_those_it_imports() -> None:
    modules = {
        "app/a.js": 'import {\n  x,\n} from "../core/b.js";\nimport { y } from "./c.js";\n\nexport const a = x + y;\n',
        "app/c.js": 'import { x } from "../core/b.js";\n\nexport const y = x;\n',
        "core/b.js": "export const x = 1;\n",
    }
    lines = js_modules.joined(modules).splitlines()
    assert [line for line in lines if line] == [
        *("// core/b.js", "const x = 1;", "// app/c.js", "const y = x;", "// app/a.js", "const a = x + y;")
    ]
    with pytest.raises(ValueError, match="cycle"):
        js_modules.joined(modules | {"core/b.js": 'import { y } from "../app/c.js";\nexport const x = y;\n'})
    with pytest.raises(ValueError, match=r"core/b\.js is imported but not"):
        js_modules.joined({"app/c.js": modules["app/c.js"]})


def test_is_every_module_part_of_a_component_and_small() -> None:
    files = {
        path.relative_to(js_modules.COMPONENTS).as_posix(): path.read_text(encoding="utf-8")
        for path in js_modules.COMPONENTS.rglob("*.js")
    }
    others = [
        "cube/cube.js",
        "cube/bars.js",
        "slides/slides.js",
        "slides/patterns.js",
        "paper/paper.js",
        "paper/button.js",
        "polling.js",
        "sight.js",
        "tasks/strip.js",
        "visit.js",
    ]
    entries = [stage.MAIN, stage.SENTENCE, targets.MAIN, picture.MAIN, PLAYER, MOVIE, *others]
    assert set(files) == {path for entry in [*entries, STORY, LOADER] for path in js_modules.sources(entry)}
    assert all(len(source.splitlines()) < 300 for source in files.values())
    for entry in entries:
        lines = js_modules.joined(js_modules.sources(entry)).splitlines()
        assert [line.startswith("export default ") for line in lines if re.match("import|export", line)] == [True]


def test_do_the_stages_folders_import_downward_only_and_stay_small() -> None:
    order = [
        *("canvas", "network", "pictures", "core", "sync", "bench", "atlas", "timeline", "embed", "paper", "explain"),
        "app",
    ]
    folders = [path for path in stage.HERE.iterdir() if path.is_dir() and not path.name.startswith("__")]
    assert {path.name for path in folders} == set(order)
    assert all(len(list(path.iterdir())) <= 12 for path in folders)
    place = ["language", *(f"stage/{name}" for name in order)]  # the language stands before all of them
    for path, source in js_modules.sources(stage.MAIN).items():
        for imported in js_modules.imports(path, source):
            lower, upper = (place.index(name.rpartition("/")[0]) for name in (imported, path))
            assert lower <= upper, f"{path} imports {imported}"
