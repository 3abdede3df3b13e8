"""The pages of solutions: nothing of a solution reaches anybody who has neither solved the problem nor given up."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from judge.community import solutions
from judge.community.solutions_models import GivenUp, Solution, SolutionState
from judge.submissions.models import Submission, Verdict
from tests.community.making import client_of, make_curator, make_problem, make_solution, make_submission, make_user
from tests.problems.test_statement import PAYLOADS, is_safe

pytestmark = pytest.mark.django_db

SECRET = "SECRET-7d1f"
# One number for all that belongs to the solution, so that any number guessed in any address is right.
NUMBER = 77_777


def make_secret(**fields: Any) -> Solution:
    """A solution whose program and note, and whose problem's reference, are secrets."""
    problem = make_problem(id=NUMBER, solution=f"# {SECRET}", **fields)
    submission = make_submission(problem, id=NUMBER, source=f"print(1)  # {SECRET}")
    return make_solution(submission, SECRET, id=NUMBER)


def list_of(problem: Any) -> str:
    return f"/problems/{problem.slug}/solutions/"


def addresses_of(solution: Solution) -> list[str]:
    own = solution.get_absolute_url()
    return [list_of(solution.problem), own, f"{own}program/", f"{own}vote/", f"{own}moderate/"]


def routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """All of the site's addresses as patterns with `<slug:slug>` in them."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def every_address(slug: str) -> list[str]:
    """Each address of the site that can be guessed, with the problem's name and the one number in it."""
    found = []
    for route in routes(get_resolver()):
        numbered = re.sub(r"<int:\w+>", str(NUMBER), route)
        for word in (slug, str(NUMBER)):
            filled = re.sub(r"<(\w+:)?\w+>", word, numbered)
            if not re.search(r"[<>^$\\(]", filled):
                found.append(filled)
    return sorted(set(found))


def body_of(response: HttpResponse | StreamingHttpResponse) -> str:
    content = response.getvalue() if response.streaming else response.content
    return bytes(content).decode(errors="replace")


@pytest.mark.parametrize("make", [None, make_user, lambda: make_user(is_staff=True)])
def test_no_address_of_the_site_leaks_a_solution(make: Any) -> None:
    solution = make_secret()
    user = make() if make else None
    if user:
        make_submission(solution.problem, user, verdict=Verdict.WA)
        make_solution(make_submission(user=user))  # has solved another
    client = client_of(user)
    client.raise_request_exception = False
    walked = every_address(solution.problem.slug)
    assert set(addresses_of(solution)) <= set(walked)
    for address in walked:
        for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
            assert SECRET not in body_of(client.get(address, headers=headers)), address


@pytest.mark.parametrize("make", [None, make_user])
def test_posting_to_an_address_of_a_solution_leaks_nothing_and_does_nothing(make: Any) -> None:
    solution = make_secret()
    client: Client = client_of(make() if make else None)
    given = {"to": "1", "note": "x"}
    for address in [*addresses_of(solution), f"/submissions/{NUMBER}/publish/", f"/submissions/{NUMBER}/withdraw/"]:
        for headers in ({}, {"HX-Request": "true"}):
            assert SECRET not in body_of(client.post(address, given, headers=headers, follow=True)), address
    solution.refresh_from_db()
    assert (solution.score, solution.state, solution.text) == (0, SolutionState.SHOWN, SECRET)
    assert not GivenUp.objects.exists()


def test_number_that_is_there_and_number_that_is_not_look_the_same() -> None:
    solution = make_secret()
    client = client_of(make_user())
    answers = [client.get(f"{list_of(solution.problem)}{number}/") for number in (NUMBER, NUMBER + 1)]
    assert [answer.headers["Location"] for answer in answers] == [list_of(solution.problem)] * 2


