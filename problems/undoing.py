"""Undoes an import run: what it brought goes, what it changed becomes what it was before.

A problem that is in use (submissions, a curator's edits) is hidden in place of being removed, and what has been changed
by a later run is left alone. Works in small transactions that keep the account of what is done (`ImportRun.undone`), so
an undoing that was killed goes on where it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from problems import counts, importing, search
from problems.models import ImportRun, Problem, Replaced, RunStatus, State, TestCase, Trials
from problems.overwriting import RESTORED

CHUNK = 200
UNDOABLE = (RunStatus.RUNNING, RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.UNDOING)
# What a proof that the solution is right depends on: where a curator has edited it since, the present proof holds.
_PROVED = ["tests", "raw_test", "solution", "checker", "checker_language", "checker_source"]


class CannotUndo(Exception):
    """Why there is nothing to undo. Its text is for people."""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many problems were removed, restored, hidden because they are in use, left alone because a later run changed
    them."""

    removed: int = 0
    restored: int = 0
    hidden: int = 0
    left_alone: int = 0


def undo(run: ImportRun, by: Any = None, watch: Callable[[int], object] = lambda problems: None) -> Undone:
    """Undo it, or go on with that; ``watch`` hears of each number of problems that are settled.

    Raises CannotUndo, and importing.Busy where another process works on the run.
    """
    with importing.alone(run):
        run.refresh_from_db()
        if run.status not in UNDOABLE or run.options.get("dry_run"):
            raise CannotUndo(_("Import run %(id)s has nothing that could be undone.") % {"id": run.pk})
        run.status = RunStatus.UNDOING
        run.undone = {"by": by.pk if by is not None else None} | run.undone
        run.save(update_fields=["status", "undone"])
        for step in (_restore_some, _remove_some):
            while settled := step(run):
                watch(settled)
        search.finish()
        counts.compact()
        run.status, run.finished_at = RunStatus.UNDONE, timezone.now()
        run.save(update_fields=["status", "finished_at"])
    return Undone(**{name: run.undone.get(name, 0) for name in Undone.__dataclass_fields__})


def _restore_some(run: ImportRun) -> int:
    """Give the next problems that the run changed back what they were; returns how many it looked at."""
    with transaction.atomic(), connection.cursor() as cursor:
        done = run.undone.get("restored_to", 0)
        left = run.replaced.filter(problem_id__gt=done).order_by("problem_id")
        kept = dict(left.values_list("problem_id", "pk")[:CHUNK])
        written_by = dict(_locked(list(kept)).values_list("pk", "written_by_id"))
        problem_ids = [pk for pk, writer in written_by.items() if writer == run.pk]
        replaced = [kept[pk] for pk in problem_ids]
        for query in (_DROP_TESTS, _TESTS, _DROP_TRIALS, _TRIALS, _RESTORE):
            cursor.execute(query, {"replaced": replaced, "proved": _PROVED})
        if problem_ids:
            search.index(problem_ids)
        run.replaced.filter(pk__in=kept.values()).delete()
        run.undone["restored_to"] = max(kept, default=done)
        _note(run, restored=len(problem_ids), left_alone=len(kept) - len(problem_ids))
    return len(kept)


def _remove_some(run: ImportRun) -> int:
    """Remove or hide the next problems that the run brought; returns how many it looked at."""
    with transaction.atomic():
        done = run.undone.get("removed_to", 0)
        brought = Problem.objects.filter(imported_by=run, pk__gt=done).order_by("pk")
        ids = list(brought.values_list("pk", flat=True)[:CHUNK])
        found = list(_locked(ids).only("written_by", "curated_fields", "state"))
        ours = [problem for problem in found if problem.written_by_id == run.pk]
        used = _in_use([problem.pk for problem in ours])
        used |= {problem.pk for problem in ours if problem.curated_fields}
        # Without their hashes, so that an import that brings them again publishes them again.
        Problem.objects.filter(pk__in=used).update(content_hash=b"", row_hash=b"", updated_at=timezone.now())
        Problem.objects.filter(pk__in=used, state=State.PUBLISHED).update(state=State.HIDDEN)
        Problem.objects.filter(pk__in=[problem.pk for problem in ours if problem.pk not in used]).delete()
        if used:
            search.index(sorted(used))
        run.undone["removed_to"] = max(ids, default=done)
        _note(run, removed=len(ours) - len(used), hidden=len(used), left_alone=len(found) - len(ours))
    return len(ids)


