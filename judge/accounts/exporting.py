"""All that is kept of a person, as one JSON text, written as it is read.

`accounts` knows no submissions: each app above registers what it keeps, a part of the export under a name of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from judge.accounts.models import User

Rows = Callable[[User], Iterator[Mapping[str, Any]]]
CHUNK = 50

_encoder = DjangoJSONEncoder(ensure_ascii=False)
_parts: dict[str, Rows] = {}


def register(name: str, rows: Rows) -> None:
    """Have ``rows`` of a person, each a mapping that JSON can hold, exported as ``name``."""
    _parts[name] = rows


def export(user: User) -> Iterator[str]:
    """The JSON text in pieces."""
    yield '{"account": ' + _encoder.encode(_account(user))
    for name, rows in {"emails": _emails, "connections": _connections, "sessions": _sessions, **_parts}.items():
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


def _emails(user: User) -> Iterator[Mapping[str, Any]]:
    return values(EmailAddress.objects.filter(user=user), "email", "verified", "primary")


def _connections(user: User) -> Iterator[Mapping[str, Any]]:
    return values(SocialAccount.objects.filter(user=user), "provider", "uid", "date_joined", "last_login", "extra_data")


def _sessions(user: User) -> Iterator[Mapping[str, Any]]:
    return values(UserSession.objects.filter(user=user), "created_at", "ip", "user_agent")
