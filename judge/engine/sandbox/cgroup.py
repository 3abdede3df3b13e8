"""A container's memory limit, set straight through the host's cgroup files where we may write them.

That takes a fraction of a millisecond; asking the Docker daemon for the same takes twenty.
"""

import os
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


class HostCgroup:
    """The memory cgroup of the process ``pid`` (as the host numbers it)."""

    def __init__(self, pid: int) -> None:
        self._version, self._path = _find(Path(f"/proc/{pid}/cgroup").read_text())
        self._peak: int | None = None

    def set_memory(self, kb: int) -> bool:
        """Limit memory (and memory + swap) to ``kb`` KiB. False where these files are not ours to write."""
        size = str(kb * 1024)
        names = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes") if self._version == 1 else ("memory.max",)
        # Raising needs the outer limit first, lowering the inner one: whichever fails goes again after the other.
        try:
            for name in (*names, *names):
                path = self._path / name
                if path.exists():
                    _try_write(path, size)
            return int((self._path / names[0]).read_text()) == kb * 1024
        except (OSError, ValueError):  # not ours, or gone with its container
            return False

    def reset_peak(self) -> None:
        """Start the peak memory reading anew (cgroup v1; v2's is reset for one open file only)."""
        if self._version != 1:
            return
        if self._peak is None:
            try:
                self._peak = os.open(self._path / "memory.max_usage_in_bytes", os.O_WRONLY | os.O_CLOEXEC)
            except OSError:
                self._peak = -1
        if self._peak >= 0:
            with suppress(OSError):  # gone with its container: the run that follows reports that
                os.pwrite(self._peak, b"0", 0)

    def close(self) -> None:
        """Close what is open."""
        if self._peak is not None and self._peak >= 0:
            os.close(self._peak)
            self._peak = -1


def _find(table: str) -> tuple[int, Path]:
    """(version, directory) of the memory controller in the text of /proc/PID/cgroup."""
    unified = "/"
    for line in table.splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            return 1, _ROOT / "memory" / path.lstrip("/")
        if not controllers:
            unified = path
    return 2, _ROOT / unified.lstrip("/")


def _try_write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except PermissionError:
        raise
    except OSError:
        # EINVAL or EBUSY: the order of the two limits; the caller reads back what holds in the end.
        return
