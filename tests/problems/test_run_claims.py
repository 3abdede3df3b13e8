"""Who may start an importer: one at a time, not for ever, and never where somebody is heard of."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from problems import run_claims
from problems.models import ImportRun, RunStatus

pytestmark = pytest.mark.django_db

ENDED = [RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.UNDONE]


def make_run(status: str = RunStatus.QUEUED, heard: float | None = None, **fields: Any) -> ImportRun:
    """A run that was heard of so many seconds ago, or never."""
    run = ImportRun.objects.create(source="rows.jsonl", status=status, **fields)
    if heard is not None:
        ImportRun.objects.filter(pk=run.pk).update(heard_at=Now() - timedelta(seconds=heard))
    return run


def age(run: ImportRun, seconds: float) -> None:
    ImportRun.objects.filter(pk=run.pk).update(started_at=Now() - timedelta(seconds=seconds))


def told(run: ImportRun) -> tuple[bool, bool, bool]:
    """silent, resumable, undoable."""
    now = run_claims.told().get(pk=run.pk)
    return now.silent, now.resumable, now.undoable


@pytest.mark.parametrize("status", ENDED)
def test_what_has_ended_is_not_claimed(status: str) -> None:
    assert run_claims.claim(make_run(status).pk) is None


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.UNDOING])
def test_a_run_that_was_heard_of_is_not_claimed(status: str) -> None:
    assert run_claims.claim(make_run(status, heard=5).pk) is None


def test_two_messages_are_one_claim() -> None:
    run = make_run()
    assert run_claims.claim(run.pk) is not None
    assert run_claims.claim(run.pk) is None


def test_a_run_that_never_gets_on_is_claimed_three_times() -> None:
    run = make_run()
    for _ in range(3):
        assert run_claims.claim(run.pk) is not None
        ImportRun.objects.update(heard_at=None)
    assert run_claims.claim(run.pk) is None


def test_a_run_that_gets_on_is_claimed_for_ever() -> None:
    run = make_run()
    for number in range(1, 8):
        assert run_claims.claim(run.pk) is not None, number
        ImportRun.objects.update(heard_at=None, rows_read=100 * number, status=RunStatus.RUNNING)


def test_a_run_that_lost_its_worker_is_claimed() -> None:
    assert run_claims.claim(make_run(RunStatus.RUNNING, heard=61).pk) is not None


def test_a_release_gives_the_start_back() -> None:
    run = make_run()
    for _ in range(5):
        claimed = run_claims.claim(run.pk)
        assert claimed is not None
        run_claims.release(claimed)


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.UNDOING])
def test_what_was_released_waits_for_the_next_worker(status: str) -> None:
    run = make_run(status, heard=100)
    age(run, 600)
    claimed = run_claims.claim(run.pk)
    assert claimed is not None
    run_claims.release(claimed)
    assert run_claims.overdue(9) == [run.pk]


def test_renewing_tells_of_a_cancellation() -> None:
    run = make_run(RunStatus.RUNNING, heard=50)
    assert not run_claims.renew(run)
    run.refresh_from_db()
    assert run_claims.claim(run.pk) is None
    run_claims.cancel(run)
    assert run_claims.renew(run)


@pytest.mark.django_db(transaction=True)
def test_renewing_does_not_wait_for_an_importer_that_writes() -> None:
    run = make_run(RunStatus.RUNNING, heard=50)
    other = connections.create_connection("default")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM problems_importrun WHERE id = %s FOR UPDATE", [run.pk])
        with connection.cursor() as ours:
            ours.execute("SET lock_timeout = '2s'")
        assert not run_claims.renew(run)
    other.rollback()
    other.close()


def test_a_dead_importer_is_started_again_twice_and_then_has_failed() -> None:
    run = make_run()
    again = []
    for _ in range(3):
        claimed = run_claims.claim(run.pk)
        assert claimed is not None
        again.append(run_claims.bury(claimed, "killed"))
    run.refresh_from_db()
    assert again == [True, True, False]
    assert (run.status, run.error, run.finished_at is None) == (RunStatus.FAILED, "killed", False)


def test_an_importer_that_dies_while_it_is_cancelled_is_cancelled() -> None:
    run = make_run()
    claimed = run_claims.claim(run.pk)
    assert claimed is not None
    run_claims.cancel(run)
    assert not run_claims.bury(claimed, "killed")
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED


@pytest.mark.parametrize("status", ENDED)
def test_burying_leaves_what_has_ended_alone(status: str) -> None:
    run = make_run(status)
    assert not run_claims.bury(run, "killed")
    run.refresh_from_db()
    assert (run.status, run.error) == (status, "")


def test_an_undoing_that_never_succeeds_can_only_be_undone_again() -> None:
    run = make_run(RunStatus.FINISHED)
    assert run_claims.put_back(run.pk, RunStatus.UNDOING)
    for _ in range(3):
        claimed = run_claims.claim(run.pk)
        assert claimed is not None
        run_claims.bury(claimed, "killed")
    run.refresh_from_db()
    assert run.status == RunStatus.UNDOING
    assert told(run) == (False, False, True)


def test_giving_up_leaves_those_alone_that_are_heard_of_or_wait() -> None:
    runs = [make_run(), make_run(RunStatus.RUNNING, heard=1, attempts=3), make_run(RunStatus.RUNNING, heard=100)]
    assert run_claims.give_up() == 0
    assert [ImportRun.objects.get(pk=run.pk).status for run in runs] == [run.status for run in runs]


def test_overdue_is_not_what_was_queued_just_now() -> None:
    run = make_run()
    assert run_claims.overdue(9) == []
    age(run, 11)
    assert run_claims.overdue(9) == [run.pk]


def test_overdue_is_not_what_somebody_runs_at_a_terminal() -> None:
    run = make_run(RunStatus.RUNNING, heard=600)
    age(run, 600)
    assert run_claims.overdue(9) == []
    assert run_claims.put_back(run.pk, RunStatus.QUEUED)
    assert run_claims.overdue(9) == [run.pk]


def test_overdue_is_a_run_whose_worker_died() -> None:
    run = make_run(RunStatus.RUNNING, heard=600, attempts=1)
    age(run, 600)
    assert run_claims.overdue(9) == [run.pk]


def test_a_run_that_waits_is_cancelled_at_once() -> None:
    run = make_run()
    run_claims.cancel(run)
    run.refresh_from_db()
    assert (run.status, run.finished_at is None) == (RunStatus.CANCELLED, False)


@pytest.mark.parametrize("status", [*ENDED, RunStatus.UNDOING])
def test_what_has_ended_is_not_cancelled(status: str) -> None:
    run = make_run(status)
    run_claims.cancel(run)
    run.refresh_from_db()
    assert (run.status, run.cancel_requested) == (status, False)


@pytest.mark.parametrize(
    ("status", "heard", "expected"),
    [
        (RunStatus.QUEUED, None, (False, False, False)),
        (RunStatus.RUNNING, 5, (False, False, False)),
        (RunStatus.RUNNING, 100, (True, True, False)),
        (RunStatus.FINISHED, 5, (False, False, True)),
        (RunStatus.FAILED, 5, (False, True, True)),
        (RunStatus.CANCELLED, 5, (False, True, True)),
        (RunStatus.UNDOING, 5, (False, False, False)),
        (RunStatus.UNDOING, 100, (False, False, False)),
        (RunStatus.UNDONE, 5, (False, False, False)),
    ],
)
def test_what_can_be_done_with_a_run(status: str, heard: float | None, expected: tuple[bool, bool, bool]) -> None:
    run = make_run(status, heard)
    assert told(run) == expected
    assert run_claims.put_back(run.pk, RunStatus.QUEUED) == expected[1]


@pytest.mark.parametrize("options", [{}, {"dry_run": False}, {"dry_run": True}])
def test_only_a_run_that_wrote_can_be_undone(options: dict[str, bool]) -> None:
    run = make_run(RunStatus.FINISHED, options=options)
    assert told(run)[2] == (not options.get("dry_run"))


def test_a_run_that_is_put_back_begins_anew() -> None:
    run = make_run(RunStatus.FAILED, heard=5, attempts=3, error="killed", cancel_requested=True)
    assert run_claims.put_back(run.pk, RunStatus.QUEUED)
    claimed = run_claims.claim(run.pk)
    assert claimed is not None
    assert (claimed.attempts, claimed.error, claimed.cancel_requested, claimed.finished_at) == (1, "", False, None)
