"""Runs over the real broker: what was lost is sent again, and what is old is deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from judge.celery import JUDGING, RUNS
from judge.submissions import run_tasks, tasks
from judge.submissions.models import Run
from judge.submissions.run_models import KEPT, PATIENCE, RunStage

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def age(*runs: Run, **fields: timedelta) -> None:
    """Moves times of the runs into the past."""
    past = {name: Now() - ago for name, ago in fields.items()}
    Run.objects.filter(pk__in=[run.pk for run in runs]).update(**past)


def test_a_message_that_may_be_on_its_way_is_not_repeated(make_run: Make, queue: Any) -> None:
    make_run()
    run_tasks.sweep_runs()
    assert queue.count(RUNS) == 0


def test_a_long_queue_is_not_published_again(make_run: Make, queue: Any) -> None:
    runs = [make_run() for _ in range(3)]
    for run in runs:
        run_tasks.publish(run.pk)
    age(*runs, published_at=timedelta(minutes=1))
    run_tasks.sweep_runs()
    assert queue.count(RUNS) == 3


def test_a_lost_message_is_sent_again_once(make_run: Make, queue: Any) -> None:
    run = make_run()
    age(run, published_at=timedelta(seconds=4))
    run_tasks.sweep_runs()
    run_tasks.sweep_runs()
    assert queue.ids(RUNS) == [run.pk]


@pytest.mark.parametrize(
    "fields", [{"stage": RunStage.DONE}, {"stage": RunStage.RUNNING}, {"created_at": Now() - PATIENCE}], ids=str
)
def test_what_nobody_waits_for_is_not_sent(make_run: Make, queue: Any, fields: dict) -> None:
    age(make_run(**fields), published_at=timedelta(minutes=1))
    run_tasks.sweep_runs()
    assert queue.count(RUNS) == 0


def test_old_runs_are_deleted(make_run: Make, queue: Any) -> None:
    old, young = make_run(stage=RunStage.DONE), make_run(stage=RunStage.DONE)
    age(old, created_at=KEPT)
    run_tasks.sweep_runs()
    assert list(Run.objects.all()) == [young]


def test_runs_go_as_early_as_peoples_submissions_and_workers_that_judge_take_them() -> None:
    assert RUNS in JUDGING
    assert {"sweep_runs"} <= set(tasks.app.conf.beat_schedule)
    assert run_tasks.run_program.name in tasks.app.tasks
