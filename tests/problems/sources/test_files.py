"""Files cut into parts and read again: no row is lost, doubled or moved, whatever is in the file."""

import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems.sources import SourceError, _files, _lines, _parquet, _rows
from problems.sources._files import Reader, files_of, fingerprint, parts
from problems.sources._parts import Part

COLUMNS = ("question_id", "question")
KINDS = ["rows.jsonl", "rows.jsonl.gz", "rows.jsonl.zst"]
LINES = [b"", b"{}", b" \t", b'{"a": 1}', b"x" * 59, b"x" * 60, b"x" * 199, b"x" * 200, b"\xff"]
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {"question_id": f"Taco_{number}_OJ", "question": f"Number {number}."} | changes


def write(path: Path, content: bytes) -> Path:
    """``content`` as the file's name says."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    elif path.suffix == ".zst":
        with pa.CompressedOutputStream(str(path), "zstd") as out:
            out.write(content)
    else:
        path.write_bytes(content)
    return path


def lines_of(numbers: range) -> bytes:
    return b"".join(json.dumps(row(number)).encode() + b"\n" for number in numbers)


def parquet(path: Path, count: int, group: int, **options: Any) -> Path:
    pq.write_table(pa.Table.from_pylist([row(n) for n in range(count)]), path, row_group_size=group, **options)
    return path


def cut(path: Path, **options: Any) -> list[Part]:
    return list(parts([path], COLUMNS, **options))


def read(path: Path, order: Any = list) -> list[tuple[int, Any]]:
    """Number and content of every row, the parts read in this order."""
    reader = Reader(COLUMNS)
    return sorted((row.number, row.values()) for part in order(cut(path)) for row in reader.rows(part))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts, batches and large rows that a test can afford."""
    monkeypatch.setattr(_lines, "PART_ROWS", 3)
    monkeypatch.setattr(_lines, "PART_BYTES", 40)
    monkeypatch.setattr(_lines, "COMPRESSED_PART_BYTES", 40)
    monkeypatch.setattr(_lines, "HEAVY_BYTES", 60)
    monkeypatch.setattr(_lines, "MAX_ROW_BYTES", 200)
    monkeypatch.setattr(_lines, "KEPT_OF_A_TOO_LARGE_ROW", 30)
    monkeypatch.setattr(_lines, "_BLOCK", 16)
    monkeypatch.setattr(_parquet, "PART_ROWS", 7)
    monkeypatch.setattr(_parquet, "BATCH_ROWS", 4)


@pytest.mark.parametrize("name", KINDS)
def test_a_line_that_is_too_large_is_never_held_whole(tmp_path: Path, small_parts: None, name: str) -> None:
    huge = b'{"question_id": "Taco_7_OJ", "question": "' + b"x" * 1_000 + b'"}\n'
    path = write(tmp_path / name, lines_of(range(2)) + huge + lines_of(range(2, 4)))
    (part,) = [part for part in cut(path) if part.too_large]
    (line,) = Reader(COLUMNS).rows(part)
    assert (line.number, line.values(), line.raw()) == (3, "row is larger than 64 MiB", huge[:30])
    assert [number for number, _ in read(path)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", KINDS)
def test_a_large_line_is_a_part_of_its_own(tmp_path: Path, small_parts: None, name: str) -> None:
    large = json.dumps(row(9, question="y" * 80)).encode() + b"\n"
    path = write(tmp_path / name, lines_of(range(1)) + large + lines_of(range(1)))
    heavy = [part for part in cut(path) if part.heavy]
    assert [(part.first, part.rows) for part in heavy] == [(2, 1)]
    assert read(path)[1] == (2, json.loads(large))


def test_a_large_line_of_a_compressed_file_is_left_out_where_nobody_wants_it(tmp_path: Path, small_parts: None) -> None:
    path = write(tmp_path / "rows.jsonl.gz", lines_of(range(1)) + b"y" * 100 + b"\n" + lines_of(range(1)))
    without, whole = cut(path, with_heavy=False), cut(path)
    assert [(part.first, part.start, part.stop) for part in without] == [(p.first, p.start, p.stop) for p in whole]
    assert [bool(part.content) for part in without] == [True, False, True]


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.jsonl.zst"])
def test_a_compressed_file_that_breaks_off_says_so(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, lines_of(range(2_000)))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceError, match=name):
        read(path)


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.jsonl.zst", "rows.parquet"])
def test_a_file_that_is_none_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no such thing" * 10)
    with pytest.raises(SourceError, match=name):
        read(tmp_path / name)


def test_columns_of_one_name_say_so(tmp_path: Path) -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["question_id", "question_id"])
    pq.write_table(table, tmp_path / "rows.parquet")
    with pytest.raises(SourceError, match="same name"):
        read(tmp_path / "rows.parquet")


