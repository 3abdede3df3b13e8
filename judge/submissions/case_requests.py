"""Who may have a small failing case looked for, how often, and what the page shows of it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from judge.accounts.models import User
from judge.submissions import tasks
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Status, Submission, TestResult, Verdict
from judge.submissions.report import Details, Excerpt, details, ending, printable

# A verdict that a small input may explain; a limit is a matter of large ones.
VERDICTS = (Verdict.WA, Verdict.RE)
MAX_PER_HOUR = 20


class CaseRefused(Exception):
    """None is looked for; the message says why."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page says: a button where it ``may_ask``, and what came of it where somebody has asked."""

    may_ask: bool
    case: FailingCase | None
    details: Details | None = None
    words: str = ""
    ending: str = ""


def ask(user: User, submission: Submission) -> None:
    """Have one looked for. Asking again is harmless; where we failed it means another try. Raises CaseRefused."""
    if not _fits(submission) or submission.user_id != user.pk:
        raise CaseRefused(_("No failing case can be looked for here."))
    with transaction.atomic():
        # The row's lock makes one person's requests wait for each other.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        case = FailingCase.objects.filter(pk=submission.pk).first()
        if case and case.status != CaseStatus.FAILED:
            return
        mine = FailingCase.objects.filter(submission__user=user)
        if mine.unfinished().exists():
            raise CaseRefused(_("One is being looked for already. Wait for it, then ask again."))
        if mine.filter(asked_at__gt=Now() - timedelta(hours=1)).count() >= MAX_PER_HOUR:
            raise CaseRefused(
                _("You have asked for %(number)d within an hour. Try again later.") % {"number": MAX_PER_HOUR}
            )
        given = {"status": CaseStatus.QUEUED, "attempt": 0, "asked_at": Now(), "published_at": Now(), "error": ""}
        FailingCase.objects.update_or_create(pk=submission.pk, defaults=given)
        transaction.on_commit(partial(tasks.publish_case, submission.pk))


def panel(submission: Submission, user: Any) -> Panel | None:
    """The panel for ``user``, who may see the submission; None where there is nothing to say."""
    if submission.status != Status.DONE or submission.verdict not in VERDICTS:
        return None
    case = FailingCase.objects.filter(pk=submission.pk).first()
    may_ask = submission.user_id == user.pk and (not case or case.status == CaseStatus.FAILED) and _fits(submission)
    if not case and not may_ask:
        return None
    found = case if case and case.status == CaseStatus.FOUND else None
    if found is None:
        return Panel(may_ask, case)
    words = str(Verdict(found.verdict).label)
    return Panel(may_ask, case, _details(submission, found), words, ending(_as_result(found)))


def _fits(submission: Submission) -> bool:
    problem = submission.problem
    return bool(
        submission.status == Status.DONE
        and submission.verdict in VERDICTS
        and problem.finds_cases
        and problem.verified
        and problem.judgeable
        and problem.solution
        and problem.tests.filter(is_sample=True).exists()
    )


def _details(submission: Submission, case: FailingCase) -> Details:
    answer = Excerpt(printable(case.answer), max(0, case.answer_size - len(case.answer)))
    return details(submission, _as_result(case), Excerpt(printable(case.stdin)), answer)


def _as_result(case: FailingCase) -> TestResult:
    """The case as the result of a test, for what is said of such."""
    same = ("verdict", "note", "exit_code", "signal", "stdout", "stdout_size", "stderr", "stderr_size")
    return TestResult(**{name: getattr(case, name) for name in same})
