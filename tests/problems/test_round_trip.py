"""Out of the database and in again: nothing may change, and nothing may be lost on the way."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from problems import exported_rows, exporting, importing, statement
from problems.models import Fate, ImportRun, Problem, State, Trials
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.options import Options
from problems.row_files import SCHEMA
from problems.sources import kodcode
from problems.sources._ours import Ours

pytestmark = pytest.mark.django_db

SAMPLES = Path(statement.__file__).parent / "samples" / "problems.jsonl"
GOOD = dict(kodcode.EXAMPLES[0][0])
FIELDS = [field.name for field in Problem._meta.concrete_fields if not field.generated]
# Primary keys, the account of imports, and what is made of the statement at its first view.
NOT_COMPARED = {"id", "imported_by", "written_by", "statement_html"}
COMPARED = [name for name in FIELDS if name not in NOT_COMPARED]
KINDS = ["out.parquet", "out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out"]
each_kind = pytest.mark.parametrize("name", KINDS)

Make = Callable[..., Problem]


def run(source: Path, **options: Any) -> dict[str, int]:
    """Import; the fates that aren't zero."""
    done = importing.run(importing.queue(str(source), Options(with_trials=True, **options)))
    return {fate.value: count for fate in Fate if (count := getattr(done, fate.value))}


def everything() -> dict[str, Any]:
    """All that an export has to bring back, by question_id."""
    tests = Case.objects.order_by("problem__question_id", "position")
    return {
        "problems": {each["question_id"]: each for each in Problem.objects.values(*COMPARED)},
        "tests": list(tests.values_list("problem__question_id", "position", "stdin", "stdout", "is_sample")),
        "trials": {key: bytes(data) for key, data in Trials.objects.values_list("problem__question_id", "data")},
    }


def export(folder: Path, name: str = "out.parquet") -> Path:
    exporting.export(folder / name, Problem.objects.all(), force=True)
    return folder / name


def emptied() -> None:
    ImportRun.objects.all().delete()
    Problem.objects.all().delete()


