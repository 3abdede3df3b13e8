"""The first look at a source: what is taken, what is left out, and what must be settled in order."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems.options import Options
from problems.sources import SourceError, _files, _lines, kodcode
from problems.surveying import LEFT_OUT, REPEATED, TAKEN, Survey, parts_of, survey

GOOD = kodcode.EXAMPLES[0][0]


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return GOOD | {"question_id": f"Taco_{number}_OJ"} | changes


def jsonl(folder: Path, *rows: dict[str, Any] | bytes) -> Path:
    path = folder / "rows.jsonl"
    path.write_bytes(b"".join(r + b"\n" if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in rows))
    return path


def parquet(folder: Path, *rows: dict[str, Any]) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / "rows.parquet", row_group_size=3)
    return folder / "rows.parquet"


def look(path: Path, **options: Any) -> Survey:
    return survey(_files.files_of(path), "kodcode", Options(**options), lambda rows: None)


def numbers(found: Survey, mark: int) -> list[int]:
    return [number for number, each in enumerate(found.marks, 1) if each == mark]


@pytest.mark.parametrize(
    "ids",
    [
        ["A_1_OJ", "B_1_OJ", "A_1_OJ"],
        ["A_1_OJ", "B_1_OJ", " A_1_OJ "],
        ["A_1_OJ", "B_1_OJ", "a-1-oj"],
        ["漢", "B_1_OJ", "字"],
    ],
    ids=["the same", "but for blanks", "but for the address", "nothing for an address"],
)
@pytest.mark.parametrize("make", [jsonl, parquet])
def test_rows_that_share_an_id_or_an_address_are_repeated(tmp_path: Path, make: Any, ids: list[str]) -> None:
    found = look(make(tmp_path, *[row(question_id=name) for name in ids]))
    assert (numbers(found, REPEATED), numbers(found, TAKEN)) == ([1, 3], [2])


def test_rows_without_an_id_repeat_none(tmp_path: Path) -> None:
    path = jsonl(tmp_path, row(question_id=None), row(question_id=None), row(question_id=7), row(question_id=7), b"{")
    assert numbers(look(path), TAKEN) == [1, 2, 3, 4, 5]


def test_a_row_that_is_left_out_repeats_none(tmp_path: Path) -> None:
    found = look(jsonl(tmp_path, row(1), row(1, style="complete"), row(2)), styles=("online_judge",))
    assert (numbers(found, TAKEN), numbers(found, LEFT_OUT), found.left_out) == ([1, 3], [2], 1)


def test_what_cannot_be_read_is_left_in_whatever_the_options(tmp_path: Path) -> None:
    path = jsonl(tmp_path, b"{broken", row(1, subset="Apps"), b"[]", row(2, subset=None, gpt_difficulty=[]))
    assert numbers(look(path, subsets=("Taco",)), TAKEN) == [1, 3]


def test_a_broken_source_says_so(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(SourceError, match="rows"):
        look(tmp_path / "rows.parquet")


def of_subsets(**sizes: int) -> list[dict[str, Any]]:
    return [
        row(question_id=f"{subset}_{n}_OJ", subset=subset, gpt_difficulty="easy" if n % 2 else "hard")
        for subset, size in sizes.items()
        for n in range(size)
    ]


def sample(path: Path, **options: Any) -> Counter[str]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return Counter(rows[number - 1]["subset"] for number in numbers(look(path, **options), TAKEN))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (6, {"Apps": 2, "Evol": 2, "Taco": 2}),
        (7, {"Apps": 2, "Evol": 2, "Taco": 3}),
        (30, {"Apps": 3, "Evol": 13, "Taco": 14}),
        (2, {"Evol": 1, "Taco": 1}),
        (1_000, {"Apps": 3, "Evol": 40, "Taco": 60}),
    ],
)
def test_a_limit_draws_from_every_subset_alike(tmp_path: Path, limit: int, expected: dict[str, int]) -> None:
    assert sample(jsonl(tmp_path, *of_subsets(Taco=60, Apps=3, Evol=40)), limit=limit) == expected


def test_a_limit_counts_only_what_the_other_options_choose(tmp_path: Path) -> None:
    path = jsonl(tmp_path, *of_subsets(Taco=60, Apps=3, Evol=40))
    assert sample(path, limit=10, difficulties=("easy",)) == {"Apps": 1, "Evol": 4, "Taco": 5}


def test_a_sample_is_not_the_beginning_and_always_the_same(tmp_path: Path) -> None:
    path = jsonl(tmp_path, *of_subsets(Taco=200))
    drawn = numbers(look(path, limit=20), TAKEN)
    assert drawn == numbers(look(path, limit=20), TAKEN)
    assert max(drawn) > 100


def test_a_larger_sample_holds_a_smaller_one(tmp_path: Path) -> None:
    path = jsonl(tmp_path, *of_subsets(Taco=50, Apps=50))
    assert set(numbers(look(path, limit=10), TAKEN)) < set(numbers(look(path, limit=20), TAKEN))


@pytest.mark.parametrize("options", [{}, {"limit": 9}, {"subsets": ("Apps",)}])
def test_every_row_is_in_one_unit_or_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    monkeypatch.setattr(_lines, "PART_ROWS", 4)
    path = jsonl(tmp_path, *of_subsets(Taco=11, Apps=9), row(question_id="Taco_3_OJ"))
    found = look(path, **options)
    rows = []
    for mark in (TAKEN, REPEATED):
        parts = parts_of([path], "kodcode", Options(**options), with_heavy=True)
        units = list(found.units(parts, mark))
        assert all(before.number < after.number for before, after in pairwise(units))
        assert all((unit.number >= found.parts) == (mark == REPEATED) for unit in units)
        told = [number for unit in units for number, _ in found.ids_of(unit)]
        assert told == numbers(found, mark)
        rows += told
    assert sorted(rows) == sorted(set(rows))
    assert len(rows) + found.left_out == found.rows == 21


anything = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=1)
rows = st.dictionaries(
    st.sampled_from(["question_id", "conversation_id", "style", "subset", "gpt_pass_percentage", "filter_reason"]),
    anything,
)
lines = st.binary(max_size=4).filter(lambda line: b"\n" not in line and line.strip())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(rows | st.binary(max_size=4).filter(lambda line: b"\n" not in line and line.strip())), st.integers(1, 5)
)
def test_whatever_the_rows_are_they_can_be_surveyed(tmp_path: Path, given_rows: list[Any], limit: int) -> None:
    path = jsonl(tmp_path, *given_rows)
    assert look(path).rows == len(given_rows)
    assert len(given_rows) - look(path, limit=limit, min_pass=0.0).left_out == min(limit, len(given_rows))
