"""Comments on problems, the votes for them, and the reports against them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from judge.community.voting import Voted
from judge.community.written import Written
from problems.models import Problem, State


class CommentState(models.TextChoices):
    """Whether a comment's text is shown. What its author has deleted, or a curator hidden, stays in the table."""

    SHOWN = "shown", _("Shown")
    DELETED = "deleted", _("Deleted by its author")
    HIDDEN = "hidden", _("Hidden by a curator")


class Reason(models.TextChoices):
    """Why somebody reports a comment."""

    SPOILER = "spoiler", _("It gives a solution away, unmarked")
    RUDE = "rude", _("It is rude or hurtful")
    SPAM = "spam", _("It is advertising or spam")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    """What has become of a report."""

    OPEN = "open", _("Open")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class CommentQuerySet(models.QuerySet["Comment"]):
    """Queries named after what they are for."""

    def reachable_by(self, user: object) -> Self:
        """Those on problems that ``user`` may see, whatever their state."""
        if getattr(user, "is_curator", False):
            return self
        return self.filter(problem__state=State.PUBLISHED, problem__judgeable=True)

    def open_to(self, user: object) -> Self:
        """Of those, the ones that something can be done with: their text is shown."""
        return self.reachable_by(user).filter(state=CommentState.SHOWN)


class Comment(Written, Voted):
    """What somebody says about a problem, or answers to that: then `parent` is the comment, never itself an answer."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, db_index=False, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, db_index=False, related_name="replies"
    )
    spoiler = models.BooleanField(_("contains a solution or a hint: hidden until opened"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=CommentState, default=CommentState.SHOWN)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moderated_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["problem", "-score", "-id"], name="comment_best", condition=Q(parent=None)),
            models.Index(fields=["problem", "-id"], name="comment_newest", condition=Q(parent=None)),
            models.Index(fields=["parent", "id"], name="comment_replies", condition=~Q(parent=None)),
            models.Index(fields=["author", "-id"], name="comment_of_author"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """The page of the thread that it is in."""
        return reverse("talk:thread", args=[self.pk])


class CommentVote(models.Model):
    """One person's vote for a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, db_index=False, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="commentvote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for #{self.comment_id}"


class CommentReport(models.Model):
    """What somebody thinks is wrong with a comment, for the curators."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, db_index=False, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    reason = models.CharField(_("what is wrong"), max_length=10, choices=Reason)
    note = models.CharField(_("in your words"), max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reporter"], name="commentreport_once")]
        indexes = [
            models.Index(fields=["reporter", "-id"], name="commentreport_of_reporter"),
            models.Index(fields=["-id"], name="commentreport_open", condition=Q(state=ReportState.OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: #{self.comment_id}"
