"""Does the QR code lead an audience to the app, and is it said why where it cannot?"""

from __future__ import annotations

import re

import pytest

from corner_lab.story.audience_link import NoInvitation, public_url, qr_code


def test_is_the_configured_address_shown_whatever_the_browser_has() -> None:
    assert public_url(" https://lab.example.org/corner ", "http://localhost:8501") == "https://lab.example.org/corner"
    assert public_url("", "http://192.0.2.7:8501/story") == "http://192.0.2.7:8501/"


@pytest.mark.parametrize("opened", ["", "http://localhost:8501/story", "http://127.0.0.1:8501", "http://[::1]:8501/"])
def test_is_it_said_why_nobody_else_can_open_localhost(opened: str) -> None:
    with pytest.raises(NoInvitation, match=r"cannot open this page: it runs on localhost.*CORNER_LAB_URL"):
        public_url("", opened)


@pytest.mark.parametrize(
    "configured",
    ["javascript:alert(1)", "ftp://example.org", "example.org", "https://", "https://a b", "http://x:port", "//x"],
)
def test_is_anything_but_an_http_address_refused(configured: str) -> None:
    with pytest.raises(NoInvitation, match="is no address"):
        public_url(configured, "http://192.0.2.7/")
    with pytest.raises(NoInvitation, match="their own computer"):
        public_url("http://localhost:8501", "")


def test_is_the_code_one_svg_with_its_quiet_zone_and_more_modules_for_more_text() -> None:
    short, long = qr_code("https://a.org"), qr_code("https://example.org/" + "long/" * 20)
    sizes = []
    for code in (short, long):
        assert code.startswith("<svg") and code.count("<svg") == 1 and "script" not in code
        (size,) = re.findall(r'viewBox="0 0 (\d+) \d+"', code)
        sizes.append(int(size))
        assert (int(size) - 2 * 4 - 17) % 4 == 0  # 17 + 4 * version modules, and 4 of margin on each side
    assert sizes[0] < sizes[1]
