"""What could be solved next, on the page of an accepted submission."""

from typing import Any

from django import template

from judge.community import suggesting
from judge.submissions.models import Status, Submission, Verdict

register = template.Library()


def is_waiting(submission: Submission) -> bool:
    """Whether a verdict is still to come."""
    return submission.status in {Status.QUEUED, Status.JUDGING}


def next_context(submission: Submission, user: Any) -> dict[str, Any]:
    """What `_next.html` shows: only to the submitter, a suggestion after an accepted program; a place for it before."""
    if submission.user_id != user.pk:
        return {}
    if is_waiting(submission):
        return {"waiting": True, "submission": submission}
    accepted = submission.verdict == Verdict.AC
    return {"suggestion": suggesting.after(submission.problem, user) if accepted else None}


@register.inclusion_tag("community/_next.html", takes_context=True)
def next_problem(context: dict[str, Any], submission: Submission) -> dict[str, Any]:
    """The part of the page that suggests what could be next."""
    return next_context(submission, context["request"].user)
