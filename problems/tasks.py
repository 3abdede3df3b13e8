"""The queue's doors for import runs: ids in, nothing out. Messages are hints; they may be lost or repeated at will.

In charge of: when a message is sent. Not in charge of: who may start an importer (`run_claims.py`) or how it is looked
after (`background.py`).

A task lasts as long as its import, which may be longer than the broker's visibility timeout (1 h), and it is
acknowledged late: so its message comes a second time while it is still at work. That does no harm, because a run that
was heard of within the last minute can't be claimed, and one that has ended has nothing to claim. Returning at once
after starting the importer would keep the message short, but then nobody would notice that the importer has died, and
nobody would end it with the worker.

Imports have a queue and a worker of their own: the judging workers have as many threads as cores, and an import that
held one of them for an hour would halve the judging. The sweep, which takes milliseconds, goes the other way: in the
imports' queue it would wait behind the import.
"""

import logging

from celery import signals

from judge.celery import BROKER_ERRORS, IMPORTS, app, messages
from problems import background, run_claims

log = logging.getLogger(__name__)

# Runs that are published again in one sweep, at most.
SWEEP_LIMIT = 20


@app.task
def run_import(run_id: int) -> None:
    """Run or undo an import; harmless where that is done already or being done."""
    if background.look_after(run_id):
        publish(run_id)


@app.task
def sweep() -> None:
    """End what can't be saved, and publish again what lost its worker or its message."""
    if ended := run_claims.give_up():
        log.error("%s import runs ended without having finished", ended)
    if waiting := run_claims.overdue(SWEEP_LIMIT):
        for run_id in waiting[messages(IMPORTS) :]:
            publish(run_id)


def publish(run_id: int) -> None:
    """Tell the workers about a run. A broker that fails us is logged only: the sweep will do it."""
    try:
        run_import.apply_async((run_id,), queue=IMPORTS, retry=False)
    except BROKER_ERRORS as error:
        log.warning("import run %s waits for the sweep, the broker failed: %s", run_id, error)


@signals.worker_shutting_down.connect
def _end_importers(**_: object) -> None:
    background.stop()
