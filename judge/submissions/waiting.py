"""Where a submission stands in its queue, and about how long its verdict will take.

The estimate is what lies before it, times what a submission of its lane took lately, shared by those at work now. All
queries are bounded: a page asks them every other second for each person who waits.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, F
from django.db.models.functions import Now

from judge.submissions.models import Lane, Status, Submission

# Counting stops here: what lies behind changes nothing that a person would do.
MAX_COUNTED = 1_000
# So many judged submissions tell how long one takes.
RECENT = 30
# Somebody who has waited longer than this with nobody at work is told so.
PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Place:
    """``ahead`` older submissions of the lane are not done, or ``more`` than that; ``seconds`` is None where nothing
    was judged yet, and ``halted`` says that nobody is judging at all.
    """

    ahead: int
    more: bool
    seconds: float | None
    halted: bool


def place_of(submission: Submission) -> Place:
    """The place of a submission that is queued."""
    lane = Submission.objects.filter(lane=submission.lane)
    older = lane.unfinished().filter(pk__lt=submission.pk).order_by("lane", "id")[: MAX_COUNTED + 1].count()
    at_work = Submission.objects.filter(status=Status.JUDGING, lease_until__gt=Now())[:MAX_COUNTED].count()
    recent = lane.filter(status=Status.DONE, started_at__isnull=False).order_by("-judged_at")[:RECENT]
    took = recent.aggregate(mean=Avg(F("judged_at") - F("started_at")))["mean"]
    return Place(
        ahead=min(older, MAX_COUNTED),
        more=older > MAX_COUNTED,
        seconds=took.total_seconds() * (older + 1) / max(at_work, 1) if took is not None else None,
        halted=not at_work and _is_halted(submission),
    )


def _is_halted(submission: Submission) -> bool:
    """True where it has waited for long and nothing was judged in that time: between two there is nobody at work."""
    if not Submission.objects.filter(pk=submission.pk, created_at__lt=Now() - PATIENCE).exists():
        return False
    judged = Submission.objects.filter(status=Status.DONE, judged_at__gt=Now() - PATIENCE)
    return not any(judged.filter(lane=lane).exists() for lane in Lane)
