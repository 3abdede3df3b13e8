"""Every checker proves itself by its own examples; none raises, tells what was expected, or takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.engine import checkers
from judge.engine.errors import UnknownChecker
from judge.engine.types import Check

EXAMPLES = [pytest.param(*example, id=f"{example[0]}-{number}") for number, example in enumerate(checkers.examples())]
ONE_OF_EACH = sorted({name for name, *_ in checkers.examples()})
MEBIBYTE = 1 << 20

# Outputs that are hard to compare by some naive way: (output, answer), each of about `size` bytes.
HARD = {
    "blanks": lambda size: (b" " * size + b"1", b"1"),
    "blanks inside": lambda size: (b"0" + b" " * size + b"1", b"0 1"),
    "blank lines": lambda size: (b"0" + b" \n" * (size // 2) + b"1", b"0" + b"\n" * (size // 2) + b"1"),
    "blanks at every end": lambda size: (b"12 \t \n" * (size // 6), b"12\n" * (size // 6)),
    "one long token": lambda size: (b"1" * size, b"1" * (size - 1) + b"2"),
    "short tokens": lambda size: (b"1 \n" * (size // 3), b"1\n" * (size // 3)),
    "numbers": lambda size: (b"0.3333333\n" * (size // 10), b"0.33333331\n" * (size // 10)),
    "numbers among words": lambda size: (b"Case 0.3333333\n" * (size // 15), b"Case 0.33333331\n" * (size // 15)),
    "other order": lambda size: tuple(
        b"\n".join(b"%07d" % n for n in numbers) for numbers in (range(size // 8), range(size // 8, 0, -1))
    ),
    "last line": lambda size: (b"1234567\n" * (size // 8) + b"1", b"1234567\n" * (size // 8) + b"2"),
}


@pytest.mark.parametrize(
    "name", ["fuzzy", "", "floats", "floats:", "floats:1", "floats:1e-1000", "lines:1e-6", "_lines"]
)
def test_an_unknown_checker_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownChecker, match=f"'{name}'; there are: .*floats:1e-6, .*lines"):
        checkers.get(name)


@pytest.mark.parametrize(("name", "output", "answer", "right"), EXAMPLES)
def test_example(name: str, output: bytes, answer: bytes, right: bool) -> None:
    assert checkers.get(name)(output, answer).right is right


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_checker_has_examples_of_both_kinds(name: str) -> None:
    assert {right for key, _, _, right in checkers.examples() if key == name} == {True, False}


@pytest.mark.parametrize("name", ONE_OF_EACH)
@given(output=st.binary(), answer=st.binary())
def test_no_bytes_make_a_checker_raise(name: str, output: bytes, answer: bytes) -> None:
    assert isinstance(checkers.get(name)(output, answer), Check)


@pytest.mark.parametrize("name", ONE_OF_EACH)
@given(answer=st.text(alphabet="0123456789 .-\nabc", min_size=1))
def test_the_answer_itself_is_always_right(name: str, answer: str) -> None:
    assert checkers.get(name)(answer.encode(), answer.encode()).right


@pytest.mark.parametrize("name", ONE_OF_EACH)
@given(
    output=st.lists(st.sampled_from([b"0", b"17", b"\n", b" "])).map(b"".join),
    secrets=st.lists(st.sampled_from([b"hunter", b"zebra", b"\n", b" "]), min_size=1).map(b"".join),
)
def test_a_note_never_holds_a_word_of_the_answer(name: str, output: bytes, secrets: bytes) -> None:
    note = checkers.get(name)(output, secrets).note
    assert "hunter" not in note
    assert "zebra" not in note
    assert len(note) < 100


def _by_lines(text: bytes) -> list[bytes]:
    """What `lines` means, in the plainest way."""
    return [line.rstrip(b" \t\r\v\f") for line in text.strip(b" \t\r\n\v\f").split(b"\n")]


SPARSE = st.lists(st.sampled_from([b"1", b"2", b" ", b"\t", b"\r", b"\n", b"\r\n", b"\v"]), max_size=12).map(b"".join)


@given(output=SPARSE, answer=SPARSE)
def test_lines_forgives_exactly_what_it_says(output: bytes, answer: bytes) -> None:
    assert checkers.get("lines")(output, answer).right is (_by_lines(output) == _by_lines(answer))


@given(output=SPARSE, answer=SPARSE)
def test_unordered_lines_forgives_order_besides(output: bytes, answer: bytes) -> None:
    same = sorted(_by_lines(output)) == sorted(_by_lines(answer))
    assert checkers.get("unordered_lines")(output, answer).right is same


@given(output=SPARSE, answer=SPARSE)
def test_tokens_forgives_white_space_alone(output: bytes, answer: bytes) -> None:
    assert checkers.get("tokens")(output, answer).right is (output.split() == answer.split())


@given(answer=st.floats(allow_nan=False, allow_infinity=False), off=st.floats(-0.9e-6, 0.9e-6))
def test_a_number_within_the_tolerance_is_right(answer: float, off: float) -> None:
    output = answer + off * max(1.0, abs(answer)) if abs(answer) < 1e300 else answer
    assert checkers.get("floats:1e-6")(repr(output).encode(), repr(answer).encode()).right


@given(answer=st.floats(-1e300, 1e300), off=st.floats(3e-6, 0.1))
def test_a_number_beyond_the_tolerance_is_wrong(answer: float, off: float) -> None:
    output = answer + off * max(1.0, abs(answer))
    assert not checkers.get("floats:1e-6")(repr(output).encode(), repr(answer).encode()).right


def test_a_tolerance_is_that_of_the_name() -> None:
    rights = [checkers.get(f"floats:1e-{n}")(b"1.00005", b"1").right for n in (3, 4, 5, 9)]
    assert rights == [True, True, False, False]


@pytest.mark.parametrize(
    ("name", "output", "answer", "note"),
    [
        ("lines", b"1\n2\n4", b"1\n2\n3", "line 3 differs"),
        ("lines", b"1\n2", b"1\n2\n3", "2 lines where 3 were expected"),
        ("lines", b"1\n2", b"1", "2 lines where 1 were expected"),
        ("lines", b"", b"0", "line 1 differs"),
        ("exact", b"1\n2 ", b"1\n2", "line 2 differs"),
        ("tokens", b"1 2 4", b"1 2 3", "token 3 differs"),
        ("tokens", b"1 2", b"1 2 3", "the output ends before token 3"),
        ("tokens", b"1 2 3", b"1 2", "only 2 tokens were expected"),
        ("floats:1e-6", b"1.0 2.1", b"1 2", "token 2 differs"),
        ("tokens", b"1 " * 100_000 + b"2", b"1 " * 100_000 + b"3", "token 100001 differs"),
        ("unordered_lines", b"1\n2", b"1", "2 lines where 1 were expected"),
    ],
)
def test_a_note_tells_the_place(name: str, output: bytes, answer: bytes, note: str) -> None:
    assert checkers.get(name)(output, answer) == Check(right=False, note=note)


def _seconds(name: str, output: bytes, answer: bytes) -> float:
    started = time.process_time()
    checkers.get(name)(output, answer)
    return time.process_time() - started


@pytest.mark.parametrize("kind", HARD)
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_the_time_grows_as_the_size_does(name: str, kind: str) -> None:
    small, large = (HARD[kind](size) for size in (MEBIBYTE // 8, MEBIBYTE))
    # Eight times the size: quadratic would be 64 times the time.
    assert min(_seconds(name, *large) for _ in range(2)) < 25 * min(_seconds(name, *small) for _ in range(5)) + 0.005
