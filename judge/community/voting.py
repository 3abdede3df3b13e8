"""Votes: one a person, never for one's own, taken back at will; and their number, kept beside what they are for."""

from typing import Any

from django.db import models, transaction
from django.db.models import F


class Voted(models.Model):
    """What can be voted for. Its votes are `votes`, rows with a `user`; whose it is, is its `author`."""

    score = models.IntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class OwnWork(Exception):
    """Nobody votes for what they have made themselves."""


def vote(target: Any, user: Any, up: bool) -> int:
    """Give ``user``'s vote to ``target``, or take it back; returns the new score. Saying it twice changes nothing.

    Raises OwnWork.
    """
    if target.author_id == user.pk:
        raise OwnWork
    rows = type(target)._base_manager.filter(pk=target.pk)
    with transaction.atomic():
        # Everybody who votes for the same waits here, so that the score is the number of votes.
        rows.select_for_update().only("pk").get()
        mine = target.votes.filter(user=user)
        change = int(target.votes.get_or_create(user=user)[1]) if up else -mine.delete()[0]
        rows.update(score=F("score") + change)
        return int(rows.values_list("score", flat=True).get())


def voted(votes: Any, user: Any, name: str, ids: list[int]) -> set[int]:
    """Which of those with ``ids`` ``user`` has voted for; ``votes`` are rows that name it as ``name``."""
    if not user.is_authenticated or not ids:
        return set()
    return set(votes.filter(user=user, **{f"{name}__in": ids}).values_list(f"{name}_id", flat=True))
