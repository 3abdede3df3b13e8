"""Drafts: what somebody has typed for a problem so far, in each language."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from problems.models import Problem


class Draft(models.Model):
    """One version of a draft. There are several of a problem in a language only where two tabs or devices went on from
    the same one: each then has its own, and none overwrites another's (see `drafts.py`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=40)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(fields=["user", "problem", "-saved_at"], name="draft_of_problem"),
            models.Index(fields=["user", "saved_at"], name="draft_age"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} {self.language}"
