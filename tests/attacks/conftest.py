"""A sandbox that attacks are let loose in, and what the host looked like before."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import docker
import pytest

from judge.engine.judge import judge
from judge.engine.sandbox.orphans import WORKER_LABEL
from judge.engine.tally import Tally
from judge.engine.types import Case, Job, Limits
from judge.submissions.attacking import Attack
from judge.submissions.judging import make_sandbox

FIRST_UID, NOBODY = 20_000, 65_534
HOST_FILES = ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/proc/sys/kernel/core_pattern")
DISK_SLACK = 1 << 30  # other work on this machine; the attacks on disks write until they are stopped
PATIENCE = 10


def state_of(path: str) -> tuple[int, int, int, bytes] | None:
    """Owner, group, mode and content."""
    try:
        status = os.stat(path)
        return status.st_uid, status.st_gid, status.st_mode, Path(path).read_bytes()
    except FileNotFoundError:
        return None


class Arena:
    """A sandbox of its own in a directory of its own, and what the host looked like before."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.sandbox = make_sandbox(pool_size=2)
        self.api = docker.APIClient()
        self.before = {path: state_of(path) for path in HOST_FILES}
        self.entries = set(place.iterdir())
        self.free = shutil.disk_usage("/").free

    def verdict(self, attack: Attack, owner: str) -> str:
        """Judge it as a submission would be; a fault of the judge's raises."""
        limits = Limits(cpu_ms=attack.time_limit_ms, memory_kb=attack.memory_limit_kb)
        cases = [Case(stdin.encode(), answer.encode()) for stdin, answer in attack.tests]
        tally = Tally()
        for event in judge(Job(attack.language, attack.source.encode(), cases, owner, limits), self.sandbox):
            tally.add(event)
        return tally.verdict.value

    def containers(self) -> dict[str, bool]:
        """The running sandbox containers on this machine; True where they are this process' own."""
        found = self.api.containers(filters={"label": WORKER_LABEL})
        return {each["Id"]: each["Labels"][WORKER_LABEL].split(":")[1] == str(os.getpid()) for each in found}

    def processes(self) -> list[str]:
        """Command lines of the processes under a submission's uid, but for those of other people's sandboxes."""
        others = [each for each, own in self.containers().items() if not own]
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if entry.stat().st_uid < FIRST_UID or entry.stat().st_uid == NOBODY:
                    continue
                cgroup = (entry / "cgroup").read_text()
                if any(each in cgroup for each in others):
                    continue
                found.append((entry / "cmdline").read_bytes().decode(errors="replace") + cgroup)
            except (FileNotFoundError, ProcessLookupError):
                continue
        return found

    def residue(self) -> list[str]:
        """What is wrong with the host; waits a little for what is being removed."""
        end = time.monotonic() + PATIENCE
        while (left := self.processes()) and time.monotonic() < end:
            time.sleep(0.05)
        wrong = [f"process left: {process}" for process in left]
        wrong += [f"{path} changed" for path in HOST_FILES if state_of(path) != self.before[path]]
        wrong += [f"new file: {path}" for path in set(self.place.iterdir()) - self.entries]
        if shutil.disk_usage("/").free < self.free - DISK_SLACK:
            wrong.append("disk space is gone")
        self.free = shutil.disk_usage("/").free
        return wrong


@contextmanager
def _arena(place: Path) -> Iterator[Arena]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr(tempfile, "tempdir", str(place))
        arena = Arena(place)
        try:
            yield arena
        finally:
            arena.sandbox.close()


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """One for all tests of a file; its directory is the current one and the one for temporary files."""
    with _arena(tmp_path_factory.mktemp("arena")) as arena:
        yield arena


@pytest.fixture
def make_arena(tmp_path: Path) -> Iterator[Callable[[], Arena]]:
    """Makes one for one test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(_arena(tmp_path))
