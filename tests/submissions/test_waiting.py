"""The place in the queue, and what is said of the time that it takes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from judge.submissions import waiting
from judge.submissions.models import Lane, Status, Submission, Verdict

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def make(make_problem: Make, make_user: Make, make_submission: Make) -> Make:
    """Makes submissions of one person to one problem."""
    problem, user = make_problem(), make_user()
    return lambda **fields: make_submission(problem, user, **fields)


def judged_in(submission: Submission, seconds: float) -> None:
    Submission.objects.filter(pk=submission.pk).update(
        status=Status.DONE, verdict=Verdict.AC, started_at=Now() - timedelta(seconds=seconds), judged_at=Now()
    )


def at_work(submission: Submission, lease: float = 60) -> None:
    Submission.objects.filter(pk=submission.pk).update(
        status=Status.JUDGING, lease_until=Now() + timedelta(seconds=lease)
    )


def test_what_is_done_cancelled_younger_or_of_another_lane_is_not_before_it(make: Make) -> None:
    make(status=Status.DONE)
    make(status=Status.CANCELLED)
    make(lane=Lane.BATCH)
    mine = make()
    make()
    assert waiting.place_of(mine).ahead == 0


def test_what_waits_and_what_is_judged_is_before_it(make: Make) -> None:
    at_work(make())
    make()
    assert waiting.place_of(make()).ahead == 2


def test_a_very_long_queue_is_not_counted_to_its_end(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MAX_COUNTED", 2)
    for _ in range(4):
        make()
    place = waiting.place_of(make())
    assert (place.ahead, place.more) == (2, True)


def test_nothing_judged_yet_gives_no_time(make: Make) -> None:
    assert waiting.place_of(make()).seconds is None


def test_the_time_is_what_lies_before_it_at_the_recent_pace(make: Make) -> None:
    for seconds in (2, 4):
        judged_in(make(), seconds)
    at_work(make())
    make()
    assert waiting.place_of(make()).seconds == pytest.approx(9, rel=0.05)


def test_two_at_work_halve_the_time(make: Make) -> None:
    judged_in(make(), 3)
    at_work(make())
    at_work(make())
    assert waiting.place_of(make()).seconds == pytest.approx(4.5, rel=0.05)


def test_a_worker_that_died_is_not_at_work(make: Make) -> None:
    judged_in(make(), 3)
    at_work(make(), lease=-1)
    at_work(make(), lease=-1)
    assert waiting.place_of(make()).seconds == pytest.approx(9, rel=0.05)


def test_only_recent_ones_count(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "RECENT", 1)
    slow = make()
    judged_in(slow, 100)
    Submission.objects.filter(pk=slow.pk).update(judged_at=Now() - timedelta(hours=1))
    judged_in(make(), 1)
    assert waiting.place_of(make()).seconds == pytest.approx(1, rel=0.1)


def test_who_waits_long_while_nobody_judges_is_told(make: Make) -> None:
    mine = make()
    assert not waiting.place_of(mine).halted
    Submission.objects.filter(pk=mine.pk).update(created_at=Now() - timedelta(minutes=1))
    assert waiting.place_of(mine).halted
    judged_in(other := make(lane=Lane.BATCH), 1)
    assert not waiting.place_of(mine).halted
    Submission.objects.filter(pk=other.pk).update(judged_at=Now() - timedelta(minutes=1))
    assert waiting.place_of(mine).halted
    at_work(make())
    assert not waiting.place_of(mine).halted


def test_the_queries_use_their_indexes(make: Make) -> None:
    lane = Submission.objects.filter(lane=Lane.INTERACTIVE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    older = lane.unfinished().filter(pk__lt=9).order_by("lane", "id")[:5].explain()
    recent = lane.filter(status=Status.DONE, started_at__isnull=False).order_by("-judged_at")[:5].explain()
    assert "submission_waiting" in older
    assert "submission_judged" in recent
