"""A bound on the memory of this process: past it an allocation fails (MemoryError) in place of the machine.

An importer's rows are anybody's, and no reader of files can promise how much a hostile one takes. Where the system
knows no such bound there is none.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/status")


@contextmanager
def at_most(size: int | None) -> Iterator[None]:
    """Within it the process may take ``size`` bytes as `with_more` counts them; None means no bound."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if size is None or (soft != resource.RLIM_INFINITY and soft < size):
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def with_more(size: int) -> int | None:
    """What the process has now and ``size`` bytes more; None where the system doesn't tell."""
    if not _STATUS.exists():
        return None
    lines = _STATUS.read_text().splitlines()
    return next((int(line.split()[1]) * 1024 + size for line in lines if line.startswith("VmData:")), None)
