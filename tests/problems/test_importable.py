"""What the start form offers: nothing that lies, or leads, outside DATASETS_DIR."""

import os
from pathlib import Path
from typing import Any

import pytest

from problems import importable


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """DATASETS_DIR, empty, with a file beside it that nobody may import."""
    (tmp_path / "secret.jsonl").write_text("{}\n")
    settings.DATASETS_DIR = tmp_path / "datasets"
    settings.DATASETS_DIR.mkdir()
    return settings.DATASETS_DIR


def offered() -> list[str]:
    return [each.key for each in importable.files()]


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def test_a_link_out_is_not_offered(folder: Path) -> None:
    (folder / "a.jsonl").symlink_to(folder.parent / "secret.jsonl")
    assert offered() == []


def test_a_linked_folder_is_not_entered(folder: Path) -> None:
    put(folder.parent / "elsewhere" / "a.parquet")
    (folder / "linked").symlink_to(folder.parent / "elsewhere")
    (folder / "round").symlink_to(folder)
    assert offered() == []


def test_a_folder_with_one_link_out_is_not_offered_whole(folder: Path) -> None:
    put(folder / "mixed" / "a.parquet")
    put(folder.parent / "b.parquet")
    (folder / "mixed" / "b.parquet").symlink_to(folder.parent / "b.parquet")
    assert offered() == ["file:mixed/a.parquet"]


def test_a_dangling_link_and_odd_names_do_no_harm(folder: Path) -> None:
    (folder / "gone.jsonl").symlink_to(folder / "nothing.jsonl")
    put(folder / "a\nb.jsonl")
    put(Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jsonl")))
    put(folder / "<script>.jsonl")
    assert offered() == ["file:<script>.jsonl"]


def test_hidden_files_and_other_kinds_are_not_offered(folder: Path) -> None:
    for name in (".cache/a.parquet", ".a.jsonl", "a.txt", "README.md"):
        put(folder / name)
    assert offered() == []


def test_a_missing_folder_is_an_empty_one(settings: Any, tmp_path: Path) -> None:
    settings.DATASETS_DIR = tmp_path / "nothing"
    assert importable.files() == []


def test_a_huge_folder_is_not_looked_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importable, "MAX_LOOKED_AT", 3)
    for number in range(10):
        put(folder / f"{number}.jsonl")
    assert len(offered()) <= 3


def test_files_and_folders_of_parquet_are_offered(folder: Path) -> None:
    put(folder / "rows.jsonl")
    put(folder / "shards" / "train-0.parquet")
    put(folder / "shards" / "train-1.parquet")
    assert [(each.key, each.label) for each in importable.files()] == [
        ("file:rows.jsonl", "rows.jsonl"),
        ("file:shards", "shards/"),
        ("file:shards/train-0.parquet", "shards/train-0.parquet"),
        ("file:shards/train-1.parquet", "shards/train-1.parquet"),
    ]
    assert importable.files()[0].source == str(folder / "rows.jsonl")


def test_every_hub_is_one_that_a_source_file_reads() -> None:
    from problems import sources

    assert [sources.name_of(hub.source) for hub in importable.hubs()] == ["huggingface", "modelscope"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("hf:KodCode/KodCode-V1", "hf:KodCode/KodCode-V1"),
        ("/srv/data/kodcode/rows.jsonl", "…/kodcode/rows.jsonl"),
        ("{root}/shards/a.parquet", "shards/a.parquet"),
    ],
)
def test_sources_in_words(folder: Path, source: str, words: str) -> None:
    assert importable.words(source.replace("{root}", str(folder))) == words
