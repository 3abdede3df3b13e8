"""Problems by the API: those of the pages, and nothing of hidden tests."""

from collections.abc import Callable
from typing import Any

import pytest

from judge.api.problem_routes import LICENCE
from judge.submissions.models import Status, Verdict
from problems import search
from problems.models import Problem

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def listed(make_problem: Make) -> Callable[..., Problem]:
    """Makes a problem that lists and searches find."""

    def make(*tests: Any, **fields: Any) -> Problem:
        problem = make_problem(*tests, **fields)
        search.index([problem.pk])
        return problem

    return make


def slugs(answer: Any) -> list[str]:
    return [item["slug"] for item in answer.json()["items"]]


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}], ids=str)
def test_what_solvers_may_not_see_is_404(call: Make, make_user: Make, listed: Make, fields: dict[str, Any]) -> None:
    problem, caller = listed(**fields), call(make_user())
    for ref in (problem.slug, problem.question_id, problem.pk):
        assert caller.get(f"problems/{ref}").status_code == 404
    assert slugs(caller.get("problems")) == []
    assert slugs(caller.get("problems", {"state": "hidden", "judgeable": "no"})) == []


def test_curators_see_what_is_hidden(call: Make, make_curator: Make, listed: Make) -> None:
    problem, caller = listed(state="hidden"), call(make_curator())
    assert slugs(caller.get("problems", {"state": "hidden"})) == [problem.slug]
    assert caller.get(f"problems/{problem.slug}").status_code == 200


@pytest.mark.parametrize("ref", ["nothing", "%00", "0", "9" * 30, "-1", "1.5", "x" * 3_000, "..%2f", "\N{SNOWMAN}"])
def test_a_guessed_name_is_404(call: Make, make_user: Make, listed: Make, ref: str) -> None:
    listed()
    response = call(make_user()).get(f"problems/{ref}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_problem_is_found_by_slug_question_id_and_number(call: Make, make_user: Make, listed: Make) -> None:
    problem, caller = listed(), call(make_user())
    refs = (problem.slug, problem.question_id, problem.pk)
    assert [caller.get(f"problems/{ref}").json()["id"] for ref in refs] == [problem.pk] * 3


def test_a_number_that_is_a_slug_means_the_slug(call: Make, make_user: Make, listed: Make) -> None:
    first = listed()
    second = listed(slug=str(first.pk))
    assert call(make_user()).get(f"problems/{first.pk}").json()["id"] == second.pk


def test_a_problem_comes_with_samples_and_limits(call: Make, make_user: Make, listed: Make) -> None:
    problem = listed([("1 2\n", "3\n"), ("hidden-in", "hidden-out")], time_limit_ms=1_500)
    problem.tests.filter(position=1).update(is_sample=True)
    told = call(make_user()).get(f"problems/{problem.slug}").json()
    assert told["samples"] == [{"position": 1, "stdin": "1 2\n", "stdout": "3\n"}]
    assert (told["time_limit_ms"], told["memory_limit_kb"]) == (1_500, 262_144)
    assert told["statement"] == problem.statement
    assert told["url"].endswith(problem.get_absolute_url())
    assert told["licence"] == LICENCE


def test_the_reference_solution_is_not_told(call: Make, make_curator: Make, listed: Make) -> None:
    problem = listed(solution="print('REFERENCE')", raw_test="REFERENCE")
    answer = call(make_curator()).get(f"problems/{problem.slug}")
    assert answer.status_code == 200
    assert "REFERENCE" not in answer.content.decode()


def test_progress_is_ones_own(call: Make, make_user: Make, make_submission: Make, listed: Make) -> None:
    solver, problem = make_user(), listed()
    make_submission(problem, solver, status=Status.DONE, verdict=Verdict.AC)
    assert call(solver).get(f"problems/{problem.slug}").json()["progress"] == "solved"
    assert call(solver).get("problems").json()["items"][0]["progress"] == "solved"
    assert call(make_user()).get("problems").json()["items"][0]["progress"] is None


def test_the_list_is_filtered_and_searched_like_the_page(call: Make, make_user: Make, listed: Make) -> None:
    sums = listed(title="Sum of numbers", difficulty="easy")
    paths = listed(title="Shortest path", difficulty="hard")
    caller = call(make_user())
    assert slugs(caller.get("problems", {"q": "path"})) == [paths.slug]
    assert slugs(caller.get("problems", {"difficulty": "easy"})) == [sums.slug]
    assert len(slugs(caller.get("problems", {"difficulty": ["easy", "hard"]}))) == 2


@pytest.mark.parametrize("name", ["q", "subset", "tag"])
@pytest.mark.parametrize("value", ["\0", "a\0b", "'\"\\", "%", "\ufffd", "& | !", "\N{SNOWMAN}"])
def test_any_words_may_be_searched_for(call: Make, make_user: Make, listed: Make, name: str, value: str) -> None:
    listed()
    assert call(make_user()).get("problems", {name: value}).status_code == 200


@pytest.mark.parametrize(
    "params",
    [
        {"difficulty": "impossible"},
        {"pass_from": "101"},
        {"pass_to": "x"},
        {"sort": "random"},
        {"after": "x"},
        {"after": "9" * 25},
        {"q": "x" * 300},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_said(call: Make, make_user: Make, listed: Make, params: dict[str, str]) -> None:
    listed()
    assert call(make_user()).get("problems", params).status_code == 422


def test_pages_follow_each_other_to_the_end(call: Make, make_user: Make, listed: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("problems.listing.PAGE_SIZE", 2)
    made = [listed().slug for _ in range(5)]
    caller, after, found = call(make_user()), "", []
    while after is not None:
        page = caller.get("problems", {"after": after} if after else {}).json()
        found += [item["slug"] for item in page["items"]]
        after = page["next"]
    assert found == made


def test_behind_the_last_place_there_is_nothing(call: Make, make_user: Make, listed: Make) -> None:
    problem = listed()
    page = call(make_user()).get("problems", {"after": problem.pk + 1_000}).json()
    assert (page["items"], page["next"]) == ([], None)


def test_languages_are_those_of_the_form(call: Make, make_user: Make) -> None:
    told = {each["key"]: each for each in call(make_user()).get("languages").json()}
    assert told["python3"]["aliases"] == ["python"]
    assert told["cpp17"]["filename"].endswith(".cpp")
