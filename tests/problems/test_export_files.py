"""The files of an export: nothing half, nothing overwritten, nothing left behind."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from problems import export_files
from problems.export_files import AlreadyThere, UnknownKind, writing
from problems.exported_rows import EXPORT_SCHEMA, Exported, exported
from tests.problems.test_exported_rows import STORED

FILES = ["out.parquet", "out.jsonl", "out.jsonl.gz", "out.jsonl.zst"]
each_kind = pytest.mark.parametrize("name", [*FILES, "out"])


class Break(Exception):
    pass


def some(count: int = 3, split: str = "train") -> list[Exported]:
    return [exported(STORED | {"question_id": f"Taco_{number}_OJ", "split": split}) for number in range(count)]


def breaking() -> Iterator[Exported]:
    yield from some(1)
    raise Break


def write(out: Path, rows: Iterable[Exported], **options: Any) -> None:
    with writing(out, **options) as write_row:
        for row in rows:
            write_row(row)


def read(out: Path) -> list[dict[str, Any]]:
    """The rows of whatever kind of file or folder."""
    if out.is_dir():
        return [row for path in sorted(out.iterdir()) for row in read(path)]
    if out.suffix == ".parquet":
        return pq.read_table(out).to_pylist()
    if out.suffix == ".zst":
        text = pa.CompressedInputStream(str(out), "zstd").read().decode()
    else:
        text = (gzip.decompress(out.read_bytes()) if out.suffix == ".gz" else out.read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()]


@each_kind
def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(Break):
        write(tmp_path / name, breaking())
    assert list(tmp_path.iterdir()) == []


@each_kind
def test_an_export_that_breaks_off_leaves_the_old_one(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, some(2))
    with pytest.raises(Break):
        write(tmp_path / name, breaking(), force=True)
    assert read(tmp_path / name) == [row.row for row in some(2)]
    assert [path.name for path in tmp_path.iterdir()] == [name]


@each_kind
def test_nothing_is_overwritten_unless_it_is_said(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, some(2))
    with pytest.raises(AlreadyThere):
        write(tmp_path / name, some(3))
    assert len(read(tmp_path / name)) == 2
    write(tmp_path / name, some(3), force=True)
    assert len(read(tmp_path / name)) == 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(AlreadyThere):
        write(tmp_path, some(), force=True)
    assert (tmp_path / "thesis.txt").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "out.parquet").mkdir()
    with pytest.raises(AlreadyThere):
        write(tmp_path / "out.parquet", some(), force=True)


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.parquet.gz", "out.gz"])
def test_an_unknown_kind_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownKind):
        write(tmp_path / name, some())
    assert list(tmp_path.iterdir()) == []


@each_kind
def test_rows_come_out_as_they_went_in(tmp_path: Path, name: str) -> None:
    write(tmp_path / "new" / name, some())
    assert read(tmp_path / "new" / name) == [row.row for row in some()]


@pytest.mark.parametrize("name", [*FILES, "export-1.0"])
def test_an_export_of_nothing_is_whole(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, [])
    assert read(tmp_path / name) == []


def test_a_folder_has_shards_named_like_the_dataset_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "SHARD_ROWS", 2)
    write(tmp_path / "out", [*some(3), *some(1, "use_with_caution"), *some(2)])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "train-00000-of-00003.parquet",
        "train-00001-of-00003.parquet",
        "train-00002-of-00003.parquet",
        "use_with_caution-00000-of-00001.parquet",
    ]
    assert [pq.read_metadata(path).num_rows for path in sorted((tmp_path / "out").iterdir())] == [2, 2, 1, 1]


@pytest.mark.parametrize(("limit", "value"), [("GROUP_ROWS", 2), ("GROUP_BYTES", 1_500)])
def test_row_groups_bound_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(export_files, limit, value)
    write(tmp_path / "out.parquet", some(6))
    assert pq.read_metadata(tmp_path / "out.parquet").num_row_groups >= 3


def test_the_file_says_under_which_licence_it_is_and_whom_to_cite(tmp_path: Path) -> None:
    write(tmp_path / "out.parquet", some())
    schema = pq.read_schema(tmp_path / "out.parquet")
    assert schema.equals(EXPORT_SCHEMA)
    notes = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert notes["licence"].startswith("CC BY-NC 4.0")
    assert "arXiv:2503.02951" in notes["citation"]
    assert notes["exported_by"].startswith("KodJudge 0.")
