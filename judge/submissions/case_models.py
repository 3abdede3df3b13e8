"""A small failing case for a submission: asked for once, looked for in the background, kept.

Its life: QUEUED -> WORKING (claimed: attempt and lease) -> FOUND, NOTHING or FAILED, which is our fault.
"""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from judge.engine.verdicts import Verdict


class CaseStatus(models.TextChoices):
    """How far the search is."""

    QUEUED = "queued", _("Queued")
    WORKING = "working", _("Working")
    FOUND = "found", _("Found")
    NOTHING = "nothing", _("Nothing found")
    FAILED = "failed", _("Failed")


UNFINISHED_CASES = (CaseStatus.QUEUED, CaseStatus.WORKING)


class FailingCaseQuerySet(models.QuerySet["FailingCase"]):
    """Queries named after what they are for."""

    def unfinished(self) -> Self:
        """Those that wait or are being looked for."""
        return self.filter(status__in=UNFINISHED_CASES)

    def at_work(self) -> Self:
        """Those that somebody is looking for."""
        return self.filter(status=CaseStatus.WORKING, lease_until__gt=Now())

    def unclaimed(self) -> Self:
        """Those that nobody is looking for, though they are to be."""
        lost = models.Q(status=CaseStatus.WORKING, lease_until__lt=Now())
        return self.filter(models.Q(status=CaseStatus.QUEUED) | lost)


class FailingCase(models.Model):
    """An input with the reference's answer and what the submission made of it; ``stdin`` grew from samples only."""

    submission = models.OneToOneField(
        "submissions.Submission", on_delete=models.CASCADE, primary_key=True, related_name="failing_case"
    )
    status = models.CharField(max_length=8, choices=CaseStatus, default=CaseStatus.QUEUED)
    asked_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(db_default=Now(), editable=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="", help_text=_("What failed on our side; for curators."))

    tried = models.PositiveIntegerField(default=0, help_text=_("Inputs that the reference solution could read."))
    stdin = models.TextField(blank=True, default="")
    answer = models.BinaryField(default=bytes, help_text=_("The first bytes of the reference's answer."))
    answer_size = models.PositiveIntegerField(default=0)
    loose = models.BooleanField(
        default=False, help_text=_("It bends what all samples have in common, small numbers for one.")
    )
    verdict = models.CharField(max_length=3, blank=True, default="", choices=[(v.value, v.value) for v in Verdict])
    note = models.CharField(max_length=200, blank=True, default="")
    exit_code = models.SmallIntegerField(null=True, blank=True)
    signal = models.PositiveSmallIntegerField(null=True, blank=True)
    stdout = models.BinaryField(default=bytes)
    stdout_size = models.PositiveIntegerField(default=0)
    stderr = models.BinaryField(default=bytes)
    stderr_size = models.PositiveIntegerField(default=0)

    objects = FailingCaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="failingcase_asked"),
            models.Index(
                fields=["published_at"], name="failingcase_unfinished", condition=models.Q(status__in=UNFINISHED_CASES)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.submission_id} {self.status}"

    @property
    def has_ended(self) -> bool:
        """True once nothing more will happen to it by itself."""
        return self.status not in UNFINISHED_CASES
