"""Keeps drafts, so that no text is lost, whoever saves when.

A save names the version that it goes on from, as it was then: where nobody else has changed it, it is overwritten;
where somebody has, the text becomes a version of its own beside it. The newest version is the draft, the others are
offered until they are dropped. So a conflict needs no clock and no merging, and a repeated save does no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from judge import prepared
from judge.accounts.models import User
from judge.engine.languages import all_languages
from judge.submissions.draft_models import Draft
from problems.models import Problem

# The oldest go first where there are more.
MAX_VERSIONS = 5
MAX_DRAFTS = 300
# All but the text, which may be long: it is read when it is asked for.
_LIGHT = ("id", "language", "revision", "saved_at")
_OF_PROBLEM = "WHERE user_id = %s AND problem_id = %s"
_NEWEST = "ORDER BY saved_at DESC, id DESC LIMIT %s"
# Of one problem, in all languages together, so many are looked through.
LOOKED_AT = 70


class DraftRefused(Exception):
    """The text can't be kept; the message tells why."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The draft, where there is one, and the versions beside it, newest first and without their texts."""

    draft: Draft | None
    others: Sequence[Draft]


def of_problem(user: User, problem: Problem, preferred: str = "") -> Versions:
    """The draft that a page begins with: in the ``preferred`` language, else the newest in any."""
    light = prepared.instances(Draft, _LIGHT, f"{_OF_PROBLEM} {_NEWEST}", [user.pk, problem.pk, LOOKED_AT])
    language = next((draft.language for draft in light if draft.language == preferred), "")
    return _versions([draft for draft in light if draft.language == (language or light[0].language)])


def of_language(user: User, problem: Problem, language: str) -> Versions:
    """The draft in one language."""
    where = f"{_OF_PROBLEM} AND language = %s {_NEWEST}"
    return _versions(prepared.instances(Draft, _LIGHT, where, [user.pk, problem.pk, language, MAX_VERSIONS]))


def save(user: User, problem: Problem, language: str, text: str, *, on: int = 0, revision: int = 0) -> Versions:
    """Keep ``text``, which goes on from the version ``on`` at ``revision``; 0 where it begins anew.

    A blank text ends that version. Raises DraftRefused.
    """
    text = _checked(language, text)
    mine = _mine(user, problem, language)
    with transaction.atomic():
        # One after the other: two tabs must not both find the version as they knew it.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        seen = mine.filter(pk=on, revision=revision)
        if not text.strip():
            seen.delete()
        elif seen.update(text=text, revision=F("revision") + 1, saved_at=Now()):
            mine.exclude(pk=on).filter(text=text).delete()
        elif not mine.filter(text=text).update(saved_at=Now()):
            Draft.objects.create(user=user, problem=problem, language=language, text=text)
            _prune(user, mine)
    return of_language(user, problem, language)


def _mine(user: User, problem: Problem, language: str) -> QuerySet[Draft]:
    return Draft.objects.filter(user=user, problem=problem, language=language)


def _versions(light: list[Draft]) -> Versions:
    return Versions(light[0] if light else None, light[1:])


def _checked(language: str, text: str) -> str:
    if language not in all_languages():
        raise DraftRefused(_("There is no such language here. Choose one of the list."))
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    if "\0" in text:
        raise DraftRefused(_("The program holds a NUL character, which can't be kept."))
    if len(text.encode()) > settings.MAX_SOURCE_BYTES:
        raise DraftRefused(_("The draft is not kept: it is longer than any program that is accepted."))
    return text


def _prune(user: User, mine: QuerySet[Draft]) -> None:
    for drafts, most in ((mine, MAX_VERSIONS), (Draft.objects.filter(user=user), MAX_DRAFTS)):
        surplus = list(drafts.order_by("-saved_at", "-pk").values_list("pk", flat=True)[most : most + MAX_VERSIONS])
        Draft.objects.filter(pk__in=surplus).delete()
