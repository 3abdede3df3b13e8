"""Settles a unit of an import run: reads its rows, gives each its fate, and enters both in one transaction.

In charge of: a row's fate. Not in charge of: which units there are (`surveying.py`), who works on them (`importing.py`,
`import_workers.py`), the account (`accounting.py`) or how a problem is written (`storing.py`, `overwriting.py`).
"""

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from psycopg import errors

from problems import accounting, overwriting, search, sources, storing
from problems.accounting import Fates
from problems.models import Fate
from problems.options import Options
from problems.sources import ProblemSpec, Refused, _files, _rows
from problems.sources._parts import Part
from problems.sources._rows import Row
from problems.storing import Known, Prepared

BATCH_ROWS = 500
BATCH_BYTES = 4 * 1024 * 1024
# Another import may write the same problem, or take the same address, at the same moment.
TRIES = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """The rows of ``part``, or those of them whose byte in ``wanted`` isn't 0. ``number`` is unique in its run."""

    number: int
    part: Part
    wanted: bytes | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What all units of a run have in common: the run's id, the source file's name and the options."""

    run_id: int
    reader: str
    options: Options


@dataclass(slots=True)
class _Parsed:
    """A row on its way: stored where it has a ``spec``, refused where it has a ``refusal``, or both (quarantined)."""

    row: Row
    digest: bytes
    spec: ProblemSpec | None
    refusal: Refused | None


class Settler:
    """Settles units one after the other in this process.

    ``seen`` are the digests (`digest_of`) of the ids that earlier units stored: with it a row of one of these ids is a
    duplicate, and the set grows. Without, rows are taken as they come. ``one_by_one`` is for rows of any size.
    """

    def __init__(self, work: Work, *, one_by_one: bool = False, seen: set[int] | None = None) -> None:
        self._work = work
        self._schema = sources.schema_of(work.reader)
        self._one_by_one = one_by_one
        self._seen = seen
        trials = {self._schema.TRIALS} if work.options.with_trials else set()
        self._reader = _files.Reader(self._schema.COLUMNS | trials, one_by_one=one_by_one)

    def settle(self, unit: Unit) -> Fates | None:
        """What became of the unit's rows; None where somebody else has settled it.

        Raises SourceError, and MemoryError where the rows are too large for more than one at a time.
        """
        for attempt in range(1, TRIES + 1):
            seen = set(self._seen or ())
            try:
                with transaction.atomic(), connection.wrap_database_errors:
                    fates = self._settle(unit, seen)
            except (IntegrityError, OperationalError) as error:
                if attempt == TRIES or not isinstance(error.__cause__, _PASSING):
                    raise
                continue
            except MemoryError:
                self.close()
                raise
            if self._seen is not None:
                self._seen |= seen
            return fates
        raise AssertionError

    def close(self) -> None:
        """Close what is open."""
        self._reader.close()

    def _settle(self, unit: Unit, seen: set[int]) -> Fates | None:
        if not accounting.claim(self._work.run_id, unit.number):
            return None
        split = _files.split_of(Path(unit.part.path))
        fates: Fates = Counter()
        with closing(self._reader.rows(unit.part, unit.wanted)) as rows:
            if self._seen is None:
                for batch in _batches(rows):
                    fates += self._without_known(batch, split)
                    del batch  # a large row is not to be held while the next one is read
            else:
                for parsed in self._without_repeats((self._parsed(row, split) for row in rows), seen):
                    fates += self._store(parsed)
                    seen.update(digest_of(p.spec.question_id) for p in parsed if p.spec is not None)
                    del parsed
        accounting.enter(self._work.run_id, fates)
        return fates

    def _without_known(self, rows: list[Row], split: str) -> Fates:
        """Settle a batch; a row that is stored as it stands there isn't even parsed."""
        ids = {row.number: row.likely_id(self._schema.ID_COLUMNS) or "" for row in rows}
        known = self._known(filter(_can_be_asked, map(str.strip, ids.values())))
        parsed = []
        fates: Fates = Counter()
        for row in rows:
            before = known.get(ids[row.number].strip())
            if before is not None and before.came_from(row.digest(self._salt(split))):
                fates[Fate.UNCHANGED] += 1
            else:
                parsed.append(self._parsed(row, split))
        return fates + self._store(parsed)

    def _without_repeats(self, rows: Iterable[_Parsed], seen: set[int]) -> Iterator[list[_Parsed]]:
        """Batches in which no id is twice and none of ``seen`` is: its later rows are rejected."""
        batch: list[_Parsed] = []
        mine: set[int] = set()
        for parsed in rows:
            key = digest_of(parsed.spec.question_id) if parsed.spec is not None else None
            if batch and (key in mine or len(batch) == BATCH_ROWS or parsed.row.size > BATCH_BYTES // BATCH_ROWS):
                yield batch
                batch, mine = [], set()
            if parsed.spec is not None and key is not None:
                if key in seen:
                    parsed.refusal = _rejected(parsed.row, parsed.spec.question_id, "duplicate question_id")
                    parsed.spec = None
                else:
                    mine.add(key)
            batch.append(parsed)
        if batch:
            yield batch

    def _parsed(self, row: Row, split: str) -> _Parsed:
        try:
            values = row.values()
            if isinstance(values, str):
                return _Parsed(row, b"", None, _rejected(row, _rows.id_in(row.raw()), values))
            digest = row.digest(self._salt(split))
            if not self._work.options.with_trials:
                values.pop(self._schema.TRIALS, None)
            result = self._schema.parse(values, row.number, row.raw, split)
        except MemoryError:
            if not self._one_by_one:
                raise
            return _Parsed(row, b"", None, _rejected(row, "", "row takes too much memory"))
        if isinstance(result, ProblemSpec):
            return _Parsed(row, digest, result, None)
        return _Parsed(row, digest, result.problem, result)

    def _salt(self, split: str) -> bytes:
        return f"{self._work.reader} {self._schema.VERSION} {split} {self._work.options.with_trials}".encode()

    def _known(self, question_ids: Iterable[str]) -> dict[str, Known]:
        return storing.known(set(question_ids), with_trials=self._work.options.with_trials)

    def _store(self, batch: list[_Parsed]) -> Fates:
        """Write a batch; where Postgres refuses its data, its halves, so that one row costs no other row anything."""
        if not batch:
            return Counter()
        try:
            with transaction.atomic(), connection.wrap_database_errors:
                return self._write(batch)
        except (DataError, OperationalError) as error:
            if not isinstance(error.__cause__, REFUSING):
                raise
            reason = f"the database refuses it: {error}"
        if len(batch) > 1:
            middle = len(batch) // 2
            return self._store(batch[:middle]) + self._store(batch[middle:])
        (parsed,) = batch
        parsed.refusal = _rejected(parsed.row, parsed.spec.question_id if parsed.spec else "", reason)
        parsed.spec = None
        return self._write(batch)

    def _write(self, batch: list[_Parsed]) -> Fates:
        known = self._known(parsed.spec.question_id for parsed in batch if parsed.spec is not None)
        fates: Fates = Counter()
        new: list[Prepared] = []
        changed: list[Prepared] = []
        same: dict[int, bytes] = {}
        refused: list[Refused] = []
        for parsed in batch:
            fate = Fate.REJECTED
            if parsed.spec is not None:
                reason = parsed.refusal.reason if parsed.refusal is not None else ""
                before = known.get(parsed.spec.question_id)
                prepared = Prepared.of(parsed.spec, reason, parsed.digest).as_exported(before)
                fate = _fate(prepared, before)
                if before is None:
                    new.append(prepared)
                elif prepared.changes(before):
                    changed.append(prepared)
                elif before.row_hash != prepared.row_hash and parsed.spec.ours is None:
                    same[before.id] = prepared.row_hash
            fates[fate] += 1
            if parsed.refusal is not None and fate in {Fate.QUARANTINED, Fate.REJECTED}:
                refused.append(parsed.refusal)
        if not self._work.options.dry_run:
            ids = storing.insert(self._work.run_id, new)
            ids += overwriting.overwrite(self._work.run_id, changed, known)
            overwriting.note_rows(same)
            if ids:
                search.index(ids)
        accounting.keep_refused(self._work.run_id, refused)
        return fates


def settle_or_leave(settler: Settler, unit: Unit) -> tuple[Fates | None, bool]:
    """What `Settler.settle` gives, and whether the unit needs more memory than there is. Raises SourceError."""
    try:
        return settler.settle(unit), False
    except MemoryError:
        pass
    # The error held what was being read, in a circle with its frames.
    gc.collect()
    return None, True


def digest_of(question_id: str) -> int:
    """64 bits that stand for an id."""
    return int.from_bytes(hashlib.blake2b(question_id.encode(errors="surrogatepass"), digest_size=8).digest())


_PASSING = (errors.UniqueViolation, errors.ForeignKeyViolation, errors.DeadlockDetected)
# What the database raises for a value, not for our doing.
REFUSING = (errors.DataError, errors.ProgramLimitExceeded, errors.StatementTooComplex)


def _fate(prepared: Prepared, before: Known | None) -> Fate:
    if prepared.is_quarantined and not (before and "state" in before.curated_fields):
        return Fate.QUARANTINED
    if before is None:
        return Fate.IMPORTED
    return Fate.UPDATED if prepared.changes(before) else Fate.UNCHANGED


def _rejected(row: Row, question_id: str, reason: str) -> Refused:
    return Refused("rejected", row.number, question_id, reason, row.raw())


def _can_be_asked(question_id: str) -> bool:
    """True for what the database takes as a text."""
    return bool(question_id) and question_id.isprintable() and len(question_id) <= 200


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += row.size
        if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
