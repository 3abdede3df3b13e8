"""Every attack of the catalogue against the real sandbox: its verdict is allowed, nothing is left, judging goes on."""

from pathlib import Path
from typing import Any

import pytest

from judge.submissions.attacking import catalogue

pytestmark = pytest.mark.docker

ATTACKS = catalogue()
CONTROL = ATTACKS["control_ok_py"]
ATTACKER, NEIGHBOUR, EARLIER = "attacker", "neighbour", "earlier attacker"
# What no attack may make of the judging process, whatever the tests before these have left in it.
MOST_GROWTH_KB = 300 * 1024


def memory_kb(name: str) -> int:
    """A size of this process, in KiB, as the kernel counts it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@pytest.fixture(scope="module", autouse=True)
def memory_before() -> int:
    """What this process has before the first attack, in KiB; its peak is counted anew from here."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory_kb("VmRSS")


def test_the_control_is_accepted(arena: Any) -> None:
    assert arena.verdict(CONTROL, ATTACKER) == "AC"
    assert arena.residue() == []


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(arena: Any, name: str) -> None:
    attack = ATTACKS[name]
    if attack.follows:
        arena.verdict(ATTACKS[attack.follows], ATTACKER if attack.same_owner else EARLIER)
    assert arena.verdict(attack, ATTACKER) in attack.verdicts
    assert arena.residue() == []
    assert arena.verdict(CONTROL, ATTACKER) == "AC"
    assert arena.verdict(CONTROL, NEIGHBOUR) == "AC"


def test_after_all_attacks_only_the_warm_containers_are_there(arena: Any, memory_before: int) -> None:
    arena.sandbox.wait_until_quiet(60)
    assert arena.residue() == []
    assert memory_kb("VmHWM") - memory_before < MOST_GROWTH_KB
