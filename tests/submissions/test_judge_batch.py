"""`manage.py judge_batch` as a machine uses it: real programs, the real sandbox, and no database anywhere."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "BROKER_URL": "redis://127.0.0.1:1/0"}

Line = dict[str, Any]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "judge_batch", *map(str, arguments)]
    given = os.environ | NOWHERE | environment
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=300, check=False)


def judge(folder: Path, lines: list[Line | str]) -> list[Line]:
    """The answers to ``lines``; a string is a line as it is."""
    given, got = folder / "in.jsonl", folder / "out.jsonl"
    given.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines))
    done = run(given, got)
    assert done.returncode == 0, done.stderr
    assert f"{len(lines)}/{len(lines)}" in done.stderr
    return [json.loads(line) for line in got.read_text().splitlines()]


def program(source: str, *tests: tuple[str, str], **fields: Any) -> Line:
    stdin, stdout = zip(*tests, strict=True)
    return {"id": source[:20], "language": "python3", "source": source} | {
        "tests": {"stdin": list(stdin), "stdout": list(stdout)}, **fields
    }  # fmt: skip


@pytest.fixture(scope="session")
def references(shared_data: Path) -> list[Line]:
    """The dataset-shaped problems with their reference solutions, as lines."""
    rows = parquet.read_table(shared_data / "kodcode_shaped_oj.parquet").to_pylist()
    lines = []
    for row in rows:
        tests = ast.literal_eval(row["test"])
        lines.append({"id": row["question_id"], "language": "python3", "source": row["solution"], "tests": tests})
    return lines


def test_one_file_for_both_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "same.jsonl"
    path.write_text(json.dumps(program("print(1)", ("", "1"))))
    done = run(path, path)
    assert done.returncode == 1
    assert "the same file" in done.stderr
    assert path.read_text() != ""


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing.jsonl", tmp_path / "out.jsonl")
    assert done.returncode == 1
    assert "No such file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.docker
def test_a_missing_image_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(program("print(1)", ("", "1"))))
    done = run(path, tmp_path / "out.jsonl", SANDBOX_IMAGE="kodjudge-no-such-image")
    assert done.returncode == 1
    assert "no sandbox image" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.docker
def test_bad_lines_stand_between_good_ones(tmp_path: Path) -> None:
    good = program("print(input())", ("5", "5"))
    answers = judge(tmp_path, [good, "nonsense", good | {"language": "cobol"}, good | {"tests": {}}, good])
    assert [answer["verdict"] for answer in answers] == ["AC", None, None, None, "AC"]
    assert [bool(answer["error"]) for answer in answers] == [False, True, True, True, False]


@pytest.mark.docker
def test_programs_that_misbehave_get_their_verdicts(tmp_path: Path) -> None:
    one = ("5\n", "5")
    answers = judge(
        tmp_path,
        [
            program("print(6)", one),
            program("while True: pass", one, one, one, time_limit_ms=300),
            program("x = bytearray(1 << 30)", one),
            program("while True: print('x' * 1000)", one),
            program("import os; os.abort()", one),
            program("raise SystemExit(3)", one),
            program("print(", one),
            program("int main(){", one, language="cpp17"),
        ],
    )
    assert [answer["verdict"] for answer in answers] == ["WA", "TLE", "MLE", "OLE", "RE", "RE", "CE", "CE"]
    assert [test["verdict"] for test in answers[1]["tests"]] == ["TLE", "TLE", None]
    assert answers[3]["tests"][0]["cut"] == ["stdout"]
    assert [answers[4]["tests"][0]["signal"], answers[5]["tests"][0]["exit_code"]] == [6, 3]
    assert "SyntaxError" in answers[6]["compile_output"]
    assert "error" in answers[7]["compile_output"]


@pytest.mark.docker
def test_every_reference_is_accepted(tmp_path: Path, references: list[Line]) -> None:
    answers = judge(tmp_path, list(references))
    assert [answer["id"] for answer in answers] == [line["id"] for line in references]
    assert {answer["id"]: answer["verdict"] for answer in answers if answer["verdict"] != "AC"} == {}
    assert all(answer["passed"] == answer["total"] == len(answer["tests"]) for answer in answers)


@pytest.mark.docker
def test_every_reference_is_wrong_where_one_character_of_an_answer_changes(
    tmp_path: Path, references: list[Line]
) -> None:
    changed = []
    for line in references:
        stdout = list(line["tests"]["stdout"])
        last = stdout[-1].rstrip()
        stdout[-1] = last[:-1] + ("y" if last.endswith("x") else "x")
        changed.append(line | {"tests": line["tests"] | {"stdout": stdout}})
    answers = judge(tmp_path, changed)
    assert {answer["id"]: answer["verdict"] for answer in answers if answer["verdict"] != "WA"} == {}
    assert all(answer["passed"] == answer["total"] - 1 for answer in answers)
