"""Builders for tokens, and a caller of the API; for the rest those of the submissions' tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from judge.accounts.models import CURATORS, User
from judge.api.models import Scope, Token
from judge.submissions.models import Status, Submission, Verdict
from tests.submissions.conftest import at_once, make_problem, make_submission, make_user, queue

__all__ = ["at_once", "make_problem", "make_submission", "make_user", "queue"]

SECRET = "SECRET-93bd"
TESTS = [("sample-in\n", "sample-out\n"), (f"{SECRET}-in\n", f"{SECRET}-out\n")]


@pytest.fixture(autouse=True)
def _surroundings(settings: Any) -> None:
    """Nothing is counted yet, and pages are tested without the collected static files."""
    cache.clear()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def make_curator(make_user: Callable[..., User]) -> Callable[..., User]:
    """Makes a member of the Curators."""

    def make(**fields: Any) -> User:
        user = make_user(**fields)
        user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
        return user

    return make


@pytest.fixture
def make_token() -> Callable[..., str]:
    """Makes a token with all scopes that a solver can have; returns its secret."""

    def make(user: User, *scopes: Scope, **fields: Any) -> str:
        given = {"name": f"token {user.tokens.count()}", "scopes": list(scopes or (Scope.READ, Scope.SUBMIT))}
        token = Token(user=user, **given | fields)
        secret = token.give_secret()
        token.save()
        return secret

    return make


class Caller:
    """Calls the API with one token, or with none."""

    def __init__(self, secret: str = "") -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, data: Any = None, **headers: str) -> HttpResponse:
        """GET under /api/v1/."""
        return self._client.get(f"/api/v1/{path}", data, headers=self._headers | headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """POST ``body`` as JSON; bytes are sent as they are."""
        address, kind = f"/api/v1/{path}", "application/json"
        return self._client.post(address, body, content_type=kind, headers=self._headers | headers)

    def call(self, method: str, path: str) -> HttpResponse:
        """Any method, without a body."""
        return self._client.generic(method, f"/api/v1/{path}", headers=self._headers)


@pytest.fixture
def call(make_token: Callable[..., str]) -> Callable[..., Caller]:
    """Makes a caller for a user, with these scopes; for nobody where there is none."""

    def make(user: User | None = None, *scopes: Scope, **fields: Any) -> Caller:
        return Caller(make_token(user, *scopes, **fields) if user else "")

    return make


def judged(submission: Submission, verdict: str = Verdict.WA) -> Submission:
    """Finish ``submission``, whose first test is a sample and whose second is hidden."""
    problem = submission.problem
    problem.tests.filter(position=1).update(is_sample=True)
    fields = {"status": Status.DONE, "verdict": verdict, "attempt": 1, "total": 2, "time_ms": 12, "memory_kb": 9_000}
    Submission.objects.filter(pk=submission.pk).update(
        **fields, tests_version=problem.tests_version, time_limit_ms=2_000, memory_limit_kb=262_144
    )
    for position, word in ((1, "sample"), (2, SECRET)):
        streams = {name: f"{word}-{name}".encode() for name in ("stdout", "stderr")}
        submission.results.create(attempt=1, position=position, verdict=verdict, note=f"{word}-note", **streams)
    submission.refresh_from_db()
    return submission


@pytest.fixture
def finished() -> Callable[..., Submission]:
    """Finishes a submission."""
    return judged
