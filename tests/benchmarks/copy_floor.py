"""The floor of importing: plain COPY of prepared files by one connection, then the filling of the search's tables.

`copy_floor.py write FOLDER` makes the files of the database that DATABASE_URL names, `copy_floor.py read FOLDER` fills
an empty one with them and prints the seconds that it took.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judge.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from psycopg import sql  # noqa: E402

from problems import counts, search  # noqa: E402
from problems.models import ImportRun, Problem, TestCase  # noqa: E402

TABLES = (ImportRun, Problem, TestCase)
BLOCK = 1024 * 1024


def write(folder: Path) -> None:
    """Each table's rows in the bytes that an importer sends."""
    for model in TABLES:
        path = folder / model._meta.db_table
        with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(_copy(model, "TO STDOUT")) as copy:
            file.writelines(copy)


def read(folder: Path) -> None:
    """From nothing to searchable."""
    connection.ensure_connection()
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in TABLES:
            with (folder / model._meta.db_table).open("rb") as file, cursor.copy(_copy(model, "FROM STDIN")) as copy:
                while block := file.read(BLOCK):
                    copy.write(block)
        search.index(list(Problem.objects.order_by("pk").values_list("pk", flat=True)))
    search.finish()
    counts.compact()
    print(time.perf_counter() - started)


def _copy(model, direction):  # type: ignore[no-untyped-def]
    columns = [field.attname for field in model._meta.concrete_fields if not field.generated]
    return sql.SQL("COPY {} ({}) {} WITH (FORMAT BINARY)").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(direction)
    )


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]))
