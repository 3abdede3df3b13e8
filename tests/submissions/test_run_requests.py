"""What is run at all, how much one user may run at a time, and that what was taken is stored and enqueued."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models.functions import Now

from judge.celery import RUNS
from judge.submissions.models import Run, Submission
from judge.submissions.run_models import PATIENCE, RunFault, RunStage
from judge.submissions.run_requests import start
from judge.submissions.submitting import SubmitRefused
from problems.models import State

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _queue(queue: Any) -> None:
    """No message stays behind."""


def send(user: Any, problem: Any, *inputs: str, samples: bool = True, **given: str) -> Run:
    return start(user, problem, **{"language": "python3", "source": "print(1)"} | given, inputs=inputs, samples=samples)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"language": "cobol"}, "language"),
        ({"source": " \n"}, "empty"),
        ({"source": "a\0"}, "NUL"),
        ({"source": "x" * (settings.MAX_SOURCE_BYTES + 1)}, "KiB are allowed"),
    ],
    ids=str,
)
def test_what_may_not_be_submitted_is_not_run(make_user: Make, make_problem: Make, given: dict, says: str) -> None:
    with pytest.raises(SubmitRefused, match=says):
        send(make_user(), make_problem(), **given)
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("inputs", "says"),
    [(["x"] * 6, "5 inputs"), (["a\0"], "NUL"), (["é" * (32 * 1024) + "x"], "more than 64 KiB")],
    ids=["too-many", "nul", "too-long"],
)
def test_bad_inputs_are_refused(make_user: Make, make_problem: Make, inputs: list[str], says: str) -> None:
    with pytest.raises(SubmitRefused, match=says):
        send(make_user(), make_problem(), *inputs)


@pytest.mark.parametrize("fields", [{"state": State.HIDDEN}, {"judgeable": False}], ids=str)
def test_nothing_is_run_for_a_problem_that_solvers_do_not_see(
    make_user: Make, make_problem: Make, fields: dict
) -> None:
    with pytest.raises(SubmitRefused, match="can't be run"):
        send(make_user(), make_problem(**fields))


def test_a_third_run_in_flight_is_refused(make_user: Make, make_problem: Make) -> None:
    user, problem = make_user(), make_problem()
    for _ in range(settings.MAX_RUNS_IN_FLIGHT_PER_USER):
        send(user, problem)
    with pytest.raises(SubmitRefused, match="still at work"):
        send(user, problem)


@pytest.mark.django_db(transaction=True)
def test_runs_sent_at_once_cannot_pass_the_limit_together(make_user: Make, make_problem: Make, at_once: Make) -> None:
    user, problem = make_user(), make_problem()

    def one() -> bool:
        try:
            send(user, problem)
        except SubmitRefused:
            return False
        return True

    assert sum(at_once(6, one)) == settings.MAX_RUNS_IN_FLIGHT_PER_USER


def test_runs_that_nobody_will_finish_are_not_in_flight(make_user: Make, make_problem: Make, make_run: Make) -> None:
    user, problem = make_user(), make_problem()
    for _ in range(2):
        make_run(problem, user, created_at=Now() - PATIENCE)
        make_run(problem, user, stage=RunStage.RUNNING, lease_until=Now() - timedelta(seconds=1))
    assert send(user, problem).pk


def test_whoever_ran_too_much_is_told_when_it_goes_again(make_user: Make, make_problem: Make, make_run: Make) -> None:
    user, problem = make_user(), make_problem()
    for _ in range(settings.MAX_RUNS_PER_MINUTE):
        make_run(problem, user, stage=RunStage.DONE)
    with pytest.raises(SubmitRefused, match=r"It goes again in \d+ seconds"):
        send(user, problem)
    Run.objects.update(created_at=Now() - timedelta(seconds=61))
    assert send(user, problem).pk


def test_our_own_faults_and_others_runs_use_up_nothing(make_user: Make, make_problem: Make, make_run: Make) -> None:
    user, problem = make_user(), make_problem()
    for _ in range(settings.MAX_RUNS_PER_MINUTE):
        make_run(problem, user, stage=RunStage.DONE, fault=RunFault.UNAVAILABLE)
        make_run(problem, stage=RunStage.DONE)
    assert send(user, problem).pk


def test_inputs_end_with_a_line_end_and_empty_ones_are_left_out(make_user: Make, make_problem: Make) -> None:
    assert send(make_user(), make_problem(), "1\r\n2", "", "3\n").inputs == ["1\n2\n", "3\n"]


def test_a_run_is_no_submission(make_user: Make, make_problem: Make) -> None:
    send(make_user(), make_problem())
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_enqueued_in_a_queue_of_its_own(make_user: Make, make_problem: Make, queue: Any) -> None:
    run = send(make_user(), make_problem())
    assert queue.ids(RUNS) == [run.pk]
    assert queue.count() == 0
