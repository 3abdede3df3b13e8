"""Every checker proves itself by its own examples, and none ever raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.engine import checkers
from judge.engine.errors import UnknownChecker
from judge.engine.types import Check

EXAMPLES = [
    pytest.param(name, *example, id=f"{name}-{number}")
    for name, module in checkers.all_checkers().items()
    for number, example in enumerate(module.EXAMPLES)
]


def test_an_unknown_checker_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownChecker, match=r"'fuzzy'; there are: .*lines"):
        checkers.get("fuzzy")


@pytest.mark.parametrize(("name", "output", "answer", "right"), EXAMPLES)
def test_example(name: str, output: bytes, answer: bytes, right: bool) -> None:
    assert checkers.get(name)(output, answer).right is right


@pytest.mark.parametrize("name", checkers.all_checkers())
def test_a_checker_has_examples_of_both_kinds(name: str) -> None:
    assert {example[2] for example in checkers.all_checkers()[name].EXAMPLES} == {True, False}


@pytest.mark.parametrize("name", checkers.all_checkers())
@given(output=st.binary(), answer=st.binary())
def test_no_bytes_make_a_checker_raise(name: str, output: bytes, answer: bytes) -> None:
    assert isinstance(checkers.get(name)(output, answer), Check)


@pytest.mark.parametrize("name", checkers.all_checkers())
@given(answer=st.text(alphabet="0123456789 .-\nabc", min_size=1))
def test_the_answer_itself_is_always_right(name: str, answer: str) -> None:
    assert checkers.get(name)(answer.encode(), answer.encode()).right