@pytest.mark.parametrize("way", ["solved", "gave up", "curator"])
def test_open_to_those_who_solved_it_gave_up_or_curate(way: str) -> None:
    solution = make_secret()
    user = make_curator() if way == "curator" else make_user()
    if way == "solved":
        make_submission(solution.problem, user)
    elif way == "gave up":
        solutions.give_up(user, solution.problem)
    client = client_of(user)
    for address in addresses_of(solution)[:3]:
        assert SECRET in client.get(address).content.decode()
    page = client.get(list_of(solution.problem)).content.decode()
    assert page.count(SECRET) == 2  # reference and note; the program comes on demand


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"judgeable": False}])
def test_on_a_problem_that_one_may_not_see_there_is_nothing(fields: dict[str, Any]) -> None:
    solution = make_secret(**fields)
    for user in (None, solution.author):
        client = client_of(user)
        for address in [*addresses_of(solution), f"{list_of(solution.problem)}give-up/"]:
            for answer in (client.get(address), client.post(address)):
                login = user is None and answer.status_code == 302 and "/login/" in answer["Location"]
                assert answer.status_code in {404, 405} or login, address
    client = client_of(solution.author)
    assert client.get(f"/submissions/{NUMBER}/publish/").status_code == 404
    assert not GivenUp.objects.exists()


def test_anonymous_is_invited() -> None:
    problem = make_problem()
    page = client_of(None).get(list_of(problem)).content.decode()
    assert f'href="/accounts/login/?next={list_of(problem)}"' in page
    assert f'href="/accounts/signup/?next={problem.get_absolute_url()}"' in page
    assert "give-up" not in page


def test_giving_up_is_asked_first_and_done_by_post_only() -> None:
    problem, user = make_problem(solution=f"# {SECRET}"), make_user()
    client, address = client_of(user), f"{list_of(problem)}give-up/"
    assert "can't be taken back" in client.get(address).content.decode().replace("&#x27;", "'")
    assert not solutions.gave_up(user, problem)
    assert client.post(address).headers["Location"] == list_of(problem)
    assert solutions.gave_up(user, problem)
    assert SECRET in client.get(list_of(problem)).content.decode()
    assert client.get(address).headers["Location"] == list_of(problem)
    assert client_of(None).post(address).headers["Location"].startswith("/accounts/login/?next=")


def test_publish_change_and_withdraw() -> None:
    submission = make_submission()
    client, address = client_of(submission.user), f"/submissions/{submission.pk}/publish/"
    assert address in client.get(submission.get_absolute_url()).content.decode()
    assert address in client.get(list_of(submission.problem)).content.decode()
    client.post(address, {"note": "one"})
    solution = Solution.objects.get()
    client.post(address, {"note": "another"})
    assert "another" in client.get(solution.get_absolute_url()).content.decode()
    assert "Show a program of yours" not in client.get(list_of(submission.problem)).content.decode()
    client.post(f"/submissions/{submission.pk}/withdraw/")
    assert client.get(solution.get_absolute_url()).status_code == 404
    assert address in client.get(list_of(submission.problem)).content.decode()


@pytest.mark.parametrize("action", ["publish", "withdraw"])
@pytest.mark.parametrize("make", [make_user, make_curator])
def test_nobody_publishes_or_withdraws_anothers(action: str, make: Any) -> None:
    solution, user = make_solution(), make()
    make_submission(solution.problem, user)
    address = f"/submissions/{solution.submission_id}/{action}/"
    assert client_of(user).post(address, {"note": "mine"}).status_code == 404
    solution.refresh_from_db()
    assert (solution.text, solution.state) == ("Simply the sum.", SolutionState.SHOWN)


def test_wrong_submission_is_not_offered_for_publishing() -> None:
    submission = make_submission(verdict=Verdict.WA)
    client = client_of(submission.user)
    assert client.get(f"/submissions/{submission.pk}/publish/").status_code == 404
    assert "publish/" not in client.get(submission.get_absolute_url()).content.decode()


def test_nobody_votes_for_their_own() -> None:
    solution = make_solution()
    assert client_of(solution.author).post(f"{solution.get_absolute_url()}vote/", {"to": "1"}).status_code == 403


