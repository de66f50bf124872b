"""Everything that can be chosen, with explanations: what `python -m corner_lab options` prints."""

from collections.abc import Mapping
from typing import Any

from corner_lab.cli.text_width import wrapped
from corner_lab.experiment.experiment import CHECKS, REGISTRIES, Experiment, ExperimentError
from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.language import tr
from corner_lab.network.patterns import NAMED, TARGET_WORDS
from corner_lab.pictures.scenes import KINDS


def all_choices() -> dict[str, Any]:
    """Every field with its default, what is allowed and its registry; the named targets; every scenario."""
    described = ("word", "label", "explanation", "source")
    return {
        "fields": {
            name: {
                "default": default,
                "allowed": allowed(name),
                "choices": [{key: getattr(c, key) for key in described} for c in REGISTRIES.get(name, {}).values()],
            }
            for name, default in Experiment().to_json().items()
        },
        "targets": dict(NAMED),
        "target_words": {word: list(indices) for word, indices in TARGET_WORDS.items()},
        "scene_kinds": [{key: getattr(kind, key) for key in described[:3]} for kind in KINDS.values()],
        "scenarios": [
            {"name": name, "title": s.title, "text": s.text, "outcome": s.outcome, "link": s.experiment.query}
            for name, s in SCENARIOS.items()
        ],
    }


def allowed(name: str) -> str:
    """What a field takes, in the words in which it refuses everything else."""
    try:
        CHECKS[name](name, None)
    except ExperimentError as error:
        return error.allowed
    raise AssertionError(f"{name} takes None")


def choices_text(choices: Mapping[str, Any]) -> str:
    def paragraph(text: str) -> str:
        return "\n".join("      " + line for line in wrapped(text, 94))

    lines: list[str] = []
    for name, field in choices["fields"].items():
        lines.append(tr("{field} (default {value})", field=name, value=_shown(field["default"])))
        for choice in field["choices"]:
            lines.append(
                f"  {choice['word']}  {choice['label']}" if choice["word"] != choice["label"] else f"  {choice['word']}"
            )
            lines.append(paragraph(choice["explanation"]))
            if choice["source"]:
                lines.append(paragraph(f"[{choice['source']}]"))
        if not field["choices"]:
            lines.append(f"  {field['allowed']}")
    lines.append(tr("targets with a name"))
    lines += [f"  {word:<20} {_shown(indices)}" for word, indices in choices["target_words"].items()]
    lines.append(tr("kinds of scenes"))
    for kind in choices["scene_kinds"]:
        lines += [f"  {kind['word']}", paragraph(kind["explanation"])]
    lines.append(tr("scenarios"))
    for scenario in choices["scenarios"]:
        lines.append(f"  {scenario['name']}  {scenario['title']}")
        lines += [paragraph(scenario["text"]), paragraph(scenario["outcome"])]
    return "\n".join(lines)


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).lower()
