"""Writes new problems and their tests into Postgres, by COPY straight to their place with ids taken ahead.

In charge of: a row's form as it is stored, its hashes, and what is stored already. Not in charge of: problems that are
there and change (`overwriting.py`).
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connection
from psycopg import sql

from problems.copying import copy_rows, json_text
from problems.models import Problem, Split, State, Style, TestCase, Trials
from problems.packing import pack
from problems.sources import ProblemSpec

_OF_THE_ROW = (
    "title",
    "statement",
    "solution",
    "style",
    "subset",
    "split",
    "difficulty",
    "pass_percentage",
    "benchmark_similarity",
    "version",
    "filter_reason",
    "raw_test",
    "extra",
)
# What each import may change, unless a curator has.
CONTENT = (*_OF_THE_ROW, "state", "state_reason", "judgeable")
STAGED = ("id", *CONTENT, "content_hash", "tests_hash", "row_hash")
_TESTS = ("problem_id", "position", "stdin", "stdout", "is_sample")
_SLUG_LENGTH = 190
_LARGE = 1024 * 1024
_values_of_the_row = attrgetter(*_OF_THE_ROW)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already under a question_id. ``trials_hash`` is None where there are none, or nobody asked."""

    id: int
    content_hash: bytes
    tests_hash: bytes
    row_hash: bytes
    state: str
    curated_fields: list[str]
    trials_hash: bytes | None

    def came_from(self, row_hash: bytes) -> bool:
        """True where a row with this digest would be unchanged; of a quarantined one the reason has to be told anew."""
        return self.row_hash == row_hash and (self.state != State.QUARANTINED or "state" in self.curated_fields)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row ready to be written: ``content`` are the values of `CONTENT`."""

    spec: ProblemSpec
    content: tuple[object, ...]
    is_quarantined: bool
    row_hash: bytes
    content_hash: bytes
    tests_hash: bytes
    trials: bytes | None

    @classmethod
    def of(cls, spec: ProblemSpec, quarantined_for: str, row_hash: bytes = b"") -> "Prepared":
        """The row with its hashes. ``quarantined_for`` is the reason why solvers may not see it, or ""."""
        content = _content_of(spec, quarantined_for)
        tests_hash = _digest(
            spec.raw_test, *chain(*[(t.stdin, t.stdout, "s" if t.is_sample else "") for t in spec.tests])
        )
        content_hash = _digest(tests_hash.hex(), *map(str, content))
        trials = pack(spec.trials) if spec.trials else None
        return cls(spec, content, bool(quarantined_for), row_hash, content_hash, tests_hash, trials)

    def as_exported(self, before: Known | None) -> "Prepared":
        """A row of our own exports with the hashes that it tells, where nothing is stored or what they are of.

        Of a problem that has changed since, here or there, it is a row like any other.
        """
        ours = self.spec.ours
        if ours is None or (before is not None and before.content_hash != ours.content_hash):
            return self
        return replace(self, content_hash=ours.content_hash, tests_hash=ours.tests_hash, row_hash=ours.row_hash)

    def changes(self, before: Known) -> bool:
        """True where what is stored is not what this row says."""
        return self.content_hash != before.content_hash or self.has_other_trials(before)

    def has_other_trials(self, before: Known) -> bool:
        """True where the row brings trials that are not stored. A row without any takes none away."""
        return self.trials is not None and hashlib.sha256(self.trials).digest() != before.trials_hash

    def has_other_tests(self, before: Known) -> bool:
        """True where its tests are to take the place of those that are stored."""
        return self.tests_hash != before.tests_hash and not {"tests", "raw_test"}.intersection(before.curated_fields)


def _content_of(spec: ProblemSpec, quarantined_for: str) -> tuple[object, ...]:
    """The values of `CONTENT`. The second split and what can't be judged are hidden until a curator decides."""
    judgeable = spec.style == Style.ONLINE_JUDGE
    state = State.PUBLISHED if judgeable and spec.split == Split.TRAIN else State.HIDDEN
    if quarantined_for:
        state = State.QUARANTINED
    return (*_values_of_the_row(spec), state.value, quarantined_for or spec.filter_reason, judgeable)


def _digest(*texts: str) -> bytes:
    """SHA-256 of texts without NUL, which parts them without doubt."""
    if sum(map(len, texts)) < _LARGE:
        return hashlib.sha256("\0".join(texts).encode()).digest()
    digest = hashlib.sha256()
    for text in texts:  # not to be copied into one larger still
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.digest()


