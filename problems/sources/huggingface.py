"""Data sets on the Hugging Face hub: `owner/name`, `owner/name@revision`, with or without `hf:` before it.

In charge of: the hub's protocol, spoken by its own client. `HF_ENDPOINT`, `HF_TOKEN` and the proxy variables are the
client's. The transfer is ours (`_downloads.py`): the client begins a file anew after a kill and checks no SHA-256.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from problems.sources import SourceError, _hubs
from problems.sources._downloads import Broken, Progress, RemoteFile, start_of

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

PREFIX = "hf:"
TIMEOUT = 30  # seconds without a byte
# Answers that another try may change.
PASSING = {408, 425, 429, 500, 502, 503, 504}

files_of = _hubs.files_of
version_of = _hubs.version_of


def accepts(source: str) -> bool:
    """True for `hf:...`, and for `owner/name` where nothing of that name lies here."""
    if source.startswith(PREFIX):
        return True
    return not _hubs.looks_like_a_file(source) and _hubs.name_of(source, PREFIX) is not None


def fetch(source: str, splits: Collection[str], into: Path, progress: Progress) -> Path:
    """Bring the data set's parquet files under ``into``, see `_hubs.fetch`. Raises SourceError."""
    name = _hubs.name_of(source, PREFIX)
    if name is None:
        raise SourceError(f"{source}: not a data set's name; give owner/name or owner/name@revision")
    return _hubs.fetch(_Hub(), name, splits, into, progress)


def at(source: str, version: str) -> str:
    """The name of the same data set at this version, whatever its branch or tag has come to be."""
    return _hubs.at(source, PREFIX, version)


class _Hub:
    folder = "huggingface"

    def __init__(self) -> None:
        # Imported where they are used: who lists problems doesn't pay for them.
        from huggingface_hub import HfApi

        self._api = HfApi(library_name="kodjudge")

    def look(self, name: _hubs.Name) -> _hubs.Snapshot:
        """See `_hubs.Hub`."""
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        try:
            info = self._api.dataset_info(
                name.repository, revision=name.revision or None, timeout=TIMEOUT, files_metadata=True
            )
        except HfHubHTTPError as error:
            raise _reason(error, name) from error
        except (httpx2.TransportError, OfflineModeIsEnabled) as error:
            raise _hubs.Unreachable(
                f"{name.repository}: nothing of that name lies here, and {self._api.endpoint} can't be reached: "
                f"{str(error) or type(error).__name__}. Look at the network and the proxy variables, or download the "
                "data set elsewhere and give its folder."
            ) from error
        found = (
            _hubs.remote_file(file.rfilename, file.size, file.lfs.sha256 if file.lfs else "")
            for file in info.siblings or ()
        )
        return _hubs.Snapshot(info.sha or "", info.sha or "", tuple(file for file in found if file))

    @contextmanager
    def open_at(
        self, name: _hubs.Name, revision: str, file: RemoteFile, offset: int
    ) -> Iterator[tuple[int, Iterable[bytes]]]:
        """See `_hubs.Hub`."""
        import httpx2
        from huggingface_hub import get_session, hf_hub_url
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
        from huggingface_hub.utils import build_hf_headers, hf_raise_for_status  # type: ignore[attr-defined]  # lazy

        url = hf_hub_url(
            name.repository, file.path, repo_type="dataset", revision=revision, endpoint=self._api.endpoint
        )
        headers = build_hf_headers(library_name="kodjudge") | {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        try:
            with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT) as answer:
                hf_raise_for_status(answer)
                yield (
                    start_of(answer.status_code, answer.headers.get("Content-Range", ""), offset),
                    answer.iter_bytes(_hubs.CHUNK),
                )
        except HfHubHTTPError as error:
            if error.response.status_code in PASSING:
                raise Broken(f"the hub answered {error.response.status_code}") from error
            raise _reason(error, name) from error
        except (httpx2.TransportError, OfflineModeIsEnabled) as error:
            raise Broken(f"the connection broke: {str(error) or type(error).__name__}") from error


def _reason(error: "HfHubHTTPError", name: _hubs.Name) -> SourceError:
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    status = error.response.status_code
    if isinstance(error, GatedRepoError):
        return SourceError(
            f"{name.repository} is gated: accept its terms on its page, then set HF_TOKEN to a token of that account"
        )
    if isinstance(error, RevisionNotFoundError):
        return SourceError(f"{name.repository} has no revision {name.revision or 'main'!r}")
    if isinstance(error, RepositoryNotFoundError):
        return SourceError(
            f"{name.repository}: no such file or folder here, and the hub has no such data set, or only for those who "
            "set HF_TOKEN"
        )
    if status in {401, 403}:
        return SourceError(f"{name.repository}: the hub refuses HF_TOKEN ({status})")
    if status in PASSING:
        return _hubs.Unreachable(f"{name.repository}: the hub answered {status}; try again later")
    return SourceError(f"{name.repository}: the hub answered {status}")
