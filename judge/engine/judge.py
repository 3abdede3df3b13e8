"""Judges one job: load the program once, run every test, check each output, yield each outcome as it falls.

Not in charge of: keeping anything. What it yields is stored by the caller before it asks for the next.
"""

from collections.abc import Generator
from contextlib import ExitStack

from judge.engine import checking, languages, verdicts
from judge.engine.checking import CheckOutput
from judge.engine.errors import CheckerFailed
from judge.engine.measuring import Measuring
from judge.engine.sandbox import Sandbox
from judge.engine.types import Case, Compilation, Job, Outcome
from judge.engine.verdicts import Verdict

# After this many tests that ran into a limit the rest are not run: they would cost seconds each and change nothing.
LIMIT_KILLS_BEFORE_STOP = 2


def judge(job: Job, sandbox: Sandbox) -> Generator[Compilation | Outcome]:
    """First the Compilation; then, where it is ok, one Outcome a test in the order of ``job.cases``.

    Raises ConfigurationError where language, checker or owner will not do, CheckerFailed where the problem's own
    checker failed, SandboxError where the sandbox failed: then the caller may try the whole job again.
    """
    checking.refuse_reserved(job.owner)
    language = languages.get(job.language)
    limits = job.limits.stretched(language.time_factor)
    with ExitStack() as stack:
        check = checking.for_job(job, sandbox, stack)
        box = stack.enter_context(sandbox.open(job.owner))
        compilation = box.load(language, job.source)
        yield compilation
        if not compilation.ok:
            return
        measuring = Measuring(box, limits)
        kills = 0
        for index, case in enumerate(job.cases):
            if kills >= LIMIT_KILLS_BEFORE_STOP:
                yield Outcome(index, None, None)
                continue
            outcome = _run_one(measuring, index, case, check)
            kills += outcome.result is not None and outcome.result.ended.by_limit
            yield outcome


def _run_one(measuring: Measuring, index: int, case: Case, check: CheckOutput) -> Outcome:
    result, measurements = measuring.run(case.stdin)
    verdict = verdicts.of_run(result)
    if verdict is not None or not case.checked:
        return Outcome(index, verdict, result, measurements=measurements)
    try:
        checked = check(case, result.stdout)
    except CheckerFailed as error:
        raise CheckerFailed(f"test {index + 1}: {error}") from error
    return Outcome(index, Verdict.AC if checked.right else Verdict.WA, result, checked.note, measurements)
