"""What the pages of a discussion show, with a number of queries that no number of comments changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString

from judge.community import ranking, voting
from judge.community.ranking import Ranked
from judge.community.talk_models import Comment, CommentState, CommentVote
from judge.community.written import has_math
from problems import paging
from problems.models import Problem
from problems.paging import Page

PAGE_SIZE = 20
# So many answers stand beneath a comment; the others are on its own page.
REPLIES_SHOWN = 5
REPLIES_A_PAGE = 50

# The first answers of each, by an index, however many there are.
_FIRST_REPLIES = """
    SELECT r.id FROM unnest(%s::bigint[]) AS p(id) CROSS JOIN LATERAL (
        SELECT id FROM community_comment WHERE parent_id = p.id AND state <> 'deleted' ORDER BY id LIMIT %s
    ) r
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as somebody sees it; ``text`` is None where they don't see what it says."""

    comment: Comment
    text: SafeString | None
    own: bool
    voted: bool
    replies: "tuple[Shown, ...]" = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page of a problem's comments."""

    page: Ranked[Comment]
    comments: list[Shown]
    has_math: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with a page of its answers."""

    page: Page[Comment]
    top: Shown
    replies: list[Shown]
    has_math: bool


def discussion(problem: Problem, user: Any, params: QueryDict) -> Discussion:
    """The page that ``params`` ask for. What was deleted stands there only as long as something answers it."""
    answered = Exists(Comment.objects.filter(parent=OuterRef("pk")).exclude(state=CommentState.DELETED))
    top = Comment.objects.filter(
        Q(state=CommentState.SHOWN) | answered | _moderated(user), problem=problem, parent=None
    )
    page = ranking.page_of(top.select_related("author"), params, PAGE_SIZE)
    replies = _first_replies(page.rows)
    known = _Known(user, [*page.rows, *replies])
    below: dict[int | None, list[Comment]] = {}
    for reply in replies:
        below.setdefault(reply.parent_id, []).append(reply)
    comments = [known.shown(comment, below.get(comment.pk, ())) for comment in page.rows]
    return Discussion(page, comments, _has_math(comments))


def thread(top: Comment, user: Any, params: QueryDict) -> Thread:
    """The thread of ``top``, which is no answer itself."""
    page = paging.page_of(_replies(top), params, REPLIES_A_PAGE)
    known = _Known(user, [top, *page.rows])
    replies = [known.shown(reply) for reply in page.rows]
    return Thread(page, known.shown(top), replies, _has_math([known.shown(top), *replies]))


def place_of(comment: Comment) -> str:
    """What leads from the thread's address to an answer: a query where it is not on the first page, and its anchor."""
    if comment.parent_id is None:
        return ""
    earlier = Comment.objects.filter(parent=comment.parent_id, pk__lt=comment.pk).exclude(state=CommentState.DELETED)
    ids = list(earlier.order_by("-id").values_list("pk", flat=True)[:REPLIES_A_PAGE])
    query = f"?after={ids[0]}" if len(ids) == REPLIES_A_PAGE else ""
    return f"{query}#comment-{comment.pk}"


class _Known:
    """What one query tells of all comments on the page."""

    def __init__(self, user: Any, comments: Sequence[Comment]) -> None:
        self._user = user
        self._voted = voting.voted(CommentVote.objects, user, "comment", [comment.pk for comment in comments])

    def shown(self, comment: Comment, replies: Sequence[Comment] = ()) -> Shown:
        """The comment with the first of its answers."""
        curator = getattr(self._user, "is_curator", False)
        visible = comment.state == CommentState.SHOWN or (curator and comment.state == CommentState.HIDDEN)
        return Shown(
            comment,
            text=comment.shown if visible else None,
            own=comment.author_id is not None and comment.author_id == self._user.pk,
            voted=comment.pk in self._voted,
            replies=tuple(self.shown(reply) for reply in replies[:REPLIES_SHOWN]),
            more=len(replies) > REPLIES_SHOWN,
        )


def _moderated(user: Any) -> Q:
    """What was hidden: curators see all of it, and people that something of theirs was."""
    hidden = Q(state=CommentState.HIDDEN)
    return hidden if getattr(user, "is_curator", False) else hidden & Q(author__isnull=False, author=user.pk)


def _replies(top: Comment) -> QuerySet[Comment]:
    return Comment.objects.filter(parent=top).exclude(state=CommentState.DELETED).select_related("author")


def _first_replies(comments: Sequence[Comment]) -> list[Comment]:
    if not comments:
        return []
    ids = Comment.objects.raw(_FIRST_REPLIES, [[comment.pk for comment in comments], REPLIES_SHOWN + 1])
    return list(Comment.objects.filter(pk__in=[found.pk for found in ids]).select_related("author").order_by("id"))


def _has_math(comments: Sequence[Shown]) -> bool:
    return any(has_math(shown.text or "") or _has_math(shown.replies) for shown in comments)
