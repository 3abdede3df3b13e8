"""Files of generated rows."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from problems.generating import row
from problems.row_files import SCHEMA, write_rows

COUNT = 1_100  # more than one row group


def written(out: Path, count: int = COUNT, seed: int = 3, files: int = 2) -> list[int]:
    """Write rows to ``out``; returns what the progress was told."""
    told: list[int] = []
    write_rows(out, count, seed, files, told.append)
    return told


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet", "rows"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    written(out, count=2)
    before = contents(tmp_path) if out.is_file() else contents(out)
    with pytest.raises(FileExistsError):
        written(out, count=3)
    assert (contents(tmp_path) if out.is_file() else contents(out)) == before


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    written(tmp_path / "one")
    written(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_shards_are_named_and_ordered_like_the_datasets(tmp_path: Path) -> None:
    written(tmp_path / "rows", files=3)
    paths = sorted((tmp_path / "rows").iterdir())
    assert [path.name for path in paths] == [f"train-0000{n}-of-00003.parquet" for n in range(3)]
    numbers = [each["row_id"] for path in paths for each in pq.read_table(path)["metadata"].to_pylist()]
    assert numbers == list(range(COUNT))


def test_rows_are_the_same_in_every_kind_of_file(tmp_path: Path) -> None:
    for name in ("rows", "rows.parquet", "rows.jsonl"):
        written(tmp_path / name)
    one = pq.read_table(tmp_path / "rows.parquet")
    assert one.schema == SCHEMA
    assert pq.read_table(tmp_path / "rows") == one
    with (tmp_path / "rows.jsonl").open(encoding="utf-8") as lines:
        assert [json.loads(line) for line in lines] == [row(index, COUNT, 3) for index in range(COUNT)]


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.jsonl.zst"])
def test_compressed_lines_are_the_same_lines(tmp_path: Path, name: str) -> None:
    written(tmp_path / "rows.jsonl")
    written(tmp_path / name)
    assert pa.input_stream(str(tmp_path / name), compression="detect").read() == (tmp_path / "rows.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet", "rows"])
def test_progress_adds_up_to_the_rows(tmp_path: Path, name: str) -> None:
    assert sum(written(tmp_path / name)) == COUNT


def test_the_command_refuses_a_name_that_is_taken(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there already"):
        call_command("generate_rows", "3", Path(__file__), verbosity=0)


def test_the_command_writes_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "rows.jsonl"
    call_command("generate_rows", "3", str(out), seed=3)
    printed = capsys.readouterr()
    assert "3 rows" in printed.out
    assert "rows/s" in printed.err
    assert len(out.read_text(encoding="utf-8").split("\n")) == 4
