"""`manage.py judge_file`: its table, its JSON, its exit codes, and no database anywhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "BROKER_URL": "redis://127.0.0.1:1/0"}
TESTS = '{"stdin": "1 2", "stdout": "3"}\n\n{"stdin": "40 2", "stdout": "42"}\n'
SUM = "print(sum(map(int, input().split())))\n"


def judge_file(
    folder: Path, source: str | bytes, *options: str, tests: str = TESTS
) -> subprocess.CompletedProcess[str]:
    (folder / "solution").write_bytes(source if isinstance(source, bytes) else source.encode())
    (folder / "tests.jsonl").write_text(tests)
    command = [sys.executable, "manage.py", "judge_file", "--tests", str(folder / "tests.jsonl"), *options]
    command += [] if "--language" in options else ["--language", "python3"]
    given = os.environ | NOWHERE
    return subprocess.run(
        [*command, str(folder / "solution")],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("options", "source", "tests", "says"),
    [
        (("--language", "cobol"), SUM, TESTS, "unknown language"),
        (("--checker", "kind"), SUM, TESTS, "unknown checker"),
        (("--time-limit-ms", "0"), SUM, TESTS, "time_limit_ms"),
        ((), b"\xff", TESTS, "not UTF-8"),
        ((), SUM, "", "no test cases"),
        ((), SUM, "nonsense", "line 1: not a test"),
        ((), SUM, '{"stdin": "1"}', "line 1: not a test"),
        ((), SUM, "[1]", "line 1: not a test"),
        ((), SUM, '{"stdin": "1", "stdout": 1}', "not a list of strings"),
    ],
)
def test_what_cannot_be_judged_says_why_and_ends_with_2(
    tmp_path: Path, options: tuple[str, ...], source: str | bytes, tests: str, says: str
) -> None:
    done = judge_file(tmp_path, source, *options, tests=tests)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.docker
def test_a_wrong_program_ends_with_1_and_a_table(tmp_path: Path) -> None:
    done = judge_file(tmp_path, "print(3)")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["1", "AC"], ["2", "WA"]]
    assert "line 1 differs" in lines[2]
    assert lines[-1] == "WA: 1 of 2 tests passed"


@pytest.mark.docker
def test_a_compile_error_shows_the_compilers_text(tmp_path: Path) -> None:
    done = judge_file(tmp_path, "int main(){return nothing;}", "--language", "cpp17")
    assert done.returncode == 1
    assert "nothing" in done.stdout
    assert done.stdout.endswith("CE: 0 of 2 tests passed\n")


@pytest.mark.docker
def test_a_crash_names_its_signal(tmp_path: Path) -> None:
    assert "signal 6" in judge_file(tmp_path, "import os; os.abort()").stdout


@pytest.mark.docker
def test_a_right_program_ends_with_0(tmp_path: Path) -> None:
    done = judge_file(tmp_path, SUM)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("AC: 2 of 2 tests passed\n")


@pytest.mark.docker
def test_json_is_an_answer_of_judge_batch(tmp_path: Path) -> None:
    done = judge_file(tmp_path, SUM, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["verdict"], answer["passed"], len(answer["tests"])) == (0, "AC", 2, 2)


def run_file(folder: Path, source: str, given: bytes = b"", language: str = "python3") -> subprocess.CompletedProcess:
    """Runs `judge_file --stdin`; output as bytes."""
    (folder / "solution").write_text(source)
    (folder / "input").write_bytes(given)
    command = [sys.executable, "manage.py", "judge_file", "--language", language, "--time-limit-ms", "500"]
    command += ["--stdin", str(folder / "input"), str(folder / "solution")]
    return subprocess.run(command, cwd=ROOT, env=os.environ | NOWHERE, capture_output=True, timeout=120, check=False)


def test_tests_and_an_input_exclude_each_other(tmp_path: Path) -> None:
    done = judge_file(tmp_path, SUM, "--stdin", os.devnull)
    assert done.returncode == 2
    assert "not allowed with" in done.stderr


@pytest.mark.docker
def test_an_own_input_goes_through_the_program_byte_by_byte(tmp_path: Path) -> None:
    source = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])\nprint('aside', file=sys.stderr)"
    done = run_file(tmp_path, source, b"\xff\x00\r\nb")
    assert (done.returncode, done.stdout) == (0, b"b\n\r\x00\xff")
    aside, used = done.stderr.decode().splitlines()
    assert aside == "aside"
    assert re.fullmatch(r"\d+ ms CPU, \d+ ms, \d+ KiB", used)


@pytest.mark.docker
@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("print('so far', flush=True)\nraise SystemExit(7)", "RE: exit code 7, "),
        ("print('so far', flush=True)\nwhile True: pass", "TLE: "),
        ("print('so far'", "CE"),
    ],
)
def test_a_run_that_fails_ends_with_1_and_says_how(tmp_path: Path, source: str, says: str) -> None:
    done = run_file(tmp_path, source)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1].startswith(says)
    assert done.stdout == (b"" if says == "CE" else b"so far\n")
