"""A refused row that a curator has mended becomes a problem, by the same way as every other row.

What the curator changed counts as edited, so that no import undoes it: the row in its file is still the old one. The
run's account stays what it was. Not in charge of: showing the row.
"""

from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from problems import overwriting, search, sources, storing
from problems.models import Fate, Problem, RefusedRow, Split, State
from problems.settling import REFUSING
from problems.sources import MAX_ROW_BYTES, ProblemSpec, SourceError, _rows
from problems.storing import CONTENT, Prepared

_DUPLICATE = "duplicate question_id"


class StillUnfit(Exception):
    """Why the row is refused again. Its text is for people."""


def accept(refused: RefusedRow, text: str, by: Any) -> Problem:
    """The problem that the row becomes with ``text``, its JSON, and as which it is published. Raises StillUnfit.

    A row in quarantine is accepted with its doubt, where the curator leaves it in.
    """
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            row = RefusedRow.objects.defer("raw").select_for_update().get(pk=refused.pk)
            if row.mended_at is not None:
                raise StillUnfit(_("It has been accepted already."))
            problem = _store(row, text)
            row.mended_at, row.mended_by = timezone.now(), by
            row.save(update_fields=["mended_at", "mended_by"])
    except (DataError, OperationalError) as error:
        if not isinstance(error.__cause__, REFUSING):
            raise
        raise StillUnfit(f"the database refuses it: {error}") from error
    return problem


def _store(row: RefusedRow, text: str) -> Problem:
    known = Problem.objects.filter(question_id=row.question_id).first()
    spec = _parsed(row, text, known)
    prepared = Prepared.of(spec, quarantined_for="")
    if spec.question_id == row.question_id and known is not None and row.reason != _DUPLICATE:
        _change(known, prepared)
        pk = known.pk
    else:
        if row.fate == Fate.QUARANTINED and known is not None:
            raise StillUnfit(_("A row in quarantine keeps its question_id, %(id)s.") % {"id": row.question_id})
        if Problem.objects.filter(question_id=spec.question_id).exists():
            raise StillUnfit(_DUPLICATE)
        (pk,) = storing.insert(row.run_id, [prepared])
        _note(Problem.objects.get(pk=pk), {*CONTENT, "tests"})
    search.index([pk])
    return Problem.objects.get(pk=pk)


def _parsed(row: RefusedRow, text: str, known: Problem | None) -> ProblemSpec:
    if len(text) > MAX_ROW_BYTES:
        raise StillUnfit(_rows.TOO_LARGE)
    raw = text.encode(errors="surrogatepass")
    values = _rows.decoded(raw)
    if isinstance(values, str):
        raise StillUnfit(values)
    schema = _schema_of(row)
    values.pop(schema.TRIALS, None)
    parsed = schema.parse(values, row.row_number, lambda: raw, known.split if known is not None else Split.TRAIN)
    if isinstance(parsed, ProblemSpec):
        return parsed
    if parsed.problem is None or row.fate != Fate.QUARANTINED:
        raise StillUnfit(parsed.reason)
    return parsed.problem


def _schema_of(row: RefusedRow) -> sources.Schema:
    try:
        return sources.schema_of(sources.name_of(row.run.source))
    except SourceError:  # its file is gone
        return sources.schema_of(sources.DEFAULT_SCHEMA)


def _change(problem: Problem, prepared: Prepared) -> None:
    """Overwrite ``problem``, which keeps the hashes of the row that it came from: that row brings nothing new."""
    before = storing.known([problem.question_id])
    overwriting.overwrite(None, [prepared], before)
    now = Problem.objects.get(pk=problem.pk)
    edited = {name for name in CONTENT if getattr(now, name) != getattr(problem, name)}
    if now.tests_hash != problem.tests_hash:
        edited.add("tests")
    now.content_hash, now.row_hash, now.written_by_id = problem.content_hash, problem.row_hash, problem.written_by_id
    _note(now, edited)


def _note(problem: Problem, edited: set[str]) -> None:
    """Publish it as a curator's decision."""
    problem.state = State.PUBLISHED if problem.judgeable else State.HIDDEN
    problem.state_reason = ""
    problem.note_curated(edited | {"state"})
    problem.save(
        update_fields=[
            "state",
            "state_reason",
            "curated_fields",
            "content_hash",
            "row_hash",
            "written_by",
            "updated_at",
        ]
    )
