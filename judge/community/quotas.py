"""How much one person may write in how short a time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judge.accounts.models import User


@dataclass(frozen=True, slots=True)
class Quota:
    """So many within so long."""

    allowed: int
    within: timedelta


class TooMany(Exception):
    """Somebody is too fast; the message says when they may go on."""


def check(user: User, rows: QuerySet[Any], *quotas: Quota) -> None:
    """Look whether ``user``, who made ``rows`` (with `created_at`), may make one more. Raises TooMany.

    Within a transaction: the row's lock makes one person's wait for each other, so that two at once cannot both be the
    last.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    times = rows.order_by("-id").values_list("created_at", flat=True)
    for quota in quotas:
        edge = times[quota.allowed - 1 : quota.allowed].first()
        if edge and (wait := edge + quota.within - timezone.now()) > timedelta(0):
            raise TooMany(_("That was a lot at once. Please try again in %(time)s.") % {"time": _words(wait)})


def _words(wait: timedelta) -> str:
    seconds = int(wait.total_seconds()) + 1
    if seconds < 90:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
    minutes = -(-seconds // 60)
    if minutes < 90:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
