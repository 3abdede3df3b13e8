"""What is refused, how much one user may send, and that what was taken is stored and enqueued."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from judge.submissions.models import Lane, Status, Submission
from judge.submissions.submitting import SubmitRefused, submit
from problems.models import State

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _queue(queue: Any) -> None:
    """No message stays behind."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "source", "says"),
    [
        ("cobol", "print(1)", "language"),
        ("", "print(1)", "language"),
        ("python3", "", "empty"),
        ("python3", " \r\n\t", "empty"),
        ("python3", "print(1)\0", "NUL"),
        ("python3", "print('\ud800')", "Unicode"),
        ("python3", "é" * (128 * 1024) + "x", "257 KiB"),
    ],
)
def test_a_bad_program_is_refused(make_user: Make, make_problem: Make, language: str, source: str, says: str) -> None:
    with pytest.raises(SubmitRefused, match=says):
        submit(make_user(), make_problem(), language, source)
    assert not Submission.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"state": State.HIDDEN}, {"state": State.QUARANTINED}, {"judgeable": False}], ids=str
)
def test_a_problem_that_solvers_do_not_see_is_refused(make_user: Make, make_problem: Make, fields: dict) -> None:
    with pytest.raises(SubmitRefused, match="takes no submissions"):
        submit(make_user(), make_problem(**fields), "python3", "print(1)")


@pytest.mark.django_db
def test_a_problem_without_stdio_tests_is_refused_even_for_curators(make_user: Make, make_problem: Make) -> None:
    with pytest.raises(SubmitRefused, match="takes no submissions"):
        submit(make_user(is_superuser=True), make_problem(judgeable=False), "python3", "print(1)")


@pytest.mark.django_db
def test_a_problem_hidden_since_the_page_was_read_is_refused(make_user: Make, make_problem: Make) -> None:
    problem = make_problem()
    type(problem).objects.update(state=State.HIDDEN)
    with pytest.raises(SubmitRefused):
        submit(make_user(), problem, "python3", "print(1)")


@pytest.mark.django_db
def test_a_fourth_submission_in_flight_is_refused(make_user: Make, make_problem: Make) -> None:
    user, problem = make_user(), make_problem()
    for _ in range(settings.MAX_IN_FLIGHT_PER_USER):
        submit(user, problem, "python3", "print(1)")
    with pytest.raises(SubmitRefused, match="Wait for one of them"):
        submit(user, problem, "python3", "print(1)")


@pytest.mark.django_db(transaction=True)
def test_submissions_sent_at_once_cannot_pass_the_limit_together(
    make_user: Make, make_problem: Make, at_once: Make
) -> None:
    user, problem = make_user(), make_problem()

    def send() -> bool:
        try:
            submit(user, problem, "python3", "print(1)")
        except SubmitRefused:
            return False
        return True

    assert sum(at_once(8, send)) == settings.MAX_IN_FLIGHT_PER_USER
    assert Submission.objects.count() == settings.MAX_IN_FLIGHT_PER_USER


@pytest.mark.django_db
def test_the_twenty_first_within_a_minute_is_refused(make_user: Make, make_submission: Make) -> None:
    user = make_user()
    problem = make_submission(user=user, status=Status.DONE).problem
    for _ in range(19):
        make_submission(user=user, problem=problem, status=Status.DONE)
    with pytest.raises(SubmitRefused, match=r"Try again in \d+ s"):
        submit(user, problem, "python3", "print(1)")


@pytest.mark.django_db
def test_after_a_minute_there_is_room_again(make_user: Make, make_submission: Make) -> None:
    user = make_user()
    oldest = make_submission(user=user, status=Status.DONE)
    for _ in range(19):
        make_submission(user=user, problem=oldest.problem, status=Status.DONE)
    Submission.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - timedelta(seconds=61))
    assert submit(user, oldest.problem, "python3", "print(1)").status == Status.QUEUED


@pytest.mark.django_db
def test_others_submissions_do_not_count(make_user: Make, make_submission: Make) -> None:
    other = make_user()
    problem = make_submission(user=other).problem
    for _ in range(19):
        make_submission(user=other, problem=problem)
    assert submit(make_user(), problem, "python3", "print(1)").pk


@pytest.mark.django_db
def test_bulk_runs_have_no_limit_and_do_not_count(make_user: Make, make_problem: Make) -> None:
    user, problem = make_user(), make_problem()
    for _ in range(21):
        submit(user, problem, "python3", "print(1)", lane=Lane.BATCH)
    assert submit(user, problem, "python3", "print(1)").lane == Lane.INTERACTIVE


@pytest.mark.django_db
def test_curators_may_try_a_hidden_problem(make_user: Make, make_problem: Make) -> None:
    assert submit(make_user(is_superuser=True), make_problem(state=State.HIDDEN), "python3", "print(1)").pk


@pytest.mark.django_db
def test_the_source_is_kept_with_unix_line_ends(make_user: Make, make_problem: Make) -> None:
    submission = submit(make_user(), make_problem(), "cpp17", "int main() {\r\n}\r\n")
    submission.refresh_from_db()
    assert submission.source == "int main() {\n}\n"


@pytest.mark.django_db
def test_a_source_at_the_limit_is_taken(make_user: Make, make_problem: Make) -> None:
    assert submit(make_user(), make_problem(), "python3", "#" * settings.MAX_SOURCE_BYTES).pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lane", Lane)
def test_it_is_enqueued_in_its_lane(make_user: Make, make_problem: Make, queue: Any, lane: Lane) -> None:
    submission = submit(make_user(), make_problem(), "python3", "print(1)", lane=lane)
    assert queue.ids(lane) == [submission.pk]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_enqueues_nothing(make_user: Make, make_problem: Make, queue: Any) -> None:
    user, problem = make_user(), make_problem()
    with transaction.atomic():
        submit(user, problem, "python3", "print(1)")
        transaction.set_rollback(True)
    assert queue.count() == 0


SEND = """
import django
django.setup()
from judge.accounts.models import User
from judge.submissions.submitting import submit
from problems.models import Problem
print(submit(User.objects.get(), Problem.objects.get(), "python3", "print(1)").status)
"""


def send_with_broker(broker_url: str) -> str:
    """Submits in a process of its own, whose broker is at ``broker_url``; it has 30 s."""
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    given = os.environ | {
        "DJANGO_SETTINGS_MODULE": "judge.settings",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}",
        "BROKER_URL": broker_url,
    }
    done = subprocess.run(
        [sys.executable, "-c", SEND], cwd=ROOT, env=given, capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout.strip()


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_does_not_refuse_a_submission(make_user: Make, make_problem: Make, tmp_path: Path) -> None:
    make_user(), make_problem()
    assert send_with_broker(f"redis+socket://{tmp_path}/nobody.sock") == Status.QUEUED
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_never_answers_does_not_hang_a_submission(
    make_user: Make, make_problem: Make, tmp_path: Path
) -> None:
    make_user(), make_problem()
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "mute.sock"))
        mute.listen()
        assert send_with_broker(f"redis+socket://{tmp_path}/mute.sock") == Status.QUEUED
    assert Submission.objects.count() == 1
