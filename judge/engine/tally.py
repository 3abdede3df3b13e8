"""Adds up what `judge()` yields. Not in charge of: keeping the outcomes themselves."""

from judge.engine import verdicts
from judge.engine.types import Compilation, Outcome
from judge.engine.verdicts import Verdict


class Tally:
    """A submission's result so far. ``time_ms`` and ``memory_kb`` are any test's largest, None before the first."""

    def __init__(self) -> None:
        self.compile_output = ""
        self.time_ms: int | None = None
        self.memory_kb: int | None = None
        self._compiled = True
        self._verdicts: list[Verdict | None] = []

    def add(self, event: Compilation | Outcome) -> None:
        """Count one thing that `judge()` yielded."""
        if isinstance(event, Compilation):
            self._compiled, self.compile_output = event.ok, event.output
            return
        self._verdicts.append(event.verdict)
        if event.result is not None:
            self.time_ms = max(self.time_ms or 0, event.result.cpu_ms)
            self.memory_kb = max(self.memory_kb or 0, event.result.memory_kb)

    @property
    def passed(self) -> int:
        """How many tests were answered rightly."""
        return self._verdicts.count(Verdict.AC)

    @property
    def verdict(self) -> Verdict:
        """The verdict of all that was added."""
        return verdicts.overall(self._verdicts) if self._compiled else Verdict.CE
