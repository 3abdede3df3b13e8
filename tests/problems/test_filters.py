"""What the address of the list asks, and what it may not."""

from types import SimpleNamespace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from problems.counts import Counts, Kind
from problems.filters import FACETS, Chosen, tally

SOLVER = SimpleNamespace(is_authenticated=True, is_curator=False)
CURATOR = SimpleNamespace(is_authenticated=True, is_curator=True)
ANYBODY = SimpleNamespace(is_authenticated=False)
NAMES = [facet.name for facet in FACETS]


def read(query: str, user: SimpleNamespace = ANYBODY) -> Chosen:
    return Chosen.read(QueryDict(query), user)


def chosen_of(query: str, name: str, user: SimpleNamespace = ANYBODY) -> frozenset[str] | None:
    return read(query, user).values[NAMES.index(name)]


def make_kind(number: int, **fields: object) -> Kind:
    given = {"subset": "Apps", "style": "online_judge", "difficulty": "easy", "split": "train", "state": "published"}
    return Kind(**{"id": number, "wide": 0, "judgeable": True, "verified": False, "pass_percent": 50} | given | fields)


@pytest.mark.parametrize("query", ["state=hidden", "judgeable=no"])
def test_what_is_for_curators_is_ignored_from_others(query: str) -> None:
    name = query.partition("=")[0]
    assert chosen_of(query, name) is chosen_of(query, name, SOLVER) is None
    assert chosen_of(query, name, CURATOR)


def test_only_who_is_signed_in_has_tried_anything() -> None:
    assert (read("mark=solved").mark, read("mark=solved", SOLVER).mark) == ("", "solved")


def test_kinds_that_solvers_may_not_see_are_not_counted_for_them() -> None:
    kinds = {n: make_kind(n, **fields) for n, fields in enumerate([{}, {"state": "hidden"}, {"judgeable": False}])}
    numbers = dict.fromkeys(kinds, 10)
    assert tally(Counts(kinds, {}, {}), numbers, read("", SOLVER)).total == 10
    assert tally(Counts(kinds, {}, {}), numbers, read("", CURATOR)).total == 30


@pytest.mark.parametrize(
    "query",
    [
        "difficulty=nonsense",
        "style=",
        "pass_from=-1&pass_to=101",
        "pass_from=1e3&pass_to=%00",
        "sort=drop&mark=x",
        "pass_from=٣",
    ],
)
def test_nonsense_is_left_out(query: str) -> None:
    assert read(query, CURATOR) == read("", CURATOR)


@given(st.dictionaries(st.sampled_from([*NAMES, "q", "tag", "sort", "mark", "pass_from", "pass_to"]), st.text()))
def test_anything_can_be_read(params: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(params)
    chosen = Chosen.read(query, CURATOR)
    assert "\0" not in chosen.tag + "".join(value for values in chosen.values for value in values or ())
    hash(chosen)


def test_several_values_of_a_facet_are_alternatives() -> None:
    kinds = {n: make_kind(n, difficulty=difficulty) for n, difficulty in enumerate(["easy", "hard", ""])}
    admitted = tally(Counts(kinds, {}, {}), dict.fromkeys(kinds, 1), read("difficulty=hard&difficulty=unrated")).kinds
    assert sorted(kind.difficulty for kind in admitted.values()) == ["", "hard"]


def test_numbers_of_a_facet_leave_its_own_choice_out() -> None:
    kinds = {
        0: make_kind(0, difficulty="easy", subset="Apps"),
        1: make_kind(1, difficulty="hard", subset="Apps"),
        2: make_kind(2, difficulty="hard", subset="Taco"),
    }
    found = tally(Counts(kinds, {}, {}), {0: 1, 1: 10, 2: 100}, read("difficulty=hard&subset=Apps"))
    difficulty, subset = found.facets[:2]
    assert (found.total, difficulty, subset) == (10, {"easy": 1, "hard": 10}, {"Apps": 10, "Taco": 100})


@pytest.mark.parametrize(
    ("query", "rates"),
    [("", [None, 0, 50, 100]), ("pass_from=0", [0, 50, 100]), ("pass_from=50&pass_to=50", [50]), ("pass_to=10", [0])],
)
def test_a_range_of_pass_rates_has_its_ends_and_no_unknown_ones(query: str, rates: list[int | None]) -> None:
    kinds = {n: make_kind(n, pass_percent=rate) for n, rate in enumerate([None, 0, 50, 100])}
    found = tally(Counts(kinds, {}, {}), dict.fromkeys(kinds, 1), read(query))
    assert [kind.pass_percent for kind in found.kinds.values()] == rates
    assert (found.bands[0], found.bands[5], found.bands[9]) == (1, 1, 1)


def test_the_search_is_told_the_same() -> None:
    chosen = read("difficulty=unrated&verified=yes&subset=Taco&subset=Apps&pass_from=98")
    assert chosen.marks == (
        ("difficulty=",),
        ("subset=Apps", "subset=Taco"),
        ("verified=true",),
        ("pass=98", "pass=99", "pass=100"),
    )
