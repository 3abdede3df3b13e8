"""The right to judge a submission, and every write that needs it.

A claim is won by one compare-and-set UPDATE and holds until its lease runs out. Each write asks for the claim again in
its own statement, so a worker that lost its claim changes nothing. All clocks are the database's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from judge.submissions.models import Lane, Status, Submission, TestResult, Verdict

# A message that is younger than this may still be on its way.
GRACE = timedelta(seconds=5)


class ClaimLost(Exception):
    """The lease ran out and the submission is no longer ours: nothing was written."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one submission. Every method but `renew` ends it or adds to it; all raise ClaimLost."""

    submission_id: int
    attempt: int

    def renew(self) -> None:
        """Make the lease whole again."""
        self._write(lease_until=_lease_end())

    def keep(self, results: Sequence[TestResult]) -> None:
        """Store ``results`` and renew the lease, or neither."""
        with transaction.atomic():
            self.renew()
            TestResult.objects.bulk_create(results)

    def finish(self, results: Sequence[TestResult], **fields: Any) -> None:
        """Store the last ``results`` and the final ``fields``, or neither."""
        with transaction.atomic():
            self._write(status=Status.DONE, lease_until=None, judged_at=Now(), **fields)
            TestResult.objects.bulk_create(results)

    def release(self, error: str, *, counts: bool) -> None:
        """Put the submission back, without this attempt's results; the attempt is given back unless it ``counts``."""
        with transaction.atomic():
            self._write(
                status=Status.QUEUED,
                lease_until=None,
                published_at=Now(),
                attempt=self.attempt if counts else self.attempt - 1,
                error=error,
            )
            TestResult.objects.filter(submission_id=self.submission_id, attempt=self.attempt).delete()

    def _write(self, **fields: Any) -> None:
        mine = Submission.objects.filter(pk=self.submission_id, attempt=self.attempt, status=Status.JUDGING)
        if not mine.update(**fields):
            raise ClaimLost(f"submission {self.submission_id}, attempt {self.attempt}")


def claimable(submission_id: int) -> Submission | None:
    """The submission with what judging needs of its problem, or None where there is nothing to do (any more)."""
    judged_by = ("time_limit_ms", "memory_limit_kb", "checker", "checker_language", "checker_source")
    needed = [f"problem__{name}" for name in judged_by]
    waiting = _unclaimed().filter(pk=submission_id, attempt__lt=settings.MAX_ATTEMPTS).select_related("problem")
    return waiting.only("attempt", "lane", "problem_id", "user_id", "language", "source", *needed).first()


def take(seen: Submission, **fields: Any) -> Claim | None:
    """Claim the submission as it was ``seen`` and set ``fields`` of it; None where somebody else was faster."""
    claim = Claim(seen.pk, seen.attempt + 1)
    won = (
        _unclaimed()
        .filter(pk=seen.pk, attempt=seen.attempt)
        .update(status=Status.JUDGING, attempt=claim.attempt, lease_until=_lease_end(), started_at=Now(), **fields)
    )
    return claim if won else None


def cancel(submission_id: int) -> bool:
    """End a submission that nobody has begun to judge; False where it is too late, or was never to be."""
    waits = Submission.objects.filter(pk=submission_id, status=Status.QUEUED)
    return bool(waits.update(status=Status.CANCELLED, lease_until=None))


def waiting(lane: Lane) -> int:
    """How many submissions of ``lane`` nobody holds."""
    return _unclaimed().filter(lane=lane).count()


def overdue(lane: Lane, limit: int) -> list[Submission]:
    """Up to ``limit`` unclaimed submissions whose message is past its grace, oldest first, noted as published now."""
    with transaction.atomic():
        late = _unclaimed().filter(lane=lane, published_at__lt=Now() - GRACE).order_by("published_at", "id")
        found = list(late.select_for_update(skip_locked=True).only("pk", "lane")[:limit])
        Submission.objects.filter(pk__in=[submission.pk for submission in found]).update(published_at=Now())
    return found


def give_up() -> int:
    """End as IE every submission whose last attempt lost its worker; returns how many there were."""
    lost = _unclaimed().filter(status=Status.JUDGING, attempt__gte=settings.MAX_ATTEMPTS)
    error = f"{settings.MAX_ATTEMPTS} attempts ended without a word: see the workers' logs"
    return lost.update(status=Status.DONE, verdict=Verdict.IE, error=error, lease_until=None, judged_at=Now())


def _unclaimed() -> QuerySet[Submission]:
    return Submission.objects.filter(Q(status=Status.QUEUED) | Q(status=Status.JUDGING, lease_until__lt=Now()))


def _lease_end() -> Any:
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)
