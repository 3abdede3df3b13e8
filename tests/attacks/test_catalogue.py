"""The catalogue itself: readable, whole, and of attacks that mean something."""

import json
from pathlib import Path

import pytest

from judge.engine import languages
from judge.engine.verdicts import Verdict
from judge.submissions.attacking import FOLDER, Attack, catalogue

ROW = {"id": "x_py", "category": "control", "language": "python3", "source": "", "verdicts": ["AC"], "stdin": ""}
ROW |= {"answer": "", "what": ""}


def write(folder: Path, *rows: dict[str, object]) -> Path:
    (folder / "some.jsonl").write_text("".join(json.dumps(ROW | row) + "\n" for row in rows))
    return folder


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        catalogue(write(tmp_path, {}, {}))


def test_an_attack_before_the_one_it_follows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not before it"):
        catalogue(write(tmp_path, {"follows": "y_py"}, {"id": "y_py"}))


def test_long_texts_are_expanded(tmp_path: Path) -> None:
    row = {"expand": {"@A@": ["7\n", 3]}, "stdin": "@A@", "answer": "-@A@", "more": [["@A@", "1"]]}
    assert catalogue(write(tmp_path, row))["x_py"].tests == (("7\n7\n7\n", "-7\n7\n7\n"), ("7\n7\n7\n", "1"))


def test_our_own_attacks_are_twice_as_many_as_those_that_we_were_given() -> None:
    given, own = (len((FOLDER / name).read_text().splitlines()) for name in ("attacks.jsonl", "more_attacks.jsonl"))
    assert given == 56
    assert own >= 2 * given


@pytest.mark.parametrize("attack", catalogue().values(), ids=lambda attack: attack.name)
def test_entry(attack: Attack) -> None:
    assert attack.verdicts
    assert {Verdict(verdict) for verdict in attack.verdicts} <= set(Verdict) - {Verdict.IE}
    assert attack.language in languages.all_languages()
    assert attack.what
