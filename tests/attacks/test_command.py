"""`manage.py attack` over a real worker: a table, an exit code, and nothing left in the database."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from judge.accounts.models import User
from judge.celery import app
from judge.submissions import siege
from judge.submissions.attacking import Attack
from judge.submissions.management.commands import attack as command
from judge.submissions.models import Lane, Submission
from problems.models import Problem

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.worker, pytest.mark.docker, pytest.mark.django_db(transaction=True)]


def purge() -> None:
    with app.connection_for_write() as broker:
        for lane in Lane:
            broker.default_channel.queue_purge(lane.value)


@pytest.fixture
def queue() -> Iterator[None]:
    """The broker's queues, empty before and after."""
    purge()
    yield
    purge()


@pytest.fixture
def worker(tmp_path: Path, queue: None) -> Iterator[None]:
    """A worker of this test's database."""
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    given = os.environ | {"DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}"}
    argv = ["worker", "--pool", "threads", "--concurrency", "2", "--queues", "interactive,batch"]
    with (tmp_path / "celery.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "judge.celery", *argv], cwd=ROOT, env=given, stdout=log, stderr=log
        )
    yield
    process.terminate()
    try:
        process.wait(30)
    finally:
        process.kill()
        process.wait()


def left() -> list[Any]:
    return [*User.objects.all(), *Problem.objects.all(), *Submission.objects.all()]


def test_attacks_run_through_the_site_and_leave_nothing(worker: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("attack", only=["exit_124_py", "daemon_after_next_program_py", "control_ok_cpp", "src_empty_py"])
    table = capsys.readouterr().out
    rows = [re.split(r"  +", line.strip()) for line in table.splitlines()]
    found = {row[0]: (row[2], row[4]) for row in rows[1:-1]}
    assert found == {
        "exit_124_py": ("RE", "ok"),
        "src_empty_py": ("refused", "ok"),
        "control_ok_cpp": ("AC", "ok"),
        "daemon_waits_for_next_program_py": ("AC", "ok"),
        "daemon_after_next_program_py": ("AC", "ok"),
    }
    assert rows[-1] == ["5 of 5 attacks ended as they may"]
    assert left() == []


def test_a_verdict_that_is_not_allowed_is_told_and_exits_with_1(
    worker: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    escaped = Attack("escaped", "control", "python3", "print(3)", ("WA",), (("1 2\n", "3\n"),))
    monkeypatch.setattr(command, "catalogue", lambda: {"escaped": escaped})
    with pytest.raises(SystemExit) as ended:
        call_command("attack")
    assert ended.value.code == 1
    assert re.search(r"escaped +control +AC +WA +NOT", capsys.readouterr().out)
    assert left() == []


def test_no_worker_is_told_and_leaves_nothing(queue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siege, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(CommandError, match="is a worker running"):
        call_command("attack", only=["control_ok_py"])
    assert left() == []


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(CommandError, match="no such attack: nonsense"):
        call_command("attack", only=["nonsense"])
