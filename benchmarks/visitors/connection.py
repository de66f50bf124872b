"""A page's end of Streamlit's websocket, without a browser: keeps and sends what the front end keeps and sends.

Streamlit's own messages are used, those of the version that is installed; they are read once and thrown away, so that
a hundred pages take little of the processor that the server needs.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState

STAGE = "corner_lab_stage"
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the id under which a component's triggers go
MODULE = re.compile(r"corner-lab/modules/[\w.]+")
KEPT_RUNS = 20  # runs of the script for which the front end keeps a message (`global.maxCachedMessageAge`)


class Connection:
    """One page: the widgets it has, the messages it keeps, and how much went through it."""

    def __init__(self, http: aiohttp.ClientSession, url: str, words: Mapping[str, str]) -> None:
        """`words`: of the address that it opens."""
        self._http, self._url = http, url
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._widgets: dict[str, WidgetState] = {}
        self._messages: dict[str, tuple[ForwardMsg, int]] = {}  # by hash, with the run that named it last
        self._page = self._stage = ""
        self._fragments: dict[str, str] = {}  # in which each widget stands
        self._stage_state: dict[str, Any] = {}
        self._words = words
        self.module = ""  # where the stage's JavaScript stands
        self.received = 0  # bytes
        self.page_runs = self.fragment_runs = 0

    async def open(self) -> None:
        """Connect, and ask for the page."""
        address = f"{self._url.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = await self._http.ws_connect(address, protocols=("streamlit",), max_msg_size=0)
        await self._send()

    async def records(self) -> AsyncIterator[dict[str, Any]]:
        """The headers of the records that the stage is given, until the connection ends."""
        assert self._socket is not None
        async for frame in self._socket:
            if frame.type is not aiohttp.WSMsgType.BINARY:
                continue
            self.received += len(frame.data)
            message = self._kept(ForwardMsg.FromString(frame.data))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                alone = bool(message.metadata.run.fragment_ids)
                self.fragment_runs += alone
                self.page_runs += not alone
            elif kind == "script_finished":
                now = self.page_runs + self.fragment_runs
                self._messages = {h: m for h, m in self._messages.items() if now - m[1] <= KEPT_RUNS}
            elif kind == "delta" and message.delta.HasField("new_element"):
                header = self._taken(message)
                if header is not None:
                    yield header

    async def report(self, **state: Any) -> None:
        """What the stage tells as its state: a question, the playhead."""
        self._stage_state |= state
        self._keep(WidgetState(id=self._stage, json_value=json.dumps(self._stage_state, separators=(",", ":"))))
        await self._send(within=self._stage)

    async def press(self, button: str, **state: Any) -> None:
        """A press of one of the stage's buttons, and what it tells with it."""
        self._stage_state |= state
        self._keep(WidgetState(id=self._stage, json_value=json.dumps(self._stage_state, separators=(",", ":"))))
        pressed = json.dumps([{"event": "press", "value": button}], separators=(",", ":"))
        event = WidgetState(id=EVENTS.format(self._stage), json_trigger_value=pressed)
        await self._send(event, within=self._stage)

    def has(self, key: str) -> bool:
        """Whether the widget with this key has come."""
        return any(name.endswith(f"-{key}") for name in self._widgets)

    async def choose(self, key: str, value: int) -> None:
        """A whole number for the widget of the sidebar with this key."""
        state = next(state for name, state in self._widgets.items() if name.endswith(f"-{key}"))
        self._keep(WidgetState(id=state.id, int_value=value))
        await self._send(within=state.id)

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def _send(self, *events: WidgetState, within: str = "") -> None:
        """`within`: the widget whose fragment is to answer; "" for the whole page."""
        assert self._socket is not None
        message = BackMsg()
        client = message.rerun_script
        client.query_string = urlencode(self._words)
        client.page_script_hash = self._page
        client.fragment_id = self._fragments.get(within, "")
        client.widget_states.widgets.extend([*self._widgets.values(), *events])
        client.cached_message_hashes.extend(self._messages)
        client.context_info.url = f"{self._url}/"
        client.context_info.timezone, client.context_info.locale = "UTC", "en-US"
        client.context_info.color_scheme, client.context_info.is_embedded = "light", False
        await self._socket.send_bytes(message.SerializeToString())

    def _kept(self, message: ForwardMsg) -> ForwardMsg:
        """The message, or the one from before that it refers to."""
        now = self.page_runs + self.fragment_runs
        if message.WhichOneof("type") == "ref_hash":
            referred = ForwardMsg()
            referred.CopyFrom(self._messages[message.ref_hash][0])
            referred.metadata.CopyFrom(message.metadata)
            self._messages[message.ref_hash] = referred, now
            return referred
        if message.metadata.cacheable:
            self._messages[message.hash] = message, now
        return message

    def _taken(self, message: ForwardMsg) -> dict[str, Any] | None:
        """Take an element in; the header of the record where it is the stage."""
        element = message.delta.new_element
        component = element.bidi_component
        if component.component_name == STAGE:
            self._stage, self._fragments[component.id] = component.id, message.delta.fragment_id
            if found := MODULE.search(component.js_content):
                self.module = found[0]
            (length,) = struct.unpack_from("<I", component.bytes)
            header: dict[str, Any] = json.loads(component.bytes[4 : 4 + length])
            self._words = header["words"]
            return header
        state = default_state(element)
        if state is not None:
            self._fragments[state.id] = message.delta.fragment_id
            self._widgets.setdefault(state.id, state)
        return None

    def _keep(self, state: WidgetState) -> None:
        self._widgets[state.id] = state


def default_state(element: Element) -> WidgetState | None:
    """What the front end says of a widget that nobody has touched; None for what says nothing."""
    kind = element.WhichOneof("type")
    widget: Any = getattr(element, kind) if kind else None
    if kind == "selectbox":
        if widget.set_value:
            chosen = widget.raw_value if widget.HasField("raw_value") else None
        else:
            chosen = widget.options[widget.default] if widget.HasField("default") else None
        return WidgetState(id=widget.id) if chosen is None else WidgetState(id=widget.id, string_value=chosen)
    if kind == "button_group":
        state = WidgetState(id=widget.id)
        state.string_array_value.data.extend(widget.options[i].content for i in widget.default)
        return state
    if kind == "checkbox":
        return WidgetState(id=widget.id, bool_value=widget.value if widget.set_value else widget.default)
    if kind == "number_input":
        value = widget.value if widget.set_value else widget.default
        if widget.data_type == NumberInput.INT:
            return WidgetState(id=widget.id, int_value=int(value))
        return WidgetState(id=widget.id, double_value=value)
    if kind == "slider":
        state = WidgetState(id=widget.id)
        state.string_array_value.data.extend(widget.options[int(i)] for i in widget.default)
        return state
    return None
