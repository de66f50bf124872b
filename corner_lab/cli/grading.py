"""Progress files and links on the command line: read, graded, and as a table."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corner_lab.cli.keras_import import import_keras
from corner_lab.cli.progress import Show
from corner_lab.cli.text_width import columns, padded
from corner_lab.export.weights_file import FileError
from corner_lab.language import msgc, tr, trc
from corner_lab.tasks.grading import graded
from corner_lab.tasks.progress_file import MAX_BYTES, Solved, read_progress
from corner_lab.tasks.progress_link import is_link, read_link
from corner_lab.tasks.tasks import TASKS

# Whether a link reaches its task.
MARKS = {True: msgc("a task is reached", "yes"), False: msgc("a task is reached", "no")}


def progress_of(sources: Sequence[str]) -> tuple[dict[str, Solved], list[FileError]]:
    """The solutions in each file or link that can be read, by its path or as "link 2", which of the links it is, and
    what is wrong with the others."""
    found: dict[str, Solved] = {}
    broken, links = [], 0
    for source in sources:
        links += is_link(source)
        name = tr("link {number}", number=links) if is_link(source) else source
        try:
            found[name] = read_link(source) if is_link(source) else _in_file(source)
        except (OSError, ValueError) as why:
            broken.append(FileError(trc("before the name of a file", "progress"), name, why))
    return found, broken


def _in_file(path: str) -> Solved:
    with Path(path).open("rb") as file:
        return read_progress(file.read(MAX_BYTES + 1))


def grade_document(files: Mapping[str, Solved], show: Show) -> dict[str, Any]:
    """What `grade --json` prints: the tasks, and for each file what its links come to."""
    show(tr("importing TensorFlow"))
    import_keras()
    entries = []
    for number, (path, solved) in enumerate(files.items()):
        show(tr("grading"), number, len(files), "file")
        found = graded(solved)
        entries.append(
            {
                "file": path,
                "reached": sum(one.verdict.reached for one in found),
                "links": [
                    {
                        "task": one.word,
                        "reached": one.verdict.reached,
                        "found": one.verdict.sentence,
                        "link": one.link,
                    }
                    for one in found
                ],
            }
        )
    listed = [{"number": task.number, "task": task.word, "title": task.title} for task in TASKS]
    return {"tasks": listed, "files": entries}


def grade_text(document: Mapping[str, Any]) -> str:
    """A row per file and a column per task: yes, no where a link does not reach it, a point where there is none; below
    it why not."""
    files, tasks = document["files"], document["tasks"]
    head, count = tr("file"), trc("above a column of counts", "reached")
    first, second = max(columns(head), *(columns(entry["file"]) for entry in files)), max(columns(count), 5)
    lines = [_row(head, first, count, second, [str(task["number"]) for task in tasks])]
    for entry in files:
        marks = {one["task"]: str(MARKS[one["reached"]]) for one in entry["links"]}
        cells = [marks.get(task["task"], ".") for task in tasks]
        lines.append(_row(entry["file"], first, f"{entry['reached']}/{len(tasks)}", second, cells).rstrip())
    return "\n".join(lines + list(_why_not(document)))


def _row(name: str, first: int, count: str, second: int, cells: Sequence[str]) -> str:
    """A row: its name and count in columns so wide, and its cells, three wide, each but the name to the right."""
    return "  ".join([padded(name, first), _right(count, second), " ".join(_right(cell, 3) for cell in cells)])


def _right(text: str, width: int) -> str:
    return " " * (width - columns(text)) + text


def _why_not(document: Mapping[str, Any]) -> Iterator[str]:
    """A line for each link that does not reach its task."""
    tasks = {task["task"]: task for task in document["tasks"]}
    for entry in document["files"]:
        for one in entry["links"]:
            if not one["reached"]:
                task, told = tasks.get(one["task"]), {"file": entry["file"], "found": one["found"]}
                if task is None:
                    yield tr("{file}: task {word}: {found}", word=repr(one["task"][:40]), **told)
                else:
                    number, title = task["number"], task["title"]
                    yield tr("{file}: task {number}, {title}: {found}", number=number, title=title, **told)
