"""Queries that nearly every request asks: the database plans each of them once a connection, not once a request.

Django puts a query's parameters into its text, so that the server has to plan it anew each time; here they travel
beside it. Not for queries whose best plan depends on their parameters.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

M = TypeVar("M", bound=Model)


def rows(query: str, given: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of ``query``, which has to be one of few texts and to name its columns: a plan outlives a migration."""
    with _cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


def _cursor() -> CursorWrapper:
    if connection.queries_logged:
        # Whoever looks at the log wants to see the parameters, too.
        return connection.cursor()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # typed for psycopg2
    return connection.make_cursor(raw)


def instances(model: type[M], names: tuple[str, ...], where: str, given: Sequence[Any]) -> list[M]:
    """Objects of ``model`` with the columns ``names``, as `.only()` would give them; ``where`` is what follows FROM."""
    names, select = _select(model, names)
    return [model.from_db("default", names, row) for row in rows(f"{select} {where}", given)]


@cache
def _select(model: type[Model], names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The names in the order in which a model takes its columns, and the query's beginning."""
    ordered = tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)
    return ordered, f"SELECT {', '.join(ordered)} FROM {model._meta.db_table}"  # noqa: S608 - the model's own names
