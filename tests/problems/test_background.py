"""Importer processes under supervision: cancelled, stopped, dead, and one that does its work. All of them real."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from problems import background, importing, run_claims
from problems.models import ImportRun, Problem, RunStatus
from problems.options import Options
from problems.sources import kodcode

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
Script = Callable[[str], None]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick looks, the tests' own database for importers, and nobody stopped."""
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}")
    for name, seconds in (("LOOK_SECONDS", 0.05), ("RENEW_SECONDS", 0.1), ("CANCEL_SECONDS", 0.2), ("END_SECONDS", 1)):
        monkeypatch.setattr(background, name, seconds)
    monkeypatch.setattr(background, "_stopping", threading.Event())


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Puts a program of the test in the importer's place."""

    def use(text: str) -> None:
        monkeypatch.setattr(background, "_command", lambda run: [sys.executable, "-c", text])

    return use


def make_run() -> ImportRun:
    return ImportRun.objects.create(source="rows.jsonl")


def state(run: ImportRun) -> tuple[str, int]:
    run.refresh_from_db()
    return run.status, run.attempts


def after_start(run: ImportRun, act: Callable[[], object]) -> threading.Thread:
    """Calls ``act`` once the run's importer is started."""

    def wait() -> None:
        try:
            end = time.monotonic() + PATIENCE
            while not ImportRun.objects.get(pk=run.pk).attempts and time.monotonic() < end:
                time.sleep(0.05)
            time.sleep(0.2)
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_a_run_that_somebody_looks_after_gets_no_second_importer(script: Script, tmp_path: Path) -> None:
    script(f"open({str(tmp_path / 'started')!r}, 'w')")
    run = make_run()
    run_claims.claim(run.pk)
    assert not background.look_after(run.pk)
    assert not (tmp_path / "started").exists()


def test_a_run_that_is_gone_is_no_error(script: Script) -> None:
    script("1 / 0")
    assert not background.look_after(999_999)


def test_a_killed_importer_is_started_again_and_at_last_has_failed(script: Script) -> None:
    script("import os; print('last words', flush=True); os.kill(os.getpid(), 9)")
    run = make_run()
    assert [background.look_after(run.pk) for _ in range(3)] == [True, True, False]
    assert state(run) == (RunStatus.FAILED, 3)
    assert "ended by signal 9" in run.error
    assert "last words" in run.error


def test_what_an_importer_says_is_kept_however_odd_and_cut(script: Script) -> None:
    script(r"import sys; sys.stdout.buffer.write(b'x' * 10_000 + b'\0\xff end'); sys.exit(1)")
    run = make_run()
    background.look_after(run.pk)
    run.refresh_from_db()
    assert "exit code 1" in run.error
    assert run.error.endswith("\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} end")
    assert len(run.error) < 3_000


def test_an_importer_that_ends_well_without_a_result_has_left_the_run_to_another(script: Script) -> None:
    script("pass")
    run = make_run()
    assert not background.look_after(run.pk)
    assert state(run) == (RunStatus.QUEUED, 1)
    assert run.heard_at is not None  # so nobody claims it at once


def test_an_importer_that_ignores_a_cancellation_is_ended_with_all_it_started(script: Script, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script(
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        f"open({str(pids)!r}, 'a').write(str(os.getpid()) + '\\n')\n"
        "time.sleep(600)"
    )
    run = make_run()
    thread = after_start(run, lambda: run_claims.cancel(run))
    assert not background.look_after(run.pk)
    thread.join()
    assert state(run)[0] == RunStatus.CANCELLED
    assert not [pid for pid in pids.read_text().split() if is_running(int(pid))]


def test_a_worker_that_ends_gives_the_run_back(script: Script) -> None:
    script("import time; time.sleep(600)")
    run = make_run()
    thread = after_start(run, background.stop)
    assert not background.look_after(run.pk)
    thread.join()
    assert state(run) == (RunStatus.QUEUED, 0)
    assert run_claims.claim(run.pk) is not None


def test_the_lease_is_renewed_as_long_as_the_importer_lives(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    renewed = []
    renew = run_claims.renew
    monkeypatch.setattr(run_claims, "renew", lambda run: renewed.append(run.pk) or renew(run))
    script("import time; time.sleep(1)")
    run = make_run()
    background.look_after(run.pk)
    assert renewed[:2] == [run.pk, run.pk]


def test_an_importer_works_on_its_own_and_niced(script: Script, tmp_path: Path) -> None:
    assert background._command(make_run())[:3] == ["nice", "-n", "10"]
    script(f"import os; open({str(tmp_path / 'group')!r}, 'w').write(str(os.getpgid(0)))")
    background.look_after(make_run().pk)
    assert int((tmp_path / "group").read_text()) != os.getpgid(0)


def test_an_import_and_its_undoing(tmp_path: Path) -> None:
    rows = [kodcode.EXAMPLES[0][0] | {"question_id": f"Taco_{number}_OJ"} for number in range(3)]
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = importing.queue(str(source), Options())
    assert not background.look_after(run.pk)
    assert (state(run), run.imported, Problem.objects.count()) == ((RunStatus.FINISHED, 1), 3, 3)
    assert run_claims.put_back(run.pk, RunStatus.UNDOING)
    assert not background.look_after(run.pk)
    assert (state(run), Problem.objects.count()) == ((RunStatus.UNDONE, 1), 0)


def test_a_source_that_cant_be_read_has_failed_at_once_with_its_reason(tmp_path: Path) -> None:
    run = importing.queue(str(tmp_path / "missing.jsonl"), Options())
    assert not background.look_after(run.pk)
    assert state(run) == (RunStatus.FAILED, 1)
    assert "missing.jsonl" in run.error
    assert "Traceback" not in run.error
