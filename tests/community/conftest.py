"""Builders for problems, people, submissions and their verdicts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group

from judge.accounts.models import CURATORS, User
from judge.submissions.models import Status, Submission
from problems.models import Problem


def _problem(**fields: Any) -> Problem:
    """A published problem."""
    number = Problem.objects.count() + 1
    given = {
        "question_id": f"Apps_{number}_OJ",
        "slug": f"apps-{number}-oj",
        "title": f"Sum {number}",
        "statement": "Print the sum of two numbers.",
        "style": "online_judge",
        "subset": "Apps",
        "difficulty": "easy",
        "content_hash": b"",
        "tests_hash": b"",
    }
    return Problem.objects.create(**given | fields)


def _user(username: str = "") -> User:
    return User.objects.create(username=username or f"user{User.objects.count() + 1}")


def _judged(user: User, problem: Problem, verdict: str = "AC", at: datetime | None = None, **fields: Any) -> Submission:
    """A submission as its judge leaves it; ``at`` is when it was sent in."""
    given = {"language": "python3", "source": "print(sum(map(int, input().split())))"} | fields
    submission = Submission.objects.create(user=user, problem=problem, **given)
    done = {"status": Status.DONE, "verdict": verdict, "attempt": 1, "passed": 1, "total": 2}
    if at is not None:
        done["created_at"] = at
    Submission.objects.filter(pk=submission.pk).update(**{"time_ms": 20} | done | fields)
    submission.refresh_from_db()
    return submission


@pytest.fixture
def make_problem() -> Callable[..., Problem]:
    """Makes a problem."""
    return _problem


@pytest.fixture
def make_user() -> Callable[..., User]:
    """Makes a user."""
    return _user


@pytest.fixture
def judged() -> Callable[..., Submission]:
    """Makes a judged submission."""
    return _judged


@pytest.fixture
def solver(db: None) -> User:
    """Somebody who solves problems."""
    return _user("solver")


@pytest.fixture
def curator(db: None) -> User:
    """A member of the Curators."""
    user = _user("curator")
    user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return user


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
