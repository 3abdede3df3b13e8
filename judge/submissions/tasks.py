"""The queue's doors: ids in, nothing out. Messages are hints; they may be lost or repeated at will.

In charge of: when a message is sent. Not in charge of: what judging is (`judging.py`) or who may judge (`claims.py`).
"""

import logging
import threading

from celery import signals

from judge.celery import BROKER_ERRORS, JUDGING, app, messages
from judge.submissions import case_finding, claims, judging
from judge.submissions.models import Lane, Submission

log = logging.getLogger(__name__)

# So many messages a lane and sweep at most: after a lost broker the rest follows with the next sweeps.
SWEEP_LIMIT = 100
# Over Redis and Valkey 0 goes first, and that is the sweep; then people who wait, then bulk runs.
PRIORITY = {Lane.INTERACTIVE: 3, Lane.BATCH: 6}


@app.task
def judge_submission(submission_id: int) -> None:
    """Judge one submission; harmless where it is judged already or being judged."""
    if again := judging.run(submission_id):
        publish(again)


@app.task
def find_case(submission_id: int) -> None:
    """Look for a small failing case of one submission; harmless where it is found already or being looked for."""
    if waiting := case_finding.run(submission_id):
        publish_case(waiting)


@app.task
def sweep() -> None:
    """Publish again what got lost, and end what lost its worker too often.

    A lane's messages are counted first: while there are as many as submissions that wait, nothing is lost, however
    long the queue, and nothing is published twice.
    """
    if ended := claims.give_up():
        log.error("%s submissions ended as IE: each attempt lost its worker", ended)
    for lane in Lane:
        if waiting := claims.waiting(lane):
            missing = min(waiting - messages(lane.value), SWEEP_LIMIT)
            for submission in claims.overdue(lane, max(missing, 0)):
                publish(submission)
    if case := case_finding.overdue():
        publish_case(case)


def publish(submission: Submission) -> None:
    """Tell the workers about a submission. A broker that fails us is logged only: the sweep will do it."""
    lane = Lane(submission.lane)
    try:
        judge_submission.apply_async((submission.pk,), queue=lane.value, priority=PRIORITY[lane], retry=False)
    except BROKER_ERRORS as error:
        log.warning("submission %s waits for the sweep, the broker failed: %s", submission.pk, error)


def publish_case(submission_id: int) -> None:
    """Tell the workers about a failing case to look for, behind all that is judged."""
    lane = Lane.BATCH
    try:
        find_case.apply_async((submission_id,), queue=lane.value, priority=PRIORITY[lane] + 1, retry=False)
    except BROKER_ERRORS as error:
        log.warning("the failing case of %s waits for the sweep, the broker failed: %s", submission_id, error)


@signals.worker_ready.connect
def _warm_up(**_: object) -> None:
    if app.amqp.queues.consume_from.keys().isdisjoint(JUDGING):
        return  # a worker that only imports needs no sandbox
    # Beside the work: an engine that is slow to answer must not keep the worker from starting or stopping.
    threading.Thread(target=judging.warm_up, name="warm-up", daemon=True).start()


@signals.worker_process_shutdown.connect
@signals.worker_shutdown.connect
def _close_sandbox(**_: object) -> None:
    judging.close_worker_sandbox()


# Now, not at the first use: two first uses at once, in a server with threads, would meet a half-filled registry.
app.finalize()