def known(question_ids: Collection[str], *, with_trials: bool = False) -> dict[str, Known]:
    """What is stored under each of ``question_ids`` that is there."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN[with_trials], [list(question_ids)])
        return {question_id: known_as(*row) for question_id, *row in cursor}


def known_as(
    id_: int, content: bytes, tests: bytes, row: bytes, state: str, curated: list[str], trials: bytes | None
) -> Known:
    """One row of the database as a value."""
    return Known(id_, bytes(content), bytes(tests), bytes(row), state, curated, trials and bytes(trials))


def insert(run_id: int | None, batch: Sequence[Prepared]) -> list[int]:
    """Write new problems with their tests inside the caller's transaction; returns their ids in order.

    Raises IntegrityError where somebody else has written one of them, DataError where Postgres refuses a value.
    """
    if not batch:
        return []
    slugs = _slugs(batch)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_IDS, [Problem._meta.db_table, len(batch)])
        ids = [id_ for (id_,) in cursor]
    rest = _rest(run_id)
    columns = ("question_id", "slug", "family", *STAGED, *rest)
    copy_rows(
        Problem,
        columns,
        (
            _with_ours(
                p,
                columns,
                (p.spec.question_id, slugs[p.spec.question_id], p.spec.family, *staged(id_, p), *rest.values()),
            )
            for id_, p in zip(ids, batch, strict=True)
        ),
    )
    copy_tests(ids, batch)
    copy_trials(ids, batch)
    return ids


def slug_of(question_id: str) -> str:
    """The address of a problem: its id in lower case with hyphens. Two ids may share one."""
    return re.sub(r"[^a-z0-9]+", "-", question_id.lower()).strip("-")[:_SLUG_LENGTH] or "problem"


def _with_ours(prepared: Prepared, columns: Sequence[str], values: tuple[object, ...]) -> Sequence[object]:
    """A new problem's ``values``, with what only a row of our own exports tells."""
    if prepared.spec.ours is None:
        return values
    return list((dict(zip(columns, values, strict=True)) | prepared.spec.ours.columns()).values())


def _slugs(batch: Iterable[Prepared]) -> dict[str, str]:
    """An address for each new problem, told apart where two would share one."""
    plain = {p.spec.question_id: p.spec.ours.slug if p.spec.ours else slug_of(p.spec.question_id) for p in batch}
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_SLUGS, [list(plain.values())])
        taken = {slug for (slug,) in cursor}
    for key, slug in plain.items():
        if slug in taken:
            plain[key] = f"{slug[:_SLUG_LENGTH]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        taken.add(plain[key])
    return plain


def staged(problem_id: int, prepared: Prepared) -> tuple[object, ...]:
    """The values of `STAGED` for the problem of this id."""
    content = list(prepared.content)
    content[_EXTRA] = json_text(prepared.spec.extra)
    return (problem_id, *content, prepared.content_hash, prepared.tests_hash, prepared.row_hash)


def _rest(run_id: int | None) -> dict[str, Any]:
    """The columns that no row fills, with the model's defaults."""
    new = Problem(imported_by_id=run_id, written_by_id=run_id)
    return {field.attname: field.get_db_prep_save(field.pre_save(new, add=True), connection) for field in _REST}


def copy_tests(ids: Iterable[int], batch: Iterable[Prepared]) -> None:
    """Write the tests of problems that have none; ``ids`` are the problems'."""
    rows = [
        (problem_id, position, test.stdin, test.stdout, test.is_sample)
        for problem_id, prepared in zip(ids, batch, strict=True)
        for position, test in zip(_positions(prepared.spec), prepared.spec.tests, strict=True)
    ]
    if rows:
        copy_rows(TestCase, _TESTS, rows)


def _positions(spec: ProblemSpec) -> Sequence[int]:
    return (spec.ours and spec.ours.positions) or range(1, len(spec.tests) + 1)


def copy_trials(ids: Iterable[int], batch: Iterable[Prepared]) -> None:
    """Write the trials, where there are any, of problems that have none; ``ids`` are the problems'."""
    rows = [(id_, prepared.trials) for id_, prepared in zip(ids, batch, strict=True) if prepared.trials is not None]
    if rows:
        copy_rows(Trials, ("problem_id", "data"), rows)


_EXTRA = CONTENT.index("extra")
_REST = [
    field
    for field in Problem._meta.concrete_fields
    if field.attname not in {*STAGED, "question_id", "slug", "family"} and not field.generated
]
_TABLES = {
    "problems": sql.Identifier(Problem._meta.db_table),
    "trials": sql.Identifier(Trials._meta.db_table),
}
_KNOWN = {
    asked: sql.SQL(
        "SELECT p.question_id, p.id, p.content_hash, p.tests_hash, p.row_hash, p.state, p.curated_fields, {hash} "
        "FROM {problems} p {join} WHERE p.question_id = ANY(%s)"
    ).format(
        hash=sql.SQL("sha256(t.data)" if asked else "NULL"),
        join=sql.SQL("LEFT JOIN {trials} t ON t.problem_id = p.id" if asked else "").format(**_TABLES),
        **_TABLES,
    )
    for asked in (False, True)
}
_TAKEN_SLUGS = sql.SQL("SELECT slug FROM {problems} WHERE slug = ANY(%s)").format(**_TABLES)
_NEXT_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
