"""What a submission's page says of each test, and to whom.

In charge of: keeping the data of hidden tests (input, answer, output, error output, remarks) from everyone but
curators. A view takes results through here only. Not in charge of: how it looks.
"""

import signal
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from judge.submissions.models import Status, Submission, TestResult, Verdict
from problems.models import TestCase

# Characters of an input or an answer that a page shows.
SHOWN_CHARS = 4_000
MAX_BAR = 100

# Control characters as their pictures, so that no byte of a program's output is lost or acts on the page.
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {127: 0x2421}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text and how many characters were left out."""

    text: str
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Details:
    """A test's data, for a sample or for a curator."""

    stdin: Excerpt
    expected: Excerpt
    stdout: str
    stderr: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One test's line. ``time_bar`` and ``memory_bar`` are percentages of the limits, from 0 to 100."""

    position: int
    judged: bool
    verdict: str
    words: str | Promise
    time_ms: int | None
    time_bar: int
    memory_kb: int | None
    memory_bar: int
    ending: str
    is_sample: bool
    details: Details | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that a submission's page shows of its judging."""

    rows: list[Row]
    judged: int
    passed: int
    total: int
    ahead: int
    finished: bool
    tests_changed: bool


def report(submission: Submission, user: Any) -> Report:
    """The report on ``submission`` as ``user`` may see it; who may see the submission at all is the caller's care."""
    finished = submission.status == Status.DONE
    results = {result.position: result for result in submission.results.filter(attempt=submission.attempt)}
    # After a change of the tests a position may mean another test, a hidden one even: nothing of them is shown then.
    changed = bool(submission.tests_version) and submission.tests_version != submission.problem.tests_version
    if changed:
        known, positions, shown = dict.fromkeys(results, False), list(results), {}
    else:
        known = dict(submission.problem.tests.order_by("position").values_list("position", "is_sample"))
        positions = list(known)
        shown = _shown(submission.problem.tests, user) if finished and results else {}
    rows = [
        _row(submission, position, results.get(position), known[position], shown.get(position))
        for position in sorted(positions)
    ]
    return Report(
        rows=rows if finished is False or results else [],
        judged=len(results),
        passed=sum(result.verdict == Verdict.AC for result in results.values()),
        total=submission.total or len(rows),
        ahead=_ahead(submission) if submission.status == Status.QUEUED else 0,
        finished=finished,
        tests_changed=changed,
    )


def printable(data: bytes | memoryview | str) -> str:
    """A program's output as text for a page: unreadable bytes marked, control characters as pictures."""
    text = data if isinstance(data, str) else bytes(data).decode("utf-8", "replace")
    return text.replace("\r\n", "\n").translate(_PICTURES)


def _shown(tests: Any, user: Any) -> dict[int, TestCase]:
    """The tests whose data ``user`` may see, cut to what a page shows."""
    visible: QuerySet[TestCase] = tests.all() if user.is_curator else tests.filter(is_sample=True)
    cut = visible.defer("stdin", "stdout").annotate(
        stdin_start=Left("stdin", SHOWN_CHARS),
        stdin_chars=Length("stdin"),
        stdout_start=Left("stdout", SHOWN_CHARS),
        stdout_chars=Length("stdout"),
    )
    return {test.position: test for test in cut}


def _row(submission: Submission, position: int, result: TestResult | None, is_sample: bool, test: Any) -> Row:
    if result is None:
        return Row(position, False, "", _("Waiting"), None, 0, None, 0, "", is_sample, None)
    return Row(
        position=position,
        judged=True,
        verdict=result.verdict,
        words=Verdict(result.verdict).label if result.verdict else _("Not run"),
        time_ms=result.time_ms,
        time_bar=_share(result.time_ms, submission.time_limit_ms),
        memory_kb=result.memory_kb,
        memory_bar=_share(result.memory_kb, submission.memory_limit_kb),
        ending=_ending(result),
        is_sample=is_sample,
        details=_details(result, test) if test else None,
    )


def _details(result: TestResult, test: Any) -> Details:
    return Details(
        stdin=Excerpt(printable(test.stdin_start), max(0, test.stdin_chars - SHOWN_CHARS)),
        expected=Excerpt(printable(test.stdout_start), max(0, test.stdout_chars - SHOWN_CHARS)),
        stdout=printable(result.stdout),
        stderr=printable(result.stderr),
        note=result.note,
    )


def _share(value: int | None, limit: int) -> int:
    return min(MAX_BAR, round(MAX_BAR * value / limit)) if value and limit else 0


def _ending(result: TestResult) -> str:
    """How a crashed program ended, in words."""
    if result.verdict != Verdict.RE:
        return ""
    if result.signal:
        try:
            name = signal.Signals(result.signal).name
        except ValueError:
            name = str(result.signal)
        return _("signal %(name)s") % {"name": name}
    return _("exit code %(code)s") % {"code": result.exit_code}


def _ahead(submission: Submission) -> int:
    """How many unfinished submissions of the same lane are older."""
    older = Submission.objects.filter(lane=submission.lane, pk__lt=submission.pk)
    return older.exclude(status=Status.DONE).count()
