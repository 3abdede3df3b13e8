"""Imports into real Postgres: what must not happen to the rows, to curators' work and to the account."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from problems import importing
from problems.models import Fate, ImportRun, Problem, RefusedRow, State
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.sources import ProblemSpec, SourceError, kodcode

pytestmark = pytest.mark.django_db

GOOD = kodcode.EXAMPLES[0][0]
DUPLICATE = 23
# What only running the reference can tell: an importer takes these rows as unverified.
REFERENCE_UNKNOWN = range(30, 34)


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


def spec(question_id: str, **changes: Any) -> ProblemSpec:
    parsed = kodcode.parse(row(question_id=question_id), 1, lambda: b"raw")
    assert isinstance(parsed, ProblemSpec)
    fields = {name: getattr(parsed, name) for name in ProblemSpec.__dataclass_fields__}
    return ProblemSpec(**fields | changes)


def stored() -> list[dict[str, Any]]:
    """All that a second import may not touch."""
    return [*Problem.objects.order_by("id").values(), *Case.objects.order_by("id").values()]


def test_every_hard_row_meets_its_fate(shared_data: Path) -> None:
    path = shared_data / "hard_rows.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    run = importing.run(str(path))
    assert fates(run) == {"imported": 21, "quarantined": 2, "rejected": 17}
    refused = {r.row_number: (r.fate, r.reason) for r in run.refused.all()}
    for number, expected in enumerate((row["expect"] for row in rows), 1):
        word, _, reason = expected.partition(": ")
        if word.startswith("accept") or number in REFERENCE_UNKNOWN:
            assert number not in refused
        else:
            assert refused[number] == ({"reject": "rejected", "quarantine": "quarantined"}[word], reason)


def test_of_a_duplicate_the_first_stays(shared_data: Path) -> None:
    path = shared_data / "hard_rows.jsonl"
    run = importing.run(str(path))
    first = json.loads(path.read_text().splitlines()[DUPLICATE - 2])
    assert Problem.objects.get(question_id="Code_Contests_910022_OJ").statement == first["question"]
    raw = bytes(run.refused.get(row_number=DUPLICATE).raw)
    assert raw == path.read_bytes().splitlines(keepends=True)[DUPLICATE - 1]


def test_a_rejected_row_is_not_stored_and_does_not_break_its_batch(tmp_path: Path) -> None:
    run = importing.run(jsonl(tmp_path, row(1), row(2, question="a\0b"), row(3, solution="\ud800"), row(4)))
    assert fates(run) == {"imported": 2, "rejected": 2}
    assert set(Problem.objects.values_list("question_id", flat=True)) == {"Taco_1_OJ", "Taco_4_OJ"}


def test_what_the_database_refuses_costs_no_other_row(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [spec(f"Taco_{n}_OJ") for n in range(5)] + [spec("Bad_OJ", title="a\0b")] + [spec("Taco_9_OJ")]
    monkeypatch.setattr(kodcode, "read", lambda source: iter(rows))
    run = importing.run("hand-made.jsonl")
    assert fates(run) == {"imported": 6, "rejected": 1}
    assert run.refused.get().question_id == "Bad_OJ"


def test_quarantined_rows_are_stored_and_never_shown(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1, solution=" "), row(2, test="{'stdin': ['1'], 'stdout': [None]}")))
    assert list(Problem.objects.values_list("state", "state_reason")) == [
        (State.QUARANTINED, "no reference solution"),
        (State.QUARANTINED, "expected output is None"),
    ]
    assert not Problem.objects.visible_to(None).exists()
    assert RefusedRow.objects.count() == 2


def test_the_second_split_is_hidden_with_its_reason(shared_data: Path) -> None:
    run = importing.run(str(shared_data / "use_with_caution.parquet"))
    assert fates(run) == {"imported": 4}
    assert not Problem.objects.visible_to(None).exists()
    assert all(Problem.objects.values_list("state_reason", flat=True))


def test_the_shaped_problems_are_all_accepted_with_their_tests(shared_data: Path) -> None:
    run = importing.run(str(shared_data / "kodcode_shaped_oj.parquet"))
    assert fates(run) == {"imported": 56}
    assert Case.objects.count() == 635
    assert Problem.objects.visible_to(None).count() == 56


def test_twice_is_the_same_as_once(shared_data: Path) -> None:
    importing.run(str(shared_data / "hard_rows.jsonl"))
    once = stored()
    again = importing.run(str(shared_data / "hard_rows.jsonl"))
    assert fates(again) == {"unchanged": 21, "quarantined": 2, "rejected": 17}
    assert stored() == once


def test_an_unchanged_row_is_not_written(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1))
    importing.run(source)
    with CaptureQueriesContext(connection) as queries:
        importing.run(source)
    assert not [q for q in queries if "problems_problem" in q["sql"] and not q["sql"].startswith("SELECT")]


def test_new_tests_raise_the_version_and_end_the_verification(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    Problem.objects.update(verified=True)
    run = importing.run(jsonl(tmp_path, row(1, test=literal(("1\n", "2"), ("5\n", "10"), ("6\n", "12")))))
    problem = Problem.objects.get()
    assert fates(run) == {"updated": 1}
    assert (problem.tests_version, problem.verified) == (2, False)
    assert list(problem.tests.values_list("position", "stdin")) == [(1, "1\n"), (2, "5\n"), (3, "6\n")]


def test_a_new_statement_is_rendered_anew_and_leaves_the_tests_alone(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    Problem.objects.update(verified=True, statement_html="<p>old</p>")
    before = list(Case.objects.values())
    importing.run(jsonl(tmp_path, row(1, question="# Double\n\nPrint it.")))
    problem = Problem.objects.get()
    assert (problem.title, problem.statement_html, problem.verified, problem.tests_version) == ("Double", "", True, 1)
    assert list(Case.objects.values()) == before


def test_a_new_solution_ends_the_verification(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    Problem.objects.update(verified=True)
    importing.run(jsonl(tmp_path, row(1, solution="print(0)")))
    assert not Problem.objects.get().verified


def test_what_a_curator_edited_is_not_overwritten(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    problem = Problem.objects.get()
    problem.title, problem.state, problem.time_limit_ms, problem.checker = "Mine", State.HIDDEN, 9_000, "exact"
    problem.note_curated(["title", "state", "time_limit_ms", "checker"])
    problem.save()
    importing.run(jsonl(tmp_path, row(1, question="# Theirs\n\nOther words.")))
    problem.refresh_from_db()
    assert (problem.title, problem.state, problem.time_limit_ms, problem.checker) == ("Mine", "hidden", 9_000, "exact")
    assert problem.statement == "# Theirs\n\nOther words."


def test_limits_and_checker_are_never_a_row_s(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    Problem.objects.update(time_limit_ms=9_000, memory_limit_kb=1_024, checker="exact")
    importing.run(jsonl(tmp_path, row(1, question="Other words.")))
    assert Problem.objects.values_list("time_limit_ms", "memory_limit_kb", "checker").get() == (9_000, 1_024, "exact")


def test_tests_that_a_curator_edited_stay(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    Case.objects.filter(position=1).update(stdout="15")
    problem = Problem.objects.get()
    problem.verified = True
    problem.note_curated(["tests"])
    problem.save()
    importing.run(jsonl(tmp_path, row(1, test=literal(("1\n", "2")))))
    problem.refresh_from_db()
    assert list(problem.tests.values_list("stdout", flat=True)) == ["15", "0"]
    assert (problem.tests_version, problem.verified) == (1, True)


def test_a_mended_row_stays_published(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1, solution=""))
    importing.run(source)
    problem = Problem.objects.get()
    problem.state = State.PUBLISHED
    problem.note_curated(["state"])
    problem.save()
    assert fates(importing.run(source)) == {"unchanged": 1}
    assert Problem.objects.get().state == State.PUBLISHED


def test_a_row_that_the_source_mended_is_published(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1, solution="")))
    assert fates(importing.run(jsonl(tmp_path, row(1)))) == {"updated": 1}
    assert Problem.objects.values_list("state", "state_reason").get() == (State.PUBLISHED, "")


def test_two_ids_never_share_an_address(tmp_path: Path) -> None:
    ids = ["A_1_OJ", "a-1-oj", "A 1 OJ", "漢", "字", "x" * 200, "x" * 199 + "y"]
    assert fates(importing.run(jsonl(tmp_path, *(row(question_id=i) for i in ids)))) == {"imported": 7}
    later = importing.run(jsonl(tmp_path, row(question_id="a_1_oj")))
    assert fates(later) == {"imported": 1}
    slugs = dict(Problem.objects.values_list("question_id", "slug"))
    assert len(set(slugs.values())) == 8
    assert slugs["A_1_OJ"] == "a-1-oj"


def test_an_address_outlives_an_update(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(question_id="Apps_10003_OJ")))
    importing.run(jsonl(tmp_path, row(question_id="Apps_10003_OJ", question="New.")))
    assert Problem.objects.get().slug == "apps-10003-oj"


def test_new_problems_begin_with_the_default_limits(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1)))
    problem = Problem.objects.get()
    assert (problem.time_limit_ms, problem.memory_limit_kb, problem.checker) == (2_000, 262_144, "lines")
    assert (problem.verified, problem.tests_version, problem.judgeable) == (False, 1, True)


def test_a_sample_is_marked_as_one(tmp_path: Path) -> None:
    question = "Double.\n\n## Sample\n\n```text\n7\n```\n\n```text\n14\n```\n"
    importing.run(jsonl(tmp_path, row(1, question=question)))
    assert list(Case.objects.values_list("stdin", "is_sample")) == [("7\n", True), ("0\n", False)]


def test_rows_of_many_batches_are_all_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_ROWS", 7)
    heard: list[int] = []
    rows = [row(n % 40, question="" if n % 10 == 3 else "Q.") for n in range(50)]
    run = importing.run(jsonl(tmp_path, *rows), watch=lambda settled: heard.append(settled.fates.total()))
    run.refresh_from_db()
    assert fates(run) == {"imported": 36, "rejected": 14}
    assert heard == [7] * 7 + [1]
    assert run.refused.count() == 14


def test_a_dry_run_tells_the_fates_and_writes_nothing(tmp_path: Path) -> None:
    importing.run(jsonl(tmp_path, row(1), row(2)))
    before = stored()
    source = jsonl(tmp_path, row(1), row(2, question="New."), row(3), row(4, solution=""), row(5, test=""))
    run = importing.run(source, dry_run=True)
    assert fates(run) == {"imported": 1, "updated": 1, "unchanged": 1, "quarantined": 1, "rejected": 1}
    assert stored() == before
    assert (ImportRun.objects.count(), RefusedRow.objects.count()) == (1, 0)


def test_a_source_that_breaks_off_keeps_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: str) -> Any:
        yield from (spec(f"Taco_{n}_OJ") for n in range(importing.BATCH_ROWS + 3))
        raise SourceError("the file ends in the middle")

    monkeypatch.setattr(kodcode, "read", read)
    with pytest.raises(SourceError):
        importing.run("broken.jsonl")
    run = ImportRun.objects.get()
    assert fates(run) == {"imported": importing.BATCH_ROWS + 3}
    assert run.error == "the file ends in the middle"
    assert run.finished_at is not None


def test_tests_keep_their_text_to_the_byte(tmp_path: Path) -> None:
    odd = "\\N\t\\.\n  \\\\ é漢🎉 \x7f'\" \n\n"
    importing.run(jsonl(tmp_path, row(1, test=literal((odd, odd), ("", "")))))
    assert list(Case.objects.values_list("stdin", "stdout")) == [(odd, odd), ("", "")]


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("import_kodcode", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["missing.jsonl", "notes.txt", "broken.parquet"])
def test_the_command_ends_with_a_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"not parquet")
    with pytest.raises(CommandError, match=name):
        command(str(tmp_path / name))
    assert not ImportRun.objects.exists()


def test_the_command_refuses_a_limit_below_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--limit"):
        command(jsonl(tmp_path, row(1)), "--limit", "0")


def test_the_command_reads_the_first_rows_only(tmp_path: Path) -> None:
    command(jsonl(tmp_path, row(1), row(2), row(3)), "--limit", "2")
    assert Problem.objects.count() == 2


def test_the_command_shows_fates_and_reasons(tmp_path: Path) -> None:
    source = jsonl(tmp_path, row(1), row(2, test=""), row(3, test=""), row(4, solution=""))
    lines = [line.split() for line in command(source).splitlines() if line]
    assert lines[:6] == [
        ["Imported", "1"],
        ["Updated", "0"],
        ["Unchanged", "0"],
        ["Quarantined", "1"],
        ["Rejected", "2"],
        ["Rows", "read", "4"],
    ]
    assert lines[7:] == [["2", "Rejected:", "no", "test"], ["1", "Quarantined:", "no", "reference", "solution"]]


def test_the_command_says_that_a_dry_run_wrote_nothing(tmp_path: Path) -> None:
    assert "nothing was written" in command(jsonl(tmp_path, row(1)), "--dry-run")
    assert not Problem.objects.exists()
