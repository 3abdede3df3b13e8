"""Times near a limit are measured again: how often, which run counts, and what it may cost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from judge.engine.judge import judge
from judge.engine.measuring import Measuring
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Case, Job, Limits, RunResult
from judge.engine.verdicts import Ended, Verdict

LIMITS = Limits(cpu_ms=1_000)
Judged = Callable[..., tuple]


def ran(cpu_ms: int, ended: Ended = Ended.EXITED, exit_code: int = 0, wall_ms: int = 0) -> RunResult:
    return RunResult(ended, exit_code, 0, cpu_ms, wall_ms or cpu_ms, 1, b"%d" % cpu_ms, b"")


KILLED = ran(1_001, Ended.CPU_LIMIT)
STARVED = ran(400, Ended.WALL_LIMIT, wall_ms=3_001)


class Scripted:
    """A box whose runs are known ahead."""

    def __init__(self, *results: RunResult) -> None:
        self.left = list(results)

    def run(self, stdin: bytes, limits: Limits) -> RunResult:
        """The next one."""
        assert (stdin, limits) == (b"in", LIMITS)
        return self.left.pop(0)


@pytest.mark.parametrize(
    "result",
    [
        ran(799),
        ran(950, exit_code=1),
        ran(950, Ended.SIGNALLED),
        ran(950, Ended.MEMORY_LIMIT),
        ran(950, Ended.OUTPUT_LIMIT),
        ran(1_201, Ended.CPU_LIMIT),
        ran(0, wall_ms=2_399),
        ran(20, Ended.WALL_LIMIT, wall_ms=3_001),
    ],
)
def test_what_no_noise_decided_is_not_repeated(result: RunResult) -> None:
    assert Measuring(Scripted(result), LIMITS).run(b"in") == (result, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("results", "counts", "measurements"),
    [
        ((ran(900), ran(850), ran(870)), ran(850), (900, 850, 870)),
        ((ran(900), ran(500)), ran(500), (900, 500)),
        ((KILLED, ran(500)), ran(500), (1_001, 500)),
        ((KILLED, ran(990), ran(995)), ran(990), (1_001, 990, 995)),
        ((ran(990), KILLED, ran(999)), ran(990), (990, 1_001, 999)),
        ((KILLED, KILLED), KILLED, (1_001, 1_001)),
        ((STARVED, ran(400)), ran(400), (400, 400)),
        ((KILLED, ran(10, exit_code=1)), ran(10, exit_code=1), (1_001, 10)),
        ((ran(900), ran(10, exit_code=1)), ran(900), (900, 10)),
        ((ran(100, wall_ms=2_500), ran(100, wall_ms=200)), ran(100, wall_ms=2_500), (100, 100)),
    ],
)
def test_the_fastest_run_within_the_limits_counts(
    results: tuple[RunResult, ...], counts: RunResult, measurements: tuple[int, ...]
) -> None:
    box = Scripted(*results)
    assert Measuring(box, LIMITS).run(b"in") == (counts, measurements)  # type: ignore[arg-type]
    assert box.left == []


def test_only_the_first_stopped_test_gets_a_second_chance() -> None:
    measuring = Measuring(Scripted(KILLED, KILLED, KILLED), LIMITS)  # type: ignore[arg-type]
    assert measuring.run(b"in")[1] == (1_001, 1_001)
    assert measuring.run(b"in")[1] == ()


def test_at_most_two_tests_are_repeated() -> None:
    measuring = Measuring(Scripted(*[ran(900)] * 8), LIMITS)  # type: ignore[arg-type]
    assert [len(measuring.run(b"in")[1]) for _ in range(4)] == [3, 3, 0, 0]


@pytest.mark.docker
def test_a_program_near_its_limit_is_accepted_and_measured_again(judged: Judged) -> None:
    source = "import time\nwhile time.process_time() < 0.45: pass\nprint(3)"
    _, (outcome,) = judged(source, (b"", b"3"), limits={"cpu_ms": 500})
    assert outcome.verdict is Verdict.AC
    assert 2 <= len(outcome.measurements) <= 3
    assert outcome.result.cpu_ms == min(outcome.measurements)


@pytest.mark.docker
def test_an_endless_loop_is_measured_twice_at_most(judged: Judged) -> None:
    _, outcomes = judged("while True: pass", *[(b"", b"")] * 3, limits={"cpu_ms": 300})
    assert [o.verdict for o in outcomes] == [Verdict.TLE, Verdict.TLE, None]
    assert [len(o.measurements) for o in outcomes] == [2, 0, 0]


@pytest.mark.docker
def test_a_quick_program_is_measured_once(judged: Judged) -> None:
    _, (outcome,) = judged("print(3)", (b"", b"3"))
    assert outcome.measurements == ()


@pytest.mark.docker
def test_a_busy_host_costs_no_verdict(gvisor: bool) -> None:
    if gvisor:
        return  # its kernel does not tell how long a program waited for a processor
    work = b"import time\nwhile time.process_time() < 0.55: pass\nprint('done')"
    jobs = [Job("python3", work, [Case(b"", b"done")], f"owner {n}", limits=Limits(cpu_ms=1_000)) for n in range(8)]
    sandbox = DockerSandbox(pool_size=1, capacity=8, cpus="0")
    try:
        with ThreadPoolExecutor(8) as threads:
            judged = list(threads.map(lambda job: list(judge(job, sandbox))[1], jobs))
    finally:
        sandbox.close()
    assert [outcome.verdict for outcome in judged] == [Verdict.AC] * 8
    # Together on one processor they took longer than the wall limit of each.
    assert max(outcome.result.wall_ms for outcome in judged) > jobs[0].limits.wall_ms
