"""The editor's modes are the files in judge/frontend/src/modes: a language names one of them."""

from dataclasses import fields
from pathlib import Path

import pytest

from judge.engine.languages import Language, all_languages

MODES = Path(__file__).resolve().parents[2] / "judge" / "frontend" / "src" / "modes"


@pytest.mark.parametrize("language", all_languages().values(), ids=all_languages())
def test_each_language_has_a_mode(language: Language) -> None:
    assert language.editor in {path.stem for path in MODES.glob("*.js")}


def test_a_language_that_names_no_mode_has_one() -> None:
    unnamed = next(field.default for field in fields(Language) if field.name == "editor")
    assert (MODES / f"{unnamed}.js").is_file()


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (MODES.parents[1] / "package-lock.json").read_text()
