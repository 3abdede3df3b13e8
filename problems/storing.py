"""Writes problems and their tests into Postgres by COPY, and decides what an import may overwrite.

A batch's problems go through a temporary table into one INSERT .. ON CONFLICT; the tests of those that are new or have
other tests go by COPY straight to their place. What a curator edited (`Problem.curated_fields`) stays, and so do the
fields that no row has: limits and checker.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from problems.models import Problem, Split, State, TestCase
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
    "version",
    "filter_reason",
    "extra",
)
# What each import may change, unless a curator has.
_CONTENT = (*_OF_THE_ROW, "state", "state_reason")
_STAGED = ("question_id", "slug", *_CONTENT, "content_hash", "tests_hash")
_SLUG_LENGTH = 190


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already under a question_id."""

    content_hash: bytes
    tests_hash: bytes
    curated_fields: list[str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row ready to be written. ``quarantined_for`` is the reason why solvers may not see it, or ""."""

    spec: ProblemSpec
    quarantined_for: str
    content_hash: bytes
    tests_hash: bytes

    @classmethod
    def of(cls, spec: ProblemSpec, quarantined_for: str) -> "Prepared":
        """The row with its hashes. A spec holds no NUL, so NUL parts its fields without doubt."""
        tests = hashlib.sha256()
        for test in spec.tests:
            tests.update(f"{test.stdin}\0{test.stdout}\0{test.is_sample}\0".encode())
        content = hashlib.sha256(tests.digest())
        content.update("\0".join(map(str, _content(spec, quarantined_for))).encode())
        return cls(spec, quarantined_for, content.digest(), tests.digest())


def _content(spec: ProblemSpec, quarantined_for: str) -> list[object]:
    """The values of `_CONTENT`. The split use_with_caution is hidden until a curator decides."""
    state = State.PUBLISHED if spec.split == Split.TRAIN else State.HIDDEN
    if quarantined_for:
        state = State.QUARANTINED
    return [*(getattr(spec, name) for name in _OF_THE_ROW), state.value, quarantined_for or spec.filter_reason]


def known(question_ids: Iterable[str]) -> dict[str, Known]:
    """What is stored under each of ``question_ids`` that is there."""
    rows = Problem.objects.filter(question_id__in=list(question_ids)).values_list(
        "question_id", "content_hash", "tests_hash", "curated_fields"
    )
    return {key: Known(bytes(content), bytes(tests), curated) for key, content, tests, curated in rows}


def save(batch: Sequence[Prepared], before: Mapping[str, Known]) -> None:
    """Insert or update problems with their tests; call it inside a transaction.

    ``before`` is what `known` said of them. Raises the driver's DataError where Postgres refuses a value.
    """
    ids = _save_problems(batch, _slugs([p.spec.question_id for p in batch if p.spec.question_id not in before]))
    rewritten = [p for p in batch if _has_other_tests(p, before.get(p.spec.question_id))]
    TestCase.objects.filter(
        problem_id__in=[ids[p.spec.question_id] for p in rewritten if p.spec.question_id in before]
    ).delete()
    with connection.cursor() as cursor, cursor.copy(_COPY_TESTS) as copy:
        for prepared in rewritten:
            problem_id = ids[prepared.spec.question_id]
            for position, test in enumerate(prepared.spec.tests, 1):
                copy.write_row((problem_id, position, test.stdin, test.stdout, test.is_sample))


def _has_other_tests(prepared: Prepared, before: Known | None) -> bool:
    return before is None or (before.tests_hash != prepared.tests_hash and "tests" not in before.curated_fields)


def _save_problems(batch: Sequence[Prepared], slugs: Mapping[str, str]) -> dict[str, int]:
    """Every problem's primary key by its question_id."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_STAGED)
        with cursor.copy(_COPY_STAGED) as copy:
            for prepared in batch:
                spec = prepared.spec
                # A problem that is there keeps its address: its slug here is not used.
                slug = slugs.get(spec.question_id, "")
                content = _content(spec, prepared.quarantined_for)
                copy.write_row((spec.question_id, slug, *content, prepared.content_hash, prepared.tests_hash))
        cursor.execute(_MERGE, _defaults())
        ids = dict(cursor.fetchall())
        cursor.execute("DROP TABLE staged")
    return ids


def _slugs(question_ids: Sequence[str]) -> dict[str, str]:
    """An address for each new problem: its id in lower case with hyphens, told apart where two ids would share one."""
    plain = {
        key: re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:_SLUG_LENGTH] or "problem" for key in question_ids
    }
    taken = set(Problem.objects.filter(slug__in=set(plain.values())).values_list("slug", flat=True))
    for key, slug in plain.items():
        if slug in taken:
            plain[key] = f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        taken.add(plain[key])
    return plain


def _defaults() -> list[Any]:
    """The model's defaults for the columns that no row fills."""
    new = Problem()
    return [field.get_db_prep_save(field.pre_save(new, add=True), connection) for field in _REST]


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _unless_curated(column: str) -> sql.Composed:
    # The reason goes with the state.
    return sql.SQL("{0} = CASE WHEN {1} = ANY(p.curated_fields) THEN p.{0} ELSE excluded.{0} END").format(
        sql.Identifier(column), sql.Literal("state" if column == "state_reason" else column)
    )


_PROBLEMS = sql.Identifier(Problem._meta.db_table)
_REST = [
    field
    for field in Problem._meta.concrete_fields
    if field.attname not in _STAGED and not field.primary_key and not field.generated
]
_CREATE_STAGED = sql.SQL("CREATE TEMPORARY TABLE staged AS SELECT {} FROM {} WITH NO DATA").format(
    _names(_STAGED), _PROBLEMS
)
_COPY_STAGED = sql.SQL("COPY staged ({}) FROM STDIN").format(_names(_STAGED))
_COPY_TESTS = sql.SQL("COPY {} ({}) FROM STDIN").format(
    sql.Identifier(TestCase._meta.db_table), _names(("problem_id", "position", "stdin", "stdout", "is_sample"))
)
_MERGE = sql.SQL(
    """
    INSERT INTO {problems} AS p ({staged}, {rest})
    SELECT {staged}, {defaults} FROM staged
    ON CONFLICT (question_id) DO UPDATE SET
        {contents},
        content_hash = excluded.content_hash,
        tests_hash = CASE WHEN {other_tests} THEN excluded.tests_hash ELSE p.tests_hash END,
        tests_version = p.tests_version + ({other_tests})::int,
        verified = p.verified AND NOT ({other_tests} OR {other_solution}),
        verified_at = CASE WHEN {other_tests} OR {other_solution} THEN NULL ELSE p.verified_at END,
        statement_html = CASE WHEN {other_statement} THEN '' ELSE p.statement_html END,
        updated_at = excluded.updated_at
    RETURNING question_id, id
    """
).format(
    problems=_PROBLEMS,
    staged=_names(_STAGED),
    rest=_names(field.attname for field in _REST),
    defaults=sql.SQL(", ").join(sql.Placeholder() * len(_REST)),
    contents=sql.SQL(", ").join(map(_unless_curated, _CONTENT)),
    other_tests=sql.SQL("(p.tests_hash <> excluded.tests_hash AND 'tests' <> ALL(p.curated_fields))"),
    other_solution=sql.SQL("(p.solution <> excluded.solution AND 'solution' <> ALL(p.curated_fields))"),
    other_statement=sql.SQL("(p.statement <> excluded.statement AND 'statement' <> ALL(p.curated_fields))"),
)
