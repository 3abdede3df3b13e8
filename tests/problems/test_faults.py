"""The place of a fault in a refused row."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems import faults
from problems.sources import kodcode

GOOD = kodcode.EXAMPLES[0][0]


def place(**changes: object) -> faults.Place | None:
    return faults.place_of(json.dumps(GOOD | changes).encode())


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error(data: bytes) -> None:
    faults.place_of(data)


@given(
    st.dictionaries(
        st.sampled_from(["test", "style", "question", "test_code"]),
        st.text(max_size=40) | st.none() | st.lists(st.integers(), max_size=2),
    )
)
def test_no_row_is_an_error(row: dict[str, object]) -> None:
    faults.place_of(json.dumps(row).encode())


def test_a_good_row_has_no_fault() -> None:
    assert place() is None


def test_what_stands_at_the_place_is_escaped() -> None:
    found = place(question="<script>\0<b>")
    assert found is not None
    assert "<script>" not in found.before + found.at + found.after


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b'{"question": "a\xffb"}', "byte 16 of the row"),
        (b'{"question":\n  oops}', "line 2, column 3 of the row"),
        (b'{"question": "a\\u0000b"}', "question, character 2"),
        (b'{"question": "ab\\ud800"}', "question, character 3"),
        (b'{"style": "online_judge", "test": "{\'stdin\': [f()]}"}', "test, character 12"),
        (b'{"style": "Online Judge", "test": "{\'stdin\': [\'a\', \'b\\\\x00\']}"}', "stdin 2, character 2"),
    ],
)
def test_places(raw: bytes, where: str) -> None:
    found = faults.place_of(raw)
    assert found is not None
    assert found.where == where


@pytest.mark.parametrize("raw", [b"[" * 100_000, b"[1]", b"1", b'{"style": "instruct", "test": "def f(): pass"}'])
def test_no_place_is_invented(raw: bytes) -> None:
    found = faults.place_of(raw)
    assert found is None or "row" in found.where


def test_most_hard_rows_that_name_a_character_have_a_place(shared_data: Path) -> None:
    lines = (shared_data / "hard_rows.jsonl").read_bytes().splitlines()
    rows = {json.loads(line)["trap"]: line for line in lines}
    for trap in ("nul-in-a-test", "nul-in-the-question", "lone-surrogate-in-a-test", "code-in-test", "test-cut-off"):
        assert faults.place_of(rows[trap]) is not None, trap
