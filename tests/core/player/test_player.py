"""The player: one HTML file with all that it needs in it, and nothing that a title or a link says can run."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import struct
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from corner_lab.cli import commands
from corner_lab.cli.progress import Show
from corner_lab.cli.sigint import Interrupts
from corner_lab.diagnostics import findings
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.export.keras_script import script_of
from corner_lab.player import js_modules, page, played, stage_script
from corner_lab.player.page import LOCAL_APP, app_address
from corner_lab.training.run import Run

SOLVED = "labels=aligned&head=sigmoid&loss=binary_crossentropy&epochs=1000"


class Reader(HTMLParser):
    """The elements of a file in their order, each with its attributes and the text in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self._open: list[int] = []
        self.feed(text)
        self.close()
        assert self._open == [], "not every element ends"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link"):
            self._open.append(len(self.elements))
        self.elements.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for i in self._open:
            self.elements[i] = (*self.elements[i][:2], self.elements[i][2] + data)

    def all(self, tag: str, **wanted: str) -> list[str]:
        """The text of the elements with this tag and these attributes."""
        classes = {name.replace("_", "-").rstrip("-"): value for name, value in wanted.items()}
        return [text for found, attrs, text in self.elements if found == tag and classes.items() <= attrs.items()]


def unfolded(text: str) -> bytes:
    return gzip.decompress(base64.b64decode(text))


def headers(file: Reader) -> list[dict[str, object]]:
    records = [unfolded(text) for text in file.all("script", class_="record")]
    return [json.loads(data[4 : 4 + struct.unpack("<I", data[:4])[0]]) for data in records]


def columns_of(block: bytes) -> np.ndarray:
    """The numbers of a record as a file holds it, (columns, rows): planes of bytes, the change of the change."""
    start = 4 + struct.unpack("<I", block[:4])[0]
    header = json.loads(block[4:start])
    planes = np.frombuffer(block[start:], "u1").reshape(len(header["columns"]), 4, header["rows"]).astype("u4")
    words = planes[:, 0] + planes[:, 1] * 256 + planes[:, 2] * 256**2 + planes[:, 3] * 256**3
    for row in range(1, words.shape[1]):
        words[:, row] += words[:, row - 1]
    for row in range(1, words.shape[1]):
        words[:, row] += words[:, row - 1]
    return words.astype("<u4").view("<f4")


def allowed(file: Reader) -> dict[str, list[str]]:
    """The file's policy, by directive."""
    (policy,) = [a["content"] or "" for _, a, _ in file.elements if a.get("http-equiv") == "Content-Security-Policy"]
    return {words[0]: words[1:] for words in (part.split() for part in policy.split("; "))}


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_is_a_file_with_1000_epochs_small_and_all_in_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CORNER_LAB_URL", raising=False)
    output = tmp_path / "runs.html"
    link = f"http://lab.example.org/x/?{SOLVED}&v=1&pixels=176&epoch=900"
    words = ["player", "--link", link, "--scenario", "as asked", "--output", str(output)]
    assert commands.main(words) == 0
    size = len(output.read_bytes())
    assert capsys.readouterr().out == f"{output}: 2 runs, {size / 1000:,.0f} kB\n" and size <= 400_000
    file = Reader(output.read_text())

    # Nothing is loaded from elsewhere, and only what stands in the file may run.
    places = [value or "" for _, attrs, _ in file.elements for name, value in attrs.items() if name in ("src", "href")]
    icon, *links = places
    assert icon.startswith("data:image/svg+xml;base64,")
    back = f"http://lab.example.org/x/?{SOLVED}&v=1&pixels=176&epoch=900"
    assert links == [back_with(back), "http://lab.example.org/x/?v=1&epoch=100"]
    policy = allowed(file)
    (loader,) = file.all("script", type="module")
    program = unfolded(*file.all("script", id="program")).decode()
    (style,) = file.all("style")
    (sheet,) = re.findall(r'^const STYLE = (".*");$', program, re.MULTILINE)
    assert policy == {
        "default-src": ["'none'"],
        "script-src": [sha256(loader), sha256(program)],
        "style-src": [sha256(style), sha256(json.loads(sheet))],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    assert {attrs.get("type") for tag, attrs, _ in file.elements if tag == "script"} == {"application/gzip", "module"}
    assert not [name for _, attrs, _ in file.elements for name in attrs if name.startswith("on") or name == "style"]

    # The stage's own modules, to the letter, and the runs, row by row.
    for path, source in js_modules.sources("stage/app/main.js").items():
        bare = re.sub(r"^export (default )?", "", js_modules.IMPORT.sub("", source), flags=re.MULTILINE)
        assert bare.replace('STYLE = ""', f"STYLE = {sheet}") in program, path
    solved, asked = headers(file)
    assert (solved["format"], solved["rows"], solved["at"], solved["pixels"]) == (1, 1001, 900, 176)
    assert (asked["rows"], asked["at"], asked["pixels"], asked["guest"], asked["actions"]) == (101, 100, None, True, {})
    run = Run(SCENARIOS["as asked"].experiment).train()
    assert run.history is not None
    columns = columns_of(unfolded(file.all("script", class_="record")[1]))
    names = list(asked["columns"])  # type: ignore[call-overload]
    np.testing.assert_array_equal(columns[names.index("loss")], run.history.column("loss"))

    # In words: the outcome, the findings, the command, the script.
    text = file.all("article")[1]
    issues = [finding for finding in findings(run) if finding.status == "issue"]
    assert len(issues) >= 2 and all(finding.sentence in text for finding in issues)
    assert "511 of 512 right" in text and "Every output meets every label" in text
    commands_told = [told for told in file.all("code") if told.startswith("python")]
    assert commands_told == [f"python -m corner_lab train --link '{trained(back)}'", "python -m corner_lab train"]
    assert file.all("pre")[1].startswith('"""') and "keras" in file.all("pre")[1]
    assert file.all("button", class_="choose")[1] == SCENARIOS["as asked"].title


def back_with(link: str) -> str:
    """The link as the app writes it."""
    from corner_lab.export.share_link import query, read

    found, errors = read(link)
    assert not errors
    return f"{link.split('?')[0]}?{query(found)}"


def trained(link: str) -> str:
    return back_with(link).split("?")[1].split("&v=1")[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scenario", "as asked", "nonsense"], "scenario 'nonsense': allowed are "),
        (["--link", "labels=aligned", "labels=wrong"], "labels 'wrong': "),
        (["--link", "http://[/?labels=aligned"], "neither a URL nor a query string"),
        (["--output", "{folder}/none/file.html"], "--output '{folder}/none/file.html': no such file or directory"),
        (["--output", "{folder}"], "is a directory"),
        ([], "the following arguments are required: --output"),
    ],
)
def test_is_what_cannot_be_refused_in_a_sentence_before_anything_is_trained(
    words: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commands, "_trained", never)
    output = ["--output", str(tmp_path / "file.html")] if words and "--output" not in words else []
    assert commands.main(["player", *(word.format(folder=tmp_path) for word in words), *output]) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == "" and line.startswith("error: ") and said.format(folder=tmp_path) in line
    assert list(tmp_path.iterdir()) == []


