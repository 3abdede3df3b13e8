"""The frozen values that the engine's parts hand to each other.

Times are whole milliseconds (ms), memory is KiB, everything a program reads or writes is bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from judge.engine.verdicts import Ended, Verdict


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run of a program may use."""

    cpu_ms: int = 2_000
    memory_kb: int = 256 * 1024
    output_kb: int = 16 * 1024
    processes: int = 64

    @property
    def wall_ms(self) -> int:
        """The wall clock's limit: generous to sleeping and to a busy host, never endless."""
        return max(2 * self.cpu_ms, self.cpu_ms + 2_000)

    def stretched(self, factor: float) -> "Limits":
        """The same limits with CPU time multiplied by a language's ``factor``."""
        return self if factor == 1 else replace(self, cpu_ms=round(self.cpu_ms * factor))


@dataclass(frozen=True, slots=True)
class Command:
    """One program to start inside a sandbox: an argv list, never a shell string.

    ``fork_server`` says that the program is a Python source that may be run by the sandbox's fork server, which must
    look the same to the program as ``argv``.
    """

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()
    fork_server: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: what the program reads and what it should answer. ``answer`` never enters a sandbox.

    Where it is not ``checked`` there is no answer to compare with: the program is only run.
    """

    stdin: bytes
    answer: bytes
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Program:
    """A source and the key of its language."""

    language: str
    source: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """All that judging one submission needs.

    ``owner`` names whose program this is: a sandbox is never shared by two owners. ``checker_program``, where there is
    one, checks in place of ``checker`` (see checking.py).
    """

    language: str
    source: bytes
    cases: Sequence[Case]
    owner: str
    limits: Limits = field(default_factory=Limits)
    checker: str = "lines"
    checker_program: Program | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """How one run ended and what it used. ``cpu_ms`` is user + system time of the whole process tree."""

    ended: Ended
    exit_code: int
    signal: int
    cpu_ms: int
    wall_ms: int
    memory_kb: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Compilation:
    """What the compile step gave; ``ok`` for languages that need none. ``output`` is the compiler's text."""

    ok: bool
    output: str = ""
    time_ms: int = 0
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test's result. ``verdict`` is None where the test was not run because earlier ones hit limits, or where
    nothing was to be checked and the run itself failed in no way.

    ``index`` counts from 0. ``note`` is the checker's short remark for a person (may be empty). ``measurements`` holds
    the CPU times in ms of every run of this test, in order, where it was measured more than once.
    """

    index: int
    verdict: Verdict | None
    result: RunResult | None
    note: str = ""
    measurements: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A checker's answer: right or wrong, with a short remark that may be shown to the submitter."""

    right: bool
    note: str = ""
