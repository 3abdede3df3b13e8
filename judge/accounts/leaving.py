"""Deletes an account. What each model keeps of somebody who is gone is its own foreign key's rule (`on_delete`).

Where such a rule can't say it all, the app registers what it does before.
"""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from judge.accounts.models import NOBODY, User

Part = Callable[[User, bool], None]

_parts: list[Part] = []


def register(part: Part) -> None:
    """Have ``part`` called with everybody who leaves, and with whether they take back what they have published."""
    _parts.append(part)


def leave(user: User, take_back: bool = False) -> None:
    """End all of the user's sessions and delete the user; what is kept for others belongs to nobody then."""
    with transaction.atomic():
        # Nothing new can name a user whose row is held like this.
        User.objects.select_for_update().get(pk=user.pk)
        for part in _parts:
            part(user, take_back)
        _forget_in_log(user)
        for session in UserSession.objects.filter(user=user):
            session.end()
        user.delete()


def _forget_in_log(user: User) -> None:
    """The admin's log keeps that something was done with the account, but not whose it was."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    names = {user.username, user.email, *addresses} - {""}
    about = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    LogEntry.objects.filter(about | Q(object_repr__in=names)).update(object_repr=NOBODY)
