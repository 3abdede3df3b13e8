"""All that is kept of a person, as one JSON text, written as it is read.

`accounts` knows no submissions: each app above registers what it keeps, a part of the export under a name of its own,
and says which columns that name a person are answered for by it. `tests/accounts/test_exporting.py` walks all columns.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from judge.accounts.models import User

Rows = Callable[[User], Iterator[Mapping[str, Any]]]
CHUNK = 50

_encoder = DjangoJSONEncoder(ensure_ascii=False)
_parts: dict[str, Rows] = {}
_columns: set[str] = set()


def register(name: str, rows: Rows, *columns: str) -> None:
    """Have ``rows`` of a person, each a mapping that JSON can hold, exported as ``name``.

    ``columns`` are the foreign keys to a person that are thereby answered for, like `api.Token.user`.
    """
    _parts[name] = rows
    _columns.update(columns)


def parts() -> tuple[str, ...]:
    """The names of all parts but the account's own."""
    return tuple(_parts)


def columns() -> frozenset[str]:
    """All that is answered for."""
    return frozenset(_columns)


def export(user: User) -> Iterator[str]:
    """The JSON text in pieces."""
    yield '{"account": ' + _encoder.encode(_account(user))
    for name, rows in _parts.items():
        yield f',\n"{name}": ['
        for number, row in enumerate(rows(user)):
            yield (",\n" if number else "\n") + _encoder.encode(row)
        yield "]"
    yield "}\n"


def values(rows: QuerySet[Any], *names: str) -> Iterator[Mapping[str, Any]]:
    """These columns of ``rows``, a few rows at a time."""
    return rows.order_by("pk").values(*names).iterator(chunk_size=CHUNK)


def _account(user: User) -> dict[str, Any]:
    names = ("username", "email", "first_name", "last_name", "date_joined", "last_login")
    return {name: getattr(user, name) for name in names} | {"curator": user.is_curator}


def _second_factors(user: User) -> Iterator[Mapping[str, Any]]:
    return values(Authenticator.objects.filter(user=user), "type", "created_at", "last_used_at")


def _emails(user: User) -> Iterator[Mapping[str, Any]]:
    return values(EmailAddress.objects.filter(user=user), "email", "verified", "primary")


def _connections(user: User) -> Iterator[Mapping[str, Any]]:
    return values(SocialAccount.objects.filter(user=user), "provider", "uid", "date_joined", "last_login", "extra_data")


def _sessions(user: User) -> Iterator[Mapping[str, Any]]:
    return values(UserSession.objects.filter(user=user), "created_at", "ip", "user_agent")


def _log(user: User) -> Iterator[Mapping[str, Any]]:
    """What they did in the admin, without the names of what they did it with, which may be people's."""
    rows = LogEntry.objects.filter(user=user)
    return values(rows, "action_time", "action_flag", "content_type__app_label", "content_type__model", "object_id")


register("emails", _emails, "account.EmailAddress.user")
register("connections", _connections, "socialaccount.SocialAccount.user")
register("second_factors", _second_factors, "mfa.Authenticator.user")
register("sessions", _sessions, "usersessions.UserSession.user")
register("admin_log", _log, "admin.LogEntry.user")
