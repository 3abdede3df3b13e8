"""The judging figures of `make bench`: the engine against bare loops over the same tests, in the same run."""

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import floor
from measuring import Figures, add_ratio, pairs

from judge.engine.judge import judge
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Case, Job, Outcome
from judge.engine.verdicts import Verdict

CORES = len(os.sched_getaffinity(0))
PAIRS = 15
BLOCK = 40  # a pair compares two blocks; in short ones the cores that end first would count

SUM = "numbers = list(map(int, input().split()))\nprint(sum(numbers))\n"
NUMPY = "import numpy as np\nprint(int(np.array(input().split(), dtype=np.int64).sum()))\n"
CPP = """#include <bits/stdc++.h>
int main() {
    long long sum = 0, x;
    while (std::cin >> x) sum += x;
    std::cout << sum << '\\n';
}
"""


def cases(count: int) -> list[tuple[bytes, bytes]]:
    """``count`` lists of twenty numbers with their sums."""
    made = []
    for seed in range(count):
        numbers = [(seed * 7919 + i * 104729) % 100_003 for i in range(20)]
        made.append((" ".join(map(str, numbers)).encode() + b"\n", str(sum(numbers)).encode()))
    return made


TEN = cases(10)


class Bench:
    """One sandbox and the ways to use it that the figures need."""

    def __init__(self, **options: object) -> None:
        image, runtime = (os.environ.get(name, "") for name in ("SANDBOX_IMAGE", "SANDBOX_RUNTIME"))
        self.sandbox = DockerSandbox(image or "kodjudge-sandbox", runtime=runtime, **options)  # type: ignore[arg-type]
        self._owners = itertools.count()

    def submit(self, language: str, source: str, tests: list[tuple[bytes, bytes]], owner: str) -> None:
        """Judge once; anything but AC on every test stops the benchmark."""
        job = Job(language, source.encode(), [Case(*test) for test in tests], owner)
        outcomes = [o for o in judge(job, self.sandbox) if isinstance(o, Outcome)]
        if len(outcomes) != len(tests) or any(o.verdict is not Verdict.AC for o in outcomes):
            raise SystemExit(f"not accepted: {outcomes}")

    def stranger(self) -> str:
        """An owner never seen before."""
        return f"stranger {next(self._owners)}"

    def settle(self) -> None:
        """Wait until the pool is full and what was thrown away is gone."""
        self.sandbox.wait_until_quiet()


def run(figures: Figures) -> None:
    """All figures of this part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(pool_size=CORES)
        try:
            _latency(figures, bench, folder)
            _throughput(figures, bench, folder)
            _compiled(figures, bench, folder)
        finally:
            bench.sandbox.close()
        _scaling(figures)


def _latency(figures: Figures, bench: Bench, folder: Path) -> None:
    for name, source, tests in (
        ("judge_latency_warm_ratio", SUM, TEN),
        ("judge_numpy_latency_ratio", NUMPY, TEN),
        ("judge_latency_100_tests_ratio", SUM, cases(100)),
    ):
        taken = pairs(
            lambda source=source, tests=tests: bench.submit("python3", source, tests, bench.stranger()),
            lambda source=source, tests=tests: floor.python_loop(folder, source, tests),
            PAIRS,
            bench.settle,
        )
        add_ratio(figures, name, taken)


def _throughput(figures: Figures, bench: Bench, folder: Path) -> None:
    floor.python_loop(folder, SUM, TEN)

    def floor_block() -> None:
        floor.on_all_cores(lambda _: floor.python_loop(folder, SUM, TEN), BLOCK, CORES)

    def one_owner() -> None:
        floor.on_all_cores(lambda _: bench.submit("python3", SUM, TEN, "one"), BLOCK, CORES)

    def strangers() -> None:
        floor.on_all_cores(lambda _: bench.submit("python3", SUM, TEN, bench.stranger()), BLOCK, CORES)
        bench.settle()  # what was used up is made good again within the time measured

    taken = pairs(one_owner, floor_block, PAIRS)
    add_ratio(figures, "judge_throughput_one_owner_ratio", taken, faster_is_more=True)
    taken = pairs(strangers, floor_block, PAIRS, bench.settle)
    add_ratio(figures, "judge_throughput_distinct_owners_ratio", taken, faster_is_more=True)


def _compiled(figures: Figures, bench: Bench, folder: Path) -> None:
    numbers = itertools.count()
    current = [CPP]

    def fresh_floor() -> None:
        (folder / "sol.cpp").write_text(f"{CPP}// floor {next(numbers)}\n")
        subprocess.run(["g++", "-O2", "-o", "sol", "sol.cpp"], cwd=folder, check=True)
        floor.run_loop(["./sol"], folder, TEN)

    def fresh() -> None:
        current[0] = f"{CPP}// {next(numbers)}\n"
        bench.submit("cpp17", current[0], TEN, bench.stranger())

    add_ratio(figures, "judge_cpp_first_compile_ratio", pairs(fresh, fresh_floor, PAIRS, bench.settle))
    taken = pairs(
        lambda: bench.submit("cpp17", current[0], TEN, bench.stranger()),
        lambda: floor.run_loop(["./sol"], folder, TEN),
        2 * PAIRS,
        bench.settle,
    )
    add_ratio(figures, "judge_cpp_cached_ratio", taken)


def _scaling(figures: Figures) -> None:
    """Two workers, each pinned to its own core, against one pinned worker: submissions a second over the same."""
    if CORES < 2:
        return
    cores = sorted(os.sched_getaffinity(0))
    ratios = []
    for _ in range(5):
        (alone,) = _pinned(cores[:1])
        together = _pinned(cores[:2])
        ratios.append(sum(together) / alone)
    figures.add("judge_two_workers_over_one", statistics.median(ratios), "x one worker", ratios=ratios)


def _pinned(cores: list[int]) -> list[float]:
    """Submissions a second of one worker a core, all working at the same time."""
    command = [sys.executable, str(Path(__file__).with_name("pinned_worker.py"))]
    workers = [
        subprocess.Popen([*command, str(core)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for core in cores
    ]
    for worker in workers:
        worker.stdout.readline()  # it is warm
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    rates = [float(worker.stdout.readline()) for worker in workers]
    for worker in workers:
        worker.communicate()
    return rates
