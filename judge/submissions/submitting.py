"""The web's side of a submission: check it, keep it, send it on its way.

In charge of: who may submit what, and how much. Not in charge of: judging, or how a message travels (`tasks.py`).
"""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from judge.accounts.models import User
from judge.submissions import tasks
from judge.submissions.models import Lane, Submission, Verdict
from judge.submissions.offered import available_languages
from problems.models import Problem


class SubmitRefused(Exception):
    """The submission was not taken; the message tells the submitter what to do."""


class TooManySubmissions(SubmitRefused):
    """It may be taken later: in about so many ``seconds``."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


def submit(user: User, problem: Problem, language: str, source: str, lane: Lane = Lane.INTERACTIVE) -> Submission:
    """Keep a submission and enqueue it on commit. Line ends become LF.

    The limits of rate and of submissions in flight hold in the interactive lane. Raises SubmitRefused, where they are
    reached TooManySubmissions.
    """
    if language not in available_languages():
        raise SubmitRefused(_("There is no such language here. Choose one of the list."))
    source = checked_source(source)
    if not Problem.objects.visible_to(user).filter(pk=problem.pk, judgeable=True).exists():
        raise SubmitRefused(_("This problem takes no submissions."))
    with transaction.atomic():
        if lane == Lane.INTERACTIVE:
            _check_limits(user)
        submission = Submission.objects.create(user=user, problem=problem, language=language, source=source, lane=lane)
        transaction.on_commit(partial(tasks.publish, submission))
    return submission


def checked_source(source: str) -> str:
    """``source`` with LF as line ends. Raises SubmitRefused where it is no program that may be sent in."""
    source = source.replace("\r\n", "\n")
    if not source.strip():
        raise SubmitRefused(_("The program is empty. Write something first."))
    if "\0" in source:
        raise SubmitRefused(_("The program holds a NUL character. Send the source, not a compiled program."))
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        raise SubmitRefused(_("The program is not valid Unicode text. Save it as UTF-8 and try again.")) from None
    if size > settings.MAX_SOURCE_BYTES:
        raise SubmitRefused(
            _("The program has %(size)d KiB; %(limit)d KiB are allowed. Make it shorter.")
            % {"size": -(-size // 1024), "limit": settings.MAX_SOURCE_BYTES // 1024}
        )
    return source


def _check_limits(user: User) -> None:
    # The row's lock makes one user's submissions wait for each other, so that two at once cannot both be the last.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = Submission.objects.filter(user=user, lane=Lane.INTERACTIVE)
    if mine.unfinished().count() >= settings.MAX_IN_FLIGHT_PER_USER:
        raise TooManySubmissions(
            _("%(count)d of your submissions are still being judged. Wait for one of them to finish.")
            % {"count": settings.MAX_IN_FLIGHT_PER_USER},
            seconds=1,
        )
    allowed = settings.MAX_SUBMISSIONS_PER_MINUTE
    # Where we failed, the submitter has not used one up.
    oldest = (
        mine.exclude(verdict=Verdict.IE)
        .order_by("-id")
        .values_list("created_at", flat=True)[allowed - 1 : allowed]
        .first()
    )
    if oldest and (wait := oldest + timedelta(minutes=1) - timezone.now()) > timedelta(0):
        raise TooManySubmissions(
            _("You have sent %(allowed)d programs within a minute. Try again in %(seconds)d s.")
            % {"allowed": allowed, "seconds": wait.seconds + 1},
            seconds=wait.seconds + 1,
        )
