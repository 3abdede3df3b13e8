"""Tickets: what may be said on them, what they become by it, and who is told.

In charge of: one ticket a person and problem, and the number of unread answers that the account carries, so that no
page has to count. Not in charge of how tickets are shown or found.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.functional import Promise

from judge.accounts.models import User
from judge.community import quotas
from judge.community.quotas import Quota
from judge.community.tickets_models import Ticket, TicketMessage, TicketState
from judge.submissions.models import Submission
from problems.models import Problem

MESSAGES = (Quota(10, timedelta(hours=1)), Quota(30, timedelta(days=1)))

Words = str | Promise


def report(
    reporter: User, problem: Problem, category: Words, text: str, submission: Submission | None = None
) -> Ticket:
    """Say that something is wrong. Where ``reporter`` has a ticket for the problem, this is added to it, and opens it.

    Raises quotas.TooMany.
    """
    with transaction.atomic():
        _check(reporter)
        ticket, _made = Ticket.objects.get_or_create(
            problem=problem, reporter=reporter, defaults={"category": str(category)}
        )
        _add(ticket, reporter, text, category=str(category), submission=submission)
    return ticket


def add(ticket: Ticket, reporter: User, text: str) -> None:
    """The reporter says more; a ticket that was closed is open again. Raises quotas.TooMany."""
    with transaction.atomic():
        _check(reporter)
        _add(ticket, reporter, text)


def answer(ticket: Ticket, curator: User, text: str, state: str = "") -> None:
    """A curator answers, decides, or both: ``state`` is what the ticket becomes, empty where it stays as it is."""
    with transaction.atomic():
        _lock(ticket.reporter_id)
        ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
        became = state if state != ticket.state else ""
        if not text and not became:
            return
        ticket.state = TicketState(became or ticket.state)
        ticket.waits = False
        ticket.unread = ticket.reporter_id not in {None, curator.pk}
        ticket.save(update_fields=["state", "waits", "unread", "changed_at"])
        _say(TicketMessage(ticket=ticket, author=curator, by_curator=True, became=became), text)
        _recount(ticket.reporter_id)


def seen(ticket: Ticket) -> None:
    """The reporter has the ticket before their eyes."""
    with transaction.atomic():
        _lock(ticket.reporter_id)
        if Ticket.objects.filter(pk=ticket.pk, unread=True).update(unread=False):
            _recount(ticket.reporter_id)


def _check(reporter: User) -> None:
    quotas.check(reporter, TicketMessage.objects.filter(author=reporter, by_curator=False), *MESSAGES)


def _add(ticket: Ticket, reporter: User, text: str, category: str = "", submission: Submission | None = None) -> None:
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    became = TicketState.OPEN if ticket.state != TicketState.OPEN else ""
    ticket.category = category or ticket.category
    ticket.state, ticket.waits = TicketState.OPEN, True
    ticket.save(update_fields=["category", "state", "waits", "changed_at"])
    _say(TicketMessage(ticket=ticket, author=reporter, category=category, submission=submission, became=became), text)


def _say(message: TicketMessage, text: str) -> None:
    message.write(text)
    message.save()


def _lock(user_id: int | None) -> None:
    """Hold the reporter's row, always before a ticket's: of two answers at once neither is forgotten in the count."""
    if user_id is not None:
        User.objects.select_for_update(no_key=True).only("pk").filter(pk=user_id).first()


def _recount(user_id: int | None) -> None:
    """Tell the account, whose row is held, how many of its tickets have an unread answer."""
    if user_id is not None:
        unread = Ticket.objects.filter(reporter=user_id, unread=True).count()
        User.objects.filter(pk=user_id).update(unread_answers=unread)
