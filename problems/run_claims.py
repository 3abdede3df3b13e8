"""Who may start an import run's importer, and what becomes of a run whose importer is gone.

`heard_at` is a lease: whoever looks after a run renews it, and so does the importer itself. A run that was heard of
lately is never started again, however often its message comes; one that was not has lost its worker. All changes are
compare-and-set UPDATEs, all clocks the database's. Not in charge of: processes (`background.py`) or messages
(`tasks.py`).
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from problems.models import ImportRun, RunStatus

# The runs that have an importer or wait for one.
AT_WORK = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.UNDOING)
SILENT = timedelta(seconds=60)
# A message that is younger than this may still be on its way.
GRACE = timedelta(seconds=10)
# Starts in a row without a row of progress; then the run has failed.
MAX_ATTEMPTS = 3

_SEEN = F("rows_read") + F("left_out")
_EXHAUSTED = Q(attempts__gte=MAX_ATTEMPTS, rows_before__gte=_SEEN)


def claim(run_id: int) -> ImportRun | None:
    """The run, where it waits for an importer and we are the first to take it."""
    got_on = When(attempts__gt=0, rows_before__lt=_SEEN, then=1)
    taken = (
        _unheard()
        .filter(~_EXHAUSTED, pk=run_id)
        .update(
            heard_at=Now(), running_since=Now(), rows_before=_SEEN, attempts=Case(got_on, default=F("attempts") + 1)
        )
    )
    return ImportRun.objects.get(pk=run_id) if taken else None


def renew(run: ImportRun) -> bool:
    """Make the lease whole again; returns whether the run is to be cancelled.

    Never waits for the importer, which holds the row while it writes: then it renews the lease itself.
    """
    with transaction.atomic():
        if ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk, status__in=AT_WORK).exists():
            ImportRun.objects.filter(pk=run.pk).update(heard_at=Now())
    return ImportRun.objects.filter(pk=run.pk, cancel_requested=True).exists()


def release(run: ImportRun) -> None:
    """Let another worker go on with the run at once; this start counts for nothing."""
    waits = Case(When(status=RunStatus.RUNNING, then=Value(RunStatus.QUEUED)), default=F("status"))
    mine = ImportRun.objects.filter(pk=run.pk, status__in=AT_WORK)
    mine.update(status=waits, heard_at=None, attempts=F("attempts") - 1)


def bury(run: ImportRun, last_words: str) -> bool:
    """Enter that the run's importer has ended; True where the run is not done and deserves another start."""
    mine = ImportRun.objects.filter(pk=run.pk, status__in=AT_WORK)
    if not mine.update(heard_at=None, error=last_words):
        return False
    give_up()
    return mine.filter(~_EXHAUSTED).exists()


def give_up() -> int:
    """End the runs that lost their importer and are cancelled, or were started too often; returns how many.

    An undoing that does not succeed stays what it is: half undone, the run can only be undone again.
    """
    lost = _unheard().filter(attempts__gt=0).exclude(status=RunStatus.UNDOING)
    cancelled = lost.filter(cancel_requested=True).update(status=RunStatus.CANCELLED, finished_at=Now())
    return cancelled + lost.filter(_EXHAUSTED).update(status=RunStatus.FAILED, finished_at=Now())


def overdue(limit: int) -> list[int]:
    """The ids of the first ``limit`` runs that wait for an importer.

    What was started at a terminal is no business of ours, unless somebody has put it back.
    """
    ours = Q(attempts__gt=0) | ~Q(status=RunStatus.RUNNING)
    waiting = _unheard().filter(ours, ~_EXHAUSTED, started_at__lt=Now() - GRACE)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])


def cancel(run: ImportRun) -> None:
    """Cancel a run that waits; one that is at work ends with its present unit."""
    waiting = ImportRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED, heard_at=None)
    if not waiting.update(status=RunStatus.CANCELLED, finished_at=Now()):
        running = (RunStatus.QUEUED, RunStatus.RUNNING)
        ImportRun.objects.filter(pk=run.pk, status__in=running).update(cancel_requested=True)


def put_back(run_id: int, status: RunStatus) -> bool:
    """Let an importer have the run, to go on (QUEUED) or to undo it (UNDOING); False where that can't be done."""
    allowed = _resumable() if status == RunStatus.QUEUED else _undoable()
    fresh = {"attempts": 0, "cancel_requested": False, "heard_at": None, "finished_at": None, "error": ""}
    return bool(ImportRun.objects.filter(allowed, pk=run_id).update(status=status, **fresh))


def told() -> "QuerySet[Any]":
    """All runs, told whether they are `silent` (at work, but unheard of), `resumable` and `undoable`."""
    silent = _silent() & Q(status=RunStatus.RUNNING)
    marks = {"silent": silent, "resumable": _resumable(), "undoable": _undoable()}
    return ImportRun.objects.select_related("started_by").annotate(
        **{name: ExpressionWrapper(mark, output_field=BooleanField()) for name, mark in marks.items()}
    )


def _resumable() -> Q:
    """Runs that ended before their source did."""
    return Q(status__in=(RunStatus.FAILED, RunStatus.CANCELLED)) | (Q(status=RunStatus.RUNNING) & _silent())


def _undoable() -> Q:
    """Runs that have ended, or whose undoing got stuck. A dry run has written nothing."""
    ended = Q(status__in=(RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED))
    return (ended | (Q(status=RunStatus.UNDOING) & _EXHAUSTED & _silent())) & ~Q(options__contains={"dry_run": True})


def _unheard() -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(_silent(), status__in=AT_WORK)


def _silent() -> Q:
    return Q(heard_at=None) | Q(heard_at__lt=Now() - SILENT)
