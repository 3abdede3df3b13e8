"""What all hubs have in common: how a data set is named, where its files lie here, and which of them are wanted.

Not in charge of: a hub's protocol (the hub's own file) or the transfer (`_downloads.py`). In the folder of data sets:

    huggingface/KodCode--KodCode-V1/revisions.json              the commit that a branch or tag was last seen at
    huggingface/KodCode--KodCode-V1/<commit>/files.json         what the snapshot holds
    huggingface/KodCode--KodCode-V1/<commit>/train-*.parquet

A snapshot that is here is enough where the hub can't be reached.
"""

import json
import os
import re
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from problems.sources import SourceError
from problems.sources._downloads import Progress, RemoteFile, download, unwritable
from problems.sources._files import split_of

# Bytes. What a break costs at most.
CHUNK = 64 * 1024
_PART = r"[A-Za-z0-9][\w.-]{0,95}"
_REPOSITORY = re.compile(rf"(?P<repository>{_PART}/{_PART})(?:@(?P<revision>\w[\w./-]{{0,199}}))?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
# Such a name is a file's, there or not.
_FILES = (".parquet", ".jsonl", ".gz", ".zst", ".json", ".csv")


class Unreachable(SourceError):
    """The hub doesn't answer."""


@dataclass(frozen=True, slots=True)
class Name:
    """A data set on a hub; ``revision`` is a branch, tag or commit, "" for the hub's default."""

    repository: str
    revision: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A data set at one commit: ``commit`` is 40 hexadecimal digits that stand for exactly these files."""

    commit: str
    revision: str
    files: tuple[RemoteFile, ...]


class Hub(Protocol):
    """What a hub's file tells this one."""

    folder: str

    def look(self, name: Name) -> Snapshot:
        """The data set's parquet files now. Raises SourceError; Unreachable where the hub doesn't answer."""

    def open_at(
        self, name: Name, revision: str, file: RemoteFile, offset: int
    ) -> AbstractContextManager[tuple[int, Iterable[bytes]]]:
        """A file's bytes, see `_downloads.OpenAt`. Raises SourceError and Broken."""


def name_of(source: str, prefix: str) -> Name | None:
    """The data set that ``source`` names, with ``prefix`` or without; None where it is no such name."""
    found = _REPOSITORY.fullmatch(source.removeprefix(prefix))
    if found is None or ".." in source:
        return None
    return Name(found["repository"], found["revision"] or "")


def version_of(folder: Path) -> str:
    """What stands for exactly the content of a folder that `fetch` gave: the commit."""
    return folder.name


def files_of(folder: Path, splits: Collection[str]) -> list[Path]:
    """The parquet files of ``splits`` (none: all) in it, by name."""
    return [path for path in sorted(folder.glob("*.parquet")) if not splits or split_of(path) in splits]


def at(source: str, prefix: str, commit: str) -> str:
    """The name of the same data set at ``commit``."""
    name = name_of(source, prefix)
    return f"{prefix}{name.repository}@{commit}" if name else source


def looks_like_a_file(source: str) -> bool:
    """True for the name of a file, there or not, and for whatever is there."""
    return source.endswith(_FILES) or os.path.exists(source)


def remote_file(path: str, size: object, sha256: object) -> RemoteFile | None:
    """What a hub's listing says of a file: None for all but parquet files that can be stored here."""
    parts = path.split("/")
    if not path.endswith(".parquet") or not all(re.fullmatch(r"[\w=,+ -][\w.=,+ -]*", part) for part in parts):
        return None
    if not isinstance(size, int) or size < 0:
        return None
    digest = sha256.lower() if isinstance(sha256, str) else ""
    name = "--".join(parts[1:] if parts[0] == "data" else parts)
    return RemoteFile(path, name, size, digest if re.fullmatch("[0-9a-f]{64}", digest) else "")


def fetch(hub: Hub, name: Name, splits: Collection[str], into: Path, progress: Progress) -> Path:
    """Bring the parquet files of ``splits`` (none: all) under the folder ``into``; returns the snapshot's folder.

    That folder's name is the commit. Raises SourceError.
    """
    shelf = into / hub.folder / name.repository.replace("/", "--")
    snapshot = _snapshot(hub, name, shelf)
    wanted = [file for file in snapshot.files if not splits or split_of(Path(file.name)) in splits]
    if not wanted:
        of = f" of {', '.join(sorted(splits))}" if splits else ""
        raise SourceError(f"{name.repository}: no .parquet file{of} in this data set")
    download(shelf / snapshot.commit, wanted, partial(hub.open_at, name, snapshot.revision), progress)
    return shelf / snapshot.commit


def _snapshot(hub: Hub, name: Name, shelf: Path) -> Snapshot:
    if _COMMIT.fullmatch(name.revision) and (kept := _kept(shelf, name.revision)):
        return kept
    try:
        snapshot = hub.look(name)
    except Unreachable:
        commit = _read(shelf / "revisions.json").get(name.revision)
        kept = _kept(shelf, commit) if isinstance(commit, str) else None
        if kept is None:
            raise
        return kept
    try:
        _write(shelf / snapshot.commit / "files.json", asdict(snapshot))
        _write(shelf / "revisions.json", _read(shelf / "revisions.json") | {name.revision: snapshot.commit})
    except OSError as error:
        raise unwritable(shelf, error) from error
    return snapshot


def _kept(shelf: Path, commit: str) -> Snapshot | None:
    """The snapshot that lies here, or that a download of it began."""
    kept = _read(shelf / commit / "files.json")
    return Snapshot(commit, kept["revision"], tuple(RemoteFile(**file) for file in kept["files"])) if kept else None


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(json.dumps(value, indent=1))
    new.replace(path)
