"""Runs an import: streams a source's rows in batches, gives every row its fate and keeps the account.

In charge of: duplicates, fates, ImportRun and RefusedRow. Not in charge of: reading and judging rows (`sources/`) or
writing problems (`storing.py`). A batch and its entry in the account are one transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import DataError, connection, transaction
from django.utils import timezone

from problems import sources, storing
from problems.models import Fate, ImportRun, RefusedRow
from problems.options import Options
from problems.sources import ProblemSpec, Refused, SourceError
from problems.storing import Prepared

BATCH_ROWS = 500
BATCH_SIZE = 16 * 1024 * 1024

Row = ProblemSpec | Refused


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a batch: how many rows met which fate, and the refused ones."""

    fates: Counter[Fate]
    refused: list[Refused]

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(self.fates + other.fates, self.refused + other.refused)


Watch = Callable[[Settled], None]


def queue(source: str, options: Options, by: Any = None) -> ImportRun:
    """Stand-in."""
    return ImportRun.objects.create(source=source, options=options.as_json(), started_by=by)


def run(
    source: str, *, limit: int | None = None, dry_run: bool = False, watch: Watch = lambda settled: None
) -> ImportRun:
    """Import the first ``limit`` rows of ``source`` (all by default); ``watch`` hears of each batch that is settled.

    A dry run tells the same counts and writes nothing: its ImportRun isn't saved. Raises SourceError where the source
    as a whole can't be read; what was settled by then stays and is accounted for.
    """
    reader = sources.find(source)
    account = ImportRun(source=source)
    if not dry_run:
        account.save()
    try:
        for batch in _batches(_without_duplicates(islice(reader.read(source), limit))):
            watch(_account_for(account, batch, dry_run))
    except SourceError as error:
        account.error = str(error)
        _finish(account, dry_run)
        raise
    _finish(account, dry_run)
    return account


def _finish(account: ImportRun, dry_run: bool) -> None:
    account.finished_at = timezone.now()
    if not dry_run:
        account.save()


def _without_duplicates(rows: Iterable[Row]) -> Iterator[Row]:
    """The first row of an id that can be stored stays; later ones are rejected."""
    seen: set[str] = set()
    for row in rows:
        spec = _spec(row)
        if spec is not None and spec.question_id in seen:
            yield Refused("rejected", row.row_number, spec.question_id, "duplicate question_id", spec.raw())
            continue
        if spec is not None:
            seen.add(spec.question_id)
        yield row


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    try:
        for row in rows:
            batch.append(row)
            size += row.size if isinstance(row, ProblemSpec) else len(row.raw)
            if len(batch) == BATCH_ROWS or size > BATCH_SIZE:
                yield batch
                batch, size = [], 0
    except SourceError:
        # Rows before the break are as good as any.
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _account_for(account: ImportRun, batch: Sequence[Row], dry_run: bool) -> Settled:
    """Settle a batch and enter it into the run's account, both or neither."""
    with transaction.atomic():
        settled = _settle(batch, dry_run)
        account.rows_read += len(batch)
        for fate, count in settled.fates.items():
            setattr(account, fate.value, getattr(account, fate.value) + count)
        if not dry_run:
            RefusedRow.objects.bulk_create(
                RefusedRow(
                    run=account,
                    fate=row.fate,
                    row_number=row.row_number,
                    question_id=row.question_id,
                    reason=row.reason,
                    raw=row.raw,
                )
                for row in settled.refused
            )
            account.save()
    return settled


def _settle(batch: Sequence[Row], dry_run: bool) -> Settled:
    """Store a batch; where Postgres refuses its data, its halves, so that one row costs no other row anything."""
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            return _store(batch, dry_run)
    except DataError as error:
        if len(batch) > 1:
            middle = len(batch) // 2
            return _settle(batch[:middle], dry_run) + _settle(batch[middle:], dry_run)
        row = batch[0]
        spec = _spec(row)
        raw = spec.raw() if spec is not None else b""
        reason = f"the database refuses it: {error}"
        return Settled(Counter({Fate.REJECTED: 1}), [Refused("rejected", row.row_number, row.question_id, reason, raw)])


def _store(batch: Sequence[Row], dry_run: bool) -> Settled:
    known = storing.known(spec.question_id for row in batch if (spec := _spec(row)) is not None)
    settled = Settled(Counter(), [])
    changed: list[Prepared] = []
    for row in batch:
        spec = _spec(row)
        fate = Fate.REJECTED
        if spec is not None:
            prepared = Prepared.of(spec, quarantined_for=row.reason if isinstance(row, Refused) else "")
            before = known.get(spec.question_id)
            if before is None or before.content_hash != prepared.content_hash:
                changed.append(prepared)
            fate = _fate(prepared, before)
        settled.fates[fate] += 1
        if isinstance(row, Refused) and fate in {Fate.QUARANTINED, Fate.REJECTED}:
            settled.refused.append(row)
    if changed and not dry_run:
        storing.save(changed, known)
    return settled


def _spec(row: Row) -> ProblemSpec | None:
    return row if isinstance(row, ProblemSpec) else row.problem


def _fate(prepared: Prepared, before: storing.Known | None) -> Fate:
    if prepared.quarantined_for and not (before and "state" in before.curated_fields):
        return Fate.QUARANTINED
    if before is None:
        return Fate.IMPORTED
    return Fate.UNCHANGED if before.content_hash == prepared.content_hash else Fate.UPDATED
