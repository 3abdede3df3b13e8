"""The files of an export: .parquet, .jsonl (plain, .gz, .zst), or a folder of parquet shards like the dataset's.

In charge of: memory that doesn't grow with the rows, and a name that stands for a whole export only. Not in charge of:
what is in a row (`exported_rows.py`).
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from problems.exported_rows import EXPORT_SCHEMA, Exported, Row

# A row group is as large as either says.
GROUP_ROWS = 1_000
GROUP_BYTES = 16 * 1024 * 1024
BUFFER_BYTES = 1024 * 1024
# About as many as a shard of the dataset has.
SHARD_ROWS = 32_500

CITATION = (
    "Zhangchen Xu, Yang Liu, Yueqin Yin, Mingyuan Zhou, Radha Poovendran: KodCode: A Diverse, Challenging, and "
    "Verifiable Synthetic Dataset for Coding. arXiv:2503.02951, 2025."
)

Write = Callable[[Exported], None]
# Opens a new file or folder.
Kind = Callable[[Path], AbstractContextManager[Write]]


class UnknownKind(Exception):
    """No kind of file that we write."""


class AlreadyThere(Exception):
    """Something that would have to be replaced."""


def notes() -> dict[str, str]:
    """What every exported parquet file says of itself, as its key-value metadata."""
    return {
        "licence": "CC BY-NC 4.0, https://creativecommons.org/licenses/by-nc/4.0/: attribution, no commercial use",
        "citation": CITATION,
        "source": "rows of KodCode-V1, https://huggingface.co/datasets/KodCode/KodCode-V1, as curated; those whose "
        "metadata.seed_ids are kodjudge:samples are KodJudge's own, under the MIT licence",
        "exported_by": f"KodJudge {settings.VERSION}",
    }


@contextmanager
def writing(out: Path, *, force: bool = False) -> Iterator[Write]:
    """Gives the function that writes a row; ``out`` is there when the block has ended well, and only then.

    Raises UnknownKind, AlreadyThere (for a folder with other files in it even with ``force``) and OSError.
    """
    kind = _kind_of(out)
    if out.exists() and not _may_replace(out, kind, force):
        raise AlreadyThere(out)
    new = out.with_name(f".{out.name}.{os.getpid()}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with kind(new) as write:
            yield write
        if out.is_dir():
            out.rename(new.with_suffix(".old"))
        new.replace(out)
        shutil.rmtree(new.with_suffix(".old"), ignore_errors=True)
    finally:
        shutil.rmtree(new) if new.is_dir() else new.unlink(missing_ok=True)


def _kind_of(out: Path) -> Kind:
    kinds: dict[str, Kind] = {
        ".parquet": _parquet,
        ".jsonl": partial(_jsonl, None),
        ".jsonl.gz": partial(_jsonl, "gzip"),
        ".jsonl.zst": partial(_jsonl, "zstd"),
    }
    for suffix, kind in kinds.items():
        if out.name.endswith(suffix):
            return kind
    if re.fullmatch(r"\.[A-Za-z]\w*", out.suffix) and not out.is_dir():
        raise UnknownKind(out)
    return _folder


def _may_replace(out: Path, kind: Kind, force: bool) -> bool:
    if not out.is_dir():
        return force
    others = [path for path in out.iterdir() if not (force and path.is_file() and path.suffix == ".parquet")]
    return kind is _folder and not others


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    schema = EXPORT_SCHEMA.with_metadata(notes())
    group: list[Row] = []
    held = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def flush() -> None:
            nonlocal held
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            group.clear()
            held = 0

        def write(each: Exported) -> None:
            nonlocal held
            group.append(each.row)
            held += each.size
            if len(group) == GROUP_ROWS or held > GROUP_BYTES:
                flush()

        yield write
        if group:
            flush()


@contextmanager
def _jsonl(compression: str | None, path: Path) -> Iterator[Write]:
    with pa.output_stream(str(path), compression=compression, buffer_size=BUFFER_BYTES) as file:

        def write(each: Exported) -> None:
            file.write(json.dumps(each.row, ensure_ascii=False).encode() + b"\n")

        yield write


@contextmanager
def _folder(path: Path) -> Iterator[Write]:
    """Shards a split; their names say how many there are, which is known at the end."""
    path.mkdir()
    shards: dict[str, _Shards] = {}
    with ExitStack() as stack:

        def write(each: Exported) -> None:
            if each.split not in shards:
                shards[each.split] = stack.enter_context(_Shards(path, each.split))
            shards[each.split].write(each)

        yield write
    for each in shards.values():
        each.name()


class _Shards(AbstractContextManager["_Shards"]):
    """The files of one split."""

    def __init__(self, folder: Path, split: str) -> None:
        self._folder, self._split = folder, split
        self._rows = 0
        self._count = 0
        self._open = ExitStack()
        self._write: Write = lambda each: None

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def write(self, each: Exported) -> None:
        """Write a row to the last shard or a new one."""
        if self._rows == self._count * SHARD_ROWS:
            self._open.close()
            self._write = self._open.enter_context(_parquet(self._folder / f"{self._split}-{self._count:05}"))
            self._count += 1
        self._write(each)
        self._rows += 1

    def name(self) -> None:
        """Give the shards their names."""
        for number in range(self._count):
            shard = self._folder / f"{self._split}-{number:05}"
            shard.rename(self._folder / f"{shard.name}-of-{self._count:05}.parquet")
