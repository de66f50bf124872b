"""Progress files and links on the command line: read, graded, and as a table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corner_lab.cli.keras_import import import_keras
from corner_lab.cli.progress import Show
from corner_lab.export.weights_file import FileError
from corner_lab.tasks.grading import graded
from corner_lab.tasks.progress_file import MAX_BYTES, Solved, read_progress
from corner_lab.tasks.progress_link import is_link, read_link
from corner_lab.tasks.tasks import TASKS

MARKS = {True: "yes", False: "no"}


def progress_of(sources: Sequence[str]) -> tuple[dict[str, Solved], list[FileError]]:
    """The solutions in each file or link that can be read, by its path or as "link 2", which of the links it is, and
    what is wrong with the others."""
    found: dict[str, Solved] = {}
    broken, links = [], 0
    for source in sources:
        links += is_link(source)
        name = f"link {links}" if is_link(source) else source
        try:
            found[name] = read_link(source) if is_link(source) else _in_file(source)
        except (OSError, ValueError) as why:
            broken.append(FileError("progress", name, why))
    return found, broken


def _in_file(path: str) -> Solved:
    with Path(path).open("rb") as file:
        return read_progress(file.read(MAX_BYTES + 1))


def grade_document(files: Mapping[str, Solved], show: Show) -> dict[str, Any]:
    """What `grade --json` prints: the tasks, and for each file what its links come to."""
    show("importing TensorFlow")
    import_keras()
    entries = []
    for number, (path, solved) in enumerate(files.items()):
        show("grading", number, len(files), "file")
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
    files = document["files"]
    widest = max(len("file"), *(len(entry["file"]) for entry in files))
    total = len(document["tasks"])
    lines = [f"{'file':{widest}}  reached  " + " ".join(f"{task['number']:>3}" for task in document["tasks"])]
    for entry in files:
        marks = {one["task"]: MARKS[one["reached"]] for one in entry["links"]}
        cells = " ".join(f"{marks.get(task['task'], '.'):>3}" for task in document["tasks"])
        count = f"{entry['reached']}/{total}"
        lines.append(f"{entry['file']:{widest}}  {count:>7}  {cells}".rstrip())
    titles = {task["task"]: f"task {task['number']}, {task['title']}" for task in document["tasks"]}
    for entry in files:
        for one in entry["links"]:
            if not one["reached"]:
                title = titles.get(one["task"], f"task {one['task'][:40]!r}")
                lines.append(f"{entry['file']}: {title}: {one['found']}")
    return "\n".join(lines)
