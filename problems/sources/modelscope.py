"""Data sets on ModelScope: `modelscope:owner/name` or `modelscope:owner/name@revision`.

In charge of: the hub's protocol, spoken by its own client (`modelscope-hub`, on which the large package `modelscope`
stands), installed on request. `MODELSCOPE_ENDPOINT` and `MODELSCOPE_API_TOKEN` are the client's.

The hub's listing names no commit. What stands for a snapshot is a digest of its files' names, sizes and SHA-256.
"""

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from problems.sources import SourceError, _hubs
from problems.sources._downloads import Broken, Progress, RemoteFile, start_of

PREFIX = "modelscope:"
MISSING = (
    "modelscope: needs a package that isn't installed: "
    ".venv/bin/pip install --require-hashes -r requirements-modelscope.txt"
)

files_of = _hubs.files_of
version_of = _hubs.version_of


def accepts(source: str) -> bool:
    """True for `modelscope:...`."""
    return source.startswith(PREFIX)


def fetch(source: str, splits: Collection[str], into: Path, progress: Progress) -> Path:
    """Bring the data set's parquet files under ``into``, see `_hubs.fetch`. Raises SourceError."""
    name = _hubs.name_of(source, PREFIX)
    if name is None:
        raise SourceError(
            f"{source}: not a data set's name; give modelscope:owner/name or modelscope:owner/name@revision"
        )
    return _hubs.fetch(_Hub(), name, splits, into, progress)


def at(source: str, version: str) -> str:
    """The name of the same data set at this version, whatever its branch or tag has come to be."""
    return _hubs.at(source, PREFIX, version)


class _Hub:
    folder = "modelscope"

    def __init__(self) -> None:
        # Imported here: it is there only where somebody asked for it.
        try:
            from modelscope_hub import HubApi
        except ModuleNotFoundError:
            raise SourceError(MISSING) from None
        # It sets its own level when it is first imported.
        logging.getLogger("modelscope_hub").setLevel(logging.WARNING)
        self._api = HubApi()

    def look(self, name: _hubs.Name) -> _hubs.Snapshot:
        """See `_hubs.Hub`."""
        from modelscope_hub.errors import HubError

        revision = name.revision or "master"
        try:
            listed = self._api.list_repo_files(name.repository, "dataset", revision=revision)
        except HubError as error:
            raise self._reason(error, name) from error
        found = (_hubs.remote_file(file.path, file.size, file.sha256) for file in listed if file.type != "tree")
        files = tuple(sorted((file for file in found if file), key=lambda file: file.path))
        digest = hashlib.sha256("".join(f"{file.path}\0{file.size}\0{file.sha256}\0" for file in files).encode())
        return _hubs.Snapshot(digest.hexdigest()[:40], revision, files)

    @contextmanager
    def open_at(
        self, name: _hubs.Name, revision: str, file: RemoteFile, offset: int
    ) -> Iterator[tuple[int, Iterable[bytes]]]:
        """See `_hubs.Hub`."""
        import requests
        from modelscope_hub.errors import HubError

        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
        try:
            with self._api.legacy.download_stream(name.repository, "dataset", file.path, revision, headers) as answer:
                yield (
                    start_of(answer.status_code, answer.headers.get("Content-Range", ""), offset),
                    answer.iter_content(_hubs.CHUNK),
                )
        except HubError as error:
            if error.retryable:
                raise Broken(f"the hub answered: {_headline(error)}") from error
            raise self._reason(error, name) from error
        except requests.RequestException as error:
            raise Broken(f"the connection broke: {error}") from error

    def _reason(self, error: Exception, name: _hubs.Name) -> SourceError:
        from modelscope_hub.errors import AuthenticationError, NotExistError, PermissionDeniedError

        if isinstance(error, NotExistError):
            if self._is_there(name):
                return SourceError(f"{name.repository} has no revision {name.revision or 'master'!r}")
            return SourceError(
                f"{name.repository}: ModelScope has no such data set, or only for those who set MODELSCOPE_API_TOKEN"
            )
        if isinstance(error, AuthenticationError | PermissionDeniedError):
            return SourceError(
                f"{name.repository}: ModelScope wants to know who asks: accept the data set's terms on its page, then "
                "set MODELSCOPE_API_TOKEN to a token of that account"
            )
        if isinstance(error, OSError) or getattr(error, "retryable", False):
            return _hubs.Unreachable(
                f"{name.repository}: ModelScope can't be reached: {_headline(error)}. Look at the network and the "
                "proxy variables, or download the data set elsewhere and give its folder."
            )
        return SourceError(f"{name.repository}: ModelScope answered: {_headline(error)}")

    def _is_there(self, name: _hubs.Name) -> bool:
        from modelscope_hub.errors import HubError

        try:
            return bool(self._api.list_repo_revisions(name.repository, "dataset"))
        except HubError:
            return False


def _headline(error: Exception) -> str:
    # The lines below it hold addresses and bodies.
    return next(iter(str(error).splitlines()), type(error).__name__)
