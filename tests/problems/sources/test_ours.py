"""The column of our exports, which is anybody's text when it is read."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.models import Split, State
from problems.sources import _ours, kodcode
from problems.sources._ours import Ours, Unfit

ROW = dict(kodcode.EXAMPLES[0][0])
NOW = datetime(2026, 11, 26, 12, 30, 1, 234567, tzinfo=UTC)
OURS = Ours(
    slug="taco-1-oj",
    family="Taco_1",
    title="Twice",
    split="train",
    state="published",
    state_reason="",
    judgeable=True,
    verified=True,
    verified_at=NOW,
    verification_lost_at=None,
    tags=("math", "漢字"),
    curated_fields=("title",),
    time_limit_ms=2_000,
    memory_limit_kb=262_144,
    checker="floats:1e-6",
    checker_language="python3",
    checker_source="raise SystemExit(0)\n",
    tests_are_public=True,
    finds_cases=False,
    tests_version=3,
    samples=(1,),
    positions=(1, 3),
    second_test=None,
    extra='{"metadata": {"seed_ids": "\\\\u0000 is no NUL"}}',
    trials='{"trial_gpt4o_0": "\\ud800"}',
    content_hash=b"\x01" * 32,
    tests_hash=b"\x02" * 32,
    row_hash=b"",
    created_at=NOW,
    updated_at=NOW,
)


def exported(ours: Ours = OURS, row: dict[str, Any] = ROW, **changes: Any) -> dict[str, Any]:
    """``row`` with our column, of which ``changes`` are made with a digest that fits."""
    said = json.loads(_ours.write(ours, row))
    said.pop("digest")
    said |= changes
    return row | {"kodjudge": json.dumps(said | {"digest": _ours.digest(said, row)})}


def edited(**changes: Any) -> dict[str, Any]:
    """A row that was changed after its export."""
    return exported() | changes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (7, "is not text"),
        (b"{}", "is not text"),
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"slug": NaN}', "is not JSON"),
        ("1" * 5_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ("null", "is not a JSON object"),
        ("{}", "slug is no address"),
    ],
)
def test_what_is_no_column_of_ours_is_refused(text: object, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        _ours.read(ROW | {"kodjudge": text})


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("slug", "../admin", "is no address"),
        ("slug", "a\n", "is no address"),
        ("slug", "é", "is no address"),
        ("title", "", "is empty"),
        ("title", "x" * 201, "is longer than 200 characters"),
        ("title", "a\0b", "holds a NUL character"),
        ("title", "\ud800", "is not valid Unicode"),
        ("title", None, "is not text"),
        ("split", "test", "is none of train, use_with_caution"),
        ("state", "admin", "is none of published, hidden, quarantined"),
        ("state", ["published"], "is none of"),
        ("judgeable", 1, "is neither true nor false"),
        ("verified", "true", "is neither true nor false"),
        ("tests_are_public", 1, "is neither true nor false"),
        ("verified_at", "yesterday", "is no time with a zone"),
        ("verified_at", "2026-11-26T12:00:00", "is no time with a zone"),
        ("created_at", None, "is no time with a zone"),
        ("created_at", "0001-01-01T00:00:00+14:00", "is no time with a zone"),
        ("tags", "math", "is not a list"),
        ("tags", [""], "is empty"),
        ("tags", ["x" * 41], "is longer than 40"),
        ("tags", ["x"] * 201, "holds more than 200"),
        ("curated_fields", [1], "is not text"),
        ("time_limit_ms", -1, "is no integer"),
        ("time_limit_ms", 2**31, "is no integer"),
        ("time_limit_ms", True, "is no integer"),
        ("memory_limit_kb", 1.5, "is no integer"),
        ("checker", "trust_me", "is none that there is"),
        ("checker_language", "bash", "is none of"),
        ("checker_source", "", "needs both a language and a source"),
        ("checker_language", "", "needs both a language and a source"),
        ("samples", [2, 1], "is no list of positions in order"),
        ("positions", [1, 1], "is no list of positions in order"),
        ("positions", [40_000], "is no list of positions in order"),
        ("extra", [], "is not a JSON object"),
        ("extra", {"a": "b\0"}, "holds a NUL character"),
        ("extra", {"a": "\ud800"}, "is not valid Unicode"),
        ("trials", {}, "is no ASCII text"),
        ("trials", '"é"', "is no ASCII text"),
        ("trials", "[" * 100_000, "is not JSON"),
        ("content_hash", "xyz", "is no hash"),
        ("content_hash", "ab" * 33, "is no hash"),
        ("tests_hash", None, "is no hash"),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_by_name(field: str, value: object, why: str) -> None:
    with pytest.raises(Unfit, match=f"^kodjudge: .*{why}"):
        _ours.read(exported(**{field: value}))


def test_an_export_from_before_keeps_hidden_tests_hidden() -> None:
    ours = _ours.read(exported(tests_are_public=None, finds_cases=None))
    assert ours is not None
    assert (ours.tests_are_public, ours.finds_cases) == (False, True)


def test_nonsense_is_refused_in_an_edited_row_too() -> None:
    with pytest.raises(Unfit, match="verified"):
        _ours.read(exported(verified="yes") | {"question": "Edited."})


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "Edited."},
        {"solution": "print(3)"},
        {"test": "{'stdin': [''], 'stdout': ['']}"},
        {"gpt_pass_percentage": 0.1},
        {"metadata": {"seed_ids": "x"}},
        {"filter_reason": "x"},
    ],
)
def test_an_edited_row_is_like_any_row(changes: dict[str, Any]) -> None:
    assert _ours.read(edited(**changes)) is None


@pytest.mark.parametrize("changes", [{"verified": False}, {"title": "Other"}, {"digest": None}, {"digest": "0" * 64}])
def test_an_edited_column_is_like_none(changes: dict[str, Any]) -> None:
    row = exported()
    assert _ours.read(row | {"kodjudge": json.dumps(json.loads(row["kodjudge"]) | changes)}) is None


def test_what_has_no_digest_can_not_be_passed_off_as_exported() -> None:
    # A value that JSON can't hold has no digest: neither none nor an empty one fits it.
    for told in (None, ""):
        said = json.loads(exported()["kodjudge"]) | {"digest": told}
        assert _ours.read(ROW | {"metadata": b"bytes", "kodjudge": json.dumps(said)}) is None


def test_a_row_without_the_column_is_any_row() -> None:
    assert _ours.read(ROW) is None
    assert _ours.read(ROW | {"kodjudge": None}) is None


def test_what_is_written_is_read() -> None:
    assert _ours.read(exported()) == OURS
    plain = replace(OURS, verified_at=None, extra=None, positions=(), tags=())
    assert _ours.read(exported(plain)) == plain


def test_keys_of_a_later_version_are_passed_over() -> None:
    assert _ours.read(exported(measured={"python3": {"cpu_ms": 12}})) == OURS


def test_trials_and_other_columns_are_not_covered() -> None:
    assert _ours.read(exported() | {"trials": {"trial_gpt4o_0": None}, "r1_solution": "x"}) == OURS


def test_states_and_splits_are_the_models() -> None:
    assert list(_ours.STATES) == State.values
    assert list(_ours.SPLITS) == Split.values


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
fields = st.sampled_from(sorted(Ours.__dataclass_fields__))


def read_or_refused(row: dict[str, Any]) -> Ours | None:
    try:
        return _ours.read(row)
    except Unfit as unfit:
        str(unfit).encode()
        return None


@settings(max_examples=300)
@given(anything, st.text())
def test_any_column_at_all_is_read_or_refused(value: object, text: str) -> None:
    for column in (value, text, json.dumps(value)):
        assert read_or_refused(ROW | {"kodjudge": column}) is None


@settings(max_examples=500)
@given(st.dictionaries(fields, anything, min_size=1, max_size=3))
def test_any_field_at_all_can_be_stored_or_is_refused(changes: dict[str, Any]) -> None:
    ours = read_or_refused(exported(**changes))
    if ours is not None:
        text = "".join([ours.title, ours.state_reason, ours.checker_source, ours.extra or "", *ours.tags])
        assert "\0" not in text
        text.encode()
        json.loads(ours.extra or "{}", parse_constant=pytest.fail)
        assert 0 < len(ours.slug) <= 200
        assert len(ours.content_hash) <= 32
