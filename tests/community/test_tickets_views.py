"""The pages of tickets: who sees whose, and what the site's pages pay for the notice."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from judge.accounts.models import User
from judge.community import tickets
from judge.community.tickets_models import Category, Ticket, TicketMessage, TicketState
from judge.submissions.models import Verdict
from problems.models import Problem
from tests.community.making import client_of, make_curator, make_problem, make_submission, make_user
from tests.problems.test_statement import PAYLOADS, is_safe

pytestmark = pytest.mark.django_db

SECRET = "SECRET-7d1f"
DESK = "/tickets/desk/"


def make_ticket(
    text: str = SECRET, category: str = Category.TESTS, problem: Problem | None = None, reporter: User | None = None
) -> Ticket:
    return tickets.report(reporter or make_user(), problem or make_problem(), category, text)


def page(address: str, user: Any, status: int = 200) -> str:
    response = client_of(user).get(address)
    assert response.status_code == status
    return response.content.decode()


def test_others_find_nothing_of_a_ticket() -> None:
    ticket, other = make_ticket(), make_user()
    client = client_of(other)
    assert client.get(ticket.get_absolute_url()).status_code == 404
    assert client.post(ticket.get_absolute_url(), {"text": "me too"}).status_code == 404
    assert SECRET not in page("/tickets/", other)
    assert SECRET not in page(f"/problems/{ticket.problem.slug}/wrong/", other)
    assert TicketMessage.objects.count() == 1


@pytest.mark.parametrize("make", [None, make_user, lambda: make_user(is_staff=True)])
def test_the_desk_is_there_for_curators_only(make: Any) -> None:
    make_ticket()
    page(DESK, make() if make else None, status=404)
    assert SECRET in page(DESK, make_curator())


def test_anonymous_is_sent_to_sign_in() -> None:
    ticket = make_ticket()
    for address in (f"/problems/{ticket.problem.slug}/wrong/", "/tickets/", ticket.get_absolute_url()):
        for method in ("get", "post"):
            answer = getattr(client_of(None), method)(address, {"text": "x", "category": "other"})
            assert answer.headers["Location"].startswith("/accounts/login/?next=")
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"judgeable": False}])
def test_on_a_problem_that_one_may_not_see_nothing_is_wrong(fields: dict[str, Any]) -> None:
    problem = make_problem(**fields)
    client, address = client_of(make_user()), f"/problems/{problem.slug}/wrong/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "x", "category": "other"}).status_code == 404
    assert not Ticket.objects.exists()


def test_reporters_follow_their_ticket_when_the_problem_is_hidden() -> None:
    ticket = make_ticket()
    Problem.objects.update(state="hidden")
    assert SECRET in page(ticket.get_absolute_url(), ticket.reporter)
    client_of(ticket.reporter).post(ticket.get_absolute_url(), {"text": "more"})
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("state", ["resolved", "declined"])
def test_a_reporter_decides_nothing(state: str) -> None:
    ticket = make_ticket()
    client_of(ticket.reporter).post(ticket.get_absolute_url(), {"text": "x", "state": state})
    ticket.refresh_from_db()
    assert ticket.state == TicketState.OPEN
    assert not ticket.messages.latest("pk").by_curator


@pytest.mark.parametrize("make", [make_user, make_curator])
def test_only_submissions_of_ones_own_for_the_problem_are_named(make: Any) -> None:
    problem, user = make_problem(), make()
    mine = make_submission(problem, user, verdict=Verdict.WA)
    address, given = f"/problems/{problem.slug}/wrong/", {"category": "tests", "text": "x"}
    client = client_of(user)
    for other in (make_submission(problem), make_submission(user=user)):
        assert client.post(address, given | {"submission": other.pk}).status_code == 422
        assert f'value="{other.pk}"' not in client.get(f"{address}?submission={other.pk}").content.decode()
    assert f'value="{mine.pk}" selected' in client.get(f"{address}?submission={mine.pk}").content.decode()
    client.post(address, given | {"submission": mine.pk})
    assert TicketMessage.objects.get().submission == mine


@pytest.mark.parametrize(
    "given", [{"text": ""}, {"text": "x"}, {"category": "other"}, {"category": "nonsense", "text": "x"}, {"text": "\0"}]
)
def test_refused_report_is_said_why(given: dict[str, str]) -> None:
    answer = client_of(make_user()).post(f"/problems/{make_problem().slug}/wrong/", given)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_report_answer_read_and_open_again() -> None:
    problem, user, curator = make_problem(), make_user(), make_curator()
    client, desk = client_of(user), client_of(curator)
    client.post(f"/problems/{problem.slug}/wrong/", {"category": "tests", "text": "*wrong*"})
    ticket = Ticket.objects.get()
    assert "is added to it" in client.get(f"/problems/{problem.slug}/wrong/").content.decode()
    desk.post(ticket.get_absolute_url(), {"text": "Mended.", "state": "resolved"})
    assert "menu-mark" in client.get("/problems/").content.decode()
    assert "New answer" in client.get("/tickets/").content.decode()
    assert "menu-mark" not in desk.get("/problems/").content.decode()
    assert SECRET not in desk.get(DESK).content.decode()
    desk.get(ticket.get_absolute_url())  # a curator's look is not the reporter's
    assert "menu-mark" in client.get("/problems/").content.decode()
    text = client.get(ticket.get_absolute_url()).content.decode()
    assert "Mended." in text
    assert "Resolved." in text
    assert "menu-mark" not in text
    assert "New answer" not in client.get("/tickets/").content.decode()
    client.post(ticket.get_absolute_url(), {"text": "Still wrong."})
    assert "Still wrong." in desk.get(DESK).content.decode()


def test_curators_say_something_or_decide() -> None:
    ticket, curator = make_ticket(), make_curator()
    client = client_of(curator)
    assert client.post(ticket.get_absolute_url(), {"text": " "}).status_code == 422
    assert client.post(ticket.get_absolute_url(), {"text": "", "state": "nonsense"}).status_code == 422
    for state in ("declined", "open", "resolved"):
        assert client.post(ticket.get_absolute_url(), {"text": "", "state": state}).status_code == 302
        ticket.refresh_from_db()
        assert ticket.state == state


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"open-tests", "open-limits"}),
        ("?state=open", {"open-tests", "open-limits", "answered"}),
        ("?state=resolved", {"resolved"}),
        ("?state=all", {"open-tests", "open-limits", "answered", "resolved"}),
        ("?category=limits", {"open-limits"}),
        ("?state=all&problem=the-one", {"resolved"}),
        ("?state=all&problem=The-One", {"resolved"}),
        ("?problem=nothing", set()),
        ("?state=<x>&category=%00&problem=%00", {"open-tests", "open-limits"}),
        ("?after=abc", {"open-tests", "open-limits"}),
    ],
)
def test_the_desk_is_filtered(query: str, expected: set[str]) -> None:
    curator = make_curator()
    make_ticket("open-tests")
    make_ticket("open-limits", Category.LIMITS)
    tickets.answer(make_ticket("answered"), curator, "which one?")
    tickets.answer(make_ticket("resolved", problem=make_problem(slug="the-one")), curator, "", TicketState.RESOLVED)
    text = page(DESK + query, curator)
    every = {"open-tests", "open-limits", "answered", "resolved"}
    assert {said for said in every if f'"ticket-said">{said}' in text} == expected


def test_who_waits_longest_is_first_on_the_desk() -> None:
    for text in ("first", "second"):
        make_ticket(text)
    text = page(DESK, make_curator())
    assert text.index("first") < text.index("second")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_never_acts(payload: str) -> None:
    ticket, curator = make_ticket(payload), make_curator()
    for user in (ticket.reporter, curator):
        text = page(ticket.get_absolute_url(), user)
        article = text[text.index('<article class="comment"') : text.index("</article>")]
        assert is_safe(article[article.index('<div class="prose') :])
    assert "<script>alert" not in page(DESK, curator)


@pytest.mark.parametrize("address", ["/tickets/", DESK])
def test_number_of_queries_does_not_grow(address: str) -> None:
    user = make_curator()
    client, found = client_of(user), []
    for _ in range(2):
        for _ in range(3):
            make_ticket(reporter=user)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        found.append(len(captured))
    assert found[0] == found[1] <= 4


def test_the_notice_costs_no_page_a_query() -> None:
    ticket = make_ticket()
    client = client_of(ticket.reporter)
    page(ticket.problem.get_absolute_url(), None)  # the first view renders the statement
    found = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            text = client.get(ticket.problem.get_absolute_url()).content.decode()
        assert not [query for query in captured if "community_" in query["sql"]]
        found.append((len(captured), "menu-mark" in text))
        tickets.answer(ticket, make_curator(), "yes")
    assert found == [(found[0][0], False), (found[0][0], True)]


def test_a_ticket_can_be_filed_from_a_failed_submission() -> None:
    submission = make_submission(verdict=Verdict.WA)
    link = f"/problems/{submission.problem.slug}/wrong/?submission={submission.pk}"
    assert link in page(submission.get_absolute_url(), submission.user)
