"""The compiled catalogues: what each message is in a language. A message that is not in one stays English."""

import gettext
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


def compiled(code: str) -> Path:
    """Where a language's catalogue lies."""
    return HERE / code / "messages.mo"


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """The catalogue of a language; of the source, and where there is none, one that changes nothing."""
    try:
        with compiled(code).open("rb") as file:
            return gettext.GNUTranslations(file)
    except FileNotFoundError:
        return gettext.NullTranslations()


def entries(code: str) -> dict[str, str | dict[int, str]]:
    """All messages of a language by their English; those with a plural by number of the form. A context stands before
    its message, with `CONTEXT` between."""
    found: dict[str, str | dict[int, str]] = {}
    for key, text in getattr(catalogue(code), "_catalog", {}).items():
        if isinstance(key, tuple):
            forms = found.setdefault(key[0], {})
            assert isinstance(forms, dict)
            forms[key[1]] = text
        elif key:  # the empty one is the catalogue's header
            found[key] = text
    return found


CONTEXT = "\x04"  # gettext's
