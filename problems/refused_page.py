"""What the page of a refused row shows. A row may be 64 MiB: it is loaded whole only where it is small.

In charge of: how much of a row is read. Not in charge of: mending it (`mending.py`) or making bytes readable
(`raw_text.py`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import MD5, Length, Substr
from django.utils.safestring import SafeString

from problems import faults, raw_text
from problems.models import Fate, ImportRun, Problem, RefusedRow

REFUSED = (Fate.QUARANTINED, Fate.REJECTED)
SHOWN = 32 * 1024
# What a text field in a browser can still be asked to hold.
EDITED = 256 * 1024
BLOCK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row: its beginning, its fault's place, and the text to mend; ``text`` is None where it can't be mended here.

    ``problem`` is the one that a quarantined row became.
    """

    row: RefusedRow
    size: int
    head: SafeString
    is_cut: bool
    limit: int
    place: faults.Place | None
    text: str | None
    problem: Problem | None


def light(rows: QuerySet[RefusedRow]) -> QuerySet[RefusedRow]:
    """``rows`` with their bytes left where they are."""
    return rows.defer("raw")


def chosen(run: ImportRun, fate: str, reason: str) -> QuerySet[RefusedRow]:
    """The run's refused rows of a fate and for a reason, where one is given."""
    rows = light(RefusedRow.objects.filter(run=run, fate__in=[fate] if fate else list(REFUSED)))
    # By its digest, which has an index; a reason may be too long for one.
    return rows.annotate(digest=MD5("reason")).filter(digest=MD5(Value(reason))) if reason else rows


def page_of(row: RefusedRow) -> RowPage:
    """The page of ``row``, which was loaded without its bytes."""
    found: Any = RefusedRow.objects.values_list(Length("raw"), Substr("raw", 1, SHOWN))
    size, head = found.get(pk=row.pk)
    raw = b"".join(blocks_of(row)) if size <= EDITED else None
    return RowPage(
        row=row,
        size=size,
        head=raw_text.shown(bytes(head), is_cut=size > SHOWN),
        is_cut=size > SHOWN,
        limit=EDITED,
        place=faults.place_of(raw) if raw is not None else None,
        text=raw_text.editable(raw) if raw is not None and row.mended_at is None else None,
        problem=problem_of(row),
    )


def problem_of(row: RefusedRow) -> Problem | None:
    """The problem that a quarantined row became, if it is still there."""
    return Problem.objects.filter(question_id=row.question_id).first() if row.fate == Fate.QUARANTINED else None


def blocks_of(row: RefusedRow) -> Iterator[bytes]:
    """The row's bytes, a block at a time."""
    start = 1
    while True:
        block = bytes(RefusedRow.objects.values_list(Substr("raw", start, BLOCK), flat=True).get(pk=row.pk))
        yield block
        if len(block) < BLOCK:
            return
        start += BLOCK


def latest_of(question_ids: Iterable[str]) -> dict[str, RefusedRow]:
    """The latest row in quarantine of each of these ids."""
    rows = light(RefusedRow.objects.filter(question_id__in=list(question_ids), fate=Fate.QUARANTINED))
    return {row.question_id: row for row in rows.order_by("pk")}
