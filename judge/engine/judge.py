"""Judges one job: load the program once, run every test, check each output, yield each outcome as it falls.

Not in charge of: keeping anything. What it yields is stored by the caller before it asks for the next.
"""

from collections.abc import Generator

from judge.engine import checkers, languages, verdicts
from judge.engine.sandbox import Box, Sandbox
from judge.engine.types import Case, Compilation, Job, Limits, Outcome
from judge.engine.verdicts import Verdict

# After this many tests that ran into a limit the rest are not run: they would cost seconds each and change nothing.
LIMIT_KILLS_BEFORE_STOP = 2


def judge(job: Job, sandbox: Sandbox) -> Generator[Compilation | Outcome]:
    """First the Compilation; then, where it is ok, one Outcome a test in the order of ``job.cases``.

    Raises ConfigurationError where language or checker are unknown, SandboxError where the sandbox failed: the caller
    may try the whole job again.
    """
    language = languages.get(job.language)
    check = checkers.get(job.checker)
    limits = job.limits.stretched(language.time_factor)
    with sandbox.open(job.owner) as box:
        compilation = box.load(language, job.source)
        yield compilation
        if not compilation.ok:
            return
        kills = 0
        for index, case in enumerate(job.cases):
            if kills >= LIMIT_KILLS_BEFORE_STOP:
                yield Outcome(index, None, None)
                continue
            outcome = _run_one(box, index, case, limits, check)
            kills += outcome.result is not None and outcome.result.ended.by_limit
            yield outcome


def _run_one(box: Box, index: int, case: Case, limits: Limits, check: checkers.Checker) -> Outcome:
    result = box.run(case.stdin, limits)
    verdict = verdicts.of_run(result)
    if verdict is not None:
        return Outcome(index, verdict, result)
    checked = check(result.stdout, case.answer)
    return Outcome(index, Verdict.AC if checked.right else Verdict.WA, result, checked.note)
