"""The sweep: nothing is lost, and nothing is published twice without need. Over the real broker."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from judge.engine.errors import SandboxLost
from judge.submissions import judging, tasks
from judge.submissions.models import Lane, Status, Submission, Verdict

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def age(*submissions: Submission, **fields: float) -> None:
    """Moves times of the submissions into the past by so many seconds."""
    past = {name: Now() - timedelta(seconds=seconds) for name, seconds in fields.items()}
    Submission.objects.filter(pk__in=[submission.pk for submission in submissions]).update(**past)


def test_a_message_that_may_be_on_its_way_is_not_repeated(make_submission: Make, queue: Any) -> None:
    make_submission()
    tasks.sweep()
    assert queue.count() == 0


def test_a_long_queue_is_not_published_again(make_submission: Make, queue: Any) -> None:
    submissions = [make_submission() for _ in range(5)]
    for submission in submissions:
        tasks.publish(submission)
    age(*submissions, published_at=600)
    tasks.sweep()
    assert queue.count() == 5


@pytest.mark.parametrize("status", [Status.JUDGING, Status.DONE])
def test_what_is_held_or_done_is_not_published(make_submission: Make, queue: Any, status: Status) -> None:
    submission = make_submission(status=status)
    age(submission, published_at=600, lease_until=-60)
    tasks.sweep()
    assert queue.count() == 0


def test_one_sweep_publishes_no_storm(make_submission: Make, queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SWEEP_LIMIT", 3)
    age(*[make_submission() for _ in range(5)], published_at=600)
    tasks.sweep()
    assert queue.count() == 3
    tasks.sweep()
    assert queue.count() == 5


@pytest.mark.parametrize("lane", Lane)
def test_a_lost_message_is_sent_again_in_its_lane(make_submission: Make, queue: Any, lane: Lane) -> None:
    submission = make_submission(lane=lane)
    age(submission, published_at=6)
    tasks.sweep()
    tasks.sweep()
    assert queue.ids(lane) == [submission.pk]


def test_after_the_broker_lost_all_it_had_everything_is_sent_again(make_submission: Make, queue: Any) -> None:
    submissions = [make_submission() for _ in range(4)]
    for submission in submissions:
        tasks.publish(submission)
    queue.purge()
    age(*submissions, published_at=6)
    tasks.sweep()
    assert queue.ids() == [submission.pk for submission in submissions]


def test_a_submission_whose_worker_died_is_sent_again(make_submission: Make, queue: Any) -> None:
    submission = make_submission(status=Status.JUDGING, attempt=1)
    age(submission, published_at=60, lease_until=1)
    tasks.sweep()
    assert queue.ids() == [submission.pk]


def test_a_submission_that_kills_its_workers_ends(make_submission: Make, queue: Any, settings: Any) -> None:
    submission = make_submission(status=Status.JUDGING, attempt=settings.MAX_ATTEMPTS)
    age(submission, published_at=60, lease_until=1)
    tasks.sweep()
    submission.refresh_from_db()
    assert (submission.status, submission.verdict) == (Status.DONE, Verdict.IE)
    assert queue.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_lost_container_is_followed_by_a_message_at_once(
    make_submission: Make, scripted: Make, queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = scripted(SandboxLost("gone"), b"3\n", b"4\n", b"42\n")
    monkeypatch.setattr(judging, "_sandbox", sandbox)
    submission = make_submission()
    tasks.judge_submission(submission.pk)
    assert queue.ids() == [submission.pk]
    tasks.judge_submission(submission.pk)
    submission.refresh_from_db()
    assert (submission.verdict, submission.attempt, queue.count()) == (Verdict.AC, 2, 0)


def test_people_go_before_bulk_runs_and_the_sweep_before_all() -> None:
    assert 0 < tasks.PRIORITY[Lane.INTERACTIVE] < tasks.PRIORITY[Lane.BATCH]
    assert tasks.app.conf.beat_schedule["sweep"]["options"]["priority"] == 0


@pytest.mark.parametrize(
    ("queues", "warm"), [({"imports"}, False), ({"interactive", "batch"}, True), ({"batch"}, True)]
)
def test_only_a_worker_that_judges_keeps_containers_warm(
    queues: set[str], warm: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed = threading.Event()
    monkeypatch.setattr(judging, "warm_up", warmed.set)
    monkeypatch.setattr(tasks.app.amqp.queues, "_consume_from", dict.fromkeys(queues))
    tasks._warm_up()
    assert warmed.wait(5 if warm else 0.2) == warm
