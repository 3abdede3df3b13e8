"""Submissions and the result of each test. Postgres' rows are the truth; messages are hints.

A submission's life: QUEUED -> JUDGING (claimed: attempt and lease) -> DONE. A lease that ran out makes it claimable
again; `attempt` fences the writes of a worker that lost its claim. While it is QUEUED its owner may end it: CANCELLED.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from judge.accounts.models import nobody
from judge.engine.verdicts import Verdict as EngineVerdict
from judge.submissions.case_models import FailingCase as FailingCase
from judge.submissions.draft_models import Draft as Draft
from judge.submissions.run_models import Run as Run
from problems.models import Problem


class Verdict(models.TextChoices):
    """The engine's verdicts with words for people."""

    AC = EngineVerdict.AC.value, _("Accepted")
    WA = EngineVerdict.WA.value, _("Wrong answer")
    TLE = EngineVerdict.TLE.value, _("Time limit exceeded")
    MLE = EngineVerdict.MLE.value, _("Memory limit exceeded")
    OLE = EngineVerdict.OLE.value, _("Output limit exceeded")
    RE = EngineVerdict.RE.value, _("Runtime error")
    CE = EngineVerdict.CE.value, _("Compile error")
    IE = EngineVerdict.IE.value, _("Internal error")


class Status(models.TextChoices):
    """Where a submission is on its way."""

    QUEUED = "queued", _("Queued")
    JUDGING = "judging", pgettext_lazy("of a submission", "Judging")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


# Not at its end yet: it waits, or somebody judges it.
UNFINISHED = (Status.QUEUED, Status.JUDGING)


class Lane(models.TextChoices):
    """Which queue a submission waits in; also the Celery queue's name.

    It also says what a submission is for: in the batch lane are verifications, which are not their senders' attempts
    at a problem. They are in no progress, standing or statistics, and in one's own list only when asked for.
    """

    INTERACTIVE = "interactive", _("Interactive")
    BATCH = "batch", _("Batch")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Queries named after what they are for."""

    def visible_to(self, user: object) -> Self:
        """Curators see all; everyone else their own."""
        if getattr(user, "is_curator", False):
            return self
        return self.filter(user_id=getattr(user, "pk", None))

    def to_solve(self) -> Self:
        """Those by which somebody has tried to solve a problem: all but verifications, which count for nobody."""
        return self.filter(lane=Lane.INTERACTIVE)

    def to_verify(self) -> Self:
        """Those by which curators, or programs of the site's keeper, have tried a problem or the site itself."""
        return self.filter(lane=Lane.BATCH)

    def unfinished(self) -> Self:
        """Those that wait or are being judged."""
        return self.filter(status__in=UNFINISHED)

    def ended(self) -> Self:
        """Those to which nothing more will happen."""
        return self.exclude(status__in=UNFINISHED)


class Submission(models.Model):
    """One program sent in for one problem, with all that makes its verdict reproducible."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="submissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET(nobody), related_name="submissions")
    language = models.CharField(max_length=40)
    source = models.TextField()
    lane = models.CharField(max_length=12, choices=Lane, default=Lane.INTERACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text=_("When a message about it was last sent, or was to be sent.")
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, help_text=_("When its last attempt began."))
    judged_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="", help_text=_("What failed on our side; for curators."))

    verdict = models.CharField(max_length=3, choices=Verdict, blank=True, default="")
    compile_output = models.TextField(blank=True, default="")
    passed = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    time_ms = models.PositiveIntegerField(null=True, blank=True, help_text=_("CPU time of the slowest test."))
    memory_kb = models.PositiveIntegerField(null=True, blank=True, help_text=_("Peak memory of the largest test."))

    # What it was judged with.
    tests_version = models.PositiveIntegerField(default=0)
    time_limit_ms = models.PositiveIntegerField(default=0)
    memory_limit_kb = models.PositiveIntegerField(default=0)
    checker = models.CharField(max_length=60, blank=True, default="")
    image_digest = models.CharField(max_length=80, blank=True, default="")
    language_version = models.CharField(max_length=200, blank=True, default="")
    flags = models.TextField(blank=True, default="")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="submission_of_user"),
            models.Index(fields=["problem", "user", "-id"], name="submission_of_problem_user"),
            models.Index(
                fields=["lease_until", "id"], name="submission_leased", condition=models.Q(status__in=UNFINISHED)
            ),
            models.Index(fields=["lane", "id"], name="submission_waiting", condition=models.Q(status__in=UNFINISHED)),
            models.Index(
                fields=["lane", "-judged_at"], name="submission_judged", condition=models.Q(status=Status.DONE)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.verdict or self.get_status_display()}"

    def get_absolute_url(self) -> str:
        """The submission's page."""
        return reverse("submissions:detail", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        """True once nothing more will happen to it."""
        return self.status not in UNFINISHED


class TestResult(models.Model):
    """One test's outcome in one attempt. `verdict` is empty where the test was not run."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="results")
    attempt = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(help_text=_("The test's position, from 1."))
    verdict = models.CharField(max_length=3, choices=Verdict, blank=True, default="")
    time_ms = models.PositiveIntegerField(null=True, blank=True)
    wall_ms = models.PositiveIntegerField(null=True, blank=True)
    memory_kb = models.PositiveIntegerField(null=True, blank=True)
    exit_code = models.SmallIntegerField(null=True, blank=True)
    signal = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    stdout = models.BinaryField(default=bytes, help_text=_("The first bytes of the output."))
    stdout_size = models.PositiveIntegerField(null=True, blank=True, help_text=_("Bytes of the whole output."))
    stderr = models.BinaryField(
        default=bytes, help_text=_("The first bytes of the error output; of a runtime error the last.")
    )
    stderr_size = models.PositiveIntegerField(null=True, blank=True, help_text=_("Bytes of the whole error output."))
    measurements = models.JSONField(default=list, help_text=_("CPU times in ms where it was measured more than once."))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "attempt", "position"], name="testresult_position")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} #{self.position} {self.verdict or '-'}"
