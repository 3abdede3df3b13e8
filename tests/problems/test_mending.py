"""Refused rows that a curator mends: no import undoes it, and what is still unfit is refused again."""

import json
from pathlib import Path
from typing import Any

import pytest

from judge.accounts.models import User
from problems import importing, mending
from problems.mending import StillUnfit, accept
from problems.models import ImportRun, Problem, RefusedRow, State
from problems.options import Options
from problems.sources import kodcode

pytestmark = pytest.mark.django_db

GOOD = kodcode.EXAMPLES[0][0]


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return GOOD | {"question_id": f"Taco_{number}_OJ"} | changes


def imported(folder: Path, *rows: dict[str, Any] | str) -> ImportRun:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in rows]
    (folder / "rows.jsonl").write_text("".join(text + "\n" for text in texts))
    return importing.run(importing.queue(str(folder / "rows.jsonl"), Options()))


def refused(folder: Path, *rows: dict[str, Any] | str) -> RefusedRow:
    """The first refused one of these."""
    return imported(folder, *rows).refused.order_by("row_number").first()  # type: ignore[return-value]


def text(**changes: Any) -> str:
    return json.dumps(row(**changes))


@pytest.mark.parametrize(
    ("mended", "reason"),
    [
        ("{", "not a JSON line"),
        ("[]", "not a JSON object"),
        (text(test="{'stdin': [str(1)]}"), "not a Python literal"),
        (text(question="a\0b"), "NUL character in question"),
        (text(question="\ud800"), "not valid Unicode"),
        ('{"question": "\ud800"}', "not a JSON line"),
        (text(solution=""), "no reference solution"),
    ],
)
def test_what_is_still_unfit_is_refused_again(tmp_path: Path, curator: User, mended: str, reason: str) -> None:
    bad = refused(tmp_path, row(test=""))
    with pytest.raises(StillUnfit, match=reason):
        accept(bad, mended, curator)
    bad.refresh_from_db()
    assert bad.mended_at is None
    assert not Problem.objects.exists()


def test_what_the_database_refuses_is_refused(tmp_path: Path, curator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = refused(tmp_path, row(test=""))
    monkeypatch.setattr(mending.storing, "slug_of", lambda question_id: "a\0b")
    with pytest.raises(StillUnfit, match="the database refuses it"):
        accept(bad, text(), curator)


def test_a_row_is_accepted_once(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(test=""))
    accept(bad, text(), curator)
    with pytest.raises(StillUnfit, match="already"):
        accept(bad, text(question="Again."), curator)


def test_a_duplicate_needs_an_id_of_its_own(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(1), row(1, question="Another."))
    with pytest.raises(StillUnfit, match="duplicate"):
        accept(bad, text(question="Another."), curator)
    assert accept(bad, text(question_id="Taco_9_OJ", question="Another."), curator).question_id == "Taco_9_OJ"
    assert Problem.objects.get(question_id="Taco_1_OJ").statement == GOOD["question"]


def test_another_problem_is_never_overwritten(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(1), row(2, test=""))
    with pytest.raises(StillUnfit, match="duplicate"):
        accept(bad, text(question="Not yours."), curator)


def test_a_row_in_quarantine_keeps_its_id(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(1, solution=""))
    with pytest.raises(StillUnfit, match="keeps its question_id, Taco_1_OJ"):
        accept(bad, text(question_id="Taco_2_OJ"), curator)


@pytest.mark.parametrize("bad_row", [row(test=""), "{broken", row(question_id=None)])
def test_a_rejected_row_becomes_a_problem(tmp_path: Path, curator: User, bad_row: Any) -> None:
    bad = refused(tmp_path, bad_row)
    problem = accept(bad, text(), curator)
    assert (problem.question_id, problem.state, problem.tests.count()) == ("Taco_1_OJ", State.PUBLISHED, 2)
    assert problem.imported_by == bad.run
    bad.refresh_from_db()
    assert (bad.mended_by, bad.mended_at is not None) == (curator, True)


def test_the_runs_account_stays_what_it_was(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(test=""), row(2))
    accept(bad, text(), curator)
    bad.run.refresh_from_db()
    assert (bad.run.imported, bad.run.rejected, bad.run.rows_read) == (1, 1, 2)
    assert bad.run.refused.count() == 1


def test_a_mended_row_in_quarantine_is_published(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(solution=""))
    problem = accept(bad, text(solution="print(1)"), curator)
    assert (problem.solution, problem.state, problem.state_reason) == ("print(1)", State.PUBLISHED, "")
    assert problem.curated_fields == ["solution", "state"]
    assert Problem.objects.count() == 1


def test_a_row_in_quarantine_may_be_accepted_as_it_is(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(solution=""))
    assert accept(bad, text(solution=""), curator).state == State.PUBLISHED


def test_no_import_undoes_it(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(1, test="{'stdin': ['7'], 'stdout': [None]}"), row(2, test=""))
    accept(bad, text(test="{'stdin': ['7'], 'stdout': ['14']}"), curator)
    again = imported(tmp_path, row(1, test="{'stdin': ['7'], 'stdout': [None]}"), row(2, test=""))
    assert (again.unchanged, again.rejected) == (1, 1)
    newer = imported(tmp_path, row(1, question="New.", test="{'stdin': ['8'], 'stdout': [None]}"))
    assert newer.updated == 1
    problem = Problem.objects.get()
    assert (problem.statement, problem.tests.get().stdout, problem.state) == ("New.", "14", State.PUBLISHED)


def test_a_row_of_a_file_that_is_gone_can_be_mended(tmp_path: Path, curator: User) -> None:
    (tmp_path / "folder").mkdir()
    bad = refused(tmp_path, row(test=""))
    ImportRun.objects.update(source=str(tmp_path / "folder"))
    (tmp_path / "folder").rmdir()
    assert accept(bad, text(), curator).question_id == "Taco_1_OJ"


def test_what_cannot_be_judged_stays_hidden(tmp_path: Path, curator: User) -> None:
    bad = refused(tmp_path, row(style="complete", test=""))
    problem = accept(bad, text(style="complete", test="def test(): ..."), curator)
    assert (problem.state, problem.judgeable) == (State.HIDDEN, False)
