"""The sample problems that ship with the project: their rows are whole, and their references pass every test."""

import ast
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from problems.generating import SUBSETS
from problems.row_files import SCHEMA
from problems.sources import ProblemSpec, kodcode

SAMPLES = Path(__file__).parents[2] / "problems" / "samples" / "problems.jsonl"
MOST_BYTES = 600_000
MOST_INPUT_CHARACTERS = 20_000

with SAMPLES.open(encoding="utf-8") as lines:
    ROWS: list[dict[str, Any]] = [json.loads(line) for line in lines]
each_row = pytest.mark.parametrize("row", ROWS, ids=[row["question_id"] for row in ROWS])


def cases(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The row's pairs of input and answer."""
    test = ast.literal_eval(row["test"])
    return list(zip(test["stdin"], test["stdout"], strict=True))


def failed(solution: str, tests: list[tuple[str, str]]) -> list[int]:
    """The indices of the tests that ``solution`` does not pass under the judge's floor interpreter."""
    return [index for index, (stdin, stdout) in enumerate(tests) if not passes(solution, stdin, stdout)]


def passes(solution: str, stdin: str, stdout: str) -> bool:
    """Whether one run ends well, within 10 s, with this answer."""
    run = subprocess.run(
        ["/usr/bin/python3", "-c", solution], input=stdin, capture_output=True, text=True, timeout=10, check=False
    )
    return run.returncode == 0 and run.stdout.strip() == stdout.strip()


@each_row
def test_no_hidden_test_is_shown_in_the_statement(row: dict[str, Any]) -> None:
    shown = [stdin.strip() in row["question"] and stdout.strip() in row["question"] for stdin, stdout in cases(row)]
    samples = row["question"].count("## Sample Input")
    assert shown == [True] * samples + [False] * (len(shown) - samples)
    assert samples >= 1


@pytest.mark.parametrize("wrong", ["", "0", "{answer} 0", "{answer}0"])
def test_a_wrong_expected_answer_is_noticed(wrong: str) -> None:
    tests = cases(ROWS[0])
    tests[3] = (tests[3][0], wrong.format(answer=tests[3][1].strip()))
    assert failed(ROWS[0]["solution"], tests) == [3]


@each_row
def test_the_reference_passes_every_test(row: dict[str, Any]) -> None:
    assert failed(row["solution"], cases(row)) == []


def test_there_are_24_problems_of_every_subset() -> None:
    assert len(ROWS) == 24
    assert {row["subset"] for row in ROWS} == set(SUBSETS)


def test_there_is_something_for_everyone() -> None:
    difficulties = [row["gpt_difficulty"] for row in ROWS]
    assert {name: difficulties.count(name) for name in difficulties} == {"easy": 10, "medium": 9, "hard": 5}


@pytest.mark.parametrize("title", [lambda row: row["question_id"], lambda row: row["question"].splitlines()[0]])
def test_nothing_is_named_twice(title: Any) -> None:
    assert len({title(row) for row in ROWS}) == len(ROWS)


def test_the_file_stays_small() -> None:
    assert SAMPLES.stat().st_size < MOST_BYTES


@each_row
def test_the_row_has_the_schema_of_version_1_1(row: dict[str, Any]) -> None:
    assert list(row) == SCHEMA.names
    assert pa.Table.from_pylist([row], schema=SCHEMA).to_pylist()[0].keys() == row.keys()
    assert (row["version"], row["style"]) == ("v1.1", "online_judge")


@each_row
def test_the_id_names_subset_and_style(row: dict[str, Any]) -> None:
    subset, number, style = row["question_id"].rsplit("_", 2)
    assert (subset, style) == (row["subset"], "OJ")
    assert number.isdecimal()


@each_row
def test_the_gpt_columns_agree(row: dict[str, Any]) -> None:
    passed = row["gpt_pass_sequence"]
    fraction = sum(passed) / len(passed)
    assert row["gpt_pass_trial_num"] == sum(passed)
    assert row["gpt_pass_percentage"] == fraction
    assert row["gpt_difficulty"] == ("easy" if fraction >= 2 / 3 else "hard" if fraction < 1 / 3 else "medium")


@each_row
def test_the_statement_has_its_parts(row: dict[str, Any]) -> None:
    question = row["question"]
    assert question.startswith("# ")
    assert question.index("\n## Input\n") < question.index("\n## Output\n") < question.index("\n## Sample Input")


@each_row
def test_there_are_enough_different_tests_of_bounded_size(row: dict[str, Any]) -> None:
    tests = cases(row)
    assert 8 <= len(tests) <= 15
    assert len({stdin for stdin, _ in tests}) == len(tests)
    assert all(len(stdin) < MOST_INPUT_CHARACTERS for stdin, _ in tests)


@each_row
def test_test_info_names_the_top_level_functions(row: dict[str, Any]) -> None:
    functions = [node.name for node in ast.parse(row["solution"]).body if isinstance(node, ast.FunctionDef)]
    assert [each["function_name"] for each in row["test_info"] or []] == functions


def test_the_importer_takes_every_row() -> None:
    assert [type(each) for each in kodcode.read(str(SAMPLES))] == [ProblemSpec] * len(ROWS)
