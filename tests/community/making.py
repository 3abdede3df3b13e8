"""Plain builders for people, problems and what is said about them."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from judge.accounts.models import CURATORS, User
from judge.community.talk_models import Comment
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
