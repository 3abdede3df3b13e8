"""Runs one test, and again where its time fell so close to a limit that a busy host may have decided.

Noise only ever adds time, so of several runs the fastest that kept the limits is the truth.
"""

from judge.engine import verdicts
from judge.engine.sandbox import Box
from judge.engine.types import Limits, RunResult
from judge.engine.verdicts import Ended

# What counts as close: within this share of the CPU or the wall limit.
CLOSE = 0.2
# A program that was stopped with less than this share of its CPU time used did not compute: it slept.
ASLEEP = 0.1
MOST_RUNS = 3
MOST_TESTS = 2


class Measuring:
    """One submission's runs in its box. At most two of its tests are measured again, each up to three times in all.

    A run that was stopped at a limit may have needed a little more or for ever: only the first such test gets a second
    chance, so that an endless loop costs one run more and not two for each test.
    """

    def __init__(self, box: Box, limits: Limits) -> None:
        self._box = box
        self._limits = limits
        self._repeated = 0
        self._stopped = False

    def run(self, stdin: bytes) -> tuple[RunResult, tuple[int, ...]]:
        """The run that counts, and the CPU times in ms of all runs where there were several. Raises SandboxError."""
        results = [self._box.run(stdin, self._limits)]
        may_repeat = self._repeated < MOST_TESTS
        while may_repeat and len(results) < MOST_RUNS and self._is_close(results[-1]):
            results.append(self._box.run(stdin, self._limits))
        if len(results) == 1:
            return results[0], ()
        self._repeated += 1
        best = min(results, key=lambda result: (verdicts.of_run(result) is not None, result.cpu_ms))
        return best, tuple(result.cpu_ms for result in results)

    def _is_close(self, result: RunResult) -> bool:
        """True where another run could change the verdict, or confirm it."""
        if result.ended in (Ended.CPU_LIMIT, Ended.WALL_LIMIT):
            if not ASLEEP * self._limits.cpu_ms < result.cpu_ms <= (1 + CLOSE) * self._limits.cpu_ms:
                return False
            first, self._stopped = not self._stopped, True
            return first
        if verdicts.of_run(result) is not None:
            return False
        cpu, wall = result.cpu_ms / self._limits.cpu_ms, result.wall_ms / self._limits.wall_ms
        return max(cpu, wall) >= 1 - CLOSE
