"""Verdicts and the pure rules that lead to them."""

from collections.abc import Iterable
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judge.engine.types import RunResult


class Verdict(StrEnum):
    """What a submission or a single test can be judged as; the usual names of the field."""

    AC = "AC"
    WA = "WA"
    TLE = "TLE"
    MLE = "MLE"
    OLE = "OLE"
    RE = "RE"
    CE = "CE"
    IE = "IE"


class Ended(Enum):
    """How a run came to its end, as the sandbox saw it. The values are those of the agent's protocol."""

    EXITED = 0
    SIGNALLED = 1
    CPU_LIMIT = 2
    WALL_LIMIT = 3
    MEMORY_LIMIT = 4
    OUTPUT_LIMIT = 5

    @property
    def by_limit(self) -> bool:
        """True where the sandbox ended the run because it used too much."""
        return self.value >= Ended.CPU_LIMIT.value


_OF_LIMIT = {
    Ended.CPU_LIMIT: Verdict.TLE,
    Ended.WALL_LIMIT: Verdict.TLE,
    Ended.MEMORY_LIMIT: Verdict.MLE,
    Ended.OUTPUT_LIMIT: Verdict.OLE,
    Ended.SIGNALLED: Verdict.RE,
}


def of_run(result: "RunResult") -> Verdict | None:
    """The verdict that the run alone decides, or None where its output has to be checked.

    A program's own exit code 124 or its own SIGKILL is RE: only the sandbox's word makes a TLE or an MLE.
    """
    if result.ended is Ended.EXITED:
        return Verdict.RE if result.exit_code else None
    return _OF_LIMIT[result.ended]


def overall(verdicts: Iterable[Verdict | None]) -> Verdict:
    """A submission's verdict: that of its first failing test, else AC. Tests not run (None) decide nothing."""
    return next((v for v in verdicts if v is not None and v is not Verdict.AC), Verdict.AC)
