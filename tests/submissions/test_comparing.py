"""Two programs beside each other: what differs, and that no two texts cost much."""

import re
from time import process_time

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from judge.submissions.comparing import CONTEXT, MAX_SHOWN, Comparison, compare

FEW = st.lists(st.sampled_from(["", "a", "b", "a b", "\tif x:"]), max_size=20)


def text_of(html: str | None) -> str:
    return re.sub("<[^>]*>", "", html or "")


def numbered(comparison: Comparison) -> list[tuple[int | None, int | None]]:
    return [(line.left_number, line.right_number) for line in comparison.lines if not line.same]


@pytest.mark.parametrize(
    ("left", "right", "removed", "added", "numbers"),
    [
        ("a\nb\n", "a\nb\n", 0, 0, []),
        ("a\nb\n", "a\nb", 0, 0, []),
        ("a\nb\nc\n", "a\nx\nc\n", 1, 1, [(2, 2)]),
        ("a\nc\n", "a\nb\nc\n", 0, 1, [(None, 2)]),
        ("a\nb\nc\n", "a\nc\n", 1, 0, [(2, None)]),
        ("", "a\n", 0, 1, [(None, 1)]),
        ("a\n", "b\nc\n", 1, 2, [(1, 1), (None, 2)]),
    ],
)
def test_what_differs(
    left: str, right: str, removed: int, added: int, numbers: list[tuple[int | None, int | None]]
) -> None:
    found = compare(left, right)
    assert (found.removed, found.added, numbered(found)) == (removed, added, numbers)
    assert found.alike == (not numbers)


def test_what_is_alike_is_shown_near_a_change_only() -> None:
    left = [str(number) for number in range(100)]
    right = [*left[:50], "x", *left[51:]]
    found = compare("\n".join(left), "\n".join(right))
    assert len(found.lines) == 2 * CONTEXT + 1
    assert found.lines[0].gap == 50 - CONTEXT
    assert found.after == 49 - CONTEXT


@given(FEW, FEW)
def test_every_line_is_shown_or_counted(left: list[str], right: list[str]) -> None:
    a, b = ("".join(f"{line}\n" for line in lines) for lines in (left, right))
    found = compare(a, b)
    for line in found.lines:
        if line.left_number is not None:
            assert text_of(line.left) == left[line.left_number - 1]
        if line.right_number is not None:
            assert text_of(line.right) == right[line.right_number - 1]
    gaps = sum(line.gap for line in found.lines) + found.after
    assert sum(line.left_number is not None for line in found.lines) + gaps == len(left)
    assert sum(line.right_number is not None for line in found.lines) + gaps == len(right)


@given(st.text())
def test_nothing_gets_out_of_its_cell(text: str) -> None:
    (line, *_) = compare("", f"<script>{text}").lines
    assert text_of(line.right) == escape(f"<script>{text}".split("\n")[0])[: len(text_of(line.right))]
    assert "<script" not in (line.right or "")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a\n" * 100_000, "b\n" * 100_000),
        ("a\nb\n" * 900, "b\na\n" * 900),
        ("".join(f"{n % 7}\n" for n in range(2_000)), "".join(f"{n % 11}\n" for n in range(2_000))),
        ("a" * 250_000, "a" * 249_999 + "b"),
    ],
)
def test_texts_made_to_be_slow_are_not(left: str, right: str) -> None:
    before = process_time()
    found = compare(left, right)
    assert process_time() - before < 10
    assert len(found.lines) <= MAX_SHOWN
