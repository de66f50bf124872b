"""In which language whoever asks this server reads: as was chosen here, else as the browser asks for."""

import re
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from starlette.requests import Request

from corner_lab.language.languages import SOURCE, matching

WORD = "lang"  # in an address: ?lang=zh
COOKIE = "corner_lab_language"  # what was chosen with the switch; the browser keeps it a year


def language(chosen: str | None, wanted: str | None) -> str:
    """The code for what the cookie says and the tag that the browser names first; English where neither is known."""
    return matching(chosen) or matching(wanted) or SOURCE


def of_request(headers: Mapping[str, str]) -> str:
    """The code for a request with these headers, whose names are in small letters."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    first = re.match(r"\s*([\w-]+)", headers.get("accept-language", ""), re.ASCII)
    return language(cookie.value if cookie else None, first[1] if first else None)


def of_page(request: Request) -> str:
    """The code for whoever asks for a page: the address may say it."""
    return matching(request.query_params.get(WORD)) or of_request(request.headers)
