"""Stored problems as rows of the dataset's schema."""

import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.exported_rows import EXPORT_SCHEMA, exported, fitted
from problems.row_files import SCHEMA
from problems.sources import _literal, _ours, kodcode

NOW = datetime(2026, 11, 26, tzinfo=UTC)
STORED: dict[str, Any] = {
    "question_id": "Taco_1_OJ",
    "slug": "taco-1-oj",
    "family": "Taco_1",
    "title": "Twice",
    "statement": "# Twice\n\nPrint twice the number.",
    "solution": "print(2 * int(input()))",
    "style": "online_judge",
    "subset": "Taco",
    "split": "train",
    "difficulty": "easy",
    "pass_percentage": 0.9,
    "benchmark_similarity": None,
    "version": "v1.1",
    "filter_reason": "",
    "raw_test": "",
    "extra": {},
    "state": "published",
    "state_reason": "",
    "judgeable": True,
    "verified": False,
    "verified_at": None,
    "verification_lost_at": None,
    "tags": [],
    "time_limit_ms": 2_000,
    "memory_limit_kb": 262_144,
    "checker": "lines",
    "checker_language": "",
    "checker_source": "",
    "tests_are_public": False,
    "finds_cases": True,
    "tests_version": 1,
    "content_hash": b"\x01" * 32,
    "tests_hash": b"\x02" * 32,
    "row_hash": b"",
    "curated_fields": [],
    "created_at": NOW,
    "updated_at": NOW,
    "positions": [1, 2],
    "stdins": ["7\n", "0\n"],
    "stdouts": ["14", "0"],
    "samples": [True, False],
    "trials": "",
}


def row(**changes: Any) -> dict[str, Any]:
    return exported(STORED | changes).row


def ours(**changes: Any) -> _ours.Ours:
    found = _ours.read(row(**changes))
    assert found is not None
    return found


def test_a_row_has_the_schema_of_version_1_1_and_one_column_more() -> None:
    assert list(row()) == [*SCHEMA.names, "kodjudge"]
    assert pa.Table.from_pylist([row()], schema=EXPORT_SCHEMA).to_pylist() == [row()]


def test_a_missing_text_is_null_as_in_the_dataset() -> None:
    assert row(version="", filter_reason="")["filter_reason"] is None


def test_tests_are_a_python_literal() -> None:
    odd = "\\N\t\\.\n \r é漢🎉 \x7f\u2028'\" \n\n"
    assert _literal.parse(row(stdins=["", odd], stdouts=[odd, "x"])["test"]) == {
        "stdin": ["", odd],
        "stdout": [odd, "x"],
    }


def test_a_pytest_row_has_its_source_whole() -> None:
    source = "from solution import f\n\ndef test_f():\n    assert f() == 1\n"
    assert row(style="instruct", raw_test=source, positions=[], stdins=[], stdouts=[], samples=[])["test"] == source


def test_a_problem_with_both_kinds_of_tests_keeps_both() -> None:
    source = "def test_f(): ..."
    assert (row(raw_test=source)["test"], ours(raw_test=source).second_test) == (row()["test"], source)
    both = {"style": "instruct", "raw_test": source}
    assert (row(**both)["test"], ours(**both).second_test) == (source, row()["test"])
    assert ours().second_test is None


def test_samples_are_positions_and_gaps_are_told() -> None:
    assert (ours().samples, ours().positions) == ((1,), ())
    assert (ours(positions=[2, 5]).samples, ours(positions=[2, 5]).positions) == ((2,), (2, 5))


def test_an_unknown_difficulty_stands_in_its_column() -> None:
    assert row(difficulty="", extra={"gpt_difficulty": "brutal"})["gpt_difficulty"] == "brutal"
    assert ours(difficulty="", extra={"gpt_difficulty": "brutal"}).extra is None


def test_what_the_columns_say_is_not_said_twice() -> None:
    extra = {
        "chosen_trial": "",
        "gpt_pass_sequence": [1, 0],
        "metadata": {"original_instruction": None, "prompt_id": "7", "row_id": 3, "seed_ids": "[]"},
    }
    assert row(extra=extra)["metadata"]["row_id"] == 3
    assert ours(extra=extra).extra is None


@pytest.mark.parametrize(
    "extra",
    [
        {"metadata": "no struct"},
        {"metadata": {"seed_ids": "[]"}},
        {"metadata": {"original_instruction": None, "prompt_id": 7, "row_id": 3.0, "seed_ids": "[]", "more": 1}},
        {"gpt_pass_sequence": [True, 1.0, 2**70]},
        {"test_info": [{"function_name": "f"}, None, "x"]},
        {"r1_solution": "a column of another variant"},
        {"gpt_difficulty": "brutal"},
    ],
)
def test_what_does_not_fit_a_column_is_kept_whole(extra: dict[str, Any]) -> None:
    assert json.loads(ours(extra=extra).extra or "null") == extra
    pa.Table.from_pylist([row(extra=extra)], schema=EXPORT_SCHEMA)


def test_the_size_counts_texts_and_trials() -> None:
    assert exported(STORED | {"trials": json.dumps({"more": "x" * 1_000})}).size > 1_000 + len(STORED["statement"])


# What Postgres can hold.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(kodcode.EXTRA) | texts, anything), st.sampled_from(["", "easy"]))
def test_any_columns_at_all_are_told_by_the_row_or_by_our_column(extra: dict[str, Any], difficulty: str) -> None:
    each = row(extra=extra, difficulty=difficulty)
    read = pa.Table.from_pylist([each], schema=EXPORT_SCHEMA).to_pylist()[0]
    assert json.dumps(read, sort_keys=True) == json.dumps(each, sort_keys=True)
    told = _ours.read(read)
    assert told is not None
    assert json.loads(told.extra or kodcode.extra_of(read)) == extra


@given(anything, st.sampled_from([field.type for field in SCHEMA]))
def test_any_value_at_all_fits_any_column(value: object, type_: pa.DataType) -> None:
    once = fitted(value, type_)
    assert pa.array([once], type_).to_pylist() == [once]
    assert json.dumps(fitted(once, type_)) == json.dumps(once)
