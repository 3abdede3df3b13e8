"""Imports into real Postgres: what must not happen to the rows, to curators' work and to the account."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from problems import importing, settling
from problems.models import Fate, ImportRun, Problem, RefusedRow, RunStatus, State, Trials
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.options import Options
from problems.packing import unpack
from problems.sources import SourceError, _lines, _parquet, kodcode

pytestmark = pytest.mark.django_db

GOOD = kodcode.EXAMPLES[0][0]
DUPLICATE = 23
# What only running the reference can tell: an importer takes these rows as unverified.
REFERENCE_UNKNOWN = range(30, 34)
# Not refused any more: rows of the other styles are problems that aren't judged yet.
PYTEST_STYLE = 40


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return GOOD | {"question_id": f"Taco_{number}_OJ"} | changes


def literal(*pairs: tuple[str, str]) -> str:
    return str({"stdin": [stdin for stdin, _ in pairs], "stdout": [stdout for _, stdout in pairs]})


def jsonl(folder: Path, *rows: dict[str, Any]) -> str:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def fates(run: ImportRun) -> dict[str, int]:
    """The counts that aren't zero; they must add up to the rows read."""
    counts = {fate.value: getattr(run, fate.value) for fate in Fate}
    assert sum(counts.values()) == run.rows_read
    return {name: count for name, count in counts.items() if count}


def imported(source: str, **options: Any) -> ImportRun:
    return importing.run(importing.queue(source, Options(**options)))


def stored() -> list[dict[str, Any]]:
    """All that a second import may not touch."""
    return [*Problem.objects.order_by("id").values(), *Case.objects.order_by("id").values()]


def test_every_hard_row_meets_its_fate(shared_data: Path) -> None:
    path = shared_data / "hard_rows.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    run = imported(str(path))
    assert fates(run) == {"imported": 22, "quarantined": 2, "rejected": 16}
    refused = {r.row_number: (r.fate, r.reason) for r in run.refused.all()}
    for number, expected in enumerate((row["expect"] for row in rows), 1):
        word, _, reason = expected.partition(": ")
        if word.startswith("accept") or number in {*REFERENCE_UNKNOWN, PYTEST_STYLE}:
            assert number not in refused
        else:
            assert refused[number] == ({"reject": "rejected", "quarantine": "quarantined"}[word], reason)


def test_of_a_duplicate_the_first_stays(shared_data: Path) -> None:
    path = shared_data / "hard_rows.jsonl"
    run = imported(str(path))
    first = json.loads(path.read_text().splitlines()[DUPLICATE - 2])
    assert Problem.objects.get(question_id="Code_Contests_910022_OJ").statement == first["question"]
    raw = bytes(run.refused.get(row_number=DUPLICATE).raw)
    assert raw == path.read_bytes().splitlines(keepends=True)[DUPLICATE - 1]


def test_a_rejected_row_is_not_stored_and_does_not_break_its_batch(tmp_path: Path) -> None:
    run = imported(jsonl(tmp_path, row(1), row(2, question="a\0b"), row(3, solution="\ud800"), row(4)))
    assert fates(run) == {"imported": 2, "rejected": 2}
    assert set(Problem.objects.values_list("question_id", flat=True)) == {"Taco_1_OJ", "Taco_4_OJ"}


def test_what_the_database_refuses_costs_no_other_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = kodcode.parse

    def overlooking(values: Any, *rest: Any) -> Any:
        spec = parse(values, *rest)
        return replace(spec, title="a\0b") if values["question_id"] == "Taco_5_OJ" else spec

    monkeypatch.setattr(kodcode, "parse", overlooking)
    run = imported(jsonl(tmp_path, *map(row, range(10))))
    assert fates(run) == {"imported": 9, "rejected": 1}
    refused = run.refused.get()
    assert (refused.question_id, refused.row_number) == ("Taco_5_OJ", 6)
    assert refused.reason.startswith("the database refuses it")


def test_quarantined_rows_are_stored_and_never_shown(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1, solution=" "), row(2, test="{'stdin': ['1'], 'stdout': [None]}")))
    assert list(Problem.objects.values_list("state", "state_reason")) == [
        (State.QUARANTINED, "no reference solution"),
        (State.QUARANTINED, "expected output is None"),
    ]
    assert not Problem.objects.visible_to(None).exists()
    assert RefusedRow.objects.count() == 2


def test_the_second_split_is_hidden_with_its_reason(shared_data: Path) -> None:
    run = imported(str(shared_data / "use_with_caution.parquet"))
    assert fates(run) == {"imported": 4}
    assert not Problem.objects.visible_to(None).exists()
    assert all(Problem.objects.values_list("state_reason", flat=True))


