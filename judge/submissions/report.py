"""What a submission's page says of each test, and to whom.

In charge of: keeping the data of hidden tests (input, answer, output, error output, remarks) from everyone but
curators, unless the problem's tests are public. A view takes results through here only. Not in charge of: how it looks.

Of a crash in a hidden test its owner learns the line and, where it is one of Python's own, the exception's name: both
are about the program. The message is not shown, nor the way that led there, which could be made to spell the input.
"""

import signal
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from judge.engine import checkers, languages
from judge.engine.errors import UnknownChecker
from judge.submissions import source_lines
from judge.submissions.differences import Difference, Same, difference
from judge.submissions.models import Status, Submission, TestResult, Verdict
from judge.submissions.waiting import Place, place_of
from problems.models import TestCase

# Characters of an input or an answer that a page shows.
SHOWN_CHARS = 4_000
MAX_BAR = 100

# Control characters as their pictures, so that no byte of a program's output is lost or acts on the page.
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {127: 0x2421}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text and how much was left out: ``cut`` characters of what we keep, or bytes of what was printed."""

    text: str
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Details:
    """A test's data, for a sample or for a curator. ``stderr_linked`` has links into the program."""

    stdin: Excerpt
    expected: Excerpt
    stdout: Excerpt
    stderr: str
    stderr_linked: SafeString
    stderr_cut: int
    note: str
    difference: Difference | None
    alike_so_far: bool


@dataclass(frozen=True, slots=True)
class Crash:
    """Where a program failed: a line of it, and the name of Python's exception, each where it is known."""

    line: int | None
    exception: str


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
    crash: Crash | None
    is_sample: bool
    details: Details | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that a submission's page shows of its judging."""

    rows: list[Row]
    judged: int
    passed: int
    total: int
    place: Place | None
    finished: bool
    tests_changed: bool
    compiler_said: SafeString

    @property
    def first_failed(self) -> int | None:
        """The position of the first sample that failed."""
        wrong = (row for row in self.rows if row.is_sample and row.details and row.verdict not in ("", Verdict.AC))
        return next((row.position for row in wrong), None)


def report(submission: Submission, user: Any) -> Report:
    """The report on ``submission`` as ``user`` may see it; who may see the submission at all is the caller's care."""
    finished = submission.has_ended
    results = {result.position: result for result in submission.results.filter(attempt=submission.attempt)}
    # After a change of the tests a position may mean another test, a hidden one even: nothing of them is shown then.
    changed = bool(submission.tests_version) and submission.tests_version != submission.problem.tests_version
    if changed:
        known, shown = dict.fromkeys(results, False), {}
    else:
        known = dict(submission.problem.tests.order_by("position").values_list("position", "is_sample"))
        shown = _shown(submission, user) if finished and results else {}
    rows = [
        _row(submission, position, results.get(position), known[position], shown.get(position))
        for position in sorted(known)
    ]
    return Report(
        rows=rows if finished is False or results else [],
        judged=len(results),
        passed=sum(result.verdict == Verdict.AC for result in results.values()),
        total=submission.total or len(rows),
        place=place_of(submission) if submission.status == Status.QUEUED else None,
        finished=finished,
        tests_changed=changed,
        compiler_said=_linked(submission, submission.compile_output),
    )


def printable(data: bytes | memoryview | str) -> str:
    """A program's output as text for a page: unreadable bytes marked, control characters as pictures."""
    text = data if isinstance(data, str) else bytes(data).decode("utf-8", "replace")
    return text.replace("\r\n", "\n").translate(_PICTURES)


def _shown(submission: Submission, user: Any) -> dict[int, TestCase]:
    """The tests whose data ``user`` may see, cut to what a page shows."""
    tests: QuerySet[TestCase] = submission.problem.tests.all()
    if not (user.is_curator or submission.problem.tests_are_public):
        tests = tests.filter(is_sample=True)
    cut = tests.defer("stdin", "stdout").annotate(
        stdin_start=Left("stdin", SHOWN_CHARS),
        stdin_chars=Length("stdin"),
        stdout_start=Left("stdout", SHOWN_CHARS),
        stdout_chars=Length("stdout"),
    )
    return {test.position: test for test in cut}


def _row(submission: Submission, position: int, result: TestResult | None, is_sample: bool, test: Any) -> Row:
    if result is None:
        return Row(position, False, "", _("Waiting"), None, 0, None, 0, "", None, is_sample, None)
    return Row(
        position=position,
        judged=True,
        verdict=result.verdict,
        words=Verdict(result.verdict).label if result.verdict else _("Not run"),
        time_ms=result.time_ms,
        time_bar=_share(result.time_ms, submission.time_limit_ms),
        memory_kb=result.memory_kb,
        memory_bar=_share(result.memory_kb, submission.memory_limit_kb),
        ending=ending(result),
        crash=_crash(submission, result) if result.verdict == Verdict.RE else None,
        is_sample=is_sample,
        details=_of_test(submission, result, test) if test else None,
    )


def _of_test(submission: Submission, result: TestResult, test: Any) -> Details:
    stdin = Excerpt(printable(test.stdin_start), max(0, test.stdin_chars - SHOWN_CHARS))
    expected = Excerpt(printable(test.stdout_start), max(0, test.stdout_chars - SHOWN_CHARS))
    return details(submission, result, stdin, expected)


def details(submission: Submission, result: TestResult, stdin: Excerpt, expected: Excerpt) -> Details:
    """What a program made of one input beside what was expected; who may see it is the caller's care."""
    got = Excerpt(printable(result.stdout), _left_out(result.stdout, result.stdout_size))
    found = None
    if wrong := result.verdict == Verdict.WA:
        found = difference(
            expected.text,
            got.text,
            _same(submission.checker),
            expected_cut=bool(expected.cut),
            got_cut=bool(got.cut),
        )
    return Details(
        stdin=stdin,
        expected=expected,
        stdout=got,
        stderr=printable(result.stderr),
        stderr_linked=_linked(submission, bytes(result.stderr)),
        stderr_cut=_left_out(result.stderr, result.stderr_size),
        note=result.note,
        difference=found,
        alike_so_far=wrong and found is None and bool(expected.cut or got.cut),
    )


def _left_out(kept: bytes | memoryview, size: int | None) -> int:
    """How many bytes are not kept. Of results from before sizes were, nothing is known: one that is full was cut."""
    if size is None:
        return int(len(kept) >= settings.MAX_STORED_OUTPUT_BYTES)
    return max(0, size - len(kept))


def _same(checker: str) -> Same:
    """Which lines the checker takes for the same; of a program of a curator's own that is not known."""
    try:
        check = checkers.get(checker)
    except UnknownChecker:
        return lambda expected, got: expected.rstrip() == got.rstrip()
    return lambda expected, got: check(got.encode(), expected.encode()).right


def _linked(submission: Submission, message: bytes | str) -> SafeString:
    language = languages.all_languages().get(submission.language)
    lines = source_lines.count(submission.source)
    return source_lines.linked(printable(message), language.filename if language else "", lines if language else 0)


def _crash(submission: Submission, result: TestResult) -> Crash | None:
    language = languages.all_languages().get(submission.language)
    if language is None:
        return None
    message = bytes(result.stderr).decode("utf-8", "replace")
    line = source_lines.innermost(message, language.filename, source_lines.count(submission.source))
    exception = source_lines.exception(message) if language.filename.endswith(".py") else ""
    return Crash(line, exception) if line or exception else None


def _share(value: int | None, limit: int) -> int:
    return min(MAX_BAR, round(MAX_BAR * value / limit)) if value and limit else 0


def ending(result: TestResult) -> str:
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
