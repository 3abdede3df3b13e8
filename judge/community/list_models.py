"""Favourites and people's own lists of problems."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from problems.models import Problem

KEY_LENGTH = 16


class Visibility(models.TextChoices):
    """Who sees a list."""

    PRIVATE = "private", _("Private: only you")
    UNLISTED = "unlisted", _("Unlisted: whoever has the link")
    PUBLIC = "public", _("Public: everybody finds it")


def new_key() -> str:
    """A list's name in its address, which nobody guesses."""
    return secrets.token_urlsafe(KEY_LENGTH)[:KEY_LENGTH]


class ProblemListQuerySet(models.QuerySet["ProblemList"]):
    """Queries named after what they are for."""

    def visible_to(self, user: Any) -> Self:
        """Who has a list's link sees it, unless it is private or withheld: then only its owner does."""
        open_to_all = ~Q(visibility=Visibility.PRIVATE) & Q(withheld=False)
        return self.filter(open_to_all | Q(owner_id=getattr(user, "pk", None)))

    def found_by_all(self) -> Self:
        """Those that everybody finds without a link."""
        return self.filter(visibility=Visibility.PUBLIC, withheld=False, owner__is_active=True)


class ProblemList(models.Model):
    """Problems that somebody has put together, in an order. Everybody's favourites are one, made at the first star."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="problem_lists")
    key = models.CharField(max_length=KEY_LENGTH, unique=True, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=2_000, blank=True, default="")
    visibility = models.CharField(_("visibility"), max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    is_favourites = models.BooleanField(default=False, editable=False)
    withheld = models.BooleanField(
        default=False, editable=False, help_text=_("A curator keeps it from everybody but its owner.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProblemListQuerySet.as_manager()

    class Meta:
        ordering = ["-is_favourites", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(is_favourites=True), name="list_of_favourites")
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(visibility=Visibility.PUBLIC, withheld=False), name="list_public")
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """The list's page."""
        return reverse("lists:detail", args=[self.key])

    @property
    def title(self) -> Any:
        """The name; that of favourites is in the reader's language."""
        return _("Favourites") if self.is_favourites else self.name


class ListEntry(models.Model):
    """A problem on a list. Lower positions come first."""

    list = models.ForeignKey(ProblemList, on_delete=models.CASCADE, related_name="entries")
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["list", "problem"], name="entry_of_list")]
        indexes = [models.Index(fields=["list", "position", "id"], name="entry_order")]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.problem_id}"
