"""Runs one program on one input of somebody's own: no tests, no checker, nothing to be right or wrong about."""

from dataclasses import dataclass

from judge.engine import checking, languages, verdicts
from judge.engine.sandbox import Sandbox
from judge.engine.types import Compilation, Limits, Program, RunResult
from judge.engine.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program compiled and, where it did, how its run ended and what it used. ``limits`` are those it had."""

    compilation: Compilation
    result: RunResult | None
    limits: Limits

    @property
    def verdict(self) -> Verdict | None:
        """CE, TLE, MLE, OLE or RE; None where the program came to its end by itself and without an error."""
        return Verdict.CE if self.result is None else verdicts.of_run(self.result)


def run(program: Program, stdin: bytes, limits: Limits, owner: str, sandbox: Sandbox) -> Ran:
    """Compile and run ``program`` once; ``limits`` are stretched as in judging.

    Raises ConfigurationError where the language or the owner will not do, SandboxError where the sandbox failed.
    """
    checking.refuse_reserved(owner)
    language = languages.get(program.language)
    limits = limits.stretched(language.time_factor)
    with sandbox.open(owner) as box:
        compilation = box.load(language, program.source)
        return Ran(compilation, box.run(stdin, limits) if compilation.ok else None, limits)
