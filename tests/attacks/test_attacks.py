"""Every attack of the catalogue against the real sandbox: its verdict is allowed, nothing is left, judging goes on."""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from judge.engine.judge import judge
from judge.engine.sandbox.docker import WORKER_LABEL, DockerSandbox
from judge.engine.tally import Tally
from judge.engine.types import Case, Job, Limits
from judge.submissions.attacking import Attack, catalogue

pytestmark = pytest.mark.docker

ATTACKS = catalogue()
CONTROL = ATTACKS["control_ok_py"]
ATTACKER, NEIGHBOUR, EARLIER = "attacker", "neighbour", "earlier attacker"
FIRST_UID = 20_000
HOST_FILES = ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/proc/sys/kernel/core_pattern")
DISK_SLACK = 1 << 30  # other work on this machine; the attacks on disks write until they are stopped
WORKER_MEMORY_KB = 600 * 1024
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
        self.sandbox = DockerSandbox(pool_size=2)
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
        """The sandbox containers on this machine; True where they are this process' own."""
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
                if entry.stat().st_uid < FIRST_UID or entry.stat().st_uid == 65534:
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


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """The arena, its directory being the current one and the one for temporary files."""
    place = tmp_path_factory.mktemp("arena")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr(tempfile, "tempdir", str(place))
        arena = Arena(place)
        try:
            yield arena
        finally:
            arena.sandbox.close()


def test_the_control_is_accepted(arena: Arena) -> None:
    assert arena.verdict(CONTROL, ATTACKER) == "AC"
    assert arena.residue() == []


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(arena: Arena, name: str) -> None:
    attack = ATTACKS[name]
    if attack.follows:
        arena.verdict(ATTACKS[attack.follows], ATTACKER if attack.same_owner else EARLIER)
    assert arena.verdict(attack, ATTACKER) in attack.verdicts
    assert arena.residue() == []
    assert arena.verdict(CONTROL, ATTACKER) == "AC"
    assert arena.verdict(CONTROL, NEIGHBOUR) == "AC"


def test_after_all_attacks_only_the_warm_containers_are_there(arena: Arena) -> None:
    arena.sandbox.wait_until_quiet(60)
    assert arena.residue() == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < WORKER_MEMORY_KB


def test_after_the_end_nothing_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    arena = Arena(tmp_path)
    before = {each for each, own in arena.containers().items() if not own}
    assert arena.verdict(ATTACKS["daemon_respawning_py"], ATTACKER) == "AC"
    arena.sandbox.close()
    end = time.monotonic() + PATIENCE
    while any(own for own in arena.containers().values()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(own for each, own in arena.containers().items() if each not in before)
    assert list(tmp_path.iterdir()) == []
