"""The web's side of a run: check it, keep it, send it on its way.

In charge of: who may run what, and how much. Not in charge of: running, or how a message travels (`run_tasks.py`).
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judge.accounts.models import User
from judge.submissions import run_tasks
from judge.submissions.offered import available_languages
from judge.submissions.run_models import Run, RunFault
from judge.submissions.submitting import SubmitRefused, checked_source
from problems.models import Problem


def start(user: User, problem: Problem, language: str, source: str, *, inputs: Sequence[str], samples: bool) -> Run:
    """Keep a run and enqueue it on commit. Inputs end with a line end; empty ones are left out.

    Without samples and inputs the program reads nothing. Raises SubmitRefused.
    """
    if language not in available_languages():
        raise SubmitRefused(_("There is no such language here. Choose one of the list."))
    source = checked_source(source)
    kept = _checked_inputs(inputs)
    if not Problem.objects.visible_to(user).filter(pk=problem.pk, judgeable=True).exists():
        raise SubmitRefused(_("Programs for this problem can't be run."))
    given = {"language": language, "source": source, "inputs": kept, "samples": samples}
    with transaction.atomic():
        _check_limits(user)
        run = Run.objects.create(user=user, problem=problem, **given)
        transaction.on_commit(partial(run_tasks.publish, run.pk))
    return run


def _checked_inputs(inputs: Sequence[str]) -> list[str]:
    kept = [text.replace("\r\n", "\n").encode("utf-8", "replace").decode() for text in inputs if text]
    if len(kept) > settings.MAX_RUN_INPUTS:
        raise SubmitRefused(_("%(limit)d inputs are run at once at most.") % {"limit": settings.MAX_RUN_INPUTS})
    for text in kept:
        if "\0" in text:
            raise SubmitRefused(_("An input holds a NUL character, which can't be kept."))
        if len(text.encode()) > settings.MAX_RUN_INPUT_BYTES:
            raise SubmitRefused(
                _("An input has more than %(limit)d KiB. Make it smaller.")
                % {"limit": settings.MAX_RUN_INPUT_BYTES // 1024}
            )
    return [text if text.endswith("\n") else f"{text}\n" for text in kept]


def _check_limits(user: User) -> None:
    # The row's lock makes one user's runs wait for each other, so that two at once cannot both be the last.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = Run.objects.filter(user=user)
    if mine.in_flight().count() >= settings.MAX_RUNS_IN_FLIGHT_PER_USER:
        raise SubmitRefused(_("Your last runs are still at work. Wait for one of them to end, then run again."))
    allowed = settings.MAX_RUNS_PER_MINUTE
    # Where we failed, nobody has used one up.
    done = mine.exclude(fault__in=RunFault.values).order_by("-id")
    oldest = done.values_list("created_at", flat=True)[allowed - 1 : allowed].first()
    if oldest and (wait := oldest + timedelta(minutes=1) - timezone.now()) > timedelta(0):
        seconds = wait.seconds + 1
        raise SubmitRefused(
            ngettext(
                "That were %(allowed)d runs within a minute. It goes again in %(seconds)d second.",
                "That were %(allowed)d runs within a minute. It goes again in %(seconds)d seconds.",
                seconds,
            )
            % {"allowed": allowed, "seconds": seconds}
        )