def never(*_: object) -> NoReturn:
    raise AssertionError("nothing is to be trained")


@pytest.mark.parametrize("command", ["player", "story", "site"])
def test_does_an_installed_package_say_that_such_files_need_a_checkout(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_trained", never)
    monkeypatch.setattr(stage_script, "COMPONENTS", tmp_path / "site-packages/ui/components")
    assert commands.main([command, "--output", str(tmp_path / "file.html")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"run `python -m corner_lab {command}` in a checkout of Corner Lab" in line


def test_does_what_a_title_or_a_link_says_stay_text() -> None:
    evil = "</script></title></style><img src=x onerror=alert(1)>\"'&"
    run = Run(Experiment(epochs=1)).train()
    plain, forged = played(run, "a title"), played(run, evil)
    forged = replace(forged, words=f'{evil}"onclick="x', training=evil, outcome=(evil, evil), script=evil)
    before, after = Reader(page([plain] * 2, "http://x/")), Reader(page([forged] * 2, f'http://x/"{evil}'))
    assert [tag for tag, _, _ in after.elements] == [tag for tag, _, _ in before.elements]
    assert [sorted(attrs) for _, attrs, _ in after.elements] == [sorted(attrs) for _, attrs, _ in before.elements]
    assert allowed(after) == allowed(before)
    assert after.all("button", class_="choose") == [evil, evil] and evil in after.all("title")[0]
    assert headers(after)[0]["title"] == evil and evil in after.all("pre")[0]
    assert script_of(run) in before.all("pre")[0]


@pytest.mark.parametrize(
    ("links", "address"),
    [
        (
            ["?labels=aligned", "https://lab.example.org:8443/x/?a=b#c", "http://other.org/"],
            "https://lab.example.org:8443/x/",
        ),
        (["javascript://lab.example.org/%0aalert(1)", "http://[", "http://me:pw@host/", "http://h:port/"], LOCAL_APP),
        (["http://lab.example.org"], "http://lab.example.org/"),
    ],
)
def test_does_the_file_lead_back_to_where_its_link_is_from(links: list[str], address: str) -> None:
    assert app_address(*links) == address


def test_does_ctrl_c_leave_a_file_of_what_is_trained_by_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(run: Run, interrupts: Interrupts, show: Show) -> None:
        run.train()
        interrupts.seen = 1

    monkeypatch.setattr(commands, "_trained", pressed)
    output = str(tmp_path / "file.html")
    assert commands.main(["player", "--link", "epochs=2", "epochs=3", "--output", output]) == 130
    assert capsys.readouterr().out.startswith(f"{output}: 1 run, ")
    assert [header["last"] for header in headers(Reader(Path(output).read_text()))] == [2]
