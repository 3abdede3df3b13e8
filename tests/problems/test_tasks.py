"""Messages about import runs over the real broker: harmless when repeated, made good when lost."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from judge.celery import IMPORTS, app, messages
from problems import tasks
from problems.models import ImportRun, RunStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imports_queue")]


def make_run(
    status: str = RunStatus.QUEUED, age: float = 600, heard: float | None = None, attempts: int = 0
) -> ImportRun:
    """A run that was queued and heard of so many seconds ago."""
    run = ImportRun.objects.create(source="rows.jsonl", status=status, attempts=attempts)
    heard_at = None if heard is None else Now() - timedelta(seconds=heard)
    ImportRun.objects.filter(pk=run.pk).update(started_at=Now() - timedelta(seconds=age), heard_at=heard_at)
    return run


@pytest.mark.parametrize(
    ("status", "age", "heard"),
    [
        (RunStatus.QUEUED, 1, None),
        (RunStatus.QUEUED, 600, 5),
        (RunStatus.RUNNING, 600, 5),
        (RunStatus.RUNNING, 600, 600),  # at a terminal
        (RunStatus.FINISHED, 600, 600),
        (RunStatus.FAILED, 600, 600),
        (RunStatus.UNDONE, 600, 600),
    ],
)
def test_nothing_is_sent_without_need(status: str, age: float, heard: float | None) -> None:
    make_run(status, age, heard)
    tasks.sweep()
    assert messages(IMPORTS) == 0


def test_runs_that_wait_behind_another_are_not_sent_again_and_again() -> None:
    for _ in range(3):
        tasks.publish(make_run().pk)
    for _ in range(5):
        tasks.sweep()
    assert messages(IMPORTS) == 3


@pytest.mark.parametrize(
    ("status", "heard", "attempts"),
    [(RunStatus.QUEUED, None, 0), (RunStatus.RUNNING, 100, 1), (RunStatus.UNDOING, None, 0)],
)
def test_a_run_that_lost_its_message_or_its_worker_is_sent_again(
    status: str, heard: float | None, attempts: int
) -> None:
    make_run(status, heard=heard, attempts=attempts)
    tasks.sweep()
    tasks.sweep()
    assert messages(IMPORTS) == 1


def test_a_run_that_was_lost_too_often_has_failed() -> None:
    run = make_run(RunStatus.RUNNING, heard=100, attempts=3)
    tasks.sweep()
    run.refresh_from_db()
    assert (run.status, messages(IMPORTS)) == (RunStatus.FAILED, 0)


def test_a_repeated_message_does_nothing() -> None:
    run = make_run(RunStatus.FINISHED)
    tasks.run_import(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts, messages(IMPORTS)) == (RunStatus.FINISHED, 0, 0)


def test_a_run_whose_importer_died_gets_a_message_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.background, "look_after", lambda run_id: True)
    tasks.run_import(make_run().pk)
    assert messages(IMPORTS) == 1


def test_a_broker_that_does_not_answer_costs_nobody_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.run_import, "apply_async", refuse)
    tasks.publish(make_run().pk)


def test_imports_never_wait_in_the_judging_queues_nor_their_sweep_in_theirs() -> None:
    assert IMPORTS not in ("interactive", "batch")
    assert app.conf.beat_schedule["sweep_imports"]["options"]["queue"] == "interactive"
