"""The API's description and its page: true, complete, and within the content policy."""

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from judge.api.docs import groups
from judge.api.errors import KINDS

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def test_everybody_may_read_it(client: Client) -> None:
    for address in ("/api/", "/api/v1/"):
        assert client.get(address).headers["Location"] == "/api/v1/docs/"
    assert client.get("/api/v1/docs/").status_code == 200
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_every_route_is_on_the_page(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        assert f"<span>{path}</span>" in page
        for route in methods.values():
            assert f'id="{route["operationId"]}"' in page
            assert route["description"]


def test_every_kind_of_error_is_on_the_page(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    for kind in KINDS:
        assert f'id="error-{kind}"' in page


def test_the_page_keeps_to_the_content_policy(client: Client) -> None:
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert not re.search(r"\s(style|on\w+)=", page)
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"<(script|link)[^>]*(src|href)=\"(?!/)", page)


def test_each_route_names_the_scope_that_it_asks_for() -> None:
    scopes = {route.anchor: route.scope for routes in groups().values() for route in routes}
    assert (scopes.pop("submit"), scopes.pop("verify")) == ("submit", "verify")
    assert set(scopes.values()) == {"read"}


def test_errors_are_described_as_they_are_told(client: Client, call: Make) -> None:
    described = client.get("/api/v1/openapi.json").json()
    fields = described["components"]["schemas"]["Error"]["properties"]
    for methods in described["paths"].values():
        for route in methods.values():
            assert "application/problem+json" in route["responses"]["default"]["content"]
    assert set(call().get("me").json()) <= set(fields)


@pytest.mark.parametrize("path", ["me", "languages", "problems", "submissions"])
def test_answers_have_the_fields_of_the_examples(
    call: Make, make_user: Make, make_submission: Make, client: Client, path: str
) -> None:
    user = make_user()
    make_submission(user=user)
    described = client.get("/api/v1/openapi.json").json()
    schema = described["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = schema.get("items", schema)
    told = call(user).get(path).json()
    fields = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
    assert set(told[0] if isinstance(told, list) else told) == set(fields)


def test_the_client_is_given_away_as_it_runs(client: Client) -> None:
    response = client.get("/api/kodjudge.py")
    assert response.headers["Content-Disposition"] == 'attachment; filename="kodjudge.py"'
    compile(response.content, "kodjudge.py", "exec")
    imported = {name.partition(".")[0] for name in re.findall(r"(?m)^(?:from|import) (\S+)", response.content.decode())}
    assert imported <= sys.stdlib_module_names
