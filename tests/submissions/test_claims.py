"""Who may judge a submission, and that nobody else can write a word of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from judge.submissions import claims, models
from judge.submissions.claims import Claim, ClaimLost
from judge.submissions.models import Lane, Status, Submission, Verdict

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

STALE_WRITES = {
    "renew": lambda claim: claim.renew(),
    "keep": lambda claim: claim.keep([row(claim)]),
    "finish": lambda claim: claim.finish([row(claim)], verdict=Verdict.WA),
    "release": lambda claim: claim.release("late", counts=True),
}


def row(claim: Claim, position: int = 1) -> models.TestResult:
    return models.TestResult(
        submission_id=claim.submission_id, attempt=claim.attempt, position=position, verdict=Verdict.AC
    )


def take(submission: Submission, **fields: Any) -> Claim:
    """Claims a submission that is free."""
    seen = claims.claimable(submission.pk)
    assert seen is not None
    claim = claims.take(seen, **fields)
    assert claim is not None
    return claim


def age(submission: Submission, **fields: float) -> None:
    """Moves times of the submission into the past by so many seconds."""
    past = {name: Now() - timedelta(seconds=seconds) for name, seconds in fields.items()}
    Submission.objects.filter(pk=submission.pk).update(**past)


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def test_a_held_submission_cannot_be_claimed(make_submission: Make) -> None:
    submission = make_submission()
    take(submission)
    assert claims.claimable(submission.pk) is None


def test_a_finished_submission_cannot_be_claimed(make_submission: Make) -> None:
    submission = make_submission()
    take(submission).finish([], verdict=Verdict.AC)
    assert claims.claimable(submission.pk) is None


def test_a_submission_without_attempts_left_cannot_be_claimed(make_submission: Make, settings: Any) -> None:
    submission = make_submission(attempt=settings.MAX_ATTEMPTS)
    assert claims.claimable(submission.pk) is None


def test_what_was_seen_before_somebody_else_claimed_it_claims_nothing(make_submission: Make) -> None:
    submission = make_submission()
    seen = claims.claimable(submission.pk)
    take(submission)
    assert claims.take(seen) is None
    assert now(submission).attempt == 1


def test_what_was_seen_before_an_attempt_failed_claims_nothing(make_submission: Make) -> None:
    submission = make_submission()
    seen = claims.claimable(submission.pk)
    take(submission).release("the container died", counts=True)
    assert claims.take(seen) is None
    assert now(submission).status == Status.QUEUED


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_wins(make_submission: Make, at_once: Make) -> None:
    submission = make_submission()
    seen = claims.claimable(submission.pk)
    won = at_once(8, lambda: claims.take(seen))
    assert [claim for claim in won if claim] == [Claim(submission.pk, 1)]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_wins_a_lease_that_ran_out(make_submission: Make, at_once: Make) -> None:
    submission = make_submission()
    take(submission)
    age(submission, lease_until=1)
    seen = claims.claimable(submission.pk)
    won = at_once(8, lambda: claims.take(seen))
    assert [claim for claim in won if claim] == [Claim(submission.pk, 2)]


@pytest.mark.parametrize("write", STALE_WRITES)
def test_after_another_workers_claim_nothing_can_be_written(make_submission: Make, write: str) -> None:
    submission = make_submission()
    stale = take(submission)
    age(submission, lease_until=1)
    take(submission)
    before = Submission.objects.filter(pk=submission.pk).values().get()
    with pytest.raises(ClaimLost):
        STALE_WRITES[write](stale)
    assert Submission.objects.filter(pk=submission.pk).values().get() == before
    assert not models.TestResult.objects.exists()


@pytest.mark.parametrize("write", STALE_WRITES)
def test_after_the_verdict_nothing_can_be_written(make_submission: Make, write: str) -> None:
    submission = make_submission()
    claim = take(submission)
    claim.finish([], verdict=Verdict.AC)
    with pytest.raises(ClaimLost):
        STALE_WRITES[write](claim)
    assert now(submission).verdict == Verdict.AC
    assert not models.TestResult.objects.exists()


def test_a_verdict_whose_results_cannot_be_stored_is_not_stored_either(make_submission: Make) -> None:
    submission = make_submission()
    claim = take(submission)
    claim.keep([row(claim)])
    with pytest.raises(IntegrityError):
        claim.finish([row(claim)], verdict=Verdict.AC)
    assert now(submission).status == Status.JUDGING


def test_a_claim_counts_the_attempt_and_sets_what_is_known(make_submission: Make) -> None:
    submission = make_submission()
    take(submission, total=7)
    submission = now(submission)
    assert (submission.status, submission.attempt, submission.total) == (Status.JUDGING, 1, 7)


def test_keeping_a_result_renews_the_lease(make_submission: Make) -> None:
    submission = make_submission()
    claim = take(submission)
    age(submission, lease_until=-1)
    nearly_over = now(submission).lease_until
    claim.keep([row(claim)])
    assert now(submission).lease_until > nearly_over
    assert submission.results.count() == 1


@pytest.mark.parametrize(("counts", "attempt"), [(True, 1), (False, 0)])
def test_a_released_submission_is_free_again_without_results(make_submission: Make, counts: bool, attempt: int) -> None:
    submission = make_submission()
    claim = take(submission)
    claim.keep([row(claim)])
    claim.release("the container died", counts=counts)
    submission = now(submission)
    assert (submission.status, submission.attempt, submission.lease_until) == (Status.QUEUED, attempt, None)
    assert submission.error == "the container died"
    assert not submission.results.exists()
    assert take(submission).attempt == attempt + 1


def test_a_submission_that_lost_its_last_worker_ends_as_our_fault(make_submission: Make, settings: Any) -> None:
    submission = make_submission(attempt=settings.MAX_ATTEMPTS - 1)
    take(submission)
    assert claims.give_up() == 0
    age(submission, lease_until=1)
    assert claims.give_up() == 1
    submission = now(submission)
    assert (submission.status, submission.verdict) == (Status.DONE, Verdict.IE)
    assert "3 attempts" in submission.error


def test_a_submission_with_attempts_left_is_not_given_up(make_submission: Make) -> None:
    submission = make_submission()
    take(submission)
    age(submission, lease_until=1)
    assert claims.give_up() == 0


def test_a_fresh_message_is_not_overdue(make_submission: Make) -> None:
    make_submission()
    assert claims.overdue(Lane.INTERACTIVE, 10) == []


def test_the_oldest_messages_of_the_lane_are_overdue_first(make_submission: Make) -> None:
    first, second, third, bulk = (make_submission(lane=lane) for lane in [Lane.INTERACTIVE] * 3 + [Lane.BATCH])
    for submission, seconds in ((first, 10), (second, 30), (third, 20), (bulk, 40)):
        age(submission, published_at=seconds)
    assert claims.overdue(Lane.INTERACTIVE, 2) == [second, third]
    assert claims.overdue(Lane.INTERACTIVE, 2) == [first]


def test_a_lease_that_ran_out_is_overdue_and_a_living_one_is_not(make_submission: Make) -> None:
    lost, living = make_submission(), make_submission()
    take(lost)
    take(living)
    age(lost, lease_until=1, published_at=10)
    age(living, published_at=10)
    assert claims.overdue(Lane.INTERACTIVE, 10) == [lost]
    assert claims.waiting(Lane.INTERACTIVE) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_share_what_is_overdue(make_submission: Make, at_once: Make) -> None:
    submissions = [make_submission() for _ in range(6)]
    for submission in submissions:
        age(submission, published_at=10)
    found = at_once(4, lambda: claims.overdue(Lane.INTERACTIVE, 6))
    assert sorted(s.pk for part in found for s in part) == [s.pk for s in submissions]


def test_what_was_cancelled_cannot_be_claimed(make_submission: Make) -> None:
    submission = make_submission()
    seen = claims.claimable(submission.pk)
    assert claims.cancel(submission.pk)
    assert claims.claimable(submission.pk) is None
    assert claims.take(seen) is None
    assert now(submission).status == Status.CANCELLED


def test_what_is_being_judged_or_done_cannot_be_cancelled(make_submission: Make) -> None:
    submission = make_submission()
    claim = take(submission)
    assert not claims.cancel(submission.pk)
    claim.finish([], verdict=Verdict.AC)
    assert not claims.cancel(submission.pk)
    assert now(submission).verdict == Verdict.AC


def test_what_waits_for_another_attempt_can_be_cancelled(make_submission: Make) -> None:
    submission = make_submission()
    take(submission).release("the container died", counts=True)
    assert claims.cancel(submission.pk)
    assert claims.claimable(submission.pk) is None


def test_no_sweep_brings_a_cancelled_one_back(make_submission: Make) -> None:
    submission = make_submission()
    age(submission, published_at=60)
    claims.cancel(submission.pk)
    assert claims.waiting(Lane.INTERACTIVE) == 0
    assert claims.overdue(Lane.INTERACTIVE, 10) == []
    claims.give_up()
    assert now(submission).status == Status.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_claim_and_a_cancel_at_once_have_one_winner(make_submission: Make, at_once: Make) -> None:
    submission = make_submission()
    seen = claims.claimable(submission.pk)
    turns = iter([lambda: claims.take(seen), lambda: claims.cancel(submission.pk)] * 4)

    def its_turn() -> Claim | bool | None:
        return next(turns)()

    won = [each for each in at_once(8, its_turn) if each]
    assert len(won) == 1
    assert now(submission).status == (Status.CANCELLED if won == [True] else Status.JUDGING)
