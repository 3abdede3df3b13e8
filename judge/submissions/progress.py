"""Tells which problems a user has solved or tried. Registered with `problems.progress` when the app is ready."""

from collections.abc import Collection, Mapping
from typing import Any

from judge import prepared
from judge.submissions.models import Lane, Status, Verdict

# What we failed ourselves counts for nobody, nor does what was cancelled before it was judged, nor what was sent in to
# verify the problem. An index holds a user's submissions for a problem.
_TRIED = """
    SELECT problem_id, bool_or(verdict = %(ac)s) FROM submissions_submission
    WHERE user_id = %(user)s AND verdict <> %(ie)s AND status <> %(cancelled)s
        AND lane = %(lane)s
"""
_AMONG = " AND problem_id = ANY(%(ids)s)"
_EACH = " GROUP BY problem_id"


def tried(user: Any, ids: Collection[int] | None) -> Mapping[int, bool]:
    """Whether what ``user`` has tried is solved, by problem's id."""
    given = {"user": user.pk, "ids": list(ids or ()), "ac": Verdict.AC.value, "ie": Verdict.IE.value}
    given |= {"cancelled": Status.CANCELLED.value, "lane": Lane.INTERACTIVE.value}
    return dict(prepared.rows(_TRIED + ("" if ids is None else _AMONG) + _EACH, given))