def jsonl(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def exported_row(folder: Path, **changes: Any) -> dict[str, Any]:
    """The only problem's row, with ``changes`` made to it after its export."""
    (line,) = export(folder, "one.jsonl").read_text().splitlines()
    return json.loads(line) | changes


NOW = datetime(2026, 11, 26, 12, 30, 1, 234567, tzinfo=UTC)
EDITS: list[dict[str, Any]] = [
    {"tags": ["math", "漢字"], "title": "Mine"},
    {"state": State.HIDDEN, "state_reason": "boring"},
    {"state": State.PUBLISHED, "state_reason": ""},
    {"state": State.QUARANTINED, "state_reason": "wrong answers"},
    {"checker_language": "python3", "checker_source": "raise SystemExit(0)\n"},
    {"checker": "floats:1e-6", "time_limit_ms": 9_000, "memory_limit_kb": 1_024},
    {"statement": "# Other\n\nwords\r\n\u2028 \x7f", "solution": "", "difficulty": ""},
    {"verified": True, "verified_at": NOW},
    {"verification_lost_at": NOW, "tests_version": 7, "tests_are_public": True, "finds_cases": False},
    {"raw_test": "def test_f(): ...", "judgeable": False, "filter_reason": "odd"},
    {"benchmark_similarity": 0.1, "pass_percentage": None, "version": "", "subset": "Ours"},
    {"extra": {"metadata": "no struct", "more": [1.0, None, {"a": 2**60}]}},
    {"style": "instruct", "split": "use_with_caution", "family": "other"},
    {},  # its tests
]


def curate() -> None:
    """What curators do, to every fifth problem."""
    for problem, edits in zip(Problem.objects.order_by("id")[::5], cycle(EDITS), strict=False):
        for name, value in edits.items():
            setattr(problem, name, value)
        problem.note_curated(edits)
        problem.save()
        if not edits:
            change_tests(problem)


def change_tests(problem: Problem) -> None:
    """A test taken away, another one with what an import would have normalised."""
    problem.tests.all().delete()
    for position in (1, 3, 4):
        Case.objects.create(problem=problem, position=position, stdin="a\r\nb\r", stdout="", is_sample=position == 3)
    problem.note_curated(["tests"])
    problem.tests_version = F("tests_version") + 1
    problem.save()


@pytest.fixture
def full(request: pytest.FixtureRequest, shared_data: Path) -> None:
    """All the rows that we have, curated."""
    for path in (
        SAMPLES,
        shared_data / "kodcode_shaped_oj.parquet",
        shared_data / "use_with_caution.parquet",
        shared_data / "kodcode_demo_pytest_styles.parquet",
        shared_data / "hard_rows.jsonl",
    ):
        run(path)
    curate()


def test_no_field_is_forgotten() -> None:
    in_row = {*exported_rows.NAMES.values(), *(SCHEMA.names), "raw_test", "extra"}
    in_ours = {field.name for field in fields(Ours)}
    assert not set(COMPARED) - in_row - in_ours


@each_kind
def test_an_import_of_an_export_changes_nothing(full: None, tmp_path: Path, name: str) -> None:
    before = everything()
    quarantined = Problem.objects.filter(state=State.QUARANTINED).exclude(curated_fields__contains=["state"]).count()
    counts = run(export(tmp_path, name))
    assert everything() == before
    assert counts == {"unchanged": len(before["problems"]) - quarantined, "quarantined": quarantined}


@each_kind
def test_an_empty_database_becomes_what_was_exported(full: None, tmp_path: Path, name: str) -> None:
    before = everything()
    out = export(tmp_path, name)
    emptied()
    run(out)
    assert everything() == before


def test_an_export_of_what_was_imported_is_the_same_file(full: None, tmp_path: Path) -> None:
    first = export(tmp_path, "first.jsonl").read_bytes()
    emptied()
    run(tmp_path / "first.jsonl")
    assert export(tmp_path, "second.jsonl").read_bytes() == first


def test_the_dataset_s_own_rows_are_unchanged_afterwards(shared_data: Path, tmp_path: Path) -> None:
    run(shared_data / "kodcode_shaped_oj.parquet")
    out = export(tmp_path)
    emptied()
    run(out)
    assert run(shared_data / "kodcode_shaped_oj.parquet") == {"unchanged": 56}


def test_what_a_curator_made_goes_along(make_problem: Make, tmp_path: Path) -> None:
    make_problem(tests=[])
    make_problem(style="instruct", raw_test="def test_f(): ...")
    make_problem(question_id="Ours 3", slug="Ours_3", tests=[("", "", True)] * 3)
    before = everything()
    assert run(export(tmp_path)) == {"unchanged": 3}
    emptied()
    assert run(tmp_path / "out.parquet") == {"imported": 3}
    assert everything() == before


@each_kind
def test_trials_come_back_whatever_they_hold(tmp_path: Path, name: str) -> None:
    trial = {"solution_code": "print(1)", "test_coverage": 100, "more": "\ud800\0é"}
    shapes: list[Any] = [
        {"trial_gpt4o_0": trial},
        {"trial_gpt4o_0": None, "trial_qwen_1": trial},
        {"trial_gpt4o_0": "text", "trial_gpt4o_1": {"test_coverage": float("nan")}},
        [trial],
        "text",
        None,
    ]
    run(jsonl(tmp_path, *(GOOD | {"question_id": f"Taco_{n}_OJ", "trials": each} for n, each in enumerate(shapes))))
    before = everything()
    assert len(before["trials"]) == 5
    assert run(export(tmp_path, name)) == {"unchanged": 6}
    emptied()
    run(tmp_path / name)
    assert everything() == before


def test_trials_that_nobody_asked_for_stay_out(tmp_path: Path) -> None:
    for trials in ({"trial_gpt4o_0": None}, "whole in our column"):
        run(jsonl(tmp_path, GOOD | {"trials": trials}))
        out = export(tmp_path)
        emptied()
        importing.run(importing.queue(str(out), Options()))
        assert not Trials.objects.exists()
        emptied()


def test_an_edited_row_is_an_update_that_spares_what_a_curator_edited(tmp_path: Path) -> None:
    run(jsonl(tmp_path, GOOD))
    problem = Problem.objects.get()
    problem.title, problem.tags, problem.verified, problem.time_limit_ms = "Mine", ["a"], True, 9_000
    problem.note_curated(["title", "tags", "time_limit_ms"])
    problem.save()
    edited = exported_row(tmp_path, question="# Theirs\n\nOther words.", solution="print(int(input()) * 2)")
    assert run(jsonl(tmp_path, edited)) == {"updated": 1}
    problem.refresh_from_db()
    assert (problem.title, problem.statement) == ("Mine", "# Theirs\n\nOther words.")
    assert (problem.tags, problem.time_limit_ms, problem.verified) == (["a"], 9_000, False)
    assert run(jsonl(tmp_path, edited)) == {"unchanged": 1}


def test_an_edited_row_brings_nothing_of_ours_into_an_empty_database(tmp_path: Path) -> None:
    run(jsonl(tmp_path, GOOD))
    Problem.objects.update(verified=True, time_limit_ms=9_000, title="Mine", state=State.HIDDEN)
    edited = exported_row(tmp_path, solution="print(0)")
    emptied()
    run(jsonl(tmp_path, edited))
    problem = Problem.objects.get()
    assert (problem.verified, problem.time_limit_ms, problem.title, problem.state) == (
        False,
        2_000,
        "Twice",
        State.PUBLISHED,
    )


def test_a_malformed_column_costs_its_row_only(tmp_path: Path) -> None:
    run(jsonl(tmp_path, GOOD))
    row = exported_row(tmp_path)
    emptied()
    rows = [
        row | {"question_id": f"Taco_{n}_OJ", "kodjudge": text} for n, text in enumerate(("{", "[]", '{"slug": 1}'))
    ]
    path = jsonl(tmp_path, *rows, row)
    assert run(path) == {"imported": 1, "rejected": 3}
    assert list(ImportRun.objects.get().refused.values_list("question_id", "reason")) == [
        ("Taco_0_OJ", "kodjudge is not JSON"),
        ("Taco_1_OJ", "kodjudge is not a JSON object"),
        ("Taco_2_OJ", "kodjudge: slug is no address"),
    ]


def test_an_export_of_another_place_updates_the_content_only(tmp_path: Path) -> None:
    run(jsonl(tmp_path, GOOD | {"question": "# Other words\n\nPrint it."}))
    Problem.objects.update(verified=True, time_limit_ms=9_000, tags=["theirs"])
    theirs = exported_row(tmp_path)
    emptied()
    run(jsonl(tmp_path, GOOD))
    assert run(jsonl(tmp_path, theirs)) == {"updated": 1}
    problem = Problem.objects.get()
    assert (problem.title, problem.verified, problem.time_limit_ms, problem.tags) == ("Other words", False, 2_000, [])
    assert run(jsonl(tmp_path, theirs)) == {"unchanged": 1}


def test_an_older_export_undoes_no_curator_s_work(tmp_path: Path) -> None:
    run(jsonl(tmp_path, GOOD))
    old = export(tmp_path)
    problem = Problem.objects.get()
    problem.title, problem.state = "Mine", State.HIDDEN
    problem.note_curated(["title", "state"])
    problem.save()
    before = everything()
    assert run(old) == {"unchanged": 1}
    assert everything() == before


def test_an_address_that_is_taken_is_told_apart(tmp_path: Path) -> None:
    run(jsonl(tmp_path, GOOD))
    row = exported_row(tmp_path)
    emptied()
    run(jsonl(tmp_path, GOOD | {"question_id": "taco-1-oj"}))
    assert run(jsonl(tmp_path, row)) == {"imported": 1}
    slugs = dict(Problem.objects.values_list("question_id", "slug"))
    assert slugs["taco-1-oj"] == "taco-1-oj"
    assert slugs["Taco_1_OJ"].startswith("taco-1-oj-")