def test_parts_of_several_members_of_gzip_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(lines_of(range(3))) + gzip.compress(lines_of(range(3, 5))))
    assert [values["question_id"] for _, values in read(path)] == [f"Taco_{n}_OJ" for n in range(5)]


def test_parts_of_several_frames_of_zstd_are_read(tmp_path: Path) -> None:
    write(tmp_path / "one.jsonl.zst", lines_of(range(3)))
    write(tmp_path / "two.jsonl.zst", lines_of(range(3, 5)))
    path = tmp_path / "rows.jsonl.zst"
    path.write_bytes((tmp_path / "one.jsonl.zst").read_bytes() + (tmp_path / "two.jsonl.zst").read_bytes())
    assert [values["question_id"] for _, values in read(path)] == [f"Taco_{n}_OJ" for n in range(5)]


@unhurried
@given(
    st.lists(st.sampled_from([b"", b"{}", b" \t", b'{"a": 1}', b"x" * 59, b"x" * 60, b"x" * 199, b"x" * 200, b"\xff"]))
)
@pytest.mark.parametrize("name", KINDS)
def test_whatever_the_lines_are_each_is_a_row_once(
    tmp_path: Path, small_parts: None, name: str, lines: list[bytes]
) -> None:
    content = b"\n".join(lines)
    path = write(tmp_path / name, content)
    reader = Reader(COLUMNS)
    found = cut(path)
    rows = [row for part in found for row in reader.rows(part)]
    told = [line + b"\n" for line in content.split(b"\n")]
    told[-1] = told[-1][:-1]
    expected = [line[:30] if len(line) > 200 else line for line in told if line.strip()]
    assert [row.raw().rstrip(b"\n") for row in rows] == [line.rstrip(b"\n") for line in expected]
    assert [row.number for row in rows] == list(range(1, len(expected) + 1))
    assert sum(part.rows for part in found) == len(expected)
    assert all(before.first + before.rows == after.first for before, after in pairwise(found))


@unhurried
@given(st.integers(0, 60), st.integers(1, 25), st.permutations(range(9)))
def test_whatever_the_row_groups_are_each_row_is_read_once(
    tmp_path: Path, small_parts: None, count: int, group: int, order: list[int]
) -> None:
    path = parquet(tmp_path / "rows.parquet", count, group)

    def shuffled(found: list[Part]) -> list[Part]:
        return [found[number] for number in order if number < len(found)]

    assert read(path, shuffled) == [(number + 1, row(number)) for number in range(count)]


@unhurried
@given(st.lists(st.booleans(), min_size=23, max_size=23))
@pytest.mark.parametrize("name", ["rows.parquet", "rows.jsonl"])
def test_only_wanted_rows_are_read(tmp_path: Path, small_parts: None, name: str, wanted: list[bool]) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        parquet(path, 23, 5)
    else:
        path.write_bytes(lines_of(range(23)))
    reader = Reader(COLUMNS)
    numbers = [
        row.number
        for part in cut(path)
        for row in reader.rows(part, bytes(wanted[part.first - 1 : part.first - 1 + part.rows]))
    ]
    assert numbers == [number + 1 for number, is_wanted in enumerate(wanted) if is_wanted]


def test_parts_are_bounded_by_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parquet, "PART_BYTES", 100_000)
    table = pa.Table.from_pylist([row(n, question=f"{n} " * 5_000) for n in range(40)])
    pq.write_table(table, tmp_path / "rows.parquet", use_dictionary=False)
    assert max(part.rows for part in cut(tmp_path / "rows.parquet")) < 10


def test_large_rows_among_small_ones_are_to_be_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parquet, "HEAVY_BYTES", 50_000)
    table = pa.Table.from_pylist([row(n, question="x" * (60_000 if n == 30 else 10)) for n in range(40)])
    pq.write_table(table, tmp_path / "rows.parquet")
    (part,) = cut(tmp_path / "rows.parquet")
    with pytest.raises(MemoryError):
        list(Reader(COLUMNS).rows(part))
    assert len(list(Reader(COLUMNS, one_by_one=True).rows(part))) == 40


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.list_(pa.string())])
def test_a_row_of_parquet_that_is_too_large_is_read_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: pa.DataType
) -> None:
    monkeypatch.setattr(_parquet, "HEAVY_BYTES", 500)
    monkeypatch.setattr(_rows, "MAX_ROW_BYTES", 900)
    monkeypatch.setattr(_parquet, "MAX_ROW_BYTES", 900)
    monkeypatch.setattr(_parquet, "KEPT_OF_A_TOO_LARGE_ROW", 100)
    texts = ["first", "é" * 1_000, "third"]
    texts = [[text] for text in texts] if pa.types.is_list(kind) else texts  # type: ignore[misc]
    table = pa.table({"question_id": ["A", "B", "C"], "question": pa.array(texts, kind)})
    pq.write_table(table, tmp_path / "rows.parquet")
    (part,) = cut(tmp_path / "rows.parquet")
    first, second, third = Reader(COLUMNS, one_by_one=True).rows(part)
    assert second.values() == "row is larger than 64 MiB"
    assert json.loads(second.raw()) == {"question_id": "B", "question": None if pa.types.is_list(kind) else "é" * 50}
    assert [first.values(), third.values()] == [table.to_pylist()[0], table.to_pylist()[2]]


