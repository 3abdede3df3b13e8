"""What is left when the worker has ended: nothing."""

import time
from typing import Any

import pytest

from judge.submissions.attacking import catalogue

pytestmark = pytest.mark.docker

PATIENCE = 10


@pytest.mark.parametrize("name", ["daemon_respawning_py", "fork_bomb_py", "fill_disk_py"])
def test_a_sandbox_that_closes_after_an_attack_leaves_nothing(make_arena: Any, name: str) -> None:
    arena = make_arena()
    attack = catalogue()[name]
    assert arena.verdict(attack, "attacker") in attack.verdicts
    arena.sandbox.close()
    end = time.monotonic() + PATIENCE
    while any(arena.containers().values()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(arena.containers().values())
    assert arena.residue() == []
    assert list(arena.place.glob("kodjudge-*")) == []
