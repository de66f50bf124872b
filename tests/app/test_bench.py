"""What the stage tells Python of the bench: by its direct line, and through Streamlit where that does not work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message, Receive

from ui.state import bench_endpoint
from ui.state import session as session_module
from ui.state.session import Bench, Session
from ui.state.stage_channel import STAGE

OpenApp = Callable[..., Any]
TWELVE = [0.5] * 12


def post(body: bytes, parts: int = 1, kind: str = "application/json") -> tuple[int, dict[str, Any]]:
    """What the server answers to a request that comes in so many parts."""
    size = -(-len(body) // parts) or 1
    rest = [body[i : i + size] for i in range(0, len(body), size)] or [b""]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    return answered(receive, kind)


def answered(receive: Receive, kind: str = "application/json") -> tuple[int, dict[str, Any]]:
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    answer = asyncio.run(bench_endpoint.route("").endpoint(Request(scope, receive)))
    return answer.status_code, json.loads(answer.body)


def known() -> Session:
    s = Session()
    session_module.by_id[s.id] = s
    return s


def test_does_the_direct_line_take_the_bench_and_answer_with_what_it_is() -> None:
    s, other = known(), known()
    told = {"session": s.id, "rev": s.channel.rev, "pixels": 433, "locks": [9]}
    first = post(json.dumps(told).encode(), parts=3)
    assert first == (200, {"says": bench_endpoint.says(s), "heard": 1, "rev": 1, "task": None})
    assert bench_endpoint.says(s) == "On the bench: pattern 433 · z −95 · output 0.000 · not a corner"
    assert (s.pixels, s.locks, s.bench, s.channel.heard) == (433, {9}, None, 1)
    status, answer = post(json.dumps({"session": s.id, "rev": s.channel.rev, "weights": TWELVE}).encode())
    assert status == 200 and answer["says"] == "On the bench: pattern 433 · z +2 · output 0.833 · corner"
    post(json.dumps({"session": s.id, "rev": s.channel.rev, "weights": None}).encode())
    assert s.bench is None and s.pixels == 433
    late = {"session": s.id, "rev": s.channel.rev, "weights": TWELVE, "pixels": 7}
    s.channel.rev += 1  # Python has set the bench meanwhile
    assert post(json.dumps(late).encode())[1]["says"].startswith("On the bench: pattern 433 ")
    assert s.bench is None
    assert (other.pixels, other.channel.heard) == (432, 0)
    elsewhere = {"session": s.id, "rev": 2, "weights": TWELVE, "elsewhere": True}
    assert post(json.dumps(elsewhere).encode())[1]["rev"] == s.channel.rev == 3  # the stage is to adopt it
    assert s.bench is not None
    assert post(json.dumps(elsewhere | {"weights": None}).encode())[1]["rev"] == 3 and s.bench is not None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 4000, 400),
        (b"\xff\xfe", 400),
        (b"[]", 404),
        (b'{"pixels": 1}', 404),
        (b'{"session": ["x"]}', 404),
        (b" " * 5000, 413),
    ],
)
def test_is_what_makes_no_sense_refused(body: bytes, status: int) -> None:
    assert post(body, parts=2)[0] == status


@pytest.mark.parametrize(
    "kind", ["", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "application/jsonp"]
)
def test_is_what_any_form_of_another_site_could_send_refused(kind: str) -> None:
    s = known()
    told = json.dumps({"session": s.id, "rev": s.channel.rev, "pixels": 7}).encode()
    assert post(told, kind=kind)[0] == 415 and s.pixels == 432
    assert post(told, kind="Application/JSON; charset=utf-8")[0] == 200 and s.pixels == 7


def test_is_a_body_that_never_ends_or_breaks_off_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_endpoint, "PATIENCE", 0.05)

    async def never() -> Message:
        return await asyncio.Future()

    async def drips() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    assert answered(never) == answered(drips) == (408, {"error": "it did not end within 0.05 s"})
    assert answered(gone)[0] == 400


def test_can_no_session_be_guessed() -> None:
    names = {Session().id for _ in range(1000)}
    assert len(names) == 1000 and all(len(name) >= 32 for name in names)
    assert len({name[:8] for name in names}) == len({name[-8:] for name in names}) == 1000, "they have a part in common"


def test_does_a_session_that_is_gone_leave_nothing_behind() -> None:
    name = known().id
    assert post(json.dumps({"session": name}).encode())[0] == 404


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=23) | st.dictionaries(st.text(), inner), max_leaves=30
)


@given(told=st.dictionaries(st.sampled_from((*bench_endpoint.BENCH, "playhead", "other")), VALUES))
def test_does_nothing_that_is_told_break_the_bench(told: dict[str, Any]) -> None:
    s = known()
    body = json.dumps({**told, "session": s.id, "rev": s.channel.rev}).encode()
    if len(body) <= bench_endpoint.LONGEST:
        status, answer = post(body)
        assert status == 200 and answer["says"].startswith(f"On the bench: pattern {s.pixels} ")
        assert s.playhead.run == ""


def test_is_taken_through_streamlit_what_is_newly_said_there(monkeypatch: pytest.MonkeyPatch) -> None:
    s, state = known(), dict[str, Any]()
    s.bench = Bench.edited(TWELVE)  # told by the direct line before it failed
    monkeypatch.setattr(bench_endpoint.st, "session_state", {"session": s, STAGE: state})
    bench_endpoint.reported()
    assert s.bench == Bench.edited(TWELVE), "nothing was said"
    state["weights"] = None
    bench_endpoint.reported()
    assert s.bench is None, "the first word may be that nothing is edited"
    state |= {"weights": TWELVE, "pixels": 5}
    bench_endpoint.reported()
    assert (s.bench, s.pixels) == (Bench.edited(TWELVE), 5)
    bench_endpoint.take(s, {"weights": None, "pixels": 7})  # Python sets the bench, from a file perhaps
    state["locks"] = [3]
    bench_endpoint.reported("playhead")
    assert (s.bench, s.pixels, s.locks) == (None, 7, {3}), "what was said before is not said again"
    state.clear()  # the visitor was on another page
    bench_endpoint.reported("playhead")
    state |= {"weights": TWELVE}
    bench_endpoint.reported()
    assert s.bench == Bench.edited(TWELVE)


@pytest.mark.parametrize(
    ("reported", "locks"),
    [
        ([4, 9], {4, 9}),
        ([], set()),
        (None, {1}),
        ([9, 9], {9}),
        ([12], {1}),
        ([-1], {1}),
        ([1.5], {1}),
        ([True], {1}),
        (["3"], {1}),
        ([[3]], {1}),
        ("3", {1}),
        (3, {1}),
        ({"3": 1}, {1}),
    ],
)
def test_are_locks_taken_that_make_sense_and_the_rest_ignored(reported: Any, locks: set[int]) -> None:
    s = Session(locks=frozenset({1}))
    bench_endpoint.take(s, {"locks": reported})
    assert s.locks == locks


@pytest.mark.parametrize("numbers", [[3e38] * 12, [1e20] * 14, [3.4e37] * 22], ids=["12", "14", "22"])
def test_do_numbers_that_z_cannot_hold_change_nothing(numbers: list[float]) -> None:
    s = known()
    status, answer = post(json.dumps({"session": s.id, "rev": s.channel.rev, "weights": numbers}).encode())
    assert status == 200 and "inf" not in answer["says"] and s.bench is None