def test_the_shaped_problems_are_all_accepted_with_their_tests(shared_data: Path) -> None:
    run = imported(str(shared_data / "kodcode_shaped_oj.parquet"))
    assert fates(run) == {"imported": 56}
    assert Case.objects.count() == 635
    assert Problem.objects.visible_to(None).count() == 56


def test_twice_is_the_same_as_once(shared_data: Path) -> None:
    imported(str(shared_data / "hard_rows.jsonl"))
    once = stored()
    again = imported(str(shared_data / "hard_rows.jsonl"))
    assert fates(again) == {"unchanged": 22, "quarantined": 2, "rejected": 16}
    assert stored() == once


def test_an_unchanged_row_is_not_written(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1))
    imported(source)
    with CaptureQueriesContext(connection) as queries:
        imported(source)
    writes = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM|COPY) "?problems_(problem|testcase)\b')
    assert not [query for query in queries if writes.search(query["sql"])]


def test_new_tests_raise_the_version_and_end_the_verification(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    Problem.objects.update(verified=True)
    run = imported(jsonl(tmp_path, row(1, test=literal(("1\n", "2"), ("5\n", "10"), ("6\n", "12")))))
    problem = Problem.objects.get()
    assert fates(run) == {"updated": 1}
    assert (problem.tests_version, problem.verified) == (2, False)
    assert list(problem.tests.values_list("position", "stdin")) == [(1, "1\n"), (2, "5\n"), (3, "6\n")]


def test_a_new_statement_is_rendered_anew_and_leaves_the_tests_alone(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    Problem.objects.update(verified=True, statement_html="<p>old</p>")
    before = list(Case.objects.values())
    imported(jsonl(tmp_path, row(1, question="# Double\n\nPrint it.")))
    problem = Problem.objects.get()
    assert (problem.title, problem.statement_html, problem.verified, problem.tests_version) == ("Double", "", True, 1)
    assert list(Case.objects.values()) == before


def test_a_new_solution_ends_the_verification(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    Problem.objects.update(verified=True)
    imported(jsonl(tmp_path, row(1, solution="print(0)")))
    assert not Problem.objects.get().verified


def test_what_a_curator_edited_is_not_overwritten(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    problem = Problem.objects.get()
    problem.title, problem.state, problem.time_limit_ms, problem.checker = "Mine", State.HIDDEN, 9_000, "exact"
    problem.note_curated(["title", "state", "time_limit_ms", "checker"])
    problem.save()
    imported(jsonl(tmp_path, row(1, question="# Theirs\n\nOther words.")))
    problem.refresh_from_db()
    assert (problem.title, problem.state, problem.time_limit_ms, problem.checker) == ("Mine", "hidden", 9_000, "exact")
    assert problem.statement == "# Theirs\n\nOther words."


def test_limits_and_checker_are_never_a_row_s(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    Problem.objects.update(time_limit_ms=9_000, memory_limit_kb=1_024, checker="exact")
    imported(jsonl(tmp_path, row(1, question="Other words.")))
    assert Problem.objects.values_list("time_limit_ms", "memory_limit_kb", "checker").get() == (9_000, 1_024, "exact")


def test_tests_that_a_curator_edited_stay(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    Case.objects.filter(position=1).update(stdout="15")
    problem = Problem.objects.get()
    problem.verified = True
    problem.note_curated(["tests"])
    problem.save()
    imported(jsonl(tmp_path, row(1, test=literal(("1\n", "2")))))
    problem.refresh_from_db()
    assert list(problem.tests.values_list("stdout", flat=True)) == ["15", "0"]
    assert (problem.tests_version, problem.verified) == (1, True)


def test_a_mended_row_stays_published(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1, solution=""))
    imported(source)
    problem = Problem.objects.get()
    problem.state = State.PUBLISHED
    problem.note_curated(["state"])
    problem.save()
    assert fates(imported(source)) == {"unchanged": 1}
    assert Problem.objects.get().state == State.PUBLISHED


def test_a_row_that_the_source_mended_is_published(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1, solution="")))
    assert fates(imported(jsonl(tmp_path, row(1)))) == {"updated": 1}
    assert Problem.objects.values_list("state", "state_reason").get() == (State.PUBLISHED, "")


def test_two_ids_never_share_an_address(tmp_path: Path) -> None:
    ids = ["A_1_OJ", "a-1-oj", "A 1 OJ", "漢", "字", "x" * 200, "x" * 199 + "y"]
    assert fates(imported(jsonl(tmp_path, *(row(question_id=i) for i in ids)))) == {"imported": 7}
    later = imported(jsonl(tmp_path, row(question_id="a_1_oj")))
    assert fates(later) == {"imported": 1}
    slugs = dict(Problem.objects.values_list("question_id", "slug"))
    assert len(set(slugs.values())) == 8
    assert slugs["A_1_OJ"] == "a-1-oj"


def test_an_address_outlives_an_update(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(question_id="Apps_10003_OJ")))
    imported(jsonl(tmp_path, row(question_id="Apps_10003_OJ", question="New.")))
    assert Problem.objects.get().slug == "apps-10003-oj"


def test_new_problems_begin_with_the_default_limits(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1)))
    problem = Problem.objects.get()
    assert (problem.time_limit_ms, problem.memory_limit_kb, problem.checker) == (2_000, 262_144, "lines")
    assert (problem.verified, problem.tests_version, problem.judgeable) == (False, 1, True)


