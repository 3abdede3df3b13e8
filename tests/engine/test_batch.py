"""The machine's port: what a bad line is, and that order, memory and retries are as promised."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from judge.engine import batch
from judge.engine.batch import judge_line, judge_lines
from judge.engine.errors import ImageMissing, SandboxLost
from judge.engine.types import Compilation, Limits, RunResult
from judge.engine.verdicts import Ended

KEYS = ["id", "verdict", "passed", "total", "tests", "compile_output", "error"]


class Echo:
    """A sandbox in which every program prints what it reads; `faults` are raised by the next runs instead."""

    def __init__(self, *faults: Exception, compilation: Compilation | None = None, stderr: bytes = b"") -> None:
        self.owners: list[str] = []
        self.limits: list[Limits] = []
        self._faults = list(faults)
        self._compilation = compilation or Compilation(ok=True)
        self._stderr = stderr

    @contextmanager
    def open(self, owner: str) -> Iterator["Echo"]:
        self.owners.append(owner)
        yield self

    def close(self) -> None:
        """Nothing to close."""

    def load(self, language: object, source: bytes) -> Compilation:
        return self._compilation

    def run(self, stdin: bytes, limits: Limits) -> RunResult:
        self.limits.append(limits)
        if self._faults:
            raise self._faults.pop(0)
        return RunResult(Ended.EXITED, 0, 0, 3, 4, 9_000, stdin, self._stderr)


def line(**changes: Any) -> dict[str, Any]:
    tests = {"stdin": ["1\n", "2\n"], "stdout": ["1", "2"]}
    return {"id": 7, "language": "python3", "source": "print(input())", "tests": tests} | changes


def judged(sandbox: Echo, **changes: Any) -> dict[str, Any]:
    return judge_line(json.dumps(line(**changes)).encode(), sandbox)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"nonsense", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "missing: language, source, tests"),
    ],
)
def test_a_line_that_is_no_object_with_all_keys_gets_an_error(bad: bytes, says: str) -> None:
    answer = judge_line(bad, Echo())
    assert list(answer) == KEYS
    assert (answer["id"], answer["verdict"], answer["tests"]) == (None, None, [])
    assert says in answer["error"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"language": "cobol"}, "unknown language 'cobol'"),
        ({"language": 3}, "language is not a string"),
        ({"source": None}, "source is not a string"),
        ({"source": "\ud800"}, "source is not valid Unicode"),
        ({"checker": "kind"}, "unknown checker 'kind'"),
        ({"checker": ["lines"]}, "checker is not a string"),
        ({"owner": 3}, "owner is not a string"),
        ({"owner": "checker:python3:0"}, "named like one of the engine's own"),
        ({"tests": [["1", "1"]]}, "tests is not an object"),
        ({"tests": {"stdin": ["1"]}}, "tests.stdout is not a list of strings"),
        ({"tests": {"stdin": "12", "stdout": "12"}}, "tests.stdin is not a list of strings"),
        ({"tests": {"stdin": ["1"], "stdout": [1]}}, "tests.stdout is not a list of strings"),
        ({"tests": {"stdin": ["1", "2", "3"], "stdout": ["1", "2"]}}, "3 inputs but 2 outputs"),
        ({"tests": {"stdin": [], "stdout": []}}, "no test cases"),
        ({"tests": {"stdin": ["\udfff"], "stdout": ["1"]}}, "tests.stdin is not valid Unicode"),
        ({"time_limit_ms": 0}, "time_limit_ms is not a whole number"),
        ({"time_limit_ms": True}, "time_limit_ms is not a whole number"),
        ({"time_limit_ms": 1.5}, "time_limit_ms is not a whole number"),
        ({"time_limit_ms": 10**30}, "time_limit_ms is not a whole number"),
        ({"memory_limit_kb": "262144"}, "memory_limit_kb is not a whole number"),
        ({"memory_limit_kb": -1}, "memory_limit_kb is not a whole number"),
    ],
)
def test_a_line_that_cannot_be_judged_keeps_its_id_and_says_why(changes: dict[str, Any], says: str) -> None:
    sandbox = Echo()
    answer = judged(sandbox, **changes)
    assert (answer["id"], answer["verdict"]) == (7, None)
    assert says in answer["error"]
    assert sandbox.owners == []


def test_the_sandboxs_third_fault_is_ours() -> None:
    answer = judged(Echo(*[SandboxLost("gone")] * 3))
    assert (answer["verdict"], answer["error"], answer["total"]) == ("IE", "SandboxLost: gone", 2)
    assert answer["tests"] == []


def test_two_faults_leave_no_trace() -> None:
    answer = judged(Echo(SandboxLost("gone"), SandboxLost("gone")))
    assert (answer["verdict"], answer["error"], len(answer["tests"])) == ("AC", None, 2)


def test_a_missing_image_ends_the_batch() -> None:
    with pytest.raises(ImageMissing):
        list(judge_lines([json.dumps(line()).encode()], Echo(ImageMissing("build it")), 2))


def test_a_compile_error_has_no_tests() -> None:
    answer = judged(Echo(compilation=Compilation(ok=False, output="line 1: no")))
    assert (answer["verdict"], answer["passed"], answer["total"]) == ("CE", 0, 2)
    assert (answer["tests"], answer["compile_output"]) == ([], "line 1: no")


def test_an_answer_has_the_formats_keys_in_order() -> None:
    answer = judged(Echo(stderr=b"warning"))
    assert list(answer) == KEYS
    test = {"verdict": "AC", "time_ms": 3, "wall_ms": 4, "memory_kb": 9_000, "stdout": "1\n", "stderr": "warning"}
    assert answer["tests"][0].items() >= test.items()


def test_limits_and_owner_of_the_line_are_used() -> None:
    sandbox = Echo()
    judged(sandbox, time_limit_ms=700, memory_limit_kb=65_536, owner="ann")
    assert sandbox.owners == ["ann"]
    assert (sandbox.limits[0].cpu_ms, sandbox.limits[0].memory_kb) == (700, 65_536)


def test_long_output_is_cut_between_characters_and_marked() -> None:
    text = "x" + "é" * 4_000
    (test,) = judged(Echo(), tests={"stdin": [text], "stdout": [text]})["tests"]
    assert test["stdout"] == "x" + "é" * 2_047
    assert test["cut"] == ["stdout"]


def test_output_that_is_no_utf8_is_text_all_the_same() -> None:
    (test,) = judged(Echo(stderr=b"\xff\0"), tests={"stdin": ["1"], "stdout": ["1"]})["tests"]
    assert (test["stderr"], test["cut"]) == ("\ufffd\0", [])


def test_answers_keep_the_order_of_the_lines_and_blank_lines_have_none() -> None:
    lines = [json.dumps(line(id=number)).encode() + b"\n" for number in range(200)]
    lines[50:50] = [b"\n", b"  \n", b"nonsense\n"]
    answers = list(judge_lines(lines, Echo(), 4))
    assert [answer["id"] for answer in answers] == [*range(50), None, *range(50, 200)]


def test_only_so_many_lines_are_read_ahead() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield json.dumps(line(id=read)).encode()

    answers = judge_lines(endless(), Echo(), 2)
    assert next(answers)["id"] == 1
    assert read <= 2 * batch.AHEAD_PER_WORKER
    answers.close()


def test_large_lines_are_not_piled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "AHEAD_BYTES", 1_000)
    lines = iter([json.dumps(line(id=number, source="#" * 600)).encode() for number in range(50)])
    answers = judge_lines(lines, Echo(), 2)
    next(answers)
    assert len(list(lines)) >= 47
    answers.close()


def test_all_workers_judge_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=20)

    class Together(Echo):
        def run(self, stdin: bytes, limits: Limits) -> RunResult:
            together.wait()
            return super().run(stdin, limits)

    lines = [json.dumps(line(id=number)).encode() for number in range(3)]
    assert [answer["verdict"] for answer in judge_lines(lines, Together(), 3)] == ["AC"] * 3
