"""KodCode rows: each trap meets its fate, and no row of whatever content is more than a value."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems import sources
from problems.sources import ProblemSpec, Refused, SourceError, _files, kodcode

GOOD = kodcode.EXAMPLES[0][0]
HARD_ROWS = 40
# What only running the reference can tell: an importer takes these rows as unverified.
REFERENCE_UNKNOWN = range(30, 34)
DUPLICATE = 23
# Not refused any more: rows of the other styles are problems that aren't judged yet.
PYTEST_STYLE = 40


def jsonl(folder: Path, *lines: bytes | dict[str, Any]) -> str:
    path = folder / "rows.jsonl"
    path.write_bytes(b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines))
    return str(path)


def parse(**changes: Any) -> ProblemSpec | Refused:
    return kodcode.parse(GOOD | changes, 1, lambda: b"raw")


def reason(row: ProblemSpec | Refused) -> str:
    return row.reason if isinstance(row, Refused) else ""


def spec(row: ProblemSpec | Refused) -> ProblemSpec:
    assert isinstance(row, ProblemSpec), row
    return row


def hard_row(shared_data: Path, line: int) -> tuple[dict[str, Any], ProblemSpec | Refused]:
    """A hard row as it stands there, and what becomes of it."""
    rows = kodcode.read(str(shared_data / "hard_rows.jsonl"))
    raw = (shared_data / "hard_rows.jsonl").read_bytes().splitlines()[line - 1]
    return json.loads(raw), next(row for row in rows if row.row_number == line)


@pytest.mark.parametrize("line", [n for n in range(1, HARD_ROWS + 1) if n not in REFERENCE_UNKNOWN and n != DUPLICATE])
def test_a_hard_row_meets_its_fate(shared_data: Path, line: int) -> None:
    row, result = hard_row(shared_data, line)
    expected, _, why = ("accept" if line == PYTEST_STYLE else row["expect"]).partition(": ")
    fate = {"reject": "rejected", "quarantine": "quarantined"}.get(expected, "accepted")
    assert (result.fate if isinstance(result, Refused) else "accepted", reason(result)) == (fate, why)


@pytest.mark.parametrize("line", REFERENCE_UNKNOWN)
def test_a_row_whose_reference_only_a_run_can_judge_is_accepted(shared_data: Path, line: int) -> None:
    assert isinstance(hard_row(shared_data, line)[1], ProblemSpec)


def test_no_row_runs_code(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = str((shared_data / "hard_rows.jsonl").resolve())
    monkeypatch.chdir(tmp_path)
    assert len(list(kodcode.read(source))) == HARD_ROWS
    assert not (tmp_path / "PWNED_BY_EVAL").exists()


def test_a_refused_row_keeps_its_bytes(shared_data: Path) -> None:
    lines = (shared_data / "hard_rows.jsonl").read_bytes().splitlines(keepends=True)
    refused = [row for row in kodcode.read(str(shared_data / "hard_rows.jsonl")) if isinstance(row, Refused)]
    assert [row.raw for row in refused] == [lines[row.row_number - 1] for row in refused]


@pytest.mark.parametrize(
    ("line", "first"), [(8, ("6", "True")), (9, ("1\n2", "3")), (15, ("3\none two three\n", "2\n"))]
)
def test_tests_are_normalised(shared_data: Path, line: int, first: tuple[str, str]) -> None:
    test = spec(hard_row(shared_data, line)[1]).tests[0]
    assert (test.stdin, test.stdout) == first


def test_an_unknown_subset_is_kept_and_an_unknown_difficulty_is_not_shown() -> None:
    row = spec(parse(subset="Unheard_Of_2027", gpt_difficulty="brutal"))
    assert (row.subset, row.difficulty, json.loads(row.extra)["gpt_difficulty"]) == ("Unheard_Of_2027", "", "brutal")


@pytest.mark.parametrize("style", ["online_judge", "Online Judge", "online-judge", " ONLINE_JUDGE "])
def test_style_spellings(style: str) -> None:
    assert spec(parse(style=style)).style == "online_judge"


def test_old_column_names() -> None:
    row = {k: v for k, v in GOOD.items() if k not in {"question_id", "test"}}
    old = kodcode.parse(row | {"conversation_id": "Old_1_OJ", "test_code": GOOD["test"]}, 1, bytes)
    assert spec(old).question_id == "Old_1_OJ"


@pytest.mark.parametrize(
    ("given_", "kept"), [(0.0, 0.0), (1, 1.0), (None, None), (1.5, None), (float("nan"), None), ("1", None)]
)
def test_pass_percentage(given_: object, kept: float | None) -> None:
    assert spec(parse(gpt_pass_percentage=given_)).pass_percentage == kept


def test_a_row_with_a_filter_reason_is_of_the_second_split() -> None:
    assert spec(parse(filter_reason="too like a benchmark")).split == "use_with_caution"


def test_missing_values_in_other_columns_do_not_cost_the_row() -> None:
    assert spec(parse(benchmark_similarity=float("nan"), metadata=None)).extra == "{}"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"question_id": None}, "no question_id"),
        ({"question_id": "x" * 201}, "question_id is longer than 200 characters"),
        ({"question": 7}, "question is not text"),
        ({"test": None}, "no test"),
        ({"test": "{'stdin': '1', 'stdout': ['1']}"}, "stdin is not a list"),
        ({"test": "{'stdin': [b'1'], 'stdout': ['1']}"}, "a test holds a bytes, not text"),
        ({"test": "{'stdin': [[['1']]], 'stdout': ['1']}"}, "a test holds a list, not text"),
        ({"test": str({"stdin": ["1"] * 10_001, "stdout": ["1"] * 10_001})}, "more than 10000 test cases"),
        ({"style": "poem\0"}, "NUL character in style"),
        ({"style": "poem"}, "unknown style poem"),
        ({"metadata": {"seed_ids": "a\0b"}}, "NUL character in a column"),
        ({"metadata": {"seed_ids": "\ud800"}}, "a column is not valid Unicode"),
        ({"metadata": {"row_id": 10**5000}}, "a column can't be written as JSON"),
    ],
)
def test_what_cannot_be_stored_is_rejected(changes: dict[str, Any], why: str) -> None:
    result = parse(**changes)
    assert isinstance(result, Refused)
    assert (result.fate, result.reason) == ("rejected", why)


def test_a_backslash_before_u0000_is_no_nul() -> None:
    assert json.loads(spec(parse(metadata={"seed_ids": "\\u0000"})).extra)["metadata"]["seed_ids"] == "\\u0000"


def test_a_refused_id_is_printable() -> None:
    result = parse(question_id="a\0\ud800", question="")
    assert isinstance(result, Refused)
    assert result.question_id == "a\\x00\\ud800"


def test_a_row_over_64_mib_is_rejected_and_the_next_one_read(tmp_path: Path) -> None:
    huge = GOOD | {"question": "x" * sources.MAX_ROW_BYTES}
    first, second = kodcode.read(jsonl(tmp_path, huge, GOOD))
    assert isinstance(first, Refused)
    assert (first.reason, first.question_id) == ("row is larger than 64 MiB", GOOD["question_id"])
    assert len(first.raw) == 1024 * 1024
    assert isinstance(second, ProblemSpec)


def test_a_row_of_parquet_over_64_mib_is_rejected() -> None:
    assert reason(parse(question="x" * (sources.MAX_ROW_BYTES + 1))) == "row is larger than 64 MiB"


@pytest.mark.parametrize(
    "line", [b"{broken\n", b"[1]\n", b"\xff\xfe\n", b"[" * 200_000 + b"\n", b'{"a": ' + b"1" * 5000 + b"}\n", b"null\n"]
)
def test_a_broken_line_is_rejected_and_the_next_one_read(tmp_path: Path, line: bytes) -> None:
    first, second = kodcode.read(jsonl(tmp_path, line, GOOD))
    assert isinstance(first, Refused)
    assert (first.fate, first.raw) == ("rejected", line)
    assert isinstance(second, ProblemSpec)


def test_blank_lines_and_a_byte_order_mark_are_no_rows(tmp_path: Path) -> None:
    rows = kodcode.read(jsonl(tmp_path, b"\xef\xbb\xbf", GOOD, b"\n", b"  \r\n", GOOD))
    assert [type(row) for row in rows] == [ProblemSpec, ProblemSpec]


def test_bad_bytes_in_a_parquet_cell_cost_that_row_only(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([GOOD, GOOD | {"question_id": "Taco_2_OJ"}])
    # A binary buffer viewed as text, which is what a writer that doesn't check makes.
    bad = pa.array([b"\xff\xfe broken", b"# Fine"], pa.binary()).view(pa.string())
    path = tmp_path / "rows.parquet"
    pq.write_table(table.set_column(table.schema.get_field_index("question"), "question", bad), path)
    first, second = kodcode.read(str(path))
    assert reason(first) == "question is not valid Unicode"
    assert isinstance(first, Refused)
    assert json.loads(first.raw)["question"].encode(errors="surrogateescape") == b"\xff\xfe broken"
    assert isinstance(second, ProblemSpec)


def test_a_folder_is_read_file_by_file_with_its_splits(tmp_path: Path) -> None:
    for name, question_id in (
        ("use_with_caution-00000", "Z_1_OJ"),
        ("train-00001", "B_1_OJ"),
        ("train-00000", "A_1_OJ"),
    ):
        pq.write_table(pa.Table.from_pylist([GOOD | {"question_id": question_id}]), tmp_path / f"{name}.parquet")
    rows = [spec(row) for row in kodcode.read(str(tmp_path))]
    assert [(r.row_number, r.question_id, r.split) for r in rows] == [
        (1, "A_1_OJ", "train"),
        (2, "B_1_OJ", "train"),
        (3, "Z_1_OJ", "use_with_caution"),
    ]


def test_the_shaped_problems_are_all_accepted(shared_data: Path) -> None:
    rows = [spec(row) for row in kodcode.read(str(shared_data / "kodcode_shaped_oj.parquet"))]
    assert len(rows) == 56
    assert all(0 < sum(t.is_sample for t in row.tests) < len(row.tests) for row in rows)


def test_pytest_rows_are_kept_whole(shared_data: Path) -> None:
    path = shared_data / "kodcode_demo_pytest_styles.parquet"
    rows = [spec(row) for row in kodcode.read(str(path))]
    assert len(rows) == 232
    assert [row.raw_test for row in rows] == pq.read_table(path)["test"].to_pylist()
    assert not any(row.tests for row in rows)


def test_a_problem_and_its_twin_in_another_style_are_one_family(shared_data: Path) -> None:
    rows = [spec(row) for row in kodcode.read(str(shared_data / "kodcode_demo_pytest_styles.parquet"))]
    families = {style: {row.family for row in rows if row.style == style} for style in ("instruct", "complete")}
    assert len(families["complete"]) == 109
    assert families["complete"] <= families["instruct"]


@pytest.mark.parametrize(
    ("question_id", "family"),
    [
        ("Apps_10003_OJ", "Apps_10003"),
        ("Code_Contests_7_I", "Code_Contests_7"),
        ("Docs_Combine_45219_C", "Docs_Combine_45219"),
        ("Apps_10003", "Apps_10003"),
        ("_C", "_C"),
        ("C", "C"),
        ("plain", "plain"),
    ],
)
def test_family(question_id: str, family: str) -> None:
    assert kodcode.family_of(question_id) == family


def test_a_pytest_row_without_a_test_is_rejected() -> None:
    assert reason(parse(style="complete", test=" \n")) == "no test"


def test_columns_of_other_data_sets_do_no_harm() -> None:
    row = spec(parse(r1_solution="x", messages=[{"role": "user"}], conversations=None))
    assert "r1_solution" not in row.extra


def test_similarity_has_a_place_of_its_own() -> None:
    row = spec(parse(benchmark_similarity=0.25))
    assert (row.benchmark_similarity, row.extra) == (0.25, "{}")


@pytest.mark.parametrize("changes", [{"benchmark_similarity": "high"}, {"gpt_pass_percentage": "1"}])
def test_what_a_column_cannot_hold_is_kept_beside_it(changes: dict[str, Any]) -> None:
    assert json.loads(spec(parse(**changes)).extra) == changes


def test_trials_are_text_of_their_own() -> None:
    row = spec(parse(trials={"trial_gpt4o_0": {"solution_code": "\ud800\0"}}))
    assert json.loads(row.trials) == {"trial_gpt4o_0": {"solution_code": "\ud800\0"}}
    assert "trial" not in row.extra


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.parquet", "notes.txt", "empty"])
def test_a_source_that_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x")
    source = str(tmp_path / name)
    with pytest.raises(SourceError, match=name):
        list(_files.parts(_files.files_of(Path(sources.find(source).fetch(source, (), tmp_path, print))), ()))


def test_a_broken_parquet_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(SourceError, match="broken"):
        list(kodcode.read(str(tmp_path / "broken.parquet")))


@pytest.mark.parametrize(("row", "why"), kodcode.EXAMPLES)
def test_the_source_proves_itself(row: dict[str, object], why: str) -> None:
    assert reason(kodcode.parse(row, 1, bytes)) == why


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
literals = st.recursive(
    st.sampled_from(
        ["None", "True", "7", "-3", "1e999", "'a'", '"b"', "'\\ud800'", "'\\x00'", "b'c'", "1j", "set()", "x"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[" + ", ".join(parts) + "]")
        | st.tuples(inner, inner).map(lambda pair: "{'stdin': " + pair[0] + ", 'stdout': " + pair[1] + "}")
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(sorted(kodcode.COLUMNS | {kodcode.TRIALS})), anything), literals | st.text())
def test_any_row_at_all_is_a_problem_or_is_refused(row: dict[str, object], test: str) -> None:
    for attempt in (row, GOOD | row, GOOD | row | {"style": "online_judge", "test": test}):
        result = kodcode.parse(attempt, 1, bytes)
        assert kodcode.facets(attempt, "train").split in {"train", "use_with_caution"}
        if isinstance(result, Refused):
            assert result.reason
            (result.question_id + result.reason).encode()
        kept = result if isinstance(result, ProblemSpec) else result.problem
        if kept is not None:
            texts = [kept.title, kept.statement, kept.extra, kept.raw_test, kept.family]
            stored = "".join([*texts, *(t.stdin + t.stdout for t in kept.tests)])
            assert "\0" not in stored
            stored.encode()


@given(st.binary())
def test_any_bytes_at_all_are_rows_or_are_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    rows = list(kodcode.read(jsonl(tmp_path_factory.mktemp("bytes"), content)))
    assert all(isinstance(row, Refused) for row in rows)
