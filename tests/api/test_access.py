"""Who gets in, and how often: every route asks for a token with its scope."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as CacheGone

from judge.api.api import api
from judge.api.models import PREFIX, Scope, Token

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

READS = ["me", "languages", "problems", "problems/apps-1-oj", "submissions", "submissions/1", "submissions/1/events"]
NEW = {"problem": "apps-1-oj", "language": "python3", "source": "print(1)"}


def test_all_routes_are_known_to_these_tests() -> None:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    gets = [path for path, methods in paths.items() if "get" in methods]
    posts = [path for path, methods in paths.items() if "post" in methods]
    assert len(gets) == len(READS)
    assert posts == ["/submissions", "/problems/{ref}/verify"]


@pytest.mark.parametrize("path", READS)
def test_a_visitor_reads_nothing(call: Make, make_submission: Make, path: str) -> None:
    make_submission()
    response = call().get(path)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_visitor_submits_nothing(call: Make, make_problem: Make) -> None:
    make_problem()
    assert call().post("submissions", NEW).status_code == 401


@pytest.mark.parametrize("path", READS)
def test_being_signed_in_on_the_site_opens_nothing(client: Client, make_user: Make, path: str) -> None:
    client.force_login(make_user())
    assert client.get(f"/api/v1/{path}").status_code == 401


@pytest.mark.parametrize("path", READS)
def test_a_token_for_submitting_reads_nothing(call: Make, make_user: Make, make_submission: Make, path: str) -> None:
    user = make_user()
    make_submission(user=user)
    response = call(user, Scope.SUBMIT).get(path)
    assert response.status_code == 403
    assert response.json()["type"].endswith("#error-scope-missing")


def test_a_token_for_reading_submits_nothing(call: Make, make_user: Make, make_problem: Make) -> None:
    make_problem()
    assert call(make_user(), Scope.READ).post("submissions", NEW).status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        f"Bearer {PREFIX}",
        f"Bearer {PREFIX}{'x' * 43}",
        f"Bearer {PREFIX}{'x' * 10_000}",
        f"Bearer {PREFIX}\N{LATIN SMALL LETTER E WITH ACUTE}",
        f"Bearer {PREFIX}\0",
    ],
    ids=range(9),
)
def test_what_is_no_token_is_refused(client: Client, header: str) -> None:
    assert client.get("/api/v1/me", headers={"Authorization": header}).status_code == 401


def test_a_secret_in_the_address_is_no_token(client: Client, make_user: Make, make_token: Make) -> None:
    secret = make_token(make_user())
    assert client.get("/api/v1/me", {"token": secret, "access_token": secret}).status_code == 401


def test_an_expired_token_is_refused(call: Make, make_user: Make) -> None:
    assert call(make_user(), expires_at=timezone.now() - timedelta(seconds=1)).get("me").status_code == 401


def test_a_revoked_token_is_refused(call: Make, make_user: Make) -> None:
    caller = call(make_user())
    assert caller.get("me").status_code == 200
    Token.objects.get().delete()
    assert caller.get("me").status_code == 401


def test_the_token_of_somebody_who_was_shut_out_is_refused(call: Make, make_user: Make) -> None:
    user = make_user()
    caller = call(user)
    user.is_active = False
    user.save()
    assert caller.get("me").status_code == 401


def test_me_tells_whose_token_it_is(call: Make, make_user: Make) -> None:
    user = make_user()
    told = call(user, Scope.READ, name="laptop").get("me").json()
    assert (told["username"], told["token"], told["scopes"], told["curator"]) == (
        user.username,
        "laptop",
        ["read"],
        False,
    )


def test_a_use_is_noted_once_a_minute(call: Make, make_user: Make) -> None:
    caller = call(make_user())
    caller.get("me")
    first = Token.objects.get().last_used_at
    caller.get("me")
    assert first is not None
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=first - timedelta(minutes=2))
    caller.get("me")
    assert Token.objects.get().last_used_at > first


def test_a_token_has_its_quota(call: Make, make_user: Make, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    user = make_user()
    caller = call(user)
    answers = [caller.get("me") for _ in range(5)]
    # A minute may end in between, once.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].json()["type"].endswith("#error-quota-used-up")
    assert call(user).get("me").status_code == 200


def test_a_person_has_a_quota_over_all_tokens(call: Make, make_user: Make, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE_OF_USER = 2
    user = make_user()
    callers = [call(user) for _ in range(5)]
    assert 429 in [caller.get("me").status_code for caller in callers]
    assert call(make_user()).get("me").status_code == 200


def test_a_new_minute_has_a_new_quota(call: Make, make_user: Make, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    caller = call(make_user())
    while caller.get("me").status_code == 200:
        pass
    cache.clear()
    assert caller.get("me").status_code == 200


def test_where_the_cache_fails_nobody_is_kept_out(call: Make, make_user: Make, monkeypatch: Any) -> None:
    def gone(*_: object, **__: object) -> None:
        raise CacheGone("gone")

    monkeypatch.setattr("judge.api.quotas.cache.add", gone)
    assert call(make_user()).get("me").status_code == 200


def test_a_request_takes_few_queries(call: Make, make_user: Make, django_assert_max_num_queries: Make) -> None:
    caller = call(make_user())
    caller.get("me")
    # token, user
    with django_assert_max_num_queries(2):
        caller.get("me")
