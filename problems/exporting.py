"""Exports: streams stored problems out of Postgres into files that an import takes in again as they are.

In charge of: which problems, and reading them in one COPY, so that all rows are of one moment and memory follows a row.
Not in charge of: a row's columns (`exported_rows.py`) and the files (`export_files.py`).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from problems import export_files
from problems.exported_rows import exported
from problems.models import Problem, ProblemQuerySet, TestCase, Trials
from problems.packing import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which problems; an empty tuple and None mean all."""

    styles: Sequence[str] = ()
    subsets: Sequence[str] = ()
    splits: Sequence[str] = ()
    difficulties: Sequence[str] = ()
    states: Sequence[str] = ()
    tags: Sequence[str] = ()
    verified: bool | None = None
    curated: bool | None = None
    min_pass: float | None = None

    def problems(self) -> ProblemQuerySet:
        """These problems; of several tags a problem needs one."""
        problems = Problem.objects.order_by()
        lists = {
            "style": self.styles,
            "subset": self.subsets,
            "split": self.splits,
            "difficulty": self.difficulties,
            "state": self.states,
        }
        problems = problems.filter(**{f"{name}__in": list(names) for name, names in lists.items() if names})
        if self.tags:
            problems = problems.filter(tags__overlap=list(self.tags))
        if self.verified is not None:
            problems = problems.filter(verified=self.verified)
        if self.curated is not None:
            problems = (
                problems.filter(curated_fields__len__gt=0) if self.curated else problems.filter(curated_fields=[])
            )
        if self.min_pass is not None:
            problems = problems.filter(pass_percentage__gte=self.min_pass)
        return problems


def export(
    out: Path,
    problems: ProblemQuerySet,
    *,
    force: bool = False,
    progress: Callable[[int], object] = lambda rows: None,
) -> int:
    """Write ``problems`` in the order of their ids to ``out``; returns how many. ``progress`` hears of each row.

    Raises what `export_files.writing` raises; then nothing is left.
    """
    count = 0
    with export_files.writing(out, force=force) as write:
        for stored in _stored(problems):
            write(exported(stored))
            count += 1
            progress(1)
    return count


def _stored(problems: ProblemQuerySet) -> Iterator[dict[str, Any]]:
    """Each problem with its tests and trials, see `exported_rows.exported`."""
    chosen, parameters = problems.values("pk").query.sql_with_params()
    query = _COPY.format(columns=_COLUMNS, chosen=sql.SQL(chosen), **_TABLES)
    names, types = zip(*_READ, strict=True)
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(query, parameters) as copy:
        copy.set_types(types)
        for values in copy.rows():
            stored = dict(zip(names, values, strict=True))
            packed = stored.pop("trials")
            stored["extra"] = json.loads(stored["extra"])
            for name in ("positions", "stdins", "stdouts", "samples"):
                stored[name] = stored[name] or []
            yield stored | {"trials": unpack(packed) if packed else ""}


# The columns of Problem that an export reads, with their types; `extra` comes as text.
_OF_PROBLEMS = {
    "question_id": "text",
    "slug": "text",
    "family": "text",
    "title": "text",
    "statement": "text",
    "solution": "text",
    "style": "text",
    "subset": "text",
    "split": "text",
    "difficulty": "text",
    "pass_percentage": "float8",
    "benchmark_similarity": "float8",
    "version": "text",
    "filter_reason": "text",
    "raw_test": "text",
    "state": "text",
    "state_reason": "text",
    "judgeable": "bool",
    "verified": "bool",
    "verified_at": "timestamptz",
    "verification_lost_at": "timestamptz",
    "tags": "text[]",
    "time_limit_ms": "int4",
    "memory_limit_kb": "int4",
    "checker": "text",
    "checker_language": "text",
    "checker_source": "text",
    "tests_are_public": "bool",
    "finds_cases": "bool",
    "tests_version": "int4",
    "content_hash": "bytea",
    "tests_hash": "bytea",
    "row_hash": "bytea",
    "curated_fields": "text[]",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
}
_READ = [
    *_OF_PROBLEMS.items(),
    ("extra", "text"),
    ("positions", "int2[]"),
    ("stdins", "text[]"),
    ("stdouts", "text[]"),
    ("samples", "bool[]"),
    ("trials", "bytea"),
]
_COLUMNS = sql.SQL(", ").join(
    sql.SQL("p.{}::{}").format(sql.Identifier(name), sql.SQL(type_)) for name, type_ in _OF_PROBLEMS.items()
)
_TABLES = {
    "problems": sql.Identifier(Problem._meta.db_table),
    "tests": sql.Identifier(TestCase._meta.db_table),
    "trials": sql.Identifier(Trials._meta.db_table),
}
_COPY = sql.SQL(
    """
    COPY (
        SELECT {columns}, p.extra::text, t.positions, t.stdins, t.stdouts, t.samples, k.data
        FROM {problems} p
        LEFT JOIN LATERAL (
            SELECT array_agg(position ORDER BY position) AS positions, array_agg(stdin ORDER BY position) AS stdins,
                array_agg(stdout ORDER BY position) AS stdouts, array_agg(is_sample ORDER BY position) AS samples
            FROM {tests} WHERE problem_id = p.id
        ) t ON true
        LEFT JOIN {trials} k ON k.problem_id = p.id
        WHERE p.id IN ({chosen})
        ORDER BY p.id
    ) TO STDOUT (FORMAT BINARY)
    """
)
