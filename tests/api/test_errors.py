"""Whatever goes wrong under /api/ is told as a problem (RFC 9457)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def assert_is_a_problem(response: Any, status: int) -> None:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    told = response.json()
    assert told["status"] == status
    assert told["title"]
    assert told["type"] == "about:blank" or re.fullmatch(r"/api/v1/docs/#error-[a-z-]+", told["type"])


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/me", "/api/x", "/api/v1/me/"])
def test_an_unknown_address(client: Client, path: str) -> None:
    assert_is_a_problem(client.get(path), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["me", "submissions", "submissions/1"])
def test_an_unknown_method(call: Make, make_user: Make, method: str, path: str) -> None:
    response = call(make_user()).call(method, path)
    assert_is_a_problem(response, 405)
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b'{"problem": "x", "language": "python3"}',
        b'{"problem": null, "language": 1, "source": []}',
        b'{"problem": [], "language": "python3", "source": "\\ud800"}',
        b"[" * 100_000,
    ],
    ids=range(10),
)
def test_a_broken_body(call: Make, make_user: Make, body: bytes) -> None:
    response = call(make_user()).post("submissions", body)
    assert_is_a_problem(response, response.status_code)
    assert response.status_code in {400, 422}


def test_a_body_that_is_too_large(call: Make, make_user: Make, settings: Any) -> None:
    body = {"source": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    assert_is_a_problem(call(make_user()).post("submissions", body), 413)


def test_what_was_sent_is_not_sent_back(call: Make, make_user: Make) -> None:
    response = call(make_user()).post("submissions", {"problem": ["MARKED"], "language": "python3", "source": "x"})
    assert "MARKED" not in response.content.decode()
    assert response.json()["errors"][0]["where"][-2] == "problem"


def test_a_fault_of_ours_is_logged_and_not_told(call: Make, make_user: Make, monkeypatch: Any, caplog: Any) -> None:
    def broken() -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("judge.api.problem_routes.versions", broken)
    response = call(make_user()).get("languages")
    assert_is_a_problem(response, 500)
    assert "secret of the house" not in response.content.decode()
    assert "secret of the house" in caplog.text
