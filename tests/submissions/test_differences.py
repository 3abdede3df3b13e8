"""Where an output first differs, and that no text gets out of its cell."""

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.engine import checkers
from judge.submissions.differences import LINES_SHOWN, Difference, Same, difference


def exactly(expected: str, got: str) -> bool:
    return expected == got


def by(checker: str) -> Same:
    check = checkers.get(checker)
    return lambda expected, got: check(got.encode(), expected.encode()).right


def place(found: Difference | None) -> tuple[int, int] | None:
    return found and (found.line, found.column)


def text_of(html: str | None) -> str:
    return re.sub("<[^>]*>", "", html or "")


@pytest.mark.parametrize(
    ("expected", "got", "where"),
    [
        ("", "", None),
        ("1\n2\n", "1\n2\n", None),
        ("1\n2\n", "1\n3\n", (2, 1)),
        ("12345\n", "12845\n", (1, 3)),
        ("1\n", "1 \n", (1, 2)),
        ("1\n2\n", "1\n", (2, 1)),
        ("1\n", "1\n2\n", (2, 1)),
        ("", "x", (1, 1)),
        ("1", "1\n", (1, 2)),
    ],
)
def test_the_first_place(expected: str, got: str, where: tuple[int, int] | None) -> None:
    assert place(difference(expected, got, exactly)) == where


@pytest.mark.parametrize(
    ("checker", "expected", "got", "where"),
    [
        ("lines", "1 \n2\n", "1\n3\n", (2, 1)),
        ("lines", "1\n2\n", "1\n2\n\n\n", None),
        ("tokens", "1  2\n3\n", "1 2\n4\n", (2, 1)),
        ("floats:1e-6", "1.0\n2.5\n", "1.0000001\n2.6\n", (2, 3)),
        ("caseless", "YES\nNO\n", "yes\nyes\n", (2, 1)),
    ],
)
def test_what_the_checker_forgives_is_no_difference(
    checker: str, expected: str, got: str, where: tuple[int, int] | None
) -> None:
    assert place(difference(expected, got, by(checker))) == where


def test_a_missing_line_break_at_the_end_is_said() -> None:
    found = difference("1\n2\n", "1\n2", exactly)
    assert found is not None
    assert found.at_end


@pytest.mark.parametrize(
    ("expected", "got", "cut", "where"),
    [
        ("1\n2", "1\n25\n", "expected_cut", None),
        ("1\n2", "1\n35\n", "expected_cut", (2, 1)),
        ("1\n25\n", "1\n2", "got_cut", None),
        ("1\n25\n3\n", "1\n2", "got_cut", None),
        ("1\n", "1\n2", "got_cut", None),
        ("a" * 50, "a" * 40 + "b", "got_cut", (1, 41)),
    ],
)
def test_of_a_text_that_goes_on_its_last_line_is_only_begun(
    expected: str, got: str, cut: str, where: tuple[int, int] | None
) -> None:
    assert place(difference(expected, got, exactly, **{cut: True})) == where


def test_the_part_of_a_line_that_differs_is_marked() -> None:
    found = difference("abcXdef\n", "abcYYdef\n", exactly)
    assert found is not None
    assert found.lines[0].expected == "abc<mark>X</mark>def"
    assert found.lines[0].got == "abc<mark>YY</mark>def"


def test_blanks_of_a_line_that_differs_can_be_seen() -> None:
    found = difference("a b\n", "a  \tb\N{NO-BREAK SPACE}\n", exactly)
    assert found is not None
    assert '<span class="blank"> </span>' in (found.lines[0].got or "")
    assert '<span class="blank-tab">\t</span>' in (found.lines[0].got or "")
    assert 'title="NO-BREAK SPACE"' in (found.lines[0].got or "")


def test_few_lines_around_the_first_difference_are_shown() -> None:
    expected = [str(number) for number in range(1_000)]
    got = [*expected[:500], "x", *expected[501:]]
    found = difference("\n".join(expected), "\n".join(got), exactly)
    assert found is not None
    assert len(found.lines) == LINES_SHOWN
    assert found.before + len(found.lines) + found.after == 1_000
    assert [line.number for line in found.lines if not line.same] == [501]


def test_a_long_line_is_cut_around_the_difference() -> None:
    found = difference("a" * 3_000 + "b" + "c" * 3_000, "a" * 3_000 + "d" + "c" * 3_000, exactly)
    assert found is not None
    assert len(found.lines[0].got or "") < 600
    assert "<mark>d</mark>" in (found.lines[0].got or "")


@given(st.text(), st.text(), st.booleans(), st.booleans())
def test_nothing_gets_out_of_its_cell(expected: str, got: str, expected_cut: bool, got_cut: bool) -> None:
    found = difference(f"<b>{expected}", f"<i>{got}", exactly, expected_cut=expected_cut, got_cut=got_cut)
    assert found is not None
    for line in found.lines:
        for html in (line.expected, line.got):
            assert not re.search(r"<(?!/?mark>|span class=\"|/span>)", html or "")


@given(st.lists(st.text("ab \t"), max_size=8), st.lists(st.text("ab \t"), max_size=8))
def test_the_text_of_a_cell_is_that_of_its_line(expected: list[str], got: list[str]) -> None:
    found = difference("\n".join(expected), "\n".join(got), exactly)
    for line in found.lines if found else ():
        if line.expected is not None:
            assert text_of(line.expected) == expected[line.number - 1]
        if line.got is not None:
            assert text_of(line.got) == got[line.number - 1]


def test_texts_made_to_be_slow_are_not() -> None:
    before = process_time()
    for text in ("\n" * 4_096, "a" * 4_096, "a\n" * 2_048, " \t" * 2_048):
        difference(text, text[:-1] + "x", by("floats:1e-6"))
    assert process_time() - before < 5
