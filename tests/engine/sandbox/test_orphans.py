"""Whose containers a sweep takes."""

import os
import time

import pytest

from judge.engine.sandbox import orphans
from judge.engine.sandbox.orphans import WORKER_LABEL, worker_identity

BOOT, PID, STARTED, NAMESPACE = worker_identity().split(":")


class Docker:
    """A daemon with one container."""

    def __init__(self, identity: str, state: str = "running", age_s: float = 0) -> None:
        labels = {WORKER_LABEL: identity}
        self.container = {"Id": "0" * 64, "Labels": labels, "State": state, "Created": time.time() - age_s}
        self.removed: list[str] = []

    def containers(self, **_: object) -> list[dict[str, object]]:
        return [self.container]

    def remove_container(self, identity: str, **_: object) -> None:
        self.removed.append(identity)


@pytest.mark.parametrize(
    ("identity", "state", "age_s", "goes"),
    [
        (f"{BOOT}:{PID}:{STARTED}:{NAMESPACE}", "created", 3600, False),
        (f"{BOOT}:{PID}:1:{NAMESPACE}", "running", 0, True),
        (f"{BOOT}:{2**22 + 1}:1:{NAMESPACE}", "created", 0, True),
        (f"another-host:{PID}:{STARTED}:{NAMESPACE}", "running", 3600, False),
        (f"another-host:{PID}:{STARTED}:{NAMESPACE}", "created", 1, False),
        (f"another-host:{PID}:{STARTED}:{NAMESPACE}", "created", 3600, True),
        (f"{BOOT}:{PID}:{STARTED}:another-namespace", "running", 3600, False),
    ],
    ids=[
        "ours",
        "pid used again",
        "dead worker",
        "stranger runs",
        "stranger is starting",
        "stranger's rest",
        "a guest",
    ],
)
def test_only_what_nobody_needs_goes(identity: str, state: str, age_s: float, goes: bool) -> None:
    daemon = Docker(identity, state, age_s)
    assert orphans.sweep(daemon) == goes  # type: ignore[arg-type]
    assert bool(daemon.removed) is goes


def test_this_process_is_told_by_its_pid() -> None:
    assert str(os.getpid()) == PID