def test_vote_is_given_and_taken_back() -> None:
    solution, user = make_solution(), make_user()
    make_submission(solution.problem, user)
    client, address = client_of(user), f"{solution.get_absolute_url()}vote/"
    answer = client.post(address, {"to": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in answer
    assert client.post(address, {"to": "0"}).headers["Location"] == solution.get_absolute_url()
    assert client.get(address).headers["Location"] == solution.get_absolute_url()


def test_only_curators_moderate() -> None:
    solution, user, curator = make_solution(), make_user(), make_curator()
    make_submission(solution.problem, user)
    address = f"{solution.get_absolute_url()}moderate/"
    assert client_of(user).post(address, {"to": "hidden"}).status_code == 404
    client_of(curator).post(address, {"to": "hidden"})
    assert client_of(user).get(solution.get_absolute_url()).status_code == 404
    assert client_of(curator).get(solution.get_absolute_url()).status_code == 200
    client_of(curator).post(address, {"to": "shown"})
    assert client_of(user).get(solution.get_absolute_url()).status_code == 200


def test_curators_act_in_the_admin_and_others_do_not() -> None:
    solution = make_solution()
    given = {"action": "hide", "_selected_action": [solution.pk]}
    for user, state in ((make_user(is_staff=True), SolutionState.SHOWN), (make_curator(), SolutionState.HIDDEN)):
        client_of(user).post("/admin/community/solution/", given)
        solution.refresh_from_db()
        assert solution.state == state
    client = client_of(make_curator())
    GivenUp.objects.create(user=make_user(), problem=solution.problem)
    for address in ("solution/", f"solution/{solution.pk}/change/", "givenup/"):
        assert client.get(f"/admin/community/{address}").status_code == 200


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_note_and_program_never_act(payload: str) -> None:
    solution = make_solution(make_submission(source=payload), payload)
    page = client_of(solution.author).get(solution.get_absolute_url()).content.decode()
    article = page[page.index('<article class="comment"') : page.index("</article>")]
    assert is_safe(article[article.index('<div class="prose') : article.index("<footer")])


def test_list_is_filtered_by_language() -> None:
    problem, user = make_problem(), make_curator()
    for language in ("python3", "rust"):
        make_solution(make_submission(problem, language=language), f"in-{language}")
    page = client_of(user).get(list_of(problem), {"language": "rust"}).content.decode()
    assert "in-rust" in page
    assert "in-python3" not in page
    assert "in-python3" in client_of(user).get(list_of(problem), {"language": "<x>"}).content.decode()


@pytest.mark.parametrize("make", [make_user, make_curator])
def test_number_of_queries_is_that_of_one_solution(make: Any) -> None:
    problem, user = make_problem(), make()
    make_submission(problem, user)
    client, found = client_of(user), []
    for _ in range(2):
        for _ in range(5):
            make_solution(make_submission(problem))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(list_of(problem)).status_code == 200
        found.append(len(captured))
        assert not [query for query in captured if f'"{Submission._meta.db_table}"."source",' in query["sql"]]
    assert found[0] == found[1] <= 10


def test_closed_door_costs_three_queries_more_than_the_problem() -> None:
    problem, user = make_problem(), make_user()
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(list_of(problem))
    assert len(captured) <= 5


def test_who_gives_up_too_often_is_told_when_to_go_on(settings: Any) -> None:
    settings.MAX_GIVEN_UP_PER_HOUR = 1
    user, problems = make_user(), [make_problem(solution=f"# {SECRET}") for _ in range(2)]
    client = client_of(user)
    assert SECRET in body_of(client.post(f"{list_of(problems[0])}give-up/", follow=True))
    refused = client.post(f"{list_of(problems[1])}give-up/")
    assert refused.status_code == 429
    assert "Please try again in" in body_of(refused)
    assert SECRET not in body_of(client.get(list_of(problems[1])))
    assert not GivenUp.objects.filter(problem=problems[1]).exists()
