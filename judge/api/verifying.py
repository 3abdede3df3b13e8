"""Judges several programs for one problem, for curators: sent in together, told as each is done.

They are submissions of the batch lane: judged after everybody who waits, by the same workers, checker and limits, each
program compiled once for all tests. They are nobody's attempts (see `Lane`). Not in charge of:
what follows from the verdicts.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from judge.accounts.models import User
from judge.api.errors import ApiError
from judge.api.following import COME_AGAIN_MS, Event, pauses, stream
from judge.api.sending import send
from judge.engine.languages import ALIASES
from judge.submissions.models import Lane, Submission, TestResult, Verdict
from problems.models import Problem

_COLUMNS = ("verdict", "passed", "total", "time_ms", "memory_kb", "compile_output")


def send_all(user: User, problem: Problem, programs: Sequence[Any], key: str) -> list[int]:
    """Send all ``programs`` in, or none; the submissions' ids, the same ones where ``key`` came with them before.

    Raises SubmitRefused and ApiError.
    """
    with transaction.atomic():
        sent = [
            send(user, problem, ALIASES.get(each.language, each.language), each.source, f"{key}#{place}", Lane.BATCH)
            for place, each in enumerate(programs)
        ]
        if any(new for _submission, new in sent):
            unfinished = Submission.objects.filter(user=user, lane=Lane.BATCH).unfinished().count()
            if unfinished > settings.MAX_VERIFYING_PER_USER:
                raise ApiError("too-many-submissions", _("Wait for the programs that are being judged already."), 5)
    return [submission.pk for submission, _new in sent]


def verdicts(ids: list[int], key: str) -> Iterator[Event]:
    """What becomes of the submissions ``ids``, as it is known; see `schemas.VerificationEvent`."""
    yield {"event": "accepted", "key": key, "submissions": ids}
    waiting = {pk: place for place, pk in enumerate(ids)}
    accepted, pause = 0, pauses()
    with stream() as end:
        while True:
            for submission in Submission.objects.filter(pk__in=waiting).ended().order_by("pk"):
                accepted += submission.verdict == Verdict.AC
                yield _told(submission, waiting.pop(submission.pk))
            if not waiting:
                yield {"event": "done", "accepted": accepted}
                return
            if time.monotonic() >= end:
                yield {"event": "again", "key": key, "wait_ms": COME_AGAIN_MS}
                return
            next(pause)


def _told(submission: Submission, place: int) -> Event:
    tests = TestResult.objects.filter(submission=submission, attempt=submission.attempt).order_by("position")
    return {name: getattr(submission, name) for name in _COLUMNS} | {
        "event": "verdict",
        "verdict": submission.verdict or None,
        "program": place,
        "submission": submission.pk,
        "tests": [verdict or None for verdict in tests.values_list("verdict", flat=True)],
    }
