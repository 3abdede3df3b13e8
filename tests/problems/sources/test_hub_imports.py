"""Imports from a hub: which version a run is of, and what it says on the way."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from problems import importing
from problems.models import ImportRun, Problem, RunStatus, Split
from problems.options import Options
from problems.sources import SourceError
from tests.problems.sources.conftest import Start
from tests.problems.sources.hub_server import CAUTION, COMMIT, FILES, MORE, REPOSITORY, TRAIN

pytestmark = pytest.mark.django_db

LATER = "f" * 40
each_source = pytest.mark.parametrize("source", [REPOSITORY, f"modelscope:{REPOSITORY}"])


@pytest.fixture(autouse=True)
def datasets(settings: Any, tmp_path: Path) -> Path:
    """Where downloads go."""
    folder = tmp_path / "datasets"
    settings.DATASETS_DIR = folder
    return folder


def run(source: str = REPOSITORY, **options: Any) -> ImportRun:
    return importing.run(importing.queue(source, Options(**options)))


@each_source
def test_a_data_set_on_a_hub_is_imported(start: Start, source: str) -> None:
    start()
    assert run(source).imported == 3
    assert dict(Problem.objects.values_list("question_id", "split")) == {
        "Taco_1_OJ": Split.TRAIN,
        "Taco_2_OJ": Split.TRAIN,
        "Taco_3_OJ": Split.USE_WITH_CAUTION,
    }


@each_source
def test_only_the_wanted_split_is_downloaded_and_read(start: Start, source: str) -> None:
    content = start()
    assert run(source, splits=("use_with_caution",)).rows_read == 1
    assert [path for path, _ in content.asked] == [CAUTION]
    # The other files lie in the same folder by then.
    assert run(source, splits=("train",)).rows_total == 2


def test_a_run_keeps_the_commit(start: Start) -> None:
    start()
    assert run().fingerprint == COMMIT


@each_source
def test_a_run_goes_on_with_the_version_that_it_began_with(start: Start, source: str) -> None:
    content = start()
    first = run(source, splits=("train",))
    # As a run is that was killed behind its download's beginning.
    killed = importing.queue(source, Options())
    killed.fingerprint, killed.status = first.fingerprint, RunStatus.RUNNING
    killed.save()
    content.revisions |= {"main": LATER, "master": LATER}
    assert importing.run(killed).rows_read == 3
    assert killed.fingerprint == first.fingerprint


def test_what_has_changed_on_the_hub_is_a_new_import(start: Start) -> None:
    content = start()
    run()
    content.revisions |= {"main": LATER}
    assert run().fingerprint == LATER


def test_a_run_that_could_not_download_says_why_and_can_be_resumed(start: Start) -> None:
    content = start(gated=True)
    queued = importing.queue(REPOSITORY, Options())
    with pytest.raises(SourceError, match="is gated"):
        importing.run(queued)
    queued.refresh_from_db()
    assert (queued.status, "is gated" in queued.error) == (RunStatus.FAILED, True)
    content.gated = False
    assert importing.run(queued).imported == 3


def test_a_cancelled_run_stops_its_download(start: Start) -> None:
    start()
    queued = importing.queue(REPOSITORY, Options())
    queued.cancel_requested = True
    queued.save()
    assert importing.run(queued).status == RunStatus.CANCELLED
    assert not Problem.objects.exists()


def test_a_run_tells_how_far_its_download_is(start: Start) -> None:
    start()
    heard: list[tuple[int, int]] = []
    importing.run(importing.queue(REPOSITORY, Options()), fetched=lambda *said: heard.append(said))
    total = sum(len(FILES[path]) for path in (TRAIN, MORE, CAUTION))
    assert (heard[0], heard[-1]) == ((0, total), (total, total))


def test_the_command_imports_from_a_hub(start: Start) -> None:
    start()
    out = StringIO()
    call_command("import_kodcode", f"hf:{REPOSITORY}@v1.1", stdout=out)
    assert ["Imported", "3"] in [line.split() for line in out.getvalue().splitlines()]


def test_the_command_says_that_there_is_no_such_thing(start: Start) -> None:
    start()
    with pytest.raises(CommandError, match="nobody/nothing: no such file or folder here"):
        call_command("import_kodcode", "nobody/nothing")
