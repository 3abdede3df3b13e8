"""A submission's progress as a stream of events, for a bounded time, to be taken up again where it ended.

A stream holds one of the server's threads. So only a few are open at a time in each process; to whom none is left is
told what there is to tell at once, and asked to come again: the asker need not know the difference.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django.db import close_old_connections
from ninja.streaming import JSONL

from judge.submissions.models import Status, Submission
from judge.submissions.waiting import place_of

STREAM_SECONDS = 20.0
# Of eight threads.
STREAMS = 3
FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 0.05, 1.25, 0.5
# Half of a token's quota: who has no stream asks so often.
COME_AGAIN_MS = 1_000

Event = dict[str, Any]
_streams = BoundedSemaphore(STREAMS)


class NDJSON(JSONL):  # type: ignore[type-arg]  # subscripted by Ninja's own way
    """A JSON object a line, sent at once through proxies that buffer."""

    media_type = "application/x-ndjson"

    @classmethod
    def response_headers(cls) -> dict[str, str]:
        """Neither kept nor held back on the way."""
        return {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Solver:
    """To whom results are told here: to nobody more than to a solver, curators included."""

    is_curator = False


@contextmanager
def stream() -> Iterator[float]:
    """Until when, by the monotonic clock, somebody may be kept waiting: not at all where no stream is left."""
    mine = _streams.acquire(blocking=False)
    try:
        yield time.monotonic() + (STREAM_SECONDS if mine else 0)
    finally:
        if mine:
            _streams.release()


def pauses() -> Iterator[None]:
    """Waits between looks at the database, ever longer; holds no connection meanwhile."""
    pause = FIRST_PAUSE
    while True:
        close_old_connections()
        time.sleep(pause)
        pause = min(pause * GROWTH, LONGEST_PAUSE)
        yield


def follow(submission_id: int, after: int) -> Iterator[Event]:
    """What happens to the submission, from the result with the id ``after`` on (0: all); see `schemas.Event`."""
    with stream() as end:
        yield from _events(submission_id, after, end)


def _events(submission_id: int, after: int, end: float) -> Iterator[Event]:
    told, pause = None, pauses()
    while (submission := _look_at(submission_id)) is not None:
        # Read after the submission: where that is done, these are all.
        for result in submission.results.filter(attempt=submission.attempt, pk__gt=after).order_by("pk"):
            after = result.pk
            yield {
                "event": "test",
                "after": after,
                "attempt": result.attempt,
                "position": result.position,
                "verdict": result.verdict or None,
                "time_ms": result.time_ms,
                "memory_kb": result.memory_kb,
            }
        state = _state(submission)
        if submission.has_ended:
            yield state | {"event": "done", "after": after}
            return
        if state != told:
            told = state
            yield state | {"event": "state", "after": after}
        if time.monotonic() >= end:
            yield {"event": "again", "after": after, "wait_ms": COME_AGAIN_MS}
            return
        next(pause)


def _look_at(submission_id: int) -> Submission | None:
    columns = ("status", "attempt", "verdict", "passed", "total", "time_ms", "memory_kb", "lane")
    return Submission.objects.only(*columns).filter(pk=submission_id).first()


def _state(submission: Submission) -> Event:
    state: Event = {"status": submission.status, "attempt": submission.attempt, "total": submission.total or None}
    if submission.status == Status.QUEUED:
        state["ahead"] = place_of(submission).ahead
    if submission.status == Status.DONE:
        state |= {
            "verdict": submission.verdict,
            "passed": submission.passed,
            "time_ms": submission.time_ms,
            "memory_kb": submission.memory_kb,
        }
    return state
