"""Import runs: what is said of them, and that an end before the end costs nothing but time."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from judge.accounts.models import User
from problems import importer, importing
from problems.accounting import Fates
from problems.models import Fate, ImportRun, Problem, RunStatus
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.options import Options
from problems.sources import SourceError, _lines, kodcode

pytestmark = pytest.mark.django_db

GOOD = kodcode.EXAMPLES[0][0]
# Good and bad ones, three that repeat an id, one of them behind one that can't be stored.
ROWS = [
    *[GOOD | {"question_id": f"Taco_{n}_OJ"} for n in range(8)],
    GOOD | {"question_id": "Taco_1_OJ", "question": "A repetition."},
    GOOD | {"question_id": "Taco_20_OJ", "question": ""},
    GOOD | {"question_id": "Taco_21_OJ", "solution": ""},
    GOOD | {"question_id": "Taco_20_OJ", "question": "The first that can be stored."},
    GOOD | {"question_id": "Taco_20_OJ", "question": "Too late."},
    GOOD | {"question_id": "Taco_22_OJ"},
]
EXPECTED = {Fate.IMPORTED: 10, Fate.UPDATED: 0, Fate.UNCHANGED: 0, Fate.QUARANTINED: 1, Fate.REJECTED: 3}


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """ROWS in units of two."""
    monkeypatch.setattr(_lines, "PART_ROWS", 2)
    monkeypatch.setattr(importer, "LOOK_SECONDS", -1.0)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return str(path)


def counts(run: ImportRun) -> dict[Fate, int]:
    run.refresh_from_db()
    found = {fate: getattr(run, fate.value) for fate in Fate}
    assert sum(found.values()) == run.rows_read
    return found


def contents() -> list[Any]:
    problems = Problem.objects.order_by("question_id")
    tests = Case.objects.order_by("problem__question_id", "position")
    return [*problems.values_list("question_id", "slug", "statement", "state"), *tests.values_list("stdin", "stdout")]


class Stop(Exception):
    """What a watcher raises in place of a kill."""


def stop_after(units: int) -> Any:
    """A watcher that ends everything once so many units are settled."""
    left = [units + 1]  # it also hears of the beginning

    def watch(fates: Fates) -> None:
        left[0] -= 1
        if not left[0]:
            raise Stop

    return watch


@pytest.mark.parametrize("units", range(1, 11))
def test_a_run_that_was_killed_goes_on_as_if_nothing_had_been(source: str, units: int) -> None:
    clean = importing.run(importing.queue(source, Options(limit=1_000)))
    assert counts(clean) == EXPECTED
    expected, refused = contents(), list(clean.refused.values_list("row_number", "fate", "reason"))
    Problem.objects.all().delete()
    run = importing.queue(source, Options())
    with pytest.raises(Stop):
        importing.run(run, stop_after(units))
    run.refresh_from_db()
    assert (run.status, run.units.count()) == (RunStatus.RUNNING, units)
    assert importing.unfinished(source, Options()) == run
    importing.run(run)
    assert (run.status, counts(run)) == (RunStatus.FINISHED, EXPECTED)
    assert contents() == expected
    assert list(run.refused.values_list("row_number", "fate", "reason")) == refused


def test_a_run_that_has_ended_is_not_run_again(source: str) -> None:
    run = importing.run(importing.queue(source, Options()))
    Problem.objects.all().delete()
    importing.run(run)
    assert counts(run) == EXPECTED
    assert not Problem.objects.exists()
    assert importing.unfinished(source, Options()) is None


def test_a_run_is_another_ones_while_that_one_is_at_it(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PATIENCE_SECONDS", 0.0)
    run = importing.queue(source, Options())
    with psycopg.connect(**connection.get_connection_params() | {"dbname": connection.settings_dict["NAME"]}) as other:
        other.execute("SELECT pg_advisory_lock(%s::int, %s::int)", [importing.LOCKS, run.pk])
        with pytest.raises(importing.Busy):
            importing.run(run)
        assert run.rows_read == 0
        other.execute("SELECT pg_advisory_unlock_all()")
    importing.run(run)
    assert counts(run) == EXPECTED


def test_a_cancelled_run_ends_with_its_present_unit_and_can_go_on(source: str) -> None:
    run = importing.queue(source, Options())

    def cancel(fates: Fates) -> None:
        if ImportRun.objects.get(pk=run.pk).rows_read >= 4:
            ImportRun.objects.filter(pk=run.pk).update(cancel_requested=True)

    importing.run(run, cancel)
    assert (run.status, run.rows_read, run.finished_at is not None) == (RunStatus.CANCELLED, 5, True)
    importing.run(run)
    assert (run.status, counts(run)) == (RunStatus.FINISHED, EXPECTED)


def test_a_run_that_is_cancelled_before_it_began_reads_nothing(source: str) -> None:
    run = importing.queue(source, Options())
    ImportRun.objects.filter(pk=run.pk).update(cancel_requested=True)
    importing.run(run)
    assert (run.status, run.rows_read, run.rows_total) == (RunStatus.CANCELLED, 0, None)


def test_an_interrupted_run_says_so_and_can_go_on(source: str) -> None:
    run = importing.queue(source, Options())

    def interrupt(fates: Fates) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(run, interrupt)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, "It was interrupted.")
    importing.run(run)
    assert (counts(run), run.error) == (EXPECTED, "")


def test_a_run_never_goes_on_with_another_content(source: str) -> None:
    run = importing.queue(source, Options())
    with pytest.raises(Stop):
        importing.run(run, stop_after(2))
    Path(source).write_text(json.dumps(GOOD) + "\n")
    with pytest.raises(importer.SourceChanged):
        importing.run(run)
    run.refresh_from_db()
    assert (run.status, run.rows_read, "has changed" in run.error) == (RunStatus.FAILED, 3, True)


def test_a_run_does_not_go_on_where_something_was_imported_since(source: str, tmp_path: Path) -> None:
    run = importing.queue(source, Options())
    with pytest.raises(Stop):
        importing.run(run, stop_after(1))
    (tmp_path / "other.jsonl").write_text(json.dumps(GOOD) + "\n")
    importing.run(importing.queue(str(tmp_path / "other.jsonl"), Options(dry_run=True)))
    assert importing.unfinished(source, Options()) == run
    importing.run(importing.queue(str(tmp_path / "other.jsonl"), Options()))
    assert importing.unfinished(source, Options()) is None


def test_a_run_of_other_options_is_another_run(source: str) -> None:
    with pytest.raises(Stop):
        importing.run(importing.queue(source, Options()), stop_after(1))
    assert importing.unfinished(source, Options(with_trials=True)) is None


def test_a_source_of_an_unknown_kind_is_not_queued(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a source"):
        importing.queue(str(tmp_path / "rows.txt"), Options())
    assert not ImportRun.objects.exists()


def test_a_source_that_is_not_there_is_the_runs_end(tmp_path: Path) -> None:
    run = importing.queue(str(tmp_path / "rows.jsonl"), Options())
    with pytest.raises(SourceError):
        importing.run(run)
    run.refresh_from_db()
    assert (run.status, "no such file" in run.error) == (RunStatus.FAILED, True)


def test_a_queued_run_says_what_is_to_be_done(
    source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, curator: User
) -> None:
    monkeypatch.chdir(tmp_path)
    run = importing.queue("rows.jsonl", Options(limit=7), by=curator)
    run.refresh_from_db()
    assert (run.source, run.status, run.started_by) == (source, RunStatus.QUEUED, curator)
    assert Options.from_json(run.options) == Options(limit=7)


def test_a_finished_run_says_what_was_done(source: str) -> None:
    run = importing.run(importing.queue(source, Options(styles=("online_judge",), limit=12)))
    assert (run.status, run.rows_total, run.left_out, run.rows_read) == (RunStatus.FINISHED, 14, 2, 12)
    assert run.fingerprint
    assert run.heard_at is not None
    assert run.finished_at is not None


def test_a_watcher_hears_of_every_row_once_also_when_a_run_goes_on(source: str) -> None:
    run = importing.queue(source, Options())
    with pytest.raises(Stop):
        importing.run(run, stop_after(3))
    heard: list[Fates] = []
    importing.run(run, heard.append)
    assert heard[0].total() == 5
    assert sum(heard, Fates()) == Fates({fate: count for fate, count in EXPECTED.items() if count})
