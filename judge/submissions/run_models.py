"""Runs: programs that are tried out before they are submitted. They count for nothing and are kept for minutes.

A run's life: QUEUED -> RUNNING -> DONE. A run is claimed once and never again: whoever waits in front of the page
starts another one sooner than a lease has run out and a second worker has found it. So a lost worker or a long queue
ends a run, `told()` knows it at once, and no write has to be fenced by an attempt.
"""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from problems.models import Problem

# Nobody waits for longer than this in front of a page; what is older is not begun any more.
PATIENCE = timedelta(minutes=2)
# Renewed every few seconds while a program runs.
LEASE = timedelta(seconds=12)
KEPT = timedelta(minutes=10)


class RunStage(models.TextChoices):
    """Where a run is on its way."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class RunFault(models.TextChoices):
    """Why a run ended without a result: each is ours, none the program's."""

    UNAVAILABLE = "unavailable", _("The sandbox did not answer. Your program is not to blame.")
    OURS = "ours", _("Something failed on our side, not in your program.")


class RunQuerySet(models.QuerySet["Run"]):
    """Queries named after what they are for. All clocks are the database's."""

    def waiting(self) -> Self:
        """Those that a worker may still begin."""
        return self.filter(stage=RunStage.QUEUED, created_at__gt=Now() - PATIENCE)

    def in_flight(self) -> Self:
        """Those that wait or are at work."""
        return self.filter(_waiting() | _working())

    def told(self) -> Self:
        """Each told whether it is `expired` (nobody began it) or `lost` (its worker is gone)."""
        marks = {
            "expired": Q(stage=RunStage.QUEUED) & ~_waiting(),
            "lost": Q(stage=RunStage.RUNNING) & ~_working(),
        }
        return self.annotate(**{name: ExpressionWrapper(q, output_field=BooleanField()) for name, q in marks.items()})


def _waiting() -> Q:
    return Q(stage=RunStage.QUEUED, created_at__gt=Now() - PATIENCE)


def _working() -> Q:
    return Q(stage=RunStage.RUNNING, lease_until__gt=Now())


class Run(models.Model):
    """A program on a problem's samples, on inputs of its author's own, or on both.

    `results` is a list of what `run_results.py` makes of each case: texts that are ready for a page, and cut.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="runs")
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=40)
    source = models.TextField()
    samples = models.BooleanField()
    inputs = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    published_at = models.DateTimeField(db_default=Now(), editable=False)

    stage = models.CharField(max_length=8, choices=RunStage, default=RunStage.QUEUED)
    lease_until = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=12, choices=RunFault, blank=True, default="")
    compiled = models.BooleanField(null=True, help_text=_("Empty before it is known."))
    compile_output = models.TextField(blank=True, default="")
    total = models.PositiveSmallIntegerField(default=0)
    results: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="run_of_user"),
            models.Index(fields=["created_at"], name="run_age"),
            models.Index(fields=["published_at"], name="run_unfinished", condition=~Q(stage=RunStage.DONE)),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} {self.stage}"
