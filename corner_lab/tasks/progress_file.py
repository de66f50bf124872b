"""Files of progress: for each task that was reached the link that stands for it. What is wrong with one is said."""

import json
from collections.abc import Mapping

from corner_lab.language import tr

FORMAT, VERSION = "corner-lab-tasks", 1
MAX_BYTES = 200_000  # one has about five thousand
LONGEST = 8_000  # characters of a link

Solved = Mapping[str, str]  # the query string of a link, by the word of a task


def progress_text(solved: Solved) -> str:
    """What was reached, as the JSON that can be read here again."""
    return json.dumps({"format": FORMAT, "version": VERSION, "solved": dict(solved)}, indent=2) + "\n"


def read_progress(data: bytes) -> dict[str, str]:
    """The links in the bytes of a file, by task, unchecked. Raises ValueError with what is wrong."""
    if len(data) > MAX_BYTES:
        most = f"{MAX_BYTES:,}"
        raise ValueError(tr("a progress file takes less than {most} bytes, this one has more", most=most))
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(tr("not a JSON file; expected is what the page Tasks saves")) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(tr("no progress file: its format is not {format}", format=repr(FORMAT)))
    if document.get("version") != VERSION:
        raise ValueError(other_version(str(document.get("version")), VERSION))
    return links(document.get("solved"))


def other_version(there: str, read: object) -> str:
    """What is wrong with something of another version than is read here."""
    return tr("of version {there}; this Corner Lab reads version {read}", there=there[:20], read=read)


def links(solved: object) -> dict[str, str]:
    """Links by task, where a JSON value is such. Raises ValueError."""
    if not isinstance(solved, dict) or len(solved) > 100:
        raise ValueError(tr("its solved is no JSON object of links by task"))
    for word, link in solved.items():
        if not isinstance(link, str) or len(link) > LONGEST:
            told = {"word": repr(word[:40]), "longest": f"{LONGEST:,}"}
            raise ValueError(tr("the link of {word} is no text of up to {longest} characters", **told))
    return dict(solved)