def _locked(problem_ids: Sequence[int]) -> models.QuerySet[Problem]:
    return Problem.objects.select_for_update(of=("self",)).filter(pk__in=problem_ids).order_by("pk")


def _in_use(problem_ids: Sequence[int]) -> set[int]:
    """Those that something points at which forbids their removal: whatever is above us, a submission for one."""
    found: set[int] = set()
    for relation in Problem._meta.related_objects:
        if relation.on_delete is models.PROTECT:
            name = relation.field.name
            users = relation.related_model._base_manager.filter(**{f"{name}__in": problem_ids})
            found.update(users.order_by().values_list(f"{name}_id", flat=True).distinct())
    return found


def _note(run: ImportRun, **more: int) -> None:
    run.undone |= {name: run.undone.get(name, 0) + count for name, count in more.items()}
    run.heard_at = timezone.now()
    run.save(update_fields=["undone", "heard_at"])


_TABLES = {
    "problems": sql.Identifier(Problem._meta.db_table),
    "tests": sql.Identifier(TestCase._meta.db_table),
    "trials": sql.Identifier(Trials._meta.db_table),
    "replaced": sql.Identifier(Replaced._meta.db_table),
    "runs": sql.Identifier(ImportRun._meta.db_table),
}
_CHOSEN = sql.SQL("r.id = ANY(%(replaced)s) AND p.id = r.problem_id")
_TO_RETEST = sql.SQL(
    "json_typeof(r.before::json->'tests') = 'array' AND NOT p.curated_fields && ARRAY['tests', 'raw_test']::varchar[]"
)
_DROP_TESTS = sql.SQL(
    "DELETE FROM {tests} t USING {replaced} r, {problems} p WHERE t.problem_id = p.id AND {chosen} AND {to_retest}"
).format(chosen=_CHOSEN, to_retest=_TO_RETEST, **_TABLES)
_TESTS = sql.SQL(
    """
    INSERT INTO {tests} (problem_id, position, stdin, stdout, is_sample)
    SELECT p.id, (t->>0)::smallint, t->>1, t->>2, (t->>3)::boolean
    FROM {problems} p, {replaced} r, json_array_elements(
        CASE WHEN {to_retest} THEN r.before::json->'tests' ELSE '[]' END) t
    WHERE {chosen}
    """
).format(chosen=_CHOSEN, to_retest=_TO_RETEST, **_TABLES)
_DROP_TRIALS = sql.SQL(
    "DELETE FROM {trials} t USING {replaced} r, {problems} p "
    "WHERE t.problem_id = p.id AND {chosen} AND (r.before::json->>'retried')::boolean"
).format(chosen=_CHOSEN, **_TABLES)
_TRIALS = sql.SQL(
    "INSERT INTO {trials} (problem_id, data) SELECT p.id, decode(r.before::json->>'trials', 'hex') "
    "FROM {problems} p, {replaced} r WHERE {chosen} AND r.before::json->>'trials' IS NOT NULL"
).format(chosen=_CHOSEN, **_TABLES)


def _restored(column: str) -> sql.Composed:
    """The column as it was, but for what a curator has edited."""
    if column in {"verified", "verified_at", "verification_lost_at"}:
        condition: sql.Composable = sql.SQL("p.curated_fields && %(proved)s::varchar[]")
    elif column == "tests_hash":
        condition = sql.SQL("p.curated_fields && ARRAY['tests', 'raw_test']::varchar[]")
    else:
        condition = sql.SQL("{} = ANY(p.curated_fields)").format(
            sql.Literal("state" if column == "state_reason" else column)
        )
    return sql.SQL("{0} = CASE WHEN {1} THEN p.{0} ELSE b.{0} END").format(sql.Identifier(column), condition)


_RESTORE = sql.SQL(
    """
    UPDATE {problems} p SET
        {columns},
        tests_version = p.tests_version + ({to_retest})::int,
        statement_html = CASE WHEN p.statement = b.statement THEN p.statement_html ELSE '' END,
        written_by_id = (SELECT id FROM {runs} WHERE id = b.written_by_id),
        updated_at = now()
    FROM {replaced} r, json_populate_record(NULL::{problems}, r.before::json->'columns') b
    WHERE {chosen}
    """
).format(columns=sql.SQL(", ").join(map(_restored, RESTORED)), chosen=_CHOSEN, to_retest=_TO_RETEST, **_TABLES)
