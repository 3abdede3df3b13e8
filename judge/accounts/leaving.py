"""Deletes an account. What each model keeps of somebody who is gone is its own foreign key's rule (`on_delete`)."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from judge.accounts.models import User


def leave(user: User) -> None:
    """End all of the user's sessions and delete the user; what is kept for the statistics belongs to nobody then."""
    with transaction.atomic():
        for session in UserSession.objects.filter(user=user):
            session.end()
        user.delete()
