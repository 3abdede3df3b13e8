"""The search for a small failing case, in the real sandbox."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from judge.engine.errors import CheckerFailed, ReservedOwner
from judge.engine.growing import search as module
from judge.engine.growing.search import Report, Suspicion, search
from judge.engine.sandbox import Box, Sandbox
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Case, Job, Limits, Program, RunResult

pytestmark = pytest.mark.docker

LARGEST = "n = int(input())\nprint(max(map(int, input().split())))\n"
SAMPLES = [(b"3\n-1 5 3\n", b"5\n"), (b"4\n7 2 -9 7\n", b"7\n")]


class Watched:
    """The sandbox, with what goes in and how many containers are open at once written down."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.ran: list[tuple[str, bytes]] = []
        self.most_open = 0
        self._open = 0

    @contextmanager
    def open(self, owner: str) -> Iterator[Box]:
        with self._sandbox.open(owner) as box:
            self._open += 1
            self.most_open = max(self.most_open, self._open)
            try:
                yield _WatchedBox(box, owner, self.ran)
            finally:
                self._open -= 1

    def close(self) -> None:
        self._sandbox.close()


class _WatchedBox:
    def __init__(self, box: Box, owner: str, ran: list[tuple[str, bytes]]) -> None:
        self._box = box
        self._owner = owner
        self._ran = ran
        self.load = box.load

    def run(
        self, stdin: bytes, limits: Limits, *, args: Sequence[str] = (), files: Mapping[str, bytes] | None = None
    ) -> RunResult:
        self._ran.append((self._owner, stdin))
        return self._box.run(stdin, limits, args=args, files=files)


def looked(
    sandbox: Sandbox, source: str, samples: Sequence[tuple[bytes, bytes]] = SAMPLES, *,
    reference: str = LARGEST, runs: int = 10_000, language: str = "python3", **fields: Any,
) -> Report:  # fmt: skip
    cases = [Case(stdin, answer) for stdin, answer in samples]
    job = Job(language, source.encode(), cases, **{"owner": "user:1"} | fields)
    left = iter(range(runs))
    return search(Suspicion(job, Program("python3", reference.encode())), sandbox, lambda: next(left, None) is not None)


def found(report: Report) -> tuple[bytes, bytes, bytes] | None:
    culprit = report.culprit
    return culprit and (culprit.stdin, culprit.answer, culprit.result.stdout)


def test_a_wrong_start_is_shown_by_one_number(sandbox: DockerSandbox) -> None:
    source = "input()\nbest = 0\nfor x in map(int, input().split()):\n    best = max(best, x)\nprint(best)\n"
    assert found(looked(sandbox, source)) == (b"1\n-1\n", b"-1\n", b"0\n")


def test_a_crash_is_found(sandbox: DockerSandbox) -> None:
    report = looked(sandbox, "input()\nprint(max(x for x in map(int, input().split()) if x > 0))\n")
    assert report.culprit is not None
    assert (report.culprit.stdin, report.culprit.verdict.value) == (b"1\n0\n", "RE")


def test_a_case_is_made_small(sandbox: DockerSandbox) -> None:
    report = looked(sandbox, "n = int(input())\na = list(map(int, input().split()))\nprint(max(a[:3]))\n")
    assert report.culprit is not None
    lines = report.culprit.stdin.split(b"\n")
    assert lines[0] == b"4"
    assert sorted(map(int, lines[1].split())) == [0, 0, 0, 1]


def test_a_program_that_is_right_is_not_accused(sandbox: DockerSandbox) -> None:
    report = looked(sandbox, "n = int(input())\nprint(sorted(map(int, input().split()))[-1])\n")
    assert (report.culprit, report.trusted) == (None, True)
    assert report.tried > 50


def test_what_the_checker_forgives_is_not_held_against_it(sandbox: DockerSandbox) -> None:
    source = "n = int(input())\nprint(max(map(int, input().split())), '   \\n\\n')\n"
    assert looked(sandbox, source, runs=300).culprit is None


def test_an_endless_loop_is_found(sandbox: DockerSandbox) -> None:
    source = "n = int(input())\na = list(map(int, input().split()))\nwhile n == 1: pass\nprint(max(a))\n"
    report = looked(sandbox, source, runs=60, limits=Limits(cpu_ms=500))
    assert report.culprit is not None
    assert report.culprit.verdict.value == "TLE"


