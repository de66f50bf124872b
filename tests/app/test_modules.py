"""The components' JavaScript at its own address."""

from __future__ import annotations

import asyncio
import re

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from ui.components import stage
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
    given = js_modules.served("stage", stage.sources(*stage.MODULES))
    address = js_modules.address("stage")
    assert f'"{address}"' in given and len(given) < 200
    status, headers, text = get(f"{folder}/{address}", folder)
    assert status == 200 and text == js_modules.joined(stage.sources(*stage.MODULES))
    assert headers["content-type"].startswith("text/javascript") and "immutable" in headers["cache-control"]


def test_does_another_module_have_another_address() -> None:
    js_modules.served("one", {"a": "export default function a() {}\n"})
    first = js_modules.address("one")
    js_modules.served("one", {"a": "export default function a() { return 1; }\n"})
    assert js_modules.address("one") != first


@pytest.mark.parametrize("name", ["stage.0000000000000000.js", "../js_modules.py", "\0", "a/b.js"])
def test_is_no_other_file_handed_out(name: str) -> None:
    assert get(f"/{js_modules.FOLDER}/{name}")[0] == 404


def test_can_two_modules_use_the_same_name_unnoticed() -> None:
    with pytest.raises(ValueError, match=r"'twice' is a top-level name of both a\.js and b\.js"):
        js_modules.joined({"a": "export function twice() {}\n", "b": "const twice = 1;\n"})
    with pytest.raises(ValueError, match=r"a\.js imports b before"):
        js_modules.joined({"a": 'import { x } from "./b.js";\n', "b": "export const x = 1;\n"})


def test_is_every_module_part_of_the_component_and_small() -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in stage.HERE.glob("*.js")}
    assert set(files) == {*stage.MODULES, "says"}  # which is a component of its own
    assert all(len(source.splitlines()) < 250 for source in files.values())
    source = js_modules.joined(stage.sources(*stage.MODULES))
    assert len(re.findall(r"^export ", source, re.MULTILINE)) == 1 and "import {" not in source
