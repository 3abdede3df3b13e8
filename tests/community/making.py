"""Plain builders for people, problems and what is said about them."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from judge.accounts.models import CURATORS, User
from judge.community.solutions_models import Solution
from judge.community.talk_models import Comment
from judge.submissions.models import Status, Submission, Verdict
from problems.models import Problem


def make_user(**fields: Any) -> User:
    """Somebody who solves problems."""
    return User.objects.create(**{"username": f"user{User.objects.count() + 1}"} | fields)


def make_curator(**fields: Any) -> User:
    """A member of the Curators, who may enter the admin."""
    user = make_user(**{"is_staff": True} | fields)
    user.groups.add(Group.objects.get(name=CURATORS))
    return user


def make_problem(**fields: Any) -> Problem:
    """A published problem."""
    number = Problem.objects.count() + 1
    given = {
        "question_id": f"Apps_{number}_OJ",
        "slug": f"apps-{number}-oj",
        "title": f"Sum {number}",
        "statement": "Print the sum of two numbers.",
        "style": "online_judge",
        "subset": "Apps",
        "content_hash": b"",
        "tests_hash": b"",
    }
    return Problem.objects.create(**given | fields)


def make_comment(problem: Problem | None = None, text: str = "What about overflow?", **fields: Any) -> Comment:
    """A comment that was said long enough ago to count for no quota."""
    parent = fields.get("parent")
    problem = parent.problem if parent else problem or make_problem()
    comment = Comment(problem=problem, **{"author": fields.pop("author", None) or make_user()} | fields)
    comment.write(text)
    comment.save()
    Comment.objects.filter(pk=comment.pk).update(created_at=comment.created_at - timedelta(days=2))
    return comment


def client_of(user: User | None) -> Client:
    """A browser in which ``user`` is signed in; nobody for None."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def make_submission(problem: Problem | None = None, user: User | None = None, **fields: Any) -> Submission:
    """A submission that was accepted."""
    given = {
        "language": "python3",
        "source": "print(sum(map(int, input().split())))",
        "status": Status.DONE,
        "verdict": Verdict.AC,
        "time_ms": 12,
        "memory_kb": 9_000,
    }
    return Submission.objects.create(problem=problem or make_problem(), user=user or make_user(), **given | fields)


def make_solution(
    submission: Submission | None = None, note: str = "Simply the sum.", author: User | None = None, **fields: Any
) -> Solution:
    """An accepted submission that is published, long enough ago to count for no quota."""
    submission = submission or make_submission(user=author)
    given = {"problem": submission.problem, "author": submission.user, "language": submission.language}
    solution = Solution(submission=submission, **given | fields)
    solution.write(note)
    solution.save()
    Solution.objects.filter(pk=solution.pk).update(created_at=solution.created_at - timedelta(days=2))
    return solution
