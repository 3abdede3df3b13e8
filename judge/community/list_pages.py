"""What the pages of lists show: a list's problems with the reader's progress, and the lists that there are.

In charge of: that problems which the reader may not see are not shown, only counted. Not in charge of: changing lists
(`keeping.py`).
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from judge.accounts.models import User
from judge.community.list_models import ListEntry, ProblemList
from judge.community.written import has_math, shown_now
from problems import charts, progress
from problems.charts import Bar
from problems.models import Problem

PUBLIC_ON_PROFILE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A problem on a list; ``solved`` is None for who has not tried it."""

    entry_id: int
    problem: Problem
    solved: bool | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list as its reader sees it. ``words`` describe it, as safe HTML.

    ``unseen`` problems are on it that they may not see.
    """

    kept: ProblemList
    own: bool
    owner_name: str
    words: SafeString
    has_math: bool
    lines: list[Line]
    unseen: int
    solved: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class Overview:
    """A list's line among others: how many of its problems can be seen, and how many of them are solved."""

    kept: ProblemList
    bar: Bar

    @property
    def owner_name(self) -> str:
        """The name of its owner, as `name_of` tells it."""
        return name_of(self.kept.owner)


def list_page(kept: ProblemList, reader: Any) -> ListPage:
    """The page of ``kept``, which ``reader`` may see."""
    entries = ListEntry.objects.filter(list=kept)
    shown = list(
        entries.filter(problem__in=Problem.objects.visible_to(reader))
        .select_related("problem")
        .only(
            "position", "list_id", *(f"problem__{name}" for name in ("slug", "title", "difficulty", "subset", "state"))
        )
    )
    marks = progress.tried(reader, [entry.problem_id for entry in shown])
    lines = [Line(entry.pk, entry.problem, marks.get(entry.problem_id)) for entry in shown]
    solved = sum(line.solved is True for line in lines)
    words = shown_now(kept.description)
    return ListPage(
        kept=kept,
        own=kept.owner_id == reader.pk,
        owner_name=name_of(kept.owner),
        words=words,
        has_math=has_math(words),
        lines=lines,
        unseen=entries.count() - len(shown),
        solved=solved,
        bar=_bar(solved, len(lines)),
    )


def name_of(owner: User) -> str:
    """The owner's name; "" where their profile is private."""
    standing = getattr(owner, "standing", None)
    return "" if not owner.is_active or (standing and standing.private) else owner.get_username()


def own_lists(user: User) -> list[Overview]:
    """The user's lists, favourites first, then the newest."""
    return overviews(list(ProblemList.objects.filter(owner=user)), user)


def public_lists(reader: Any, owner: User) -> list[Overview]:
    """The newest public lists of ``owner``."""
    rows = ProblemList.objects.found_by_all().filter(owner=owner).order_by("-pk")
    return overviews(list(rows[:PUBLIC_ON_PROFILE]), reader)


def overviews(rows: list[ProblemList], reader: Any) -> list[Overview]:
    """The lines of these lists, of which ``reader`` may see each."""
    given = {"lists": [kept.pk for kept in rows], "user": reader.pk}
    found: dict[int, tuple[int, int]] = {}
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, given)
            found = {pk: (solved, problems) for pk, solved, problems in cursor.fetchall()}
    return [Overview(kept, _bar(*found.get(kept.pk, (0, 0)))) for kept in rows]


def _bar(solved: int, problems: int) -> Bar:
    return charts.bar([("ac", "", solved), ("left", "", problems - solved)])


_COUNTS = """
    SELECT e.list_id, count(done.solved_at), count(*)
    FROM community_listentry e
    JOIN problems_problem p ON p.id = e.problem_id AND p.state = 'published' AND p.judgeable
    LEFT JOIN community_progress done ON done.user_id = %(user)s AND done.problem_id = e.problem_id
    WHERE e.list_id = ANY(%(lists)s) GROUP BY e.list_id
"""
