"""Keeping problems on lists: what people may do with their own, and how much of it.

Whoever writes holds the list's row (or, for a new one, its owner's), so that two at once agree on positions and limits.
Not in charge of: who sees a list (`ProblemList.objects.visible_to`), or pages.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from judge import prepared
from judge.accounts.models import User
from judge.community.list_models import ListEntry, ProblemList, Visibility
from problems.models import Problem

MAX_LISTS = 100
MAX_ENTRIES = 500


class Full(Exception):
    """There is no room for more; the message says so to people."""


class Beside(NamedTuple):
    """A list of the user's beside a problem; ``has``: whether the problem is on it."""

    key: str
    name: str
    is_favourites: bool
    has: bool


def lists_beside(problem: Problem, user: User) -> list[Beside]:
    """The user's lists by name, favourites first. Each view of a problem asks this."""
    return [Beside(*row) for row in prepared.rows(_BESIDE, {"problem": problem.pk, "user": user.pk})]


def new_list(owner: User, name: str, description: str = "", visibility: str = Visibility.PRIVATE) -> ProblemList:
    """A new list without problems. Raises Full."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        if ProblemList.objects.filter(owner=owner).count() >= MAX_LISTS:
            raise Full(
                _("You have %(number)d lists, and more can't be kept. Delete one first.") % {"number": MAX_LISTS}
            )
        return ProblemList.objects.create(owner=owner, name=name, description=description, visibility=visibility)


def favourites(owner: User) -> ProblemList:
    """The list of what they have starred."""
    return ProblemList.objects.get_or_create(owner=owner, is_favourites=True, defaults={"name": "Favourites"})[0]


def add(kept: ProblemList, problem: Problem) -> None:
    """Put ``problem`` at the list's end, unless it is there. Raises Full."""
    with transaction.atomic():
        places = _held(kept)
        if ListEntry.objects.filter(list=kept, problem=problem).exists():
            return
        if len(places) >= MAX_ENTRIES:
            raise Full(_("This list has %(number)d problems, and has no room for more.") % {"number": MAX_ENTRIES})
        position = max((position for _pk, position in places), default=0) + 1
        ListEntry.objects.create(list=kept, problem=problem, position=position)


def remove(kept: ProblemList, problem: Problem) -> None:
    """Take ``problem`` from the list, if it is there."""
    ListEntry.objects.filter(list=kept, problem=problem).delete()


def move(kept: ProblemList, entry_id: int, steps: int, seen: Collection[int]) -> None:
    """Move an entry so many places towards the end, among those with the ids that are ``seen``; without that entry,
    nothing happens.
    """
    with transaction.atomic():
        order = [pk for pk, _position in _held(kept)]
        shown = [pk for pk in order if pk in seen]
        if entry_id not in shown:
            return
        place = shown.index(entry_id)
        beside = shown[max(0, min(len(shown) - 1, place + steps))]
        target = order.index(beside)
        order.remove(entry_id)
        order.insert(target, entry_id)
        _number(order)


def _held(kept: ProblemList) -> list[tuple[int, int]]:
    """The entries' ids and positions in order; nobody else changes them before the transaction ends."""
    ProblemList.objects.select_for_update(no_key=True).get(pk=kept.pk)
    return list(ListEntry.objects.filter(list=kept).values_list("pk", "position"))


def _number(order: Iterable[int]) -> None:
    entries = [ListEntry(pk=pk, position=position) for position, pk in enumerate(order, 1)]
    ListEntry.objects.bulk_update(entries, ["position"])


_BESIDE = """
    SELECT key, name, is_favourites, EXISTS (
        SELECT FROM community_listentry e WHERE e.list_id = l.id AND e.problem_id = %(problem)s
    ) AS has FROM community_problemlist l WHERE owner_id = %(user)s ORDER BY is_favourites DESC, lower(name), id
"""
