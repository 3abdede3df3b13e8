"""Bars and columns: nothing that is there is invisible, and nothing sticks out."""

from hypothesis import given
from hypothesis import strategies as st

from problems import charts

COUNTS = st.lists(st.integers(0, 10**6), max_size=8)


@given(COUNTS)
def test_a_bar_never_grows_longer_than_its_drawing(counts: list[int]) -> None:
    parts = charts.bar(("kind", "Label", count) for count in counts).parts
    assert all(part.x + part.width <= charts.LENGTH for part in parts)
    assert [part.x for part in parts] == sorted(part.x for part in parts)


def test_one_in_a_million_is_seen() -> None:
    rare = charts.bar([("a", "A", 1), ("b", "B", 10**6)]).parts[0]
    assert rare.width == charts.LEAST


def test_what_is_not_there_has_no_width() -> None:
    nothing, something = charts.bar([("a", "A", 0), ("b", "B", 3)]).parts
    assert (nothing.width, something.width) == (0, charts.LENGTH)


def test_bars_of_one_scale_compare() -> None:
    short = charts.bar([("a", "A", 25)], longest=100)
    assert (short.parts[0].width, short.total) == (charts.LENGTH // 4, 25)


def test_an_empty_bar_is_no_error() -> None:
    assert charts.bar([]).total == 0
    assert charts.bar([("a", "A", 0)], longest=0).parts[0].width == 0


def test_a_histogram_of_nothing_has_flat_columns() -> None:
    assert {column.height for column in charts.histogram([("a", 0), ("b", 0)])} == {0}
    assert charts.histogram([]) == []


def test_columns_share_a_scale() -> None:
    first, last = charts.histogram([("0 to 49 %", 1), ("50 to 100 %", 2, "/problems/")])
    assert (first.height, last.height, last.top) == (charts.LENGTH // 2, charts.LENGTH, 0)
    assert (first.href, last.href) == ("", "/problems/")
