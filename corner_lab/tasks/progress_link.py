"""Progress in a link: the solutions of tasks, folded up in one word of the address of the page Tasks.

    progress=1.eNp…        the version; in base 64 without padding, zlib of a line "task?link" per task

Nothing but that is in it, and nothing of it is believed: see `grading`.
"""

import base64
import re
import zlib
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from corner_lab.language import joined, tr
from corner_lab.tasks.progress_file import MAX_BYTES, Solved, links, other_version

WORD, VERSION = "progress", "1"
LONGEST = 6_000  # characters of the word: servers and programs for mail cut addresses beyond some 8,000


class TooLong(ValueError):
    """What was reached does not fit into a link; the message says so in a sentence."""


def progress_word(solved: Solved) -> str:
    """What was reached as the value of `progress=`. Raises TooLong."""
    lines = "\n".join(f"{word}?{link}" for word, link in sorted(solved.items()))
    folded = base64.urlsafe_b64encode(zlib.compress(lines.encode(), 9)).decode().rstrip("=")
    text = f"{VERSION}.{folded}"
    if len(text) > LONGEST:
        long = tr(
            "The link would have {characters} characters, and {most} is the most that arrives whole everywhere.",
            characters=f"{len(text):,}",
            most=f"{LONGEST:,}",
        )
        raise TooLong(joined([long, tr("Save progress makes a file that holds any number.")]))
    return text


def is_link(text: str) -> bool:
    """Whether a word of a command line is a link, and no file."""
    return re.match(rf"https?://|\?|{WORD}=", text, re.IGNORECASE) is not None


def read_link(link: str) -> dict[str, str]:
    """The links by task in a whole address or its query string, unchecked. Raises ValueError with what is wrong."""
    try:
        query = urlsplit(link).query if "?" in link else link
        words = parse_qs(query.strip(), keep_blank_values=True, max_num_fields=100).get(WORD, [])
    except ValueError:
        raise ValueError(tr("neither an address nor its query string")) from None
    return read_words(words)


def read_words(words: Sequence[str]) -> dict[str, str]:
    """The links by task in what an address has as `progress=`, unchecked. Raises ValueError with what is wrong."""
    if len(words) != 1:
        raise ValueError(tr("{word} appears {times} times, not once", word=WORD, times=len(words)))
    (text,) = words
    if len(text) > LONGEST:
        raise ValueError(tr("longer than {most} characters", most=f"{LONGEST:,}"))
    version, point, folded = text.partition(".")
    if not point or not version.isascii() or not version.isdecimal():
        raise ValueError(tr("not what the page Tasks offers as its progress link; perhaps it was cut"))
    if version != VERSION:
        raise ValueError(other_version(version, VERSION))
    return links(_by_task(_unfolded(folded)))


def _unfolded(folded: str) -> str:
    """The text that was folded up: of whatever is no such thing, and of what unfolds to too much, a ValueError."""
    unfolding = zlib.decompressobj()
    try:
        if not re.fullmatch(r"[A-Za-z0-9_-]*", folded):
            raise ValueError
        data = unfolding.decompress(base64.urlsafe_b64decode(folded + "=" * (-len(folded) % 4)), MAX_BYTES)
        if unfolding.unconsumed_tail:
            raise OverflowError
        if not unfolding.eof or unfolding.unused_data:
            raise ValueError
        return data.decode()
    except OverflowError:
        raise ValueError(tr("it unfolds to more than {most} bytes", most=f"{MAX_BYTES:,}")) from None
    except (ValueError, zlib.error):
        raise ValueError(tr("it does not unfold; perhaps it was cut")) from None


def _by_task(text: str) -> dict[str, str]:
    solved = dict[str, str]()
    for line in text.split("\n") if text else []:
        word, mark, link = line.partition("?")
        if not mark or not word or word in solved:
            raise ValueError(tr("what it holds is no list of tasks and their links"))
        solved[word] = link
    return solved
