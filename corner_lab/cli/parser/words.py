"""The words of a command line before they are parsed: values joined to their options, and the language asked for."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corner_lab.cli.parser.argument_parser import UsageError
from corner_lab.language import LANGUAGES, tr
from corner_lab.language.languages import SOURCE, matching

LANG = "--lang"  # of every command, before or after its name


def values_joined(argv: Sequence[str]) -> list[str]:
    """Options joined with values like -1e-3, which argparse would take for options."""
    words: list[str] = []
    for word in argv:
        if words and re.fullmatch(r"--[a-z-]+", words[-1]) and re.fullmatch(r"-[^-h].*", word, re.DOTALL):
            words[-1] += "=" + word
        else:
            words.append(word)
    return words


def language_asked(words: Sequence[str]) -> str:
    """The code of the language to answer in, whatever else is asked for: of the last `--lang`, else the source.

    Help and what is wrong with the other words are said in it already. Raises UsageError where there is no such
    language.
    """
    code: str | None = SOURCE
    for word, following in pairwise([*words, ""]):
        if word == "--":  # no options from here on
            break
        option, given, tag = word.partition("=")
        if option == LANG:
            tag = tag if given else following
            code = matching(tag)
            if code is None:
                raise UsageError(tr("{option} {tag}: allowed are {there}", option=LANG, tag=repr(tag), there=there()))
    assert code is not None
    return code


def there() -> str:
    """The languages there are: "en (English), zh (简体中文)"."""
    return ", ".join(f"{code} ({language.name})" for code, language in LANGUAGES.items())
