"""The way for an audience to follow along: a public address, and its QR code."""

import re
from urllib.parse import urlsplit

from corner_lab.language import tr

VARIABLE = "CORNER_LAB_URL"  # the environment variable that holds the address
LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "")


class NoInvitation(Exception):
    """There is no address that an audience could open; the message says why, in a sentence."""


def public_url(configured: str, opened: str) -> str:
    """The address to show: the configured one, or where the page was opened if others can reach that.

    `opened`: the address in the browser, or "". Raises NoInvitation.
    """
    if configured.strip():
        url, parts = configured.strip(), _parts(configured.strip())
        if parts is None:
            raise NoInvitation(
                tr(
                    "{variable} is {url}, which is no address: it has to begin with http:// or https://.",
                    variable=VARIABLE,
                    url=repr(url),
                )
            )
        if parts[1] in LOCAL:
            raise NoInvitation(
                tr(
                    "{variable} is {url}, which leads every visitor to their own computer.",
                    variable=VARIABLE,
                    url=repr(url),
                )
            )
        return url
    parts = _parts(opened)
    if parts is None or parts[1] in LOCAL:
        raise NoInvitation(
            tr(
                "The audience cannot open this page: it runs on localhost, which only this computer reaches. "
                "Set {variable} to a public address, and its QR code stands here.",
                variable=VARIABLE,
            )
        )
    return f"{parts[0]}://{urlsplit(opened).netloc}/"


def _parts(url: str) -> tuple[str, str] | None:
    """Scheme and host of an http or https address; None for anything else."""
    try:
        split = urlsplit(url)
        host, _ = split.hostname or "", split.port  # a port that is no number raises
    except ValueError:
        return None
    if split.scheme not in ("http", "https") or re.search(r"[\s<>\"]", url) or not host or split.username is not None:
        return None
    return split.scheme, host


def qr_code(url: str) -> str:
    """The QR code of an address as one SVG element: black on white in any theme, with its quiet zone."""
    import segno

    code = segno.make_qr(url, error="m")
    return str(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, dark="#000", light="#fff", border=4))
