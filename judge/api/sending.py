"""Sends a program in, at most once for each idempotency key."""

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from judge.accounts.models import User
from judge.api.errors import ApiError
from judge.api.models import SentKey
from judge.submissions.models import Lane, Submission
from judge.submissions.submitting import submit
from problems.models import Problem

# Whoever repeats a request does it soon.
KEPT = timedelta(days=1)


def send(
    user: User, problem: Problem, language: str, source: str, key: str, lane: Lane = Lane.INTERACTIVE
) -> tuple[Submission, bool]:
    """The submission, and whether it is a new one: not so where ``key`` came with the same program before.

    Raises SubmitRefused, and ApiError where the key came with another program.
    """
    if not key:
        return submit(user, problem, language, source, lane), True
    sent = hashlib.sha256(json.dumps([problem.pk, language, source]).encode()).digest()
    with transaction.atomic():
        # Two requests with one key wait for each other here, as all submissions of one user do.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        SentKey.objects.filter(user=user, created_at__lt=timezone.now() - KEPT).delete()
        kept = SentKey.objects.filter(user=user, key=key).select_related("submission").first()
        if kept is None:
            submission = submit(user, problem, language, source, lane)
            SentKey.objects.create(user=user, key=key, request_digest=sent, submission=submission)
            return submission, True
    if bytes(kept.request_digest) != sent:
        raise ApiError("key-reused", _("This idempotency key came with another program before. Take a new one."))
    return kept.submission, False
