"""Who uses the site. Curators are the members of the group `Curators`."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser

CURATORS = "Curators"
# No name that somebody could choose: brackets are not allowed in one.
NOBODY = "[deleted]"


class User(AbstractUser):
    """A person; our own model from the first migration on, so that it can grow."""

    @cached_property
    def is_curator(self) -> bool:
        """True for members of the Curators group and for superusers."""
        return self.is_superuser or self.groups.filter(name=CURATORS).exists()


def nobody() -> User:
    """The owner of what is kept of people who are gone: made when the first of them goes, and never signed in."""
    return User.objects.get_or_create(username=NOBODY, defaults={"is_active": False, "password": "!"})[0]
