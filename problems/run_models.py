"""Import runs: their account, what of them is settled, what they replaced and what they refused.

In charge of: what a run keeps. Not in charge of: running one (`importing.py`), or who may (`run_claims.py`). Everybody
imports these from `problems.models`.
"""

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models.functions import MD5
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Fate(models.TextChoices):
    """What became of a row of an import run."""

    IMPORTED = "imported", _("Imported")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    QUARANTINED = "quarantined", _("Quarantined")
    REJECTED = "rejected", _("Rejected")


class RunStatus(models.TextChoices):
    """Where an import run is on its way."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ImportRun(models.Model):
    """One run of an importer. The five counts add up to the rows read; rows that the options leave out are apart."""

    source = models.TextField()
    options = models.JSONField(default=dict, blank=True, help_text=_("Which rows are wanted and what is kept of them."))
    fingerprint = models.TextField(
        blank=True, default="", help_text=_("What the source held at the start: a run is resumed on the same only.")
    )
    status = models.CharField(max_length=12, choices=RunStatus, default=RunStatus.QUEUED)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True, help_text=_("When the importer last said that it works."))
    running_since = models.DateTimeField(null=True, blank=True, help_text=_("When it was started the last time."))
    rows_before = models.PositiveIntegerField(default=0, help_text=_("Rows that it had seen by then."))
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often in a row the background job has started it without a row of progress.")
    )
    cancel_requested = models.BooleanField(default=False)
    rows_total = models.PositiveIntegerField(null=True, blank=True, help_text=_("As far as the source can tell."))
    left_out = models.PositiveIntegerField(default=0, help_text=_("Rows that the options leave out."))
    rows_read = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="", help_text=_("Why the source could not be read to its end."))
    undone = models.JSONField(
        default=dict, blank=True, editable=False, help_text=_("How far an undoing has come, and what it did.")
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} ({self.started_at:%Y-%m-%d %H:%M})"

    def get_absolute_url(self) -> str:
        """The run's page, for curators."""
        return reverse("dataset:run", args=[self.pk])

    @property
    def rows_seen(self) -> int:
        """Rows read and rows left out."""
        return self.rows_read + self.left_out


class ImportUnit(models.Model):
    """A part of a run's rows that is settled: written in one transaction with them, so that a run can be resumed."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="units")
    number = models.PositiveIntegerField(help_text=_("Counts from 0 in the order of the rows."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="importunit_number")]

    def __str__(self) -> str:
        return f"{self.run_id} #{self.number}"


class Replaced(models.Model):
    """What a problem was before a run changed it, for undoing the run."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="replaced")
    problem = models.ForeignKey("Problem", on_delete=models.CASCADE, related_name="+")
    before = models.TextField(help_text=_("The problem's imported columns, and what else was replaced, as JSON."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "problem"], name="replaced_once_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.problem_id}"


class RefusedRow(models.Model):
    """A row that an import run quarantined or rejected, with the reason and the bytes as read."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="refused")
    fate = models.CharField(max_length=12, choices=[(f.value, f.label) for f in (Fate.QUARANTINED, Fate.REJECTED)])
    row_number = models.PositiveIntegerField(help_text=_("Counts from 1 in the order read."))
    question_id = models.TextField(blank=True)
    reason = models.TextField()
    raw = models.BinaryField()
    mended_at = models.DateTimeField(null=True, blank=True, help_text=_("When a curator mended and accepted it."))
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["run_id", "row_number"]
        indexes = [
            # A page by reason costs the same however many rows were refused for others. A reason may be too long for an
            # index, and so may an id.
            models.Index("run", "fate", MD5("reason"), "id", name="refused_by_reason"),
            models.Index(fields=["run", "fate", "id"], name="refused_by_fate"),
            HashIndex(fields=["question_id"], name="refused_question_id", condition=~models.Q(question_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.question_id or self.row_number}: {self.reason}"

    def get_absolute_url(self) -> str:
        """The row's page, for curators."""
        return reverse("dataset:row", args=[self.pk])