def test_a_compiled_program_is_looked_at_as_well(sandbox: DockerSandbox) -> None:
    source = '#include <cstdio>\nint main() { int n, x, m = 0; scanf("%d", &n);\n'
    source += 'while (n--) { scanf("%d", &x); if (x > m) m = x; } printf("%d\\n", m); }\n'
    assert found(looked(sandbox, source, language="cpp17")) == (b"1\n-1\n", b"-1\n", b"0\n")


def test_a_reference_that_fails_on_the_samples_is_not_trusted(sandbox: DockerSandbox) -> None:
    report = looked(sandbox, LARGEST, reference="print(4)")
    assert (report.trusted, report.culprit, report.tried) == (False, None, 0)


def test_a_reference_that_changes_its_mind_accuses_nobody(sandbox: DockerSandbox) -> None:
    wavers = "import time\nn = int(input())\na = input()\n"
    wavers += "print(max(map(int, a.split())) if n > 2 else time.perf_counter_ns())\n"
    assert looked(sandbox, LARGEST, reference=wavers, runs=400).culprit is None


def test_what_the_reference_does_not_read_counts_for_nothing(sandbox: DockerSandbox) -> None:
    reference = "n = int(input())\nassert n > 2\nprint(max(map(int, input().split())))\n"
    source = "n = int(input())\na = max(map(int, input().split()))\nprint(a if n > 2 else 0)\n"
    assert looked(sandbox, source, reference=reference, runs=400).culprit is None


def test_only_what_grew_from_the_samples_goes_in(sandbox: DockerSandbox) -> None:
    watched = Watched(sandbox)
    looked(watched, "n = int(input())\nprint(max(map(int, input().split())))\n", runs=2_000)
    # No number is more than twice as large as those of the samples.
    assert max(abs(int(word)) for _, stdin in watched.ran for word in stdin.split()) <= 2 * 9


def test_program_and_reference_are_never_in_one_container(sandbox: DockerSandbox) -> None:
    watched = Watched(sandbox)
    looked(watched, "print(0)")
    owners = {owner for owner, _ in watched.ran}
    assert len(owners) == 2
    assert "user:1" in owners
    assert any(owner.startswith("kodjudge:reference:") for owner in owners)
    assert watched.most_open == 1


def test_nobody_looks_under_the_engines_own_name(sandbox: DockerSandbox) -> None:
    with pytest.raises(ReservedOwner):
        looked(sandbox, LARGEST, owner="kodjudge:reference:0")


def test_a_checker_program_decides(sandbox: DockerSandbox) -> None:
    # Any number of the list is right.
    checker = "import sys\ninput()\na = input().split()\nsys.exit(open(sys.argv[2]).read().strip() not in a)\n"
    given = {"checker_program": Program("python3", checker.encode()), "runs": 400}
    assert looked(sandbox, "input()\nprint(min(map(int, input().split())))\n", **given).culprit is None
    report = looked(sandbox, "input()\nprint(sum(map(int, input().split())))\n", **given)
    assert report.culprit is not None


def test_a_broken_checker_is_not_the_programs_fault(sandbox: DockerSandbox) -> None:
    with pytest.raises(CheckerFailed):
        looked(sandbox, "print(0)", checker_program=Program("python3", b"import sys; sys.exit(9)"))


def test_it_stops_when_it_is_told(sandbox: DockerSandbox) -> None:
    watched = Watched(sandbox)
    report = looked(watched, LARGEST, runs=5)
    assert report.culprit is None
    assert len(watched.ran) <= 6


def test_it_stops_after_enough_runs(sandbox: DockerSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RUNS", 20)
    watched = Watched(sandbox)
    looked(watched, LARGEST)
    assert len(watched.ran) <= 21


def test_what_is_found_at_the_end_of_the_time_is_kept(sandbox: DockerSandbox) -> None:
    assert looked(sandbox, "print('no')", runs=60).culprit is not None


def test_no_samples_no_case(sandbox: DockerSandbox) -> None:
    assert looked(sandbox, "print(0)", []).culprit is None
