"""Who uses the site. Curators are the members of the group `Curators`."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

CURATORS = "Curators"


class User(AbstractUser):
    """A person; our own model from the first migration on, so that it can grow."""

    # Kept here, where each request reads it anyway, by who gives the answers (judge.community.tickets).
    unread_answers = models.PositiveIntegerField(
        _("unread answers"), default=0, editable=False, help_text=_("How many of their tickets have one.")
    )

    @cached_property
    def is_curator(self) -> bool:
        """True for members of the Curators group and for superusers."""
        return self.is_superuser or self.groups.filter(name=CURATORS).exists()
