"""The queue's doors for runs: ids in, nothing out. Messages are hints; they may be lost or repeated at will.

Runs have a queue of their own with the priority of people's submissions: a worker that reads both takes from them in
turn. Not in charge of: what a run is (`run_judging.py`).
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from judge.celery import BROKER_ERRORS, RUNS, app, messages
from judge.submissions import run_judging
from judge.submissions.models import Lane
from judge.submissions.run_models import KEPT, Run
from judge.submissions.tasks import PRIORITY

log = logging.getLogger(__name__)

# So many a sweep, at most.
SWEEP_LIMIT = 100
DELETED_AT_ONCE = 1_000
# A message that is younger than this may still be on its way.
GRACE = timedelta(seconds=3)


@app.task
def run_program(run_id: int) -> None:
    """Do one run; harmless where it is done already, or being done."""
    run_judging.run(run_id)


@app.task
def sweep_runs() -> None:
    """Publish again what the broker lost, and delete what is old."""
    waiting = Run.objects.waiting().count()
    if waiting and (missing := min(waiting - messages(RUNS), SWEEP_LIMIT)) > 0:
        for run_id in _overdue(missing):
            publish(run_id)
    old = Run.objects.filter(created_at__lt=Now() - KEPT).order_by("created_at").values_list("pk", flat=True)
    Run.objects.filter(pk__in=list(old[:DELETED_AT_ONCE])).delete()


def publish(run_id: int) -> None:
    """Tell the workers about a run. A broker that fails us is logged only: the sweep will do it."""
    try:
        run_program.apply_async((run_id,), queue=RUNS, priority=PRIORITY[Lane.INTERACTIVE], retry=False)
    except BROKER_ERRORS as error:
        log.warning("run %s waits for the sweep, the broker failed: %s", run_id, error)


def _overdue(limit: int) -> list[int]:
    """Up to ``limit`` runs whose message is past its grace, oldest first, noted as published now."""
    with transaction.atomic():
        late = Run.objects.waiting().filter(published_at__lt=Now() - GRACE).order_by("published_at", "id")
        found = list(late.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Run.objects.filter(pk__in=found).update(published_at=Now())
    return found
