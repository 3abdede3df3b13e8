"""Rows of our own exports, and rows that only look like them: a digest that fits is anybody's to compute."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems import sources
from problems.sources import ProblemSpec, Refused, kodcode
from tests.problems.sources.test_ours import ROW, exported

PLAIN = {"checker_language": "", "checker_source": "", "samples": [1], "positions": [], "extra": None, "trials": None}


def parse(row: dict[str, Any] | None = None, **ours: Any) -> ProblemSpec | Refused:
    return kodcode.parse(exported(row=row or ROW, **PLAIN | ours), 1, lambda: b"raw")


def spec(row: dict[str, Any] | None = None, **ours: Any) -> ProblemSpec:
    parsed = parse(row, **ours)
    assert isinstance(parsed, ProblemSpec), parsed
    return parsed


@pytest.mark.parametrize(
    ("row", "ours", "why"),
    [
        ({}, {"positions": [1]}, "the positions aren't those of the tests"),
        ({}, {"positions": [1, 2, 3]}, "the positions aren't those of the tests"),
        ({}, {"samples": [3]}, "the positions aren't those of the tests"),
        ({"test": "{'stdin': ['1'], 'stdout': []}"}, {}, "test is not what an export writes"),
        ({"test": "{'stdin': [1], 'stdout': ['1']}"}, {}, "test is not what an export writes"),
        ({"test": "['1']"}, {}, "test is not what an export writes"),
        ({"test": "{'stdin': ['\\0'], 'stdout': ['1']}"}, {}, "NUL character in a test"),
        ({"test": "{'stdin': ['\\ud800'], 'stdout': ['1']}"}, {}, "a test is not valid Unicode"),
        ({"test": "f()"}, {}, "test is not a Python literal"),
        ({"style": "instruct"}, {"second_test": "f()"}, "test is not a Python literal"),
        ({"question": ""}, {}, "empty question"),
        ({"style": "essay"}, {}, "unknown style essay"),
        ({"subset": "x" * 61}, {}, "subset is longer than 60 characters"),
        ({}, {"verified": "yes"}, "kodjudge: verified is neither true nor false"),
    ],
)
def test_what_cannot_be_stored_is_rejected_all_the_same(row: dict[str, Any], ours: dict[str, Any], why: str) -> None:
    result = parse(ROW | row, **ours)
    assert isinstance(result, Refused)
    assert (result.fate, result.reason.removeprefix("kodjudge: ")) == ("rejected", why.removeprefix("kodjudge: "))


def test_a_quarantined_problem_is_quarantined_again_for_its_reason() -> None:
    result = parse(state="quarantined", state_reason="wrong answers")
    assert isinstance(result, Refused)
    assert (result.fate, result.reason) == ("quarantined", "wrong answers")
    assert result.problem is not None


def test_what_a_curator_let_pass_is_not_doubted_again() -> None:
    assert spec(ROW | {"solution": ""}).solution == ""


def test_nothing_is_derived_anew() -> None:
    told = spec(title="Mine", family="Other", split="use_with_caution", samples=[2], extra={"more": 1})
    assert (told.title, told.family, told.split, told.extra) == ("Mine", "Other", "use_with_caution", '{"more": 1}')
    assert [test.is_sample for test in told.tests] == [False, True]


def test_nothing_is_normalised() -> None:
    test = str({"stdin": ["a\r\nb\r"], "stdout": [""]})
    assert spec(ROW | {"test": test}).tests == (sources.TestSpec("a\r\nb\r", "", is_sample=True),)


def test_a_problem_without_tests_comes_back_without() -> None:
    assert spec(ROW | {"test": str({"stdin": [], "stdout": []})}, samples=[]).tests == ()
    assert spec(ROW | {"test": None, "style": "instruct"}, samples=[]).raw_test == ""


def test_a_problem_with_both_kinds_of_tests_gets_both() -> None:
    told = spec(second_test="def test_f(): ...")
    assert (len(told.tests), told.raw_test) == (2, "def test_f(): ...")
    told = spec(ROW | {"style": "instruct", "test": "def test_f(): ..."}, second_test=ROW["test"])
    assert (len(told.tests), told.raw_test) == (2, "def test_f(): ...")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["test", "question", "style", "metadata", "solution"]), anything, max_size=2),
    st.dictionaries(st.sampled_from(["samples", "positions", "second_test", "extra", "trials"]), anything, max_size=2),
    st.lists(st.tuples(st.text(), st.text()), max_size=3),
)
def test_any_row_with_a_digest_that_fits_is_a_problem_or_is_refused(
    row: dict[str, Any], ours: dict[str, Any], pairs: list[tuple[str, str]]
) -> None:
    literal = str({"stdin": [stdin for stdin, _ in pairs], "stdout": [stdout for _, stdout in pairs]})
    for test in ({}, {"test": literal}):
        result = parse(ROW | row | test, **ours)
        kept = result if isinstance(result, ProblemSpec) else result.problem
        if kept is not None:
            texts = "".join([kept.title, kept.raw_test, kept.extra, *(t.stdin + t.stdout for t in kept.tests)])
            assert "\0" not in texts
            texts.encode()
            json.loads(kept.extra)
