"""The account of an import run: which units are settled, how many rows met which fate, and the refused rows."""

from collections import Counter

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from problems.copying import copy_rows
from problems.models import Fate, ImportRun, ImportUnit, RefusedRow
from problems.sources import Refused

# How many rows met which fate.
Fates = Counter[Fate]


def claim(run_id: int, number: int) -> bool:
    """Enter a unit as settled; False where it is so already. Waits for another process that is at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ImportUnit._meta.db_table} (run_id, number) VALUES (%s, %s) "  # noqa: S608 - our own name
            "ON CONFLICT DO NOTHING",
            [run_id, number],
        )
        return bool(cursor.rowcount)


def enter(run_id: int, fates: Fates) -> None:
    """Add to the run's account. The last thing in a unit: until its end nobody else can."""
    counts = {fate.value: F(fate.value) + count for fate, count in fates.items()}
    ImportRun.objects.filter(pk=run_id).update(
        **counts | {"rows_read": F("rows_read") + fates.total(), "heard_at": Now()}
    )


def keep_refused(run_id: int, refused: list[Refused]) -> None:
    """Keep rows that were refused."""
    if refused:
        copy_rows(
            RefusedRow,
            ("run_id", "fate", "row_number", "question_id", "reason", "raw"),
            ((run_id, row.fate, row.row_number, row.question_id, row.reason, row.raw) for row in refused),
        )
