"""The languages there are, which one is spoken now, and which one somebody means."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

SOURCE = "en"  # in which the program is written


@dataclass(frozen=True)
class Language:
    """`code`: its part of a BCP 47 tag, as in `?lang=zh`. `name`: as its readers call it. `tag`: for HTML's `lang`."""

    code: str
    name: str
    tag: str
    space: str  # what stands between two sentences


#: All languages, by code; the first is the source.
LANGUAGES = {
    language.code: language
    for language in (
        Language(SOURCE, "English", "en", " "),
        Language("zh", "简体中文", "zh-Hans", ""),
    )
}

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_asks: Callable[[], str | None] = lambda: None  # noqa: E731 - replaced by `heard_from`


def heard_from(asks: Callable[[], str | None]) -> None:
    """From now on ask this for the code of the language, wherever `speaking` says nothing; None: the source."""
    global _asks
    _asks = asks


def current() -> Language:
    """The language spoken now, here: in this thread or task."""
    return LANGUAGES[_spoken.get() or _asks() or SOURCE]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language of `LANGUAGES` meanwhile. Raises KeyError for another."""
    token = _spoken.set(LANGUAGES[code].code)
    try:
        yield
    finally:
        _spoken.reset(token)


def matching(tag: str | None) -> str | None:
    """The code of the language that a tag means, in any case, "zh-CN", "zh_TW", "ZH"; None where there is none."""
    code = (tag or "").replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else None
