"""Undoing an import run: what must stay stays, and all else is as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from judge.accounts.models import User
from judge.submissions.models import Submission
from problems import importing, undoing
from problems.models import ImportRun, Problem, Replaced, RunStatus, State, Trials
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.options import Options
from problems.sources import kodcode
from problems.undoing import CannotUndo, Undone, undo

pytestmark = pytest.mark.django_db

GOOD = kodcode.EXAMPLES[0][0]
# What an undoing need not bring back: when it was and how often, what is rendered anew, and keys of the database's.
PASSING = {"updated_at", "tests_version", "statement_html"}


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return GOOD | {"question_id": f"Taco_{number}_OJ"} | changes


def imported(folder: Path, *rows: dict[str, Any], **options: Any) -> ImportRun:
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return importing.run(importing.queue(str(folder / "rows.jsonl"), Options(**options)))


def literal(*pairs: tuple[str, str]) -> str:
    return str({"stdin": [stdin for stdin, _ in pairs], "stdout": [stdout for _, stdout in pairs]})


def contents() -> list[Any]:
    """All that an undoing must bring back."""
    problems = [
        {name: value for name, value in problem.items() if name not in PASSING}
        for problem in Problem.objects.order_by("id").values()
    ]
    tests = Case.objects.order_by("problem_id", "position").values(
        "problem_id", "position", "stdin", "stdout", "is_sample"
    )
    return [*problems, *tests, *Trials.objects.order_by("pk").values()]


def curated(problem: Problem, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(problem, name, value)
    problem.note_curated(fields)
    problem.save()


def test_a_problem_with_submissions_is_hidden_and_kept(tmp_path: Path, solver: User) -> None:
    run = imported(tmp_path, row(1), row(2))
    problem = Problem.objects.get(question_id="Taco_1_OJ")
    Submission.objects.create(problem=problem, user=solver, language="python3", source="")
    assert undo(run) == Undone(removed=1, hidden=1)
    assert (Problem.objects.get().pk, Problem.objects.get().state) == (problem.pk, State.HIDDEN)
    assert Case.objects.filter(problem=problem).exists()


def test_what_a_curator_edited_is_hidden_and_kept(tmp_path: Path) -> None:
    run = imported(tmp_path, row(1), row(2))
    curated(Problem.objects.get(question_id="Taco_1_OJ"), title="Mine", state=State.PUBLISHED)
    assert undo(run) == Undone(removed=1, hidden=1)
    kept = Problem.objects.get()
    assert (kept.title, kept.state) == ("Mine", State.HIDDEN)


def test_what_was_hidden_is_published_when_it_is_imported_again(tmp_path: Path, solver: User) -> None:
    run = imported(tmp_path, row(1))
    Submission.objects.create(problem=Problem.objects.get(), user=solver, language="python3", source="")
    undo(run)
    assert imported(tmp_path, row(1)).updated == 1
    assert Problem.objects.get().state == State.PUBLISHED


def test_what_a_later_run_changed_is_left_alone(tmp_path: Path) -> None:
    first = imported(tmp_path, row(1), row(2), row(3))
    imported(tmp_path, row(1, question="By the second run."))
    imported(tmp_path, row(1, question="By the third run."), row(2, question="By the third run."))
    assert undo(first) == Undone(removed=1, left_alone=2)
    assert Problem.objects.count() == 2
    assert set(Problem.objects.values_list("statement", flat=True)) == {"By the third run."}


def test_what_a_curator_edited_after_a_change_stays(tmp_path: Path) -> None:
    imported(tmp_path, row(1))
    run = imported(tmp_path, row(1, question="New.", solution="print(1)", test=literal(("9\n", "18"))))
    problem = Problem.objects.get()
    curated(problem, solution="print(2)", verified=True)
    problem.tests.update(stdin="by hand")
    problem.note_curated(["tests"])
    problem.save()
    assert undo(run) == Undone(restored=1)
    problem.refresh_from_db()
    assert (problem.statement, problem.solution, problem.verified) == (GOOD["question"], "print(2)", True)
    assert problem.tests.get().stdin == "by hand"


def test_a_run_that_waits_or_only_looked_has_nothing_to_undo(tmp_path: Path) -> None:
    looked = imported(tmp_path, row(1), dry_run=True)
    for run in (looked, importing.queue(looked.source, Options())):
        with pytest.raises(CannotUndo):
            undo(run)


def test_what_a_run_brought_goes(tmp_path: Path) -> None:
    imported(tmp_path, row(1))
    before = contents()
    run = imported(tmp_path, row(1), row(2), row(3, solution=""), row(4, style="complete", test="def test(): ..."))
    assert undo(run) == Undone(removed=3)
    assert contents() == before
    assert (run.status, run.refused.count()) == (RunStatus.UNDONE, 1)


def test_what_a_run_changed_is_as_it_was(tmp_path: Path) -> None:
    imported(
        tmp_path,
        row(1, trials={"trial_gpt4o_0": {"solution_code": "1"}}),
        row(
            2, filter_reason="why", benchmark_similarity=0.1, gpt_pass_percentage=1 / 3, metadata={"seed_ids": "é\n\\"}
        ),
        row(3, style="instruct", test="def test_a(): ..."),
        row(4, solution=""),
        with_trials=True,
    )
    Problem.objects.filter(question_id="Taco_1_OJ").update(verified=True, verified_at=timezone.now())
    before = contents()
    tests = literal(("1\n", "2"), ("\\N\t\n", "'\"é漢"))
    run = imported(
        tmp_path,
        row(1, test=tests, trials={"trial_gpt4o_0": None}),
        row(2, question="# New\n\nText.", gpt_difficulty="hard", subset="Evol", version="v2"),
        row(3, style="online_judge", test=tests),
        row(4, trials={"trial_gpt4o_0": None}),
        with_trials=True,
    )
    assert run.updated == 4
    assert undo(run) == Undone(restored=4)
    assert contents() == before
    assert not Replaced.objects.exists()


def test_the_statement_is_rendered_anew(tmp_path: Path) -> None:
    imported(tmp_path, row(1))
    run = imported(tmp_path, row(1, question="New."))
    Problem.objects.update(statement_html="<p>New.</p>")
    undo(run)
    assert Problem.objects.get().statement_html == ""


def test_old_tests_are_a_new_version(tmp_path: Path) -> None:
    imported(tmp_path, row(1))
    undo(imported(tmp_path, row(1, test=literal(("1\n", "2")))))
    assert Problem.objects.get().tests_version == 3


def test_runs_can_be_undone_one_after_the_other(tmp_path: Path) -> None:
    runs = [imported(tmp_path, row(1, question=f"Number {n}.")) for n in range(3)]
    for run, statement in ((runs[2], "Number 1."), (runs[1], "Number 0.")):
        assert undo(run) == Undone(restored=1)
        assert Problem.objects.get().statement == statement
    assert undo(runs[0]) == Undone(removed=1)


def test_an_undone_import_can_be_done_again(tmp_path: Path) -> None:
    run = imported(tmp_path, row(1))
    undo(run)
    assert imported(tmp_path, row(1)).imported == 1


def test_an_undoing_that_was_killed_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solver: User) -> None:
    imported(tmp_path, *[row(n) for n in range(5)])
    before = contents()
    run = imported(tmp_path, *[row(n, question="New.") for n in range(5)], *[row(n) for n in range(5, 12)])
    Submission.objects.create(
        problem=Problem.objects.get(question_id="Taco_7_OJ"), user=solver, language="python3", source=""
    )
    monkeypatch.setattr(undoing, "CHUNK", 2)

    def stop(problems: int) -> None:
        raise KeyboardInterrupt

    for _ in range(9):
        try:
            undone = undo(run, watch=stop)
        except KeyboardInterrupt:
            assert ImportRun.objects.get(pk=run.pk).status == RunStatus.UNDOING
        else:
            break
    assert undone == Undone(removed=6, restored=5, hidden=1)
    assert undo_again(run) == "nothing"
    Problem.objects.filter(question_id="Taco_7_OJ").update(state=State.PUBLISHED)
    assert len(contents()) == len(before) + 3


def undo_again(run: ImportRun) -> str:
    with pytest.raises(CannotUndo):
        undo(run)
    return "nothing"


def test_who_undid_it_is_kept(tmp_path: Path, curator: User) -> None:
    run = imported(tmp_path, row(1))
    undo(run, by=curator)
    run.refresh_from_db()
    assert (run.undone["by"], run.undone["removed"]) == (curator.pk, 1)
