"""Binary COPY into a model's table: nothing is escaped and nothing parsed, so a large value costs little memory."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg import sql
from psycopg.types.json import Jsonb


def copy_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], into: str | None = None
) -> None:
    """Append ``rows`` of ``columns`` to the model's table, or to the table ``into`` that has the same columns.

    Values are Python's, of JSON columns what `json_text` makes. Raises the driver's errors.
    """
    query = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT BINARY)").format(
        sql.Identifier(into or model._meta.db_table), names(columns)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.set_types(_types(model, columns))
        for row in rows:
            copy.write_row(row)


def json_text(text: str) -> Jsonb:
    """JSON text as the value of a JSON column, taken as it is."""
    return Jsonb(text, dumps=str.encode)


def names(columns: Iterable[str]) -> sql.Composed:
    """The columns, quoted and parted by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _types(model: type[Model], columns: Sequence[str]) -> list[str]:
    by_name = {field.attname: field.db_type(connection) or "" for field in model._meta.concrete_fields}
    return [re.sub(r"\(\d+\)", "", by_name[name]) for name in columns]
