"""Where two outputs differ, and how it is made readable: for outputs of any size and any bytes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.engine.checkers import exact, lines
from judge.submissions.first_difference import MAX_CHARS, Line, Row, compare, printable


def differing(expected: bytes, got: bytes, **options: bool) -> list[Row]:
    found = compare(expected, got, **options)
    assert found is not None
    return [row for row in found.rows if row.differs]


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_what_the_checkers_call_right_has_no_difference_and_all_else_has_one(one: bytes, other: bytes) -> None:
    assert (compare(one, other) is None) == lines.check(other, one).right
    assert (compare(one, other, exact=True) is None) == exact.check(other, one).right


@given(st.text(alphabet="a \n\t", max_size=40), st.text(alphabet="a \n\t", max_size=40))
def test_a_difference_is_always_in_sight(one: str, other: str) -> None:
    for strict in (False, True):
        found = compare(one.encode(), other.encode(), exact=strict)
        assert found is None or any(row.differs for row in found.rows)


def test_the_characters_that_differ_are_marked() -> None:
    assert differing(b"a 15 b\n", b"a 16 b\n") == [Row(True, Line(1, "a·1", "5", "·b"), Line(1, "a·1", "6", "·b"))]


def test_lines_are_numbered_as_in_the_output() -> None:
    (row,) = differing(b"1\n2\n3\n", b"\n\n1\n2\n4\n")
    assert (row.expected, row.got) == (Line(3, "", "3"), Line(5, "", "4"))


def test_a_missing_line_moves_no_other_line() -> None:
    (row,) = differing(b"1\n2\n3\n4\n", b"1\n3\n4\n")
    assert (row.expected, row.got) == (Line(2, "", "2"), None)


def test_an_empty_output_has_no_line() -> None:
    assert [row.got for row in differing(b"1\n2\n", b"")] == [None, None]
    assert [row.expected for row in differing(b"", b"1", exact=True)] == [None]


def test_lines_too_many_are_shown_alone() -> None:
    rows = differing(b"1\n", b"1\n2\n3\n")
    assert [row.expected for row in rows] == [None, None]


def test_white_space_is_made_visible_where_lines_differ() -> None:
    (row,) = differing(b"1 2", b"1\t2")
    assert (row.expected, row.got) == (Line(1, "1", "·", "2"), Line(1, "1", "→", "2"))


def test_a_line_end_is_made_visible_where_it_counts() -> None:
    (row,) = differing(b"3\n", b"3", exact=True)
    assert (row.expected, row.got) == (Line(1, "3", "↵"), Line(1, "3"))


def test_control_characters_are_pictures() -> None:
    (row,) = differing(b"a", b"a\0\x1b[31m\xff")
    assert row.got == Line(1, "a", "\u2400\u241b[31m\ufffd")
    assert printable(b"\r\n\x7f") == "\n\u2421"


def test_far_down_only_the_neighbourhood_is_shown() -> None:
    many = b"".join(b"%d\n" % number for number in range(1_000))
    found = compare(many, many.replace(b"\n500\n", b"\nx\n"))
    assert found is not None
    assert found.above == 498
    assert len(found.rows) < 50
    assert found.above + len(found.rows) + found.below == 1_000
    assert [row.expected.number for row in found.rows if row.differs and row.expected] == [501]


def test_a_huge_line_is_shown_where_it_differs() -> None:
    line = b"x" * 1_000_000
    (row,) = differing(line + b"1", line + b"2")
    for side, end in ((row.expected, "1"), (row.got, "2")):
        assert side is not None
        assert side.marked == end
        assert len(side.before + side.marked + side.after) <= MAX_CHARS + 2


@pytest.mark.parametrize("unit", [b"0\n", b"0 ", b"0\n\n", b"01\n"])
def test_a_huge_output_costs_about_as_much_as_checking_it(unit: bytes) -> None:
    size = 4 << 20
    expected, got = unit * (size // len(unit)), (unit * (size // len(unit)))[:-3] + b"1\n1\n"
    start = time.process_time()
    lines.check(got, expected)
    checked = time.process_time()
    compare(expected, got)
    assert time.process_time() - checked < 50 * (checked - start)


def test_texts_that_have_nothing_in_common_are_compared_too() -> None:
    expected, got = b"a b\n" * 50_000, b"c\n" * 50_000
    found = compare(expected, got)
    assert found is not None
    assert all(row.differs for row in found.rows)
