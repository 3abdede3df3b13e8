"""Tells which problems a user has solved or tried. Registered with `problems.progress` when the app is ready."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from judge.submissions.models import Submission, Verdict
from problems.models import Problem

# An index holds a user's submissions for a problem: a page asks for its own rows only.
_TRIED = "SELECT problem_id, bool_or(verdict = %(ac)s) FROM submissions_submission WHERE user_id = %(user)s"
_COUNTED = " AND verdict <> %(ie)s GROUP BY problem_id"


def mark(problems: QuerySet[Problem], user: Any) -> QuerySet[Problem]:
    """Annotate `solved` (an accepted submission) and `tried` (any submission that we did not fail ourselves)."""
    mine = Submission.objects.filter(problem=OuterRef("pk"), user=user).exclude(verdict=Verdict.IE)
    return problems.annotate(solved=Exists(mine.filter(verdict=Verdict.AC)), tried=Exists(mine))


def tried(user: Any, ids: Collection[int] | None) -> Mapping[int, bool]:
    """Whether what ``user`` has tried is solved, by problem's id."""
    among = "" if ids is None else " AND problem_id = ANY(%(ids)s)"
    given = {"user": user.pk, "ids": list(ids or ()), "ac": Verdict.AC.value, "ie": Verdict.IE.value}
    with connection.cursor() as cursor:
        cursor.execute(_TRIED + among + _COUNTED, given)
        return dict(cursor.fetchall())
