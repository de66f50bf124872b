"""The documents for contributors: every path they name is there, and so is every name they say is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (ROOT, ROOT / "corner_lab", ROOT / "ui", ROOT / "ui/components", ROOT / "ui/components/stage")
PATH = r"[\w.-][\w./-]*"
FULL = re.compile(rf"(?<![\w./])(?:corner_lab|ui|tests|tools|docs|benchmarks)/{PATH}")
QUOTED = re.compile(rf"`({PATH}(?:/|\.(?:py|js|css|md|toml|txt|yml|yaml)))`")
NAMES = re.compile(rf"`({PATH}\.(?:py|js))` \(((?:`\w+`(?:, )?)+)\)")


def paths(text: str) -> set[str]:
    """Whatever begins with one of the folders, and whatever stands in backticks and looks like a file or a folder."""
    return {path.rstrip(".") for path in FULL.findall(text)} | set(QUOTED.findall(text))


@pytest.mark.parametrize(
    "name",
    [
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "README.md",
        "README.zh.md",
        "docs/deploy.md",
        "docs/embed.md",
        "ui/components/stage/README.md",
    ],
)
def test_is_every_path_there(name: str) -> None:
    text = (ROOT / name).read_text()
    gone = {path for path in paths(text) if not any((room / path).exists() for room in ROOMS)}
    assert not gone, name


def held(readme: str) -> dict[str, set[str]]:
    """What a README has in any language: commands and code without their comments, words in backticks, where links and
    pictures lead, and numbers with a point or of several digits."""
    text = (ROOT / readme).read_text()
    code = [*re.findall(r"^ {4}\S.*", text, re.MULTILINE), *re.findall(r"```python\n(.*?)```", text, re.DOTALL)]
    lines = {re.sub(r" +#.*", "", line).strip() for part in code for line in part.splitlines()}
    return {
        "code": lines,
        "words": set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)),
        "links": {link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("README")},
        "figures": set(re.findall(r"\d[\d.,e-]*\d", text)),
    }


def test_has_the_chinese_readme_the_commands_links_and_figures_of_the_english_one() -> None:
    english, chinese = held("README.md"), held("README.zh.md")
    assert english == chinese and all(len(found) > 5 for found in english.values())
    for readme, other in (("README.md", "README.zh.md"), ("README.zh.md", "README.md")):
        assert f"({other})" in (ROOT / readme).read_text().split("\n")[2]


def test_is_every_name_where_contributing_says_it_is() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = [(path, name) for path, names in NAMES.findall(text) for name in re.findall(r"\w+", names)]
    assert len(named) >= 15
    sources = {path: (ROOT / path).read_text() for path, _ in named}
    assert not [
        (p, n) for p, n in named if not re.search(rf"\b(?:def|class|function) {n}\b|^\s+{n}\(", sources[p], re.M)
    ]


def test_does_contributing_read_the_spine_in_the_order_of_architecture() -> None:
    (spine,) = re.findall(r"The spine, in reading order: (.*?)\.\n", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL)
    (afternoon,) = re.findall(
        r"Read the spine in this order(.*?)\n3\. ", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL
    )
    assert re.findall(r"(\w+)\.py`", afternoon) == re.findall(r"`(\w+)`", spine)


def test_has_a_newcomer_ten_questions() -> None:
    (table,) = re.findall(r"## Ten questions.*?\|---\|---\|\n(.*)", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    rows = table.strip().splitlines()
    assert len(rows) == 10
    for row in rows:
        question, answer = row.strip("| ").split(" | ")
        assert question.endswith("?") and 1 <= len(paths(answer)) <= 4
