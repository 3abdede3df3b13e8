"""Tickets: "this problem is wrong", and what curators say to that."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from judge.community.written import Written
from judge.submissions.models import Submission
from problems.models import Problem


class Category(models.TextChoices):
    """What is wrong with a problem."""

    STATEMENT = "statement", _("The statement is unclear or wrong")
    TESTS = "tests", _("A test or its expected answer is wrong")
    LIMITS = "limits", _("The time or memory limit does not fit")
    REFERENCE = "reference", _("The reference solution is wrong")
    DUPLICATE = "duplicate", _("It is the same as another problem")
    OTHER = "other", _("Something else")


class TicketState(models.TextChoices):
    """What has become of a ticket."""

    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")
    DECLINED = "declined", _("Declined")


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Queries named after what they are for."""

    def visible_to(self, user: object) -> Self:
        """Curators see all; everyone else their own, whatever has become of the problem meanwhile."""
        if getattr(user, "is_curator", False):
            return self
        return self.filter(reporter__isnull=False, reporter_id=getattr(user, "pk", None))


class Ticket(models.Model):
    """All that one person has to say against one problem. Its category is that of their latest word."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, db_index=False, related_name="tickets")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, db_index=False, related_name="tickets"
    )
    category = models.CharField(max_length=10, choices=Category)
    state = models.CharField(max_length=8, choices=TicketState, default=TicketState.OPEN)
    waits = models.BooleanField(default=True, help_text=_("The last word is the reporter's: a curator should answer."))
    unread = models.BooleanField(default=False, help_text=_("The reporter has not yet seen the curators' last word."))
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "reporter"], name="ticket_of_problem")]
        indexes = [
            models.Index(fields=["id"], name="ticket_waits", condition=Q(waits=True)),
            models.Index(fields=["state", "id"], name="ticket_state"),
            models.Index(fields=["category", "id"], name="ticket_category"),
            models.Index(fields=["reporter", "-id"], name="ticket_of_reporter"),
            models.Index(fields=["reporter"], name="ticket_unread", condition=Q(unread=True)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """The ticket's page."""
        return reverse("tickets:detail", args=[self.pk])


class TicketMessage(Written):
    """Something that was said on a ticket, and what the ticket became by it, where that is told."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, db_index=False, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    by_curator = models.BooleanField(default=False)
    category = models.CharField(max_length=10, choices=Category, blank=True, default="")
    submission = models.ForeignKey(Submission, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    became = models.CharField(max_length=8, choices=TicketState, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "id"], name="ticketmessage_of_ticket"),
            models.Index(fields=["author", "-id"], name="ticketmessage_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: #{self.pk}"
