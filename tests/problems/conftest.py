"""Builders for problems and people."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import Group

from judge.accounts.models import CURATORS, User
from judge.celery import IMPORTS, app, messages
from problems import search
from problems.models import Problem, TestCase

SUMS = [("1 2\n", "3\n", True), ("4 5\n", "9\n", False)]


def _problem(tests: Sequence[tuple[str, str, bool]] = SUMS, **fields: Any) -> Problem:
    """A published problem; ``tests`` are input, answer and whether it is a sample."""
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
    problem = Problem.objects.create(**given | fields)
    TestCase.objects.bulk_create(
        TestCase(problem=problem, position=position, stdin=stdin, stdout=stdout, is_sample=is_sample)
        for position, (stdin, stdout, is_sample) in enumerate(tests, 1)
    )
    search.index([problem.pk])
    return problem


@pytest.fixture
def make_problem() -> Callable[..., Problem]:
    """Makes a problem with its tests."""
    return _problem


@pytest.fixture
def solver(db: None) -> User:
    """Somebody who solves problems."""
    return User.objects.create(username="solver")


@pytest.fixture
def curator(db: None) -> User:
    """A member of the Curators."""
    user = User.objects.create(username="curator")
    user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return user


class ImportsQueue:
    """The real broker's queue of imports."""

    def ids(self) -> list[int]:
        """Takes all messages; returns the runs that they name, in order."""
        found = []
        with app.connection_for_write() as broker, broker.SimpleQueue(IMPORTS) as queue:
            for _ in range(messages(IMPORTS)):
                message = queue.get(block=False)
                message.ack()
                found.append(message.payload[0][0])
        return found


@pytest.fixture
def imports_queue() -> Iterator[ImportsQueue]:
    """The queue of imports, empty before and after."""
    queue = ImportsQueue()
    queue.ids()
    yield queue
    queue.ids()
