"""Tickets: joined, answered, decided, opened again; and the account knows how many answers are unread."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from judge.accounts.models import User
from judge.community import quotas, tickets
from judge.community.tickets_models import Category, Ticket, TicketMessage, TicketState
from tests.community.making import make_curator, make_problem, make_submission, make_user

pytestmark = pytest.mark.django_db


def make_ticket(reporter: User | None = None) -> Ticket:
    return tickets.report(reporter or make_user(), make_problem(), Category.TESTS, "The second is wrong.")


def unread(user: User | None) -> int:
    assert user is not None
    return User.objects.get(pk=user.pk).unread_answers


def test_one_persons_reports_on_a_problem_are_one_ticket() -> None:
    user, problem = make_user(), make_problem()
    submission = make_submission(problem, user)
    first = tickets.report(user, problem, Category.TESTS, "one")
    second = tickets.report(user, problem, Category.LIMITS, "two", submission)
    assert first.pk == second.pk
    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.state, ticket.waits) == (Category.LIMITS, TicketState.OPEN, True)
    said = ticket.messages.order_by("pk").values_list("category", "text", "submission", "became")
    assert list(said) == [("tests", "one", None, ""), ("limits", "two", submission.pk, "")]


def test_others_and_other_problems_have_tickets_of_their_own() -> None:
    user, problem = make_user(), make_problem()
    found = {tickets.report(*of, Category.OTHER, "x").pk for of in ((user, problem), (make_user(), problem))}
    assert len(found | {make_ticket(user).pk}) == 3


def test_a_report_on_a_closed_ticket_opens_it_again() -> None:
    ticket = make_ticket()
    tickets.answer(ticket, make_curator(), "no", TicketState.DECLINED)
    tickets.report(ticket.reporter, ticket.problem, Category.TESTS, "but look")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waits) == (TicketState.OPEN, True)
    assert list(ticket.messages.order_by("pk").values_list("became", flat=True)) == ["", "declined", "open"]


def test_too_many_reports_are_refused_and_curators_may_answer_all() -> None:
    user, curator = make_user(), make_curator()
    made = [make_ticket(user) for _ in range(tickets.MESSAGES[0].allowed)]
    with pytest.raises(quotas.TooMany):
        make_ticket(user)
    with pytest.raises(quotas.TooMany):
        tickets.add(made[0], user, "more")
    assert Ticket.objects.count() == len(made)
    for ticket in [*made, made[0]]:
        tickets.answer(ticket, curator, "yes")


def test_answers_are_unread_until_the_reporter_looks() -> None:
    curator = make_curator()
    first = make_ticket()
    second = make_ticket(first.reporter)
    assert unread(first.reporter) == 0
    tickets.answer(first, curator, "one")
    tickets.answer(first, curator, "two", TicketState.RESOLVED)
    tickets.answer(second, curator, "three")
    assert unread(first.reporter) == 2
    tickets.seen(first)
    tickets.seen(first)
    assert unread(first.reporter) == 1
    tickets.seen(second)
    assert unread(first.reporter) == 0


def test_what_curators_say_to_themselves_is_read() -> None:
    curator = make_curator()
    ticket = make_ticket(curator)
    tickets.answer(ticket, curator, "I see.")
    assert unread(curator) == 0


def test_deciding_needs_no_words_but_says_what_the_ticket_became() -> None:
    ticket = make_ticket()
    tickets.answer(ticket, make_curator(), "", TicketState.RESOLVED)
    message = ticket.messages.latest("pk")
    assert (message.text, message.became, message.by_curator) == ("", "resolved", True)


def test_neither_words_nor_a_change_is_nothing() -> None:
    ticket = make_ticket()
    tickets.answer(ticket, make_curator(), "", TicketState.OPEN)
    assert TicketMessage.objects.count() == 1
    ticket.refresh_from_db()
    assert ticket.waits


def test_a_ticket_stays_when_its_reporter_leaves_and_can_be_answered() -> None:
    ticket = make_ticket()
    assert ticket.reporter is not None
    ticket.reporter.delete()
    tickets.answer(ticket, make_curator(), "thank you", TicketState.RESOLVED)
    ticket.refresh_from_db()
    assert (ticket.reporter, ticket.state, ticket.unread) == (None, TicketState.RESOLVED, False)


@pytest.mark.django_db(transaction=True)
def test_answers_and_reports_at_the_same_time_are_all_counted() -> None:
    user, curator = make_user(), User.objects.create(username="curator")
    made = [make_ticket(user) for _ in range(4)]
    start = Barrier(2 * len(made))

    def answer(ticket: Ticket) -> None:
        start.wait()
        try:
            tickets.answer(ticket, curator, "yes")
        finally:
            connection.close()

    def add(ticket: Ticket) -> None:
        start.wait()
        try:
            tickets.add(ticket, user, "more")
        finally:
            connection.close()

    with ThreadPoolExecutor(2 * len(made)) as threads:
        for done in [threads.submit(act, ticket) for ticket in made for act in (answer, add)]:
            done.result()
    assert unread(user) == Ticket.objects.filter(unread=True).count() == len(made)
    assert TicketMessage.objects.count() == 3 * len(made)
