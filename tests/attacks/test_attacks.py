"""Every attack of the catalogue against the real sandbox: its verdict is allowed, nothing is left, judging goes on."""

import resource
from typing import Any

import pytest

from judge.submissions.attacking import catalogue

pytestmark = pytest.mark.docker

ATTACKS = catalogue()
CONTROL = ATTACKS["control_ok_py"]
ATTACKER, NEIGHBOUR, EARLIER = "attacker", "neighbour", "earlier attacker"
WORKER_MEMORY_KB = 600 * 1024


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


def test_after_all_attacks_only_the_warm_containers_are_there(arena: Any) -> None:
    arena.sandbox.wait_until_quiet(60)
    assert arena.residue() == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < WORKER_MEMORY_KB