def test_numbers_go_on_from_file_to_file(tmp_path: Path) -> None:
    for name in ("b.parquet", "a.parquet"):
        parquet(tmp_path / name, 3, 2)
    found = list(parts(files_of(tmp_path), COLUMNS))
    assert [(Path(part.path).name, part.first) for part in found] == [("a.parquet", 1), ("b.parquet", 4)]


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([row(1, trials="x" * 100)]), tmp_path / "rows.parquet")
    assert set(read(tmp_path / "rows.parquet")[0][1]) == set(COLUMNS)


def test_a_fingerprint_knows_a_file_that_was_written_to(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", b"{}\n")
    before = fingerprint([path])
    assert fingerprint([path]) == before
    path.write_bytes(b"{}\n{}\n")
    assert fingerprint([path]) != before


def test_a_fingerprint_of_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"rows\.jsonl"):
        fingerprint([tmp_path / "rows.jsonl"])


def test_splits_are_told_by_the_files_name() -> None:
    names = ["use_with_caution-00000-of-00001.parquet", "train-00000-of-00015.parquet", "rows.jsonl"]
    assert [_files.split_of(Path(name)) for name in names] == ["use_with_caution", "train", "train"]


NAMES = ("question_id", "conversation_id")
values = st.none() | st.integers() | st.text(max_size=5) | st.just("\ud800") | st.just("Taco_1_OJ")
keys = st.sampled_from([*NAMES, "question", "x question_id"])
objects = st.dictionaries(keys, values | st.dictionaries(keys, values, max_size=2) | st.lists(values, max_size=2))


@given(objects, st.booleans())
def test_an_id_that_is_told_without_reading_the_line_is_the_lines_own(columns: dict[str, Any], escaped: bool) -> None:
    line = _rows.Line(1, json.dumps(columns, ensure_ascii=escaped).encode(errors="surrogatepass"))
    found = line.values()
    own = next((found[name] for name in NAMES if found.get(name)), None) if isinstance(found, dict) else None
    if isinstance(own, str):
        assert line.likely_id(NAMES) == own


@pytest.mark.parametrize(
    "line",
    [
        b'{"question\\u005fid": "B", "metadata": {"question_id": "A"}}',
        b'{"question_id": "A", "question_id": "B"}',
        b'{"question_id" : "B", "question": "say \\"question_id\\": no"}',
        b'{"conversation_id": "A", "question_id": "B"}',
        b'{"question_id": "", "conversation_id": "B"}',
        b'{"question_id": "\\u0042"}',
    ],
)
def test_an_id_is_not_told_wrong(line: bytes) -> None:
    assert _rows.Line(1, line).likely_id(NAMES) == "B"


def test_digests_tell_rows_and_salts_apart() -> None:
    lines = [_rows.Line(1, b'{"a": 1}'), _rows.Line(2, b'{"a": 1}'), _rows.Line(1, b'{"a": 2}')]
    records = [_rows.Record(n, 0, {"a": value}) for n, value in ((1, 1), (2, 1), (1, 2), (1, 1.0), (1, "1"), (1, True))]
    assert len({row.digest(b"") for row in lines}) == 2
    assert len({row.digest(b"") for row in records}) == 5
    assert records[0].digest(b"") != records[0].digest(b"salt")


def test_a_digest_is_the_same_for_equal_values_however_they_are_held() -> None:
    text = "".join(["a", "b"])
    one = _rows.Record(1, 0, {"a": text, "b": text, "c": [text, 10**20]})
    other = _rows.Record(1, 0, {"a": "ab", "b": "".join(["ab"]), "c": ["a" + "b", 10**20]})
    assert one.digest(b"") == other.digest(b"")


def test_a_huge_row_of_parquet_is_kept_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_rows, "MAX_ROW_BYTES", 100)
    monkeypatch.setattr(_rows, "KEPT_OF_A_TOO_LARGE_ROW", 10)
    assert json.loads(_rows.Record(1, 0, {"a": "x" * 500, "b": 7}).raw()) == {"a": "x" * 10, "b": 7}
