"""The command `import_kodcode`: what it refuses, and what it says."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from problems import importing
from problems.models import ImportRun, Problem, RunStatus
from problems.options import Options
from problems.sources import kodcode

pytestmark = pytest.mark.django_db

GOOD = kodcode.EXAMPLES[0][0]


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return GOOD | {"question_id": f"Taco_{number}_OJ"} | changes


def jsonl(folder: Path, *rows: dict[str, Any]) -> str:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("import_kodcode", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["missing.jsonl", "notes.txt", "broken.parquet"])
def test_the_command_ends_with_a_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"not parquet")
    with pytest.raises(CommandError, match=name):
        command(str(tmp_path / name))
    assert set(ImportRun.objects.values_list("status", flat=True)) <= {RunStatus.FAILED}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--limit", "0"], "--limit"),
        (["--min-pass", "1.5"], "--min-pass"),
        (["--style", "essay"], "essay"),
        (["--split", "test"], "test"),
        (["--run", "7"], "SOURCE"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(tmp_path: Path, arguments: list[str], word: str) -> None:
    with pytest.raises(CommandError, match=word):
        command(jsonl(tmp_path, row(1)), *arguments)


@pytest.mark.parametrize("option", ["--run", "--undo"])
def test_the_command_says_that_a_run_is_unknown(option: str) -> None:
    with pytest.raises(CommandError, match="no import run 7"):
        command(option, "7")


def test_the_command_wants_something_to_do() -> None:
    with pytest.raises(CommandError, match="SOURCE"):
        command()


def test_the_command_leaves_out_what_the_options_say(tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, style="instruct", test="def test(): ..."),
        row(3, subset="Apps"),
        row(4, gpt_difficulty="hard"),
        row(5, gpt_pass_percentage=0.5),
        row(6, filter_reason="too easy"),
    ]
    source = jsonl(tmp_path, *rows)
    said = command(
        source,
        *("--style", "online_judge", "--subset", "Taco", "--subset", "Evol", "--difficulty", "easy"),
        *("--min-pass", "0.9", "--split", "train"),
    )
    assert Problem.objects.get().question_id == "Taco_1_OJ"
    assert said.split()[-5:] == ["read", "1", "Left", "out", "5"]


def test_the_command_runs_a_run_that_waits(tmp_path: Path) -> None:
    run = importing.queue(jsonl(tmp_path, row(1), row(2)), Options(limit=1))
    command("--run", str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.imported, run.left_out) == (RunStatus.FINISHED, 1, 1)


def test_the_command_undoes_a_run(tmp_path: Path) -> None:
    command(jsonl(tmp_path, row(1), row(2)))
    said = command("--undo", str(ImportRun.objects.get().pk))
    assert said.split()[:2] == ["Removed", "2"]
    assert not Problem.objects.exists()


def test_the_command_says_that_there_is_nothing_to_undo(tmp_path: Path) -> None:
    run = importing.queue(jsonl(tmp_path, row(1)), Options())
    with pytest.raises(CommandError, match="nothing that could be undone"):
        command("--undo", str(run.pk))


def test_the_command_shows_fates_and_reasons(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1), row(2, test=""), row(3, test=""), row(4, solution=""))
    lines = [line.split() for line in command(source).splitlines() if line]
    assert lines[:7] == [
        ["Imported", "1"],
        ["Updated", "0"],
        ["Unchanged", "0"],
        ["Quarantined", "1"],
        ["Rejected", "2"],
        ["Rows", "read", "4"],
        ["Left", "out", "0"],
    ]
    assert lines[8:] == [["2", "Rejected:", "no", "test"], ["1", "Quarantined:", "no", "reference", "solution"]]


def test_the_command_says_that_a_dry_run_wrote_nothing(tmp_path: Path) -> None:
    assert "no problem was written" in command(jsonl(tmp_path, row(1)), "--dry-run")
    assert not Problem.objects.exists()
