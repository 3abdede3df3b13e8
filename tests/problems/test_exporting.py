"""Exports out of real Postgres."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from problems import exporting
from problems.exporting import Wanted
from problems.models import Problem, Split, State, Style, Trials
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.packing import pack

pytestmark = pytest.mark.django_db

Make = Callable[..., Problem]


def rows(tmp_path: Path, **wanted: Any) -> list[dict[str, Any]]:
    out = tmp_path / "out.jsonl"
    exporting.export(out, Wanted(**wanted).problems(), force=True)
    return [json.loads(line) for line in out.read_text().splitlines()]


def ids(tmp_path: Path, **wanted: Any) -> list[str]:
    return [row["question_id"] for row in rows(tmp_path, **wanted)]


@pytest.fixture
def four(make_problem: Make) -> list[Problem]:
    """One of a kind each."""
    return [
        make_problem(pass_percentage=0.25, tags=["a", "b"], verified=True),
        make_problem(subset="Taco", difficulty="hard", state=State.HIDDEN, pass_percentage=0.75),
        make_problem(split=Split.USE_WITH_CAUTION, filter_reason="odd", curated_fields=["title"], tags=["c"]),
        make_problem(style=Style.INSTRUCT, tests=[], raw_test="def test_f(): ...", judgeable=False),
    ]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"styles": ["instruct"]}, [4]),
        ({"subsets": ["Taco", "Docs"]}, [2]),
        ({"splits": ["train"]}, [1, 2, 4]),
        ({"difficulties": ["hard"]}, [2]),
        ({"states": ["published"], "styles": ["online_judge"]}, [1, 3]),
        ({"tags": ["b", "c"]}, [1, 3]),
        ({"verified": True}, [1]),
        ({"verified": False}, [2, 3, 4]),
        ({"curated": True}, [3]),
        ({"curated": False}, [1, 2, 4]),
        ({"min_pass": 0.25}, [1, 2]),
        ({"min_pass": 0.5}, [2]),
    ],
)
def test_what_is_wanted_is_exported(
    four: list[Problem], tmp_path: Path, wanted: dict[str, Any], numbers: list[int]
) -> None:
    assert ids(tmp_path, **wanted) == [four[number - 1].question_id for number in numbers]


def test_rows_stand_in_the_order_of_the_problems(make_problem: Make, tmp_path: Path) -> None:
    problems = [make_problem() for _ in range(5)]
    # An update moves a row to the table's end.
    Problem.objects.filter(pk=problems[0].pk).update(title="Moved")
    assert ids(tmp_path) == [problem.question_id for problem in problems]


def test_tests_stand_in_their_order(make_problem: Make, tmp_path: Path) -> None:
    problem = make_problem(tests=[(f"{number}\n", "", number == 11) for number in range(12)])
    Case.objects.filter(problem=problem, position=1).delete()
    Case.objects.create(problem=problem, position=1, stdin="first\n", stdout="x")
    row = rows(tmp_path)[0]
    assert row["test"] == str({"stdin": ["first\n", *(f"{n}\n" for n in range(1, 12))], "stdout": ["x", *[""] * 11]})
    assert json.loads(row["kodjudge"])["samples"] == [12]


def test_trials_are_exported_where_they_are_kept(make_problem: Make, tmp_path: Path) -> None:
    trial = {
        "file_source": "x",
        "solution_code": "print(1)",
        "test_code": "",
        "test_coverage": 100.0,
        "test_result": "Pass",
    }
    Trials.objects.create(
        problem=make_problem(), data=pack(json.dumps({"trial_gpt4o_0": trial, "trial_gpt4o_1": None}))
    )
    make_problem()
    first, second = (row["trials"] for row in rows(tmp_path))
    assert (first["trial_gpt4o_0"], first["trial_gpt4o_1"]) == (trial, None)
    assert second is None


def test_progress_hears_of_each_row(four: list[Problem], tmp_path: Path) -> None:
    heard: list[int] = []
    count = exporting.export(tmp_path / "out.parquet", Problem.objects.all(), progress=heard.append)
    assert (count, sum(heard)) == (4, 4)


def command(*arguments: object) -> str:
    out = StringIO()
    call_command("export_kodcode", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_wrote_and_under_which_licence(four: list[Problem], tmp_path: Path) -> None:
    said = command(tmp_path / "out.jsonl", "--style", "online_judge", "--min-pass", "0.1", "--no-curated")
    assert "2 rows in" in said
    assert "CC BY-NC 4.0" in said


def test_the_command_overwrites_nothing_unless_it_is_told_to(four: list[Problem], tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("mine")
    with pytest.raises(CommandError, match="--force"):
        command(out)
    assert out.read_text() == "mine"
    command(out, "--force")
    assert len(out.read_text().splitlines()) == 4


def test_the_command_names_the_kinds_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"name it \.parquet, \.jsonl"):
        command(tmp_path / "out.csv")


def test_the_command_says_why_it_cannot_write(four: list[Problem], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CommandError, match="can't be written"):
        command(tmp_path / "file" / "out.jsonl")


@pytest.mark.parametrize("arguments", [["--state", "secret"], ["--min-pass", "half"], ["--style", "poem"]])
def test_the_command_refuses_what_there_is_not(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        command(tmp_path / "out.jsonl", *arguments)
