"""Which tickets are shown: to their reporters, and on the curators' desk."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.http import QueryDict

from judge.community.talk_models import CommentReport, ReportState
from judge.community.tickets_forms import DeskFilter
from judge.community.tickets_models import Ticket, TicketMessage, TicketState
from judge.community.written import has_math
from problems import paging
from problems.paging import Page

PAGE_SIZE = 30
SHOWN_CHARS = 160
# The latest so many messages of a ticket are on its page.
MESSAGES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of tickets, and how many reports against comments wait for a decision (``more``: or more than that)."""

    page: Page[Ticket]
    form: DeskFilter
    reports: int
    more: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said on a ticket, the oldest first."""

    messages: list[TicketMessage]
    has_earlier: bool
    has_math: bool


def mine(user: Any, params: QueryDict) -> Page[Ticket]:
    """The user's own tickets, the newest first."""
    return paging.page_of(_told(Ticket.objects.filter(reporter=user)), params, PAGE_SIZE, newest_first=True)


def desk(params: QueryDict) -> Desk:
    """The tickets that ``params`` choose: those that wait the longest first, of closed ones the newest."""
    form = DeskFilter(params)
    chosen = form.chosen()
    tickets = Ticket.objects.all()
    if chosen["state"] == DeskFilter.WAITING:
        tickets = tickets.filter(waits=True)
    elif chosen["state"] in TicketState.values:
        tickets = tickets.filter(state=chosen["state"])
    if chosen["category"]:
        tickets = tickets.filter(category=chosen["category"])
    if chosen["problem"]:
        tickets = tickets.filter(problem__slug=chosen["problem"].lower())
    oldest_first = chosen["state"] in {DeskFilter.WAITING, TicketState.OPEN}
    page = paging.page_of(_told(tickets), params, PAGE_SIZE, newest_first=not oldest_first)
    reports, more = paging.count_up_to_max(CommentReport.objects.filter(state=ReportState.OPEN))
    return Desk(page, form, reports, more)


def conversation(ticket: Ticket) -> Conversation:
    """What was said on ``ticket``."""
    found = ticket.messages.select_related("author", "submission").defer(
        "submission__source", "submission__compile_output"
    )
    latest = list(found.order_by("-id")[: MESSAGES_SHOWN + 1])
    messages = latest[:MESSAGES_SHOWN][::-1]
    return Conversation(messages, len(latest) > MESSAGES_SHOWN, any(has_math(message.shown) for message in messages))


def _told(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With the beginning of the reporter's latest word."""
    said = TicketMessage.objects.filter(ticket=OuterRef("pk"), by_curator=False).order_by("-id")
    own = ("category", "state", "waits", "unread", "created_at", "changed_at")
    return (
        tickets.select_related("problem", "reporter")
        .only(*own, "problem__title", "problem__slug", "reporter__username")
        .annotate(said=Subquery(said.values(head=Left("text", SHOWN_CHARS))[:1]))
    )