def test_a_sample_is_marked_as_one(tmp_path: Path) -> None:
    question = "Double.\n\n## Sample\n\n```text\n7\n```\n\n```text\n14\n```\n"
    imported(jsonl(tmp_path, row(1, question=question)))
    assert list(Case.objects.values_list("stdin", "is_sample")) == [("7\n", True), ("0\n", False)]


def test_rows_of_many_units_and_batches_are_all_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "BATCH_ROWS", 3)
    monkeypatch.setattr(_lines, "PART_ROWS", 7)
    rows = [row(n % 40, question="" if n % 10 == 3 else "Q.") for n in range(50)]
    run = imported(jsonl(tmp_path, *rows))
    assert fates(run) == {"imported": 36, "rejected": 14}
    assert run.refused.count() == 14
    assert set(run.refused.filter(reason="duplicate question_id").values_list("row_number", flat=True)) == {
        number + 1 for number in range(40, 50) if number != 43
    }


def test_of_a_repeated_id_the_first_that_can_be_stored_stays(tmp_path: Path) -> None:
    run = imported(jsonl(tmp_path, row(1, question=""), row(1, question="Second."), row(1, question="Third.")))
    assert fates(run) == {"imported": 1, "rejected": 2}
    assert Problem.objects.get().statement == "Second."
    assert dict(run.refused.values_list("row_number", "reason")) == {1: "empty question", 3: "duplicate question_id"}


def test_rows_that_all_have_one_id_are_settled_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "BATCH_ROWS", 4)
    monkeypatch.setattr(_lines, "PART_ROWS", 10)
    run = imported(jsonl(tmp_path, *[row(1, question=f"Number {n}.") for n in range(35)]))
    assert fates(run) == {"imported": 1, "rejected": 34}
    assert Problem.objects.get().statement == "Number 0."


def test_a_dry_run_tells_the_fates_and_writes_no_problem(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1), row(2)))
    before = stored()
    source = jsonl(tmp_path, row(1), row(2, question="New."), row(3), row(4, solution=""), row(5, test=""), row(5))
    run = imported(source, dry_run=True)
    assert fates(run) == {"imported": 2, "updated": 1, "unchanged": 1, "quarantined": 1, "rejected": 1}
    assert stored() == before
    assert run.refused.count() == 2


def test_a_source_that_breaks_off_keeps_the_units_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parquet, "PART_ROWS", 2)
    table = pa.Table.from_pylist([row(n) for n in range(6)])
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=2, compression="none")
    content = (tmp_path / "rows.parquet").read_bytes()
    # The first page of the last group's largest column: its header is no header any more.
    last = pq.read_metadata(tmp_path / "rows.parquet").row_group(2)
    column = next(c for c in map(last.column, range(last.num_columns)) if c.path_in_schema == "question")
    at = column.dictionary_page_offset
    (tmp_path / "rows.parquet").write_bytes(content[:at] + b"\xff" * 40 + content[at + 40 :])
    with pytest.raises(SourceError, match=r"rows\.parquet"):
        imported(str(tmp_path / "rows.parquet"))
    run = ImportRun.objects.get()
    assert fates(run) == {"imported": 4}
    assert (run.status, "rows.parquet" in run.error, run.finished_at is not None) == (RunStatus.FAILED, True, True)


def test_pytest_rows_are_stored_whole_and_hidden(shared_data: Path) -> None:
    path = shared_data / "kodcode_demo_pytest_styles.parquet"
    run = imported(str(path))
    assert fates(run) == {"imported": 232}
    assert not Problem.objects.visible_to(None).exists()
    assert not Case.objects.exists()
    found = Problem.objects.order_by("pk").values_list("raw_test", "judgeable", "state")
    assert list(found) == [(test, False, State.HIDDEN) for test in pq.read_table(path)["test"].to_pylist()]


def test_a_new_pytest_source_is_a_change_of_the_tests(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1, style="instruct", test="def test_a(): ...")))
    Problem.objects.update(verified=True)
    run = imported(jsonl(tmp_path, row(1, style="instruct", test="def test_b(): ...")))
    problem = Problem.objects.get()
    assert fates(run) == {"updated": 1}
    assert (problem.raw_test, problem.tests_version, problem.verified) == ("def test_b(): ...", 2, False)


