"""Who has given up on which problem, and the programs that people show each other."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from judge.community.voting import Voted
from judge.community.written import Written
from judge.submissions.models import Submission, Verdict
from problems.models import Problem


class GivenUp(models.Model):
    """Somebody has looked at a problem's solutions before solving it. It is never taken back."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="given_up")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="given_up"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "problem"], name="givenup_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.problem_id}"


class SolutionState(models.TextChoices):
    """Whether others see a solution."""

    SHOWN = "shown", _("Shown")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")
    HIDDEN = "hidden", _("Hidden by a curator")


class SolutionQuerySet(models.QuerySet["Solution"]):
    """Queries named after what they are for."""

    def readable_by(self, user: object) -> Self:
        """Those that ``user`` finds, once the problem's solutions are open to them; a curator also hidden ones.

        A program that a rejudging has found wrong is none.
        """
        right = self.filter(submission__verdict=Verdict.AC)
        if getattr(user, "is_curator", False):
            return right.exclude(state=SolutionState.WITHDRAWN)
        return right.filter(state=SolutionState.SHOWN)


class Solution(Written, Voted):
    """An accepted submission that its author shows to others, with a note. Problem, author and language are the
    submission's, for the indexes.
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="solution")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, db_index=False, related_name="solutions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, db_index=False, related_name="solutions"
    )
    language = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=SolutionState, default=SolutionState.SHOWN)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moderated_at = models.DateTimeField(null=True, blank=True)

    objects = SolutionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["problem", "-score", "-id"], name="solution_best"),
            models.Index(fields=["problem", "-id"], name="solution_newest"),
            models.Index(fields=["problem", "language"], name="solution_languages", condition=Q(state="shown")),
            models.Index(fields=["author", "-id"], name="solution_of_author"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Its own page; `problem` must be loaded."""
        return reverse("solutions:detail", args=[self.problem.slug, self.pk])


class SolutionVote(models.Model):
    """One person's vote for a solution."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, db_index=False, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["solution", "user"], name="solutionvote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for #{self.solution_id}"
