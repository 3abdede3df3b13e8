"""Brings files from elsewhere into a folder: several at a time, resumed after a break, checked by size and SHA-256.

Not in charge of: how a hub is asked (`_hubs.py` and each hub's own file). A file that isn't whole yet has another name
(`.part`), so that whatever lies under its own name is whole and checked.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from problems.sources import SourceError

CONNECTIONS = 4
# In a row without a byte more; a transfer that moves on may break as often as it likes.
TRIES = 8
# Seconds before the second try, doubled for each further one, to half a minute at most.
PAUSE = 1.0
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a snapshot: ``path`` on the hub, ``name`` in the folder, ``size`` in bytes, ``sha256`` or ""."""

    path: str
    name: str
    size: int
    sha256: str


class Broken(Exception):
    """A transfer broke off and may be tried again. Its text is for people."""


class _Damaged(Exception):
    """The bytes aren't those of the file."""


# Opens a file at an offset; gives the place where the bytes really begin (0 where ranges are unknown), and the bytes.
OpenAt = Callable[[RemoteFile, int], AbstractContextManager[tuple[int, Iterable[bytes]]]]
# Hears now and then how many bytes are there and how many there will be. What it raises ends the download.
Progress = Callable[[int, int], object]


def download(folder: Path, files: Sequence[RemoteFile], open_at: OpenAt, progress: Progress) -> None:
    """Make ``files`` be in ``folder``, whole and checked. What a former call brought is not brought again.

    Raises SourceError: no room, no way to the server, not what was announced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            missing = [file for file in files if not _is_whole(folder / file.name, file)]
            _check_room(folder, missing)
            _transfer_all(folder, files, missing, open_at, progress)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> SourceError:
    """Why nothing can be written there, for people."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return SourceError(f"{folder}: the disk is full; make room and run it again, it goes on from here")
    return SourceError(f"{folder}: can't be written: {error.strerror or error}")


def start_of(status: int, content_range: str, offset: int) -> int:
    """Where the bytes of an answer begin that was asked for those from ``offset`` on. Raises Broken."""
    if status != 206:
        return 0
    found = re.match(r"bytes (\d+)-", content_range)
    if found is None or int(found[1]) != offset:
        raise Broken(f"asked for the bytes from {offset} on, the server sent {content_range or 'others'}")
    return offset


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two imports of one data set must not write into one file."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceError(f"{folder}: another import is downloading into it; wait for that one") from None
        yield


def _part(folder: Path, file: RemoteFile) -> Path:
    return folder / f"{file.name}.part"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _is_whole(path: Path, file: RemoteFile) -> bool:
    # It was checked before it got this name.
    return path.is_file() and _size(path) == file.size


def _check_room(folder: Path, missing: Iterable[RemoteFile]) -> None:
    needed = sum(max(0, file.size - _size(_part(folder, file))) for file in missing)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise SourceError(
            f"{folder}: the download needs {needed / 1e9:.2f} GB more, and {free / 1e9:.2f} GB are free; make room, or "
            "set DATASETS_DIR to another disk"
        )


class _Account:
    """The bytes that are there, counted by all transfers."""

    def __init__(self, there: int) -> None:
        self.bytes = there
        self._lock = threading.Lock()

    def add(self, size: int) -> None:
        with self._lock:
            self.bytes += size


def _transfer_all(
    folder: Path, files: Sequence[RemoteFile], missing: Sequence[RemoteFile], open_at: OpenAt, progress: Progress
) -> None:
    total = sum(file.size for file in files)
    there = total - sum(max(0, file.size - _size(_part(folder, file))) for file in missing)
    account = _Account(there)
    stop = threading.Event()
    progress(there, total)
    with ThreadPoolExecutor(CONNECTIONS, "download") as pool:
        pending = {pool.submit(_transfer, folder, file, open_at, account, stop) for file in missing}
        try:
            while pending:
                done, pending = wait(pending, timeout=0.2, return_when=FIRST_EXCEPTION)
                for transfer in done:
                    transfer.result()
                # Here and not in the threads: it may use the caller's database connection, and may raise.
                progress(account.bytes, total)
        finally:
            stop.set()
            for transfer in pending:
                transfer.cancel()


def _transfer(folder: Path, file: RemoteFile, open_at: OpenAt, account: _Account, stop: threading.Event) -> None:
    """Bring one file. Raises SourceError and OSError."""
    part = _part(folder, file)
    breaks = damages = 0
    while not stop.is_set():
        before = _size(part)
        try:
            _append(part, file, open_at, account, stop)
            if stop.is_set():
                return
            _check(part, file)
        except Broken as error:
            breaks = 1 if _size(part) > before else breaks + 1
            if breaks == TRIES:
                raise SourceError(f"{file.path}: {error}") from error
            stop.wait(min(LONGEST_PAUSE, PAUSE * 2 ** (breaks - 1)))
        except _Damaged as error:
            account.add(-_size(part))
            part.unlink(missing_ok=True)
            damages += 1
            if damages == 2:
                raise SourceError(f"{file.path}: twice the bytes that came weren't those announced: {error}") from error
        else:
            os.replace(part, folder / file.name)
            return


def _append(part: Path, file: RemoteFile, open_at: OpenAt, account: _Account, stop: threading.Event) -> None:
    """Add to ``part`` what is missing. Raises Broken, _Damaged, OSError."""
    there = _size(part)
    if there > file.size:
        raise _Damaged(f"{there} bytes in place of {file.size}")
    if there == file.size and part.exists():
        return
    with open_at(file, there) as (start, chunks):
        if start != there:
            account.add(-there)
            there = 0
        with part.open("ab" if start else "wb") as out:
            for chunk in chunks:
                there += len(chunk)
                if there > file.size:
                    raise _Damaged(f"more than {file.size} bytes")
                out.write(chunk)
                account.add(len(chunk))
                if stop.is_set():
                    return
    if there < file.size:
        raise Broken(f"the connection ended after {there} of {file.size} bytes")


def _check(part: Path, file: RemoteFile) -> None:
    if not file.sha256:
        return
    with part.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if digest != file.sha256:
        raise _Damaged(f"SHA-256 {digest} in place of {file.sha256}")
