"""The bound on this process's memory."""

import sys

import pytest

from problems.memory import at_most, with_more

MB = 1024 * 1024

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows such a bound")


def test_more_than_the_bound_is_refused() -> None:
    with at_most(with_more(50 * MB)), pytest.raises(MemoryError):
        bytearray(200 * MB)


def test_a_looser_bound_within_a_tighter_one_changes_nothing() -> None:
    with at_most(with_more(50 * MB)), at_most(with_more(1_000 * MB)), pytest.raises(MemoryError):
        bytearray(200 * MB)


def test_less_is_granted_and_the_bound_ends() -> None:
    with at_most(with_more(100 * MB)):
        assert len(bytearray(30 * MB)) == 30 * MB
    assert len(bytearray(200 * MB)) == 200 * MB