def test_it_is_told_when_a_verification_was_lost(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1), row(2)))
    Problem.objects.filter(question_id="Taco_1_OJ").update(verified=True)
    imported(jsonl(tmp_path, row(1, solution="print(0)"), row(2, solution="print(0)")))
    lost = Problem.objects.filter(verification_lost_at__isnull=False)
    assert list(lost.values_list("question_id", flat=True)) == ["Taco_1_OJ"]


def test_who_brought_and_who_last_wrote_a_problem_is_known(tmp_path: Path) -> None:
    first = imported(jsonl(tmp_path, row(1), row(2)))
    second = imported(jsonl(tmp_path, row(1), row(2, question="New.")))
    written = dict(Problem.objects.values_list("question_id", "written_by"))
    assert set(Problem.objects.values_list("imported_by", flat=True)) == {first.pk}
    assert written == {"Taco_1_OJ": first.pk, "Taco_2_OJ": second.pk}


def test_a_row_that_is_the_same_is_not_even_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = jsonl(tmp_path, row(1), row(2, style="complete", test="def test(): ..."))
    imported(source)
    monkeypatch.setattr(kodcode, "parse", None)
    assert fates(imported(source)) == {"unchanged": 2}


def test_the_same_content_in_another_kind_of_file_is_unchanged_and_known_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(jsonl(tmp_path, row(1)))
    before = Problem.objects.values().get()
    pq.write_table(pa.Table.from_pylist([row(1)]), tmp_path / "rows.parquet")
    assert fates(imported(str(tmp_path / "rows.parquet"))) == {"unchanged": 1}
    after = Problem.objects.values().get()
    assert after | {"row_hash": b""} == before | {"row_hash": b""}
    monkeypatch.setattr(kodcode, "parse", None)
    assert fates(imported(str(tmp_path / "rows.parquet"))) == {"unchanged": 1}


def test_a_row_that_a_later_parser_reads_differently_is_parsed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = jsonl(tmp_path, row(1))
    imported(source)
    parse = kodcode.parse
    monkeypatch.setattr(kodcode, "parse", lambda *given: replace(parse(*given), title="Read anew"))
    assert fates(imported(source)) == {"unchanged": 1}
    monkeypatch.setattr(kodcode, "VERSION", kodcode.VERSION + 1)
    assert fates(imported(source)) == {"updated": 1}
    assert Problem.objects.get().title == "Read anew"


TRIALS_OF_A_ROW = {"trial_gpt4o_0": {"solution_code": "print(1)\0", "test_result": "Pass"}, "trial_gpt4o_1": None}


def trials() -> list[Any]:
    return [json.loads(unpack(bytes(kept.data))) for kept in Trials.objects.order_by("pk")]


def test_trials_are_left_where_they_are(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1, trials=TRIALS_OF_A_ROW)))
    assert not Trials.objects.exists()


def test_trials_are_kept_on_request(tmp_path: Path) -> None:
    imported(jsonl(tmp_path, row(1, trials=TRIALS_OF_A_ROW), row(2)), with_trials=True)
    assert trials() == [TRIALS_OF_A_ROW]


def test_trials_can_be_added_and_changed_later(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1, trials=TRIALS_OF_A_ROW))
    imported(source)
    assert fates(imported(source, with_trials=True)) == {"updated": 1}
    assert fates(imported(source, with_trials=True)) == {"unchanged": 1}
    assert fates(imported(jsonl(tmp_path, row(1, trials={"trial_gpt4o_0": None})), with_trials=True)) == {"updated": 1}
    assert trials() == [{"trial_gpt4o_0": None}]
    assert fates(imported(jsonl(tmp_path, row(1)))) == {"unchanged": 1}
    assert trials() == [{"trial_gpt4o_0": None}]


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.jsonl.zst"])
def test_compressed_rows_are_the_same_rows(tmp_path: Path, name: str) -> None:
    content = Path(jsonl(tmp_path, row(1), row(2), row(1))).read_bytes()
    with pa.CompressedOutputStream(str(tmp_path / name), {".gz": "gzip", ".zst": "zstd"}[Path(name).suffix]) as out:
        out.write(content)
    assert fates(imported(str(tmp_path / name))) == {"imported": 2, "rejected": 1}
    assert fates(imported(str(tmp_path / "rows.jsonl"))) == {"unchanged": 2, "rejected": 1}


def test_tests_keep_their_text_to_the_byte(tmp_path: Path) -> None:
    odd = "\\N\t\\.\n  \\\\ é漢🎉 \x7f'\" \n\n"
    imported(jsonl(tmp_path, row(1, test=literal((odd, odd), ("", "")))))
    assert list(Case.objects.values_list("stdin", "stdout")) == [(odd, odd), ("", "")]
