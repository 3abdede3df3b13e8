"""Imports by several processes, into the test's own database: the same as by one, also when they die."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from problems import importer, importing
from problems.accounting import Fates
from problems.import_workers import WorkerLost
from problems.models import Fate, ImportRun, Problem, RunStatus
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.options import Options
from problems.row_files import write_rows
from problems.sources import SourceError, _lines, _parquet, kodcode

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
GOOD = kodcode.EXAMPLES[0][0]
PATIENCE = 60
COUNT = 300


def row(number: int, **changes: Any) -> dict[str, Any]:
    return GOOD | {"question_id": f"Taco_{number}_OJ"} | changes


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """COUNT rows in units of seven; each tenth has no question, and ten repeat earlier ones."""
    monkeypatch.setattr(_lines, "PART_ROWS", 7)
    rows = [row(n % (COUNT - 10), question="" if n % 10 == 3 else f"Number {n}.") for n in range(COUNT)]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return str(path)


def counts(run: ImportRun) -> dict[str, int]:
    run.refresh_from_db()
    found = {fate.value: getattr(run, fate.value) for fate in Fate}
    assert sum(found.values()) == run.rows_read
    return {name: count for name, count in found.items() if count}


EXPECTED = {"imported": 261, "rejected": 39}


def kill_a_worker(fates: Fates) -> None:
    """A watcher that does it once there are workers."""
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGKILL)
        return


def test_a_worker_that_dies_ends_the_run_which_can_go_on(source: str) -> None:
    run = importing.queue(source, Options())
    with pytest.raises(WorkerLost, match="SIGKILL"):
        importing.run(run, kill_a_worker, workers=2)
    run.refresh_from_db()
    assert (run.status, "started again" in run.error) == (RunStatus.FAILED, True)
    assert 0 < run.rows_read < COUNT
    importing.run(run, workers=2)
    assert (run.status, counts(run)) == (RunStatus.FINISHED, EXPECTED)
    assert Problem.objects.count() == 261
    assert not multiprocessing.active_children()


def test_workers_do_what_one_process_does(source: str) -> None:
    run = importing.run(importing.queue(source, Options()), workers=2)
    assert counts(run) == EXPECTED
    problems = Problem.objects.order_by("pk").values_list("question_id", "statement")
    kept = {number: f"Number {number}." for number in range(COUNT - 10) if number % 10 != 3}
    assert dict(problems) == {f"Taco_{number}_OJ": text for number, text in kept.items()}
    assert Case.objects.count() == 2 * len(kept)
    assert counts(importing.run(importing.queue(source, Options()), workers=2)) == {"unchanged": 261, "rejected": 39}


def test_a_cancelled_run_of_workers_can_go_on(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "LOOK_SECONDS", -1.0)
    run = importing.queue(source, Options())

    def cancel(fates: Fates) -> None:
        if fates:
            ImportRun.objects.filter(pk=run.pk).update(cancel_requested=True)

    importing.run(run, cancel, workers=2)
    assert (run.status, 0 < run.rows_read < COUNT) == (RunStatus.CANCELLED, True)
    assert counts(importing.run(run, workers=2)) == EXPECTED


def test_a_file_that_breaks_under_a_worker_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parquet, "PART_ROWS", 5)
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist([row(n) for n in range(20)]), path, row_group_size=5, compression="none")
    last = pq.read_metadata(path).row_group(3)
    column = next(c for c in map(last.column, range(last.num_columns)) if c.path_in_schema == "question")
    content = path.read_bytes()
    at = column.dictionary_page_offset
    path.write_bytes(content[:at] + b"\xff" * 40 + content[at + 40 :])
    run = importing.queue(str(path), Options())
    with pytest.raises(SourceError, match=r"rows\.parquet"):
        importing.run(run, workers=2)
    run.refresh_from_db()
    assert (run.status, r"rows.parquet" in run.error) == (RunStatus.FAILED, True)


def test_rows_that_are_too_large_for_a_worker_are_settled_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_parquet, "PART_ROWS", 50)
    large = str({"stdin": ["1 2 3 4 5 6 7\n" * 800_000], "stdout": ["1"]})
    rows = [row(n, **({"test": large} if n in {60, 61} else {})) for n in range(150)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    run = importing.run(importing.queue(str(tmp_path / "rows.parquet"), Options()), workers=2)
    assert counts(run) == {"imported": 150}
    assert len(Case.objects.get(problem__question_id="Taco_61_OJ").stdin) == 11_200_000


def command(*arguments: str, stdout: int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    given = os.environ | {"DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}"}
    argv = [sys.executable, "manage.py", "import_kodcode", *arguments]
    return subprocess.Popen(argv, cwd=ROOT, env=given, start_new_session=True, stdout=stdout)


def test_an_import_that_was_killed_in_the_middle_goes_on_to_the_same_counts(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows", 12_000, 1, 2, lambda rows: None)
    killed = command(str(tmp_path / "rows"), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while not ImportRun.objects.filter(rows_read__gt=0).exists():
        assert killed.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)  # and its workers must notice by themselves
    killed.wait()
    interrupted = ImportRun.objects.get()
    assert (interrupted.status, interrupted.rows_read < 12_000) == (RunStatus.RUNNING, True)
    said, _ = command(str(tmp_path / "rows")).communicate(timeout=PATIENCE)
    assert f"Going on with import run {interrupted.pk}" in said.decode()
    run = ImportRun.objects.get()
    assert (run.status, counts(run)) == (RunStatus.FINISHED, {"imported": 12_000})
    assert Problem.objects.count() == 12_000
    judged = Problem.objects.filter(judgeable=True)
    assert set(Case.objects.values_list("problem_id", flat=True)) == set(judged.values_list("pk", flat=True))
