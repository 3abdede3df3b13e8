"""What a person has said, kept and reached, for the export of their data.

Of others there is nothing in it but the curators' answers on one's own tickets, which one reads there anyway, without
their names.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from judge.accounts import exporting
from judge.accounts.exporting import CHUNK, values
from judge.accounts.models import User
from judge.community.list_models import ListEntry, ProblemList
from judge.community.solutions_models import GivenUp, Solution, SolutionVote
from judge.community.standing_models import Standing
from judge.community.talk_models import Comment, CommentReport, CommentVote
from judge.community.tickets_models import Ticket, TicketMessage

Rows = Iterator[Mapping[str, Any]]

_WRITTEN = ("text", "state", "score", "created_at")


def register() -> None:
    """Tell `accounts` of all parts, and whom they answer for."""
    exporting.register("profile", _profile, "community.Standing.user")
    exporting.register("lists", _lists, "community.ProblemList.owner")
    exporting.register("comments", _comments, "community.Comment.author")
    exporting.register("comment_votes", _comment_votes, "community.CommentVote.user")
    exporting.register("comment_reports", _reports, "community.CommentReport.reporter")
    exporting.register("solutions", _solutions, "community.Solution.author")
    exporting.register("solution_votes", _solution_votes, "community.SolutionVote.user")
    exporting.register("given_up", _given_up, "community.GivenUp.user")
    exporting.register("tickets", _tickets, "community.Ticket.reporter")
    exporting.register("ticket_messages", _messages, "community.TicketMessage.author")


def _profile(user: User) -> Rows:
    """The profile's setting, and what stands on it; what was solved when follows from the submissions."""
    return values(Standing.objects.filter(user=user), "private", "points", "solved", "easy", "medium", "hard")


def _lists(user: User) -> Rows:
    own = ProblemList.objects.filter(owner=user).prefetch_related(
        Prefetch("entries", ListEntry.objects.select_related("problem").only("list_id", "position", "problem__slug"))
    )
    names = ("name", "description", "visibility", "is_favourites", "withheld", "created_at")
    for kept in own.order_by("pk").iterator(chunk_size=CHUNK):
        yield {name: getattr(kept, name) for name in names} | {
            "problems": [entry.problem.slug for entry in kept.entries.all()]
        }


def _comments(user: User) -> Rows:
    own = Comment.objects.filter(author=user)
    return values(own, "id", "problem__slug", "parent_id", "spoiler", "edited_at", *_WRITTEN)


def _comment_votes(user: User) -> Rows:
    return values(CommentVote.objects.filter(user=user), "comment_id", "created_at")


def _reports(user: User) -> Rows:
    own = CommentReport.objects.filter(reporter=user)
    return values(own, "comment_id", "reason", "note", "state", "created_at")


def _solutions(user: User) -> Rows:
    own = Solution.objects.filter(author=user)
    return values(own, "id", "problem__slug", "submission_id", "language", *_WRITTEN)


def _solution_votes(user: User) -> Rows:
    return values(SolutionVote.objects.filter(user=user), "solution_id", "created_at")


def _given_up(user: User) -> Rows:
    return values(GivenUp.objects.filter(user=user), "problem__slug", "created_at")


def _tickets(user: User) -> Rows:
    own = Ticket.objects.filter(reporter=user).select_related("problem")
    said = TicketMessage.objects.order_by("pk").defer("html")
    rows = own.only("category", "state", "created_at", "problem__slug").prefetch_related(Prefetch("messages", said))
    for ticket in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield {name: getattr(ticket, name) for name in ("id", "category", "state", "created_at")} | {
            "problem": ticket.problem.slug,
            "messages": [_message(each) for each in ticket.messages.all()],
        }


def _message(message: TicketMessage) -> Mapping[str, Any]:
    names = ("by_curator", "category", "text", "submission_id", "became", "created_at")
    return {name: getattr(message, name) for name in names}


def _messages(user: User) -> Rows:
    """What a curator has answered others; on one's own tickets all is told already."""
    others: QuerySet[TicketMessage] = TicketMessage.objects.filter(author=user).exclude(ticket__reporter=user)
    return values(others, "ticket_id", "by_curator", "text", "became", "created_at")
