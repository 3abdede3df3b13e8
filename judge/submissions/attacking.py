"""The attack catalogue: hostile programs with the verdicts that they may get.

In charge of: reading `tests/attacks/*.jsonl`. Not in charge of: running them (the tests do so in a sandbox,
`siege.py` through the live site).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from judge.engine import languages

FOLDER = settings.BASE_DIR / "tests" / "attacks"
TIME_LIMIT_MS = 1_000
MEMORY_LIMIT_KB = 256 * 1024


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile program, named after what it does.

    ``tests`` are (stdin, answer) in order. ``follows`` names the attack that must have run before, by the same owner
    where ``same_owner`` is set and by another one else. ``refused`` says that the site does not even take it.
    """

    name: str
    category: str
    language: str
    source: str
    verdicts: tuple[str, ...]
    tests: tuple[tuple[str, str], ...]
    time_limit_ms: int = TIME_LIMIT_MS
    memory_limit_kb: int = MEMORY_LIMIT_KB
    follows: str = ""
    same_owner: bool = False
    refused: bool = False
    what: str = field(default="", compare=False)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Attack":
        """The attack that a line of the catalogue describes.

        `expand` maps a mark in the texts to a pair (text, times), so that a line stays short where an input is long;
        `more` holds further tests.
        """

        def text(value: str) -> str:
            for mark, (piece, times) in row.get("expand", {}).items():
                value = value.replace(mark, piece * times)
            return value

        tests = [(row["stdin"], row["answer"]), *row.get("more", [])]
        optional = ("time_limit_ms", "memory_limit_kb", "follows", "same_owner", "refused", "what")
        return cls(
            name=row["id"],
            category=row["category"],
            language=languages.ALIASES.get(row["language"], row["language"]),
            source=text(row["source"]),
            verdicts=tuple(row["verdicts"]),
            tests=tuple((text(stdin), text(answer)) for stdin, answer in tests),
            **{key: row[key] for key in optional if key in row},
        )


def catalogue(folder: Path = FOLDER) -> dict[str, Attack]:
    """Every attack by name, in the order of the files; an attack stands after the one it follows."""
    found: dict[str, Attack] = {}
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                attack = Attack.of(json.loads(line))
                if attack.name in found:
                    raise ValueError(f"{path}: {attack.name} is there twice")
                if attack.follows and attack.follows not in found:
                    raise ValueError(f"{path}: {attack.name} follows {attack.follows}, which is not before it")
                found[attack.name] = attack
    return found
