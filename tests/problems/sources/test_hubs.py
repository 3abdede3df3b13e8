"""Hubs, asked by their own clients over HTTP: what must not become of a download, and what one is."""

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from problems.sources import SourceError, _downloads, _hubs, huggingface, kodcode, modelscope
from tests.problems.sources.conftest import Start
from tests.problems.sources.hub_server import CAUTION, COMMIT, FILES, MORE, REPOSITORY, TRAIN

NAMES = {huggingface: REPOSITORY, modelscope: f"modelscope:{REPOSITORY}"}

both = pytest.mark.parametrize("hub", NAMES, ids=["huggingface", "modelscope"])


def fetch(
    hub: ModuleType, into: Path, *splits: str, revision: str = "", heard: list[tuple[int, int]] | None = None
) -> Path:
    source = NAMES[hub] + (f"@{revision}" if revision else "")
    return hub.fetch(source, splits, into, lambda *said: heard.append(said) if heard is not None else None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def as_named(*paths: str) -> dict[str, bytes]:
    return {path.removeprefix("data/"): FILES[path] for path in paths}


# --- what must not happen ---


@both
def test_damaged_bytes_never_become_a_file(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start({TRAIN: FILES[TRAIN]}, damaged=2)
    with pytest.raises(SourceError, match="weren't those announced"):
        fetch(hub, tmp_path)
    assert not list(tmp_path.rglob("*.parquet"))


@both
def test_bytes_that_were_damaged_once_are_brought_again(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start({TRAIN: FILES[TRAIN]}, damaged=1)
    assert contents(fetch(hub, tmp_path)) == as_named(TRAIN)


@both
def test_a_part_is_never_taken_for_a_file(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start({TRAIN: FILES[TRAIN]}, cuts=[1_000] + [0] * _downloads.TRIES)
    with pytest.raises(SourceError, match=TRAIN):
        fetch(hub, tmp_path)
    assert [path.suffix for path in tmp_path.rglob("train*")] == [".part"]


@both
@pytest.mark.parametrize("path", ["../train-1.parquet", "/etc/train-1.parquet", "data/../../x.parquet", "a\\b.parquet"])
def test_no_name_leads_out_of_the_folder(hub: ModuleType, start: Start, tmp_path: Path, path: str) -> None:
    start({path: b"x", TRAIN: FILES[TRAIN]})
    into = tmp_path / "inner" / "datasets"
    assert contents(fetch(hub, into)) == as_named(TRAIN)
    assert not (tmp_path / "x.parquet").exists()


@both
def test_two_downloads_never_write_into_one_file(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start()
    folder = fetch(hub, tmp_path, "train")
    with _downloads._alone(folder), pytest.raises(SourceError, match="another import is downloading"):
        fetch(hub, tmp_path)


# --- errors are for people ---


def test_an_unknown_data_set_is_named(start: Start, tmp_path: Path) -> None:
    start()
    with pytest.raises(
        SourceError, match=r"nobody/nothing: no such file or folder here, and the hub has no such data set"
    ):
        huggingface.fetch("nobody/nothing", (), tmp_path, print)
    with pytest.raises(SourceError, match=r"nobody/nothing: ModelScope has no such data set"):
        modelscope.fetch("modelscope:nobody/nothing", (), tmp_path, print)


@both
def test_an_unknown_revision_is_named(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start()
    with pytest.raises(SourceError, match=r"KodCode/KodCode-V1 has no revision 'v9'"):
        fetch(hub, tmp_path, revision="v9")


@both
def test_a_gated_data_set_says_what_to_do(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start(gated=True)
    with pytest.raises(SourceError, match=r"accept .* terms on its page, then set (HF_TOKEN|MODELSCOPE_API_TOKEN)"):
        fetch(hub, tmp_path)


def test_a_token_that_is_refused_is_named(start: Start, tmp_path: Path) -> None:
    start(wrong_token=True)
    with pytest.raises(SourceError, match=r"the hub refuses HF_TOKEN \(401\)"):
        fetch(huggingface, tmp_path)


@both
def test_no_network_says_what_to_do(
    hub: ModuleType, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelscope_hub._legacy_api.REPO_TREE_PAGE_MAX_ATTEMPTS", 1)
    start.nowhere()
    with pytest.raises(SourceError, match=r"can't be reached: .* download the data set elsewhere and give its folder"):
        fetch(hub, tmp_path)


@both
def test_a_data_set_without_parquet_files_is_named(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start({"README.md": b"# None"})
    with pytest.raises(SourceError, match=r"no \.parquet file in this data set"):
        fetch(hub, tmp_path)


@both
def test_a_split_that_is_not_there_is_named(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start({TRAIN: FILES[TRAIN]})
    with pytest.raises(SourceError, match=r"no \.parquet file of use_with_caution"):
        fetch(hub, tmp_path, "use_with_caution")


@both
def test_too_little_room_is_said_before_the_download(
    hub: ModuleType, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = start()
    usage = _downloads.shutil.disk_usage(tmp_path)._replace(free=1_000)
    monkeypatch.setattr(_downloads.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(
        SourceError, match=r"needs 0\.00 GB more, and 0\.00 GB are free; make room, or set DATASETS_DIR"
    ):
        fetch(hub, tmp_path)
    assert content.asked == []


@both
def test_a_disk_that_fills_up_is_said(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start()
    folder = fetch(hub, tmp_path, "use_with_caution")
    (folder / "train-00000-of-00002.parquet.part").symlink_to("/dev/full")
    with pytest.raises(SourceError, match="the disk is full; make room and run it again"):
        fetch(hub, tmp_path)


@both
def test_a_folder_that_cannot_be_written_is_named(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start()
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SourceError, match=r"can't be written: Not a directory"):
        fetch(hub, tmp_path / "file")


def test_without_its_package_modelscope_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "modelscope_hub", None)
    with pytest.raises(SourceError, match=r"pip install --require-hashes -r requirements-modelscope\.txt"):
        fetch(modelscope, tmp_path)


@both
@pytest.mark.parametrize("name", ["", "x", "a/b/c", "a/b@", "a/../b", "a/b@../../c", "-a/b", "a/b@main@x"])
def test_what_is_no_name_is_refused(hub: ModuleType, name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a data set's name"):
        hub.fetch(("hf:" if hub is huggingface else "modelscope:") + name, (), tmp_path, print)


# --- downloads ---


@both
def test_the_files_of_a_data_set_come_whole(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start()
    folder = fetch(hub, tmp_path)
    assert contents(folder) == as_named(TRAIN, MORE, CAUTION)
    assert not list(folder.glob("README*"))


@both
def test_only_the_wanted_splits_are_brought(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    content = start()
    assert contents(fetch(hub, tmp_path, "use_with_caution")) == as_named(CAUTION)
    assert [path for path, _ in content.asked] == [CAUTION]


@both
@pytest.mark.parametrize("cuts", [[1_000], [1_000, 20_000, 3_000], [0, 30_000]])
def test_a_broken_download_goes_on_where_it_broke(
    hub: ModuleType, start: Start, tmp_path: Path, cuts: list[int]
) -> None:
    content = start({TRAIN: FILES[TRAIN]}, cuts=list(cuts))
    assert contents(fetch(hub, tmp_path)) == as_named(TRAIN)
    starts = [sum(cuts[:n]) for n in range(len(cuts) + 1)]
    assert content.asked == [(TRAIN, f"bytes={start}-" if start else "") for start in starts]


@both
def test_a_download_that_ended_goes_on_in_the_next_run(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    content = start({TRAIN: FILES[TRAIN]}, cuts=[1_000] + [0] * (_downloads.TRIES - 1))
    with pytest.raises(SourceError):
        fetch(hub, tmp_path)
    content.asked.clear()
    assert contents(fetch(hub, tmp_path)) == as_named(TRAIN)
    assert content.asked == [(TRAIN, "bytes=1000-")]


@both
def test_a_server_without_ranges_sends_it_all_again(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    start({TRAIN: FILES[TRAIN]}, cuts=[1_000], ranges=False)
    assert contents(fetch(hub, tmp_path, heard=heard)) == as_named(TRAIN)
    assert heard[-1] == (len(FILES[TRAIN]), len(FILES[TRAIN]))


@both
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_refusal_is_tried_again(hub: ModuleType, start: Start, tmp_path: Path, status: int) -> None:
    start({TRAIN: FILES[TRAIN]}, refusals=[status, status])
    assert contents(fetch(hub, tmp_path)) == as_named(TRAIN)


@both
def test_what_is_here_is_not_brought_again(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    content = start()
    fetch(hub, tmp_path, "train")
    content.asked.clear()
    heard: list[tuple[int, int]] = []
    fetch(hub, tmp_path, heard=heard)
    assert [path for path, _ in content.asked] == [CAUTION]
    total = sum(len(FILES[path]) for path in (TRAIN, MORE, CAUTION))
    assert heard[0] == (total - len(FILES[CAUTION]), total)


@both
def test_a_snapshot_that_is_here_does_without_the_hub(
    hub: ModuleType, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    folder = fetch(hub, tmp_path, revision="v1.1")
    monkeypatch.setattr("modelscope_hub._legacy_api.REPO_TREE_PAGE_MAX_ATTEMPTS", 1)
    start.nowhere()
    assert fetch(hub, tmp_path, revision="v1.1") == folder
    with pytest.raises(_hubs.Unreachable):
        fetch(hub, tmp_path, revision="other")


@both
def test_a_commit_that_is_here_is_not_asked_for(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    content = start()
    folder = fetch(hub, tmp_path)
    content.listings = 0
    pinned = hub.at(NAMES[hub] + "@v1.1", hub.version_of(folder))
    assert hub.accepts(pinned)
    assert hub.fetch(pinned, (), tmp_path, lambda *said: None) == folder
    assert content.listings == 0


def test_a_branch_is_resolved_to_its_commit(start: Start, tmp_path: Path) -> None:
    start()
    folder = fetch(huggingface, tmp_path)
    assert folder == tmp_path / "huggingface" / "KodCode--KodCode-V1" / COMMIT


def test_other_files_make_another_snapshot_of_modelscope_s(start: Start, tmp_path: Path) -> None:
    content = start()
    before = fetch(modelscope, tmp_path)
    content.files[TRAIN] = FILES[MORE]
    after = fetch(modelscope, tmp_path)
    assert before.name != after.name
    assert (after / "train-00000-of-00002.parquet").read_bytes() == FILES[MORE]


@both
def test_progress_is_told_in_bytes_and_in_the_caller_s_thread(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    start()
    heard: list[tuple[int, int]] = []
    threads = set()
    hub.fetch(NAMES[hub], (), tmp_path, lambda *said: (heard.append(said), threads.add(threading.current_thread())))
    total = sum(len(FILES[path]) for path in (TRAIN, MORE, CAUTION))
    assert (heard[0], heard[-1]) == ((0, total), (total, total))
    assert heard == sorted(heard)
    assert threads == {threading.current_thread()}


@both
def test_a_download_can_be_cancelled_and_goes_on_later(hub: ModuleType, start: Start, tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(there: int, total: int) -> None:
        raise Cancelled

    start()
    with pytest.raises(Cancelled):
        hub.fetch(NAMES[hub], (), tmp_path, cancel)
    assert contents(fetch(hub, tmp_path)) == as_named(TRAIN, MORE, CAUTION)


def test_the_clients_variable_names_another_hub(start: Start, tmp_path: Path) -> None:
    content = start()
    program = (
        "import sys; from pathlib import Path; from problems.sources import huggingface;"
        f"print(huggingface.fetch('hf:{REPOSITORY}@main', ['train'], Path(sys.argv[1]), lambda *said: None))"
    )
    argv = [sys.executable, "-c", program, str(tmp_path)]
    run = subprocess.run(
        argv, env=os.environ | {"HF_ENDPOINT": content.url}, capture_output=True, text=True, timeout=60, check=True
    )
    assert contents(Path(run.stdout.strip())) == as_named(TRAIN, MORE)


# --- names ---


@pytest.mark.parametrize(
    ("source", "reader"),
    [
        ("KodCode/KodCode-V1", huggingface),
        ("KodCode/KodCode-V1@v1.1", huggingface),
        ("hf:KodCode/KodCode-V1@refs/pr/1", huggingface),
        ("modelscope:AI-ModelScope/KodCode-V1", modelscope),
        ("data/rows.jsonl", kodcode),
        ("data/rows.parquet", kodcode),
    ],
)
def test_a_name_has_one_reader(source: str, reader: ModuleType) -> None:
    assert [module for module in (huggingface, modelscope, kodcode) if module.accepts(source)] == [reader]


def test_what_lies_here_comes_before_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "KodCode" / "KodCode-V1").mkdir(parents=True)
    assert huggingface.accepts(REPOSITORY)
    monkeypatch.chdir(tmp_path)
    assert not huggingface.accepts(REPOSITORY)


def test_a_hash_that_is_none_is_not_trusted_and_a_size_must_be_one() -> None:
    assert _hubs.remote_file("a.parquet", 3, "not a hash") == _downloads.RemoteFile("a.parquet", "a.parquet", 3, "")
    assert _hubs.remote_file("a.parquet", None, hashlib.sha256().hexdigest()) is None
    assert _hubs.remote_file("default/train/0000.parquet", 3, None).name == "default--train--0000.parquet"
