"""Changes problems that are there as a row says, and decides what an import may overwrite.

What a curator edited (`Problem.curated_fields`) stays, and so do the fields that no row has: limits and checker. What a
problem was before is kept for undoing the run (`Replaced`).
"""

from collections.abc import Mapping, Sequence

from django.db import connection
from psycopg import sql

from problems.copying import copy_rows, names
from problems.models import Problem, Replaced, TestCase, Trials
from problems.storing import CONTENT, STAGED, Known, Prepared, copy_tests, copy_trials, known_as, staged

# What a problem gets back when a run is undone.
RESTORED = (*CONTENT, "content_hash", "tests_hash", "row_hash", "verified", "verified_at", "verification_lost_at")


def overwrite(run_id: int | None, batch: Sequence[Prepared], before: Mapping[str, Known]) -> list[int]:
    """Write problems that are there inside the caller's transaction; returns their ids.

    ``before`` is what `known` said of them. With a run, what they were is kept. Raises DataError.
    """
    if not batch:
        return []
    by_id = {before[prepared.spec.question_id].id: prepared for prepared in batch}
    with connection.cursor() as cursor:
        # Until the end a curator's edit waits, and what one has edited by now is seen.
        cursor.execute(_LOCK, [list(by_id)])
        now = {row[0]: known_as(*row) for row in cursor}
        changed = [(id_, by_id[id_]) for id_ in now]
        retested = [id_ for id_, prepared in changed if prepared.has_other_tests(now[id_])]
        retried = [id_ for id_, prepared in changed if prepared.has_other_trials(before[prepared.spec.question_id])]
        if run_id is not None:
            cursor.execute(_KEEP, {"run": run_id, "ids": list(now), "retested": retested, "retried": retried})
        cursor.execute(_CREATE_STAGED)
        copy_rows(Problem, STAGED, (staged(id_, prepared) for id_, prepared in changed), into="staged")
        cursor.execute(_MERGE, [run_id])
        cursor.execute("DROP TABLE staged")
        cursor.execute(_DROP_TESTS, [retested])
        cursor.execute(_DROP_TRIALS, [retried])
    copy_tests(retested, [by_id[id_] for id_ in retested])
    copy_trials(retried, [by_id[id_] for id_ in retried])
    return list(now)


def note_rows(row_hashes: Mapping[int, bytes]) -> None:
    """Remember by problem's id which row says what is stored already."""
    if row_hashes:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE_ROWS, [list(row_hashes), list(row_hashes.values())])


def _unless_curated(column: str) -> sql.Composed:
    # The reason goes with the state.
    return sql.SQL("{0} = CASE WHEN {1} = ANY(p.curated_fields) THEN p.{0} ELSE s.{0} END").format(
        sql.Identifier(column), sql.Literal("state" if column == "state_reason" else column)
    )


_TABLES = {
    "problems": sql.Identifier(Problem._meta.db_table),
    "tests": sql.Identifier(TestCase._meta.db_table),
    "trials": sql.Identifier(Trials._meta.db_table),
    "replaced": sql.Identifier(Replaced._meta.db_table),
}
# Always in the same order, so that two imports at once wait for each other and not crosswise.
_LOCK = sql.SQL(
    "SELECT id, content_hash, tests_hash, row_hash, state, curated_fields, NULL FROM {problems} "
    "WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
).format(**_TABLES)
_CREATE_STAGED = sql.SQL("CREATE TEMPORARY TABLE staged AS SELECT {} FROM {problems} WITH NO DATA").format(
    names(STAGED), **_TABLES
)
_KEEP = sql.SQL(
    """
    INSERT INTO {replaced} (run_id, problem_id, before)
    SELECT %(run)s, p.id, json_build_object(
        'columns', (SELECT row_to_json(c) FROM (SELECT {columns}) c),
        'tests', CASE WHEN p.id = ANY(%(retested)s) THEN (
            SELECT coalesce(json_agg(json_build_array(position, stdin, stdout, is_sample) ORDER BY position), '[]')
            FROM {tests} t WHERE t.problem_id = p.id) END,
        'trials', CASE WHEN p.id = ANY(%(retried)s) THEN (
            SELECT encode(data, 'hex') FROM {trials} t WHERE t.problem_id = p.id) END,
        'retried', p.id = ANY(%(retried)s)
    )::text
    FROM {problems} p WHERE p.id = ANY(%(ids)s)
    ON CONFLICT DO NOTHING
    """
).format(columns=sql.SQL(", ").join(sql.Identifier("p", name) for name in (*RESTORED, "written_by_id")), **_TABLES)
_MERGE = sql.SQL(
    """
    UPDATE {problems} p SET
        {contents},
        content_hash = s.content_hash,
        row_hash = s.row_hash,
        tests_hash = CASE WHEN {other_tests} THEN s.tests_hash ELSE p.tests_hash END,
        tests_version = p.tests_version + ({other_tests})::int,
        verified = p.verified AND NOT ({other_tests} OR {other_solution}),
        verified_at = CASE WHEN {other_tests} OR {other_solution} THEN NULL ELSE p.verified_at END,
        verification_lost_at = CASE
            WHEN p.verified AND ({other_tests} OR {other_solution}) THEN now() ELSE p.verification_lost_at END,
        statement_html = CASE WHEN {other_statement} THEN '' ELSE p.statement_html END,
        written_by_id = %s,
        updated_at = now()
    FROM staged s WHERE s.id = p.id
    """
).format(
    contents=sql.SQL(", ").join(map(_unless_curated, CONTENT)),
    other_tests=sql.SQL(
        "(p.tests_hash <> s.tests_hash AND 'tests' <> ALL(p.curated_fields) AND 'raw_test' <> ALL(p.curated_fields))"
    ),
    other_solution=sql.SQL("(p.solution <> s.solution AND 'solution' <> ALL(p.curated_fields))"),
    other_statement=sql.SQL("(p.statement <> s.statement AND 'statement' <> ALL(p.curated_fields))"),
    **_TABLES,
)
_DROP_TESTS = sql.SQL("DELETE FROM {tests} WHERE problem_id = ANY(%s)").format(**_TABLES)
_DROP_TRIALS = sql.SQL("DELETE FROM {trials} WHERE problem_id = ANY(%s)").format(**_TABLES)
_NOTE_ROWS = sql.SQL(
    "UPDATE {problems} p SET row_hash = n.row_hash FROM unnest(%s::bigint[], %s::bytea[]) n (id, row_hash) "
    "WHERE p.id = n.id"
).format(**_TABLES)
