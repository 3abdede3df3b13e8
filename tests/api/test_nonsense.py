"""Arbitrary values for every parameter and field that is described: an answer or a problem, never a fault of ours."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge.api import following
from judge.api.api import api
from judge.api.models import Scope
from problems import search

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PATHS = api.get_openapi_schema(path_prefix="")["paths"]
GETS = sorted(path for path, methods in PATHS.items() if "get" in methods)
POSTS = sorted(path for path, methods in PATHS.items() if "post" in methods)
# What a browser or a program can send in an address.
WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
NUMBERS = st.integers(-(2**70), 2**70).map(str)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def parameters(path: str, method: str) -> list[dict[str, Any]]:
    return PATHS[path][method]["parameters"]


def values_of(parameter: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What is allowed, and what is not."""
    schema = parameter["schema"].get("items", parameter["schema"])
    allowed = st.sampled_from(schema["enum"]) if "enum" in schema else NUMBERS
    value = allowed | WORDS | NUMBERS
    return st.lists(value, max_size=3) if parameter["schema"].get("type") == "array" else value


@pytest.fixture
def caller(call: Make, make_curator: Make, make_submission: Make, settings: Any, monkeypatch: Any, queue: Any) -> Any:
    """A curator with every right and no quota; there is one submission."""
    settings.API_REQUESTS_PER_MINUTE = settings.API_REQUESTS_PER_MINUTE_OF_USER = 1_000_000
    monkeypatch.setattr(following, "STREAM_SECONDS", 0)
    curator = make_curator()
    search.index([make_submission(user=curator).problem_id])
    return call(curator, *Scope)


def assert_is_no_fault_of_ours(response: Any) -> None:
    assert response.status_code < 500
    if response.status_code >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", GETS)
def test_reading(caller: Any, path: str) -> None:
    asked = parameters(path, "get")
    names = [each["name"] for each in asked if each["in"] == "path"]
    query = {each["name"]: values_of(each) for each in asked if each["in"] == "query"}

    @MANY
    @given(
        st.fixed_dictionaries({name: WORDS.filter(bool) | NUMBERS for name in names}),
        st.fixed_dictionaries({}, optional=query),
    )
    def ask(places: dict[str, str], given: dict[str, Any]) -> None:
        address = path.format(**{name: quote(place, safe="") for name, place in places.items()})
        assert_is_no_fault_of_ours(caller.get(address.lstrip("/"), given))

    ask()


@pytest.mark.parametrize("path", POSTS)
def test_sending(caller: Any, path: str) -> None:
    program = st.fixed_dictionaries(
        {}, optional={"problem": ANY_JSON, "language": ANY_JSON | st.just("python3"), "source": ANY_JSON | st.text()}
    )
    body = ANY_JSON | program | st.fixed_dictionaries({"programs": st.lists(program, max_size=3)})

    @MANY
    @given(body)
    def send(sent: Any) -> None:
        assert_is_no_fault_of_ours(caller.post(path.format(ref="apps-1-oj").lstrip("/"), sent))

    send()
