"""What people have reached follows from the submissions, whatever happens to these."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from judge.accounts.models import User, nobody
from judge.celery import JUDGING, app
from judge.community import reckoning, tasks
from judge.community.models import Change, Day, LanguageUse, ProblemTally, Progress, Standing
from judge.submissions import claims
from judge.submissions.models import Lane, Status, Submission, Verdict
from problems import progress
from problems.models import Problem

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def settled() -> None:
    reckoning.settle(rounds=None)
    assert not Change.objects.exists()


def tally(problem: Problem, kind: str) -> dict[str, int]:
    settled()
    return dict(ProblemTally.objects.filter(problem_id=problem.pk, kind=kind).values_list("key", "number"))


def standing(user: User) -> Standing:
    settled()
    return Standing.objects.get(user=user)


def everything() -> list[Any]:
    """All that is kept, without the rows' ids."""
    tables = [Progress, Standing, Day, LanguageUse, ProblemTally]
    return [sorted(tuple(sorted((k, str(v)) for k, v in row.items() if k != "id")) for row in table.objects.values())
            for table in tables]  # fmt: skip


def test_a_wrong_program_earns_nothing(solver, make_problem, judged):
    judged(solver, make_problem(), "WA")
    assert (standing(solver).points, standing(solver).solved, standing(solver).reached_at) == (0, 0, None)
    assert Progress.objects.get().solved_at is None


def test_what_failed_on_our_side_counts_for_nothing(solver, make_problem, judged):
    problem = make_problem()
    judged(solver, problem, "IE")
    assert tally(problem, "verdict") == {}
    assert not Progress.objects.exists()
    assert not Day.objects.exists()


def test_verifications_count_for_nothing(client, solver, make_problem, judged):
    problem = make_problem()
    for verdict in ("AC", "WA"):
        judged(solver, problem, verdict, lane=Lane.BATCH)
    for _ in ("by the triggers", "anew"):
        settled()
        for table in (Progress, Day, LanguageUse, ProblemTally):
            assert not table.objects.exists(), table
        assert not Standing.objects.filter(solved__gt=0).exists()
        reckoning.rebuild()
    assert progress.tried(solver, [problem.pk]) == {}
    assert problem.title not in client.get(f"/users/{solver.username}/").content.decode()


def test_a_verification_beside_an_attempt_changes_nothing(solver, make_problem, judged):
    problem = make_problem()
    mine = judged(solver, problem, "AC", time_ms=50, source="a longer program")
    judged(solver, problem, "AC", time_ms=1, source="x", lane=Lane.BATCH)
    assert standing(solver).points == 1
    kept = Progress.objects.get()
    assert (kept.tries, kept.fastest_id, kept.shortest_id) == (1, mine.pk, mine.pk)
    assert tally(problem, "verdict") == {"AC": 1}


def test_what_is_moved_between_the_lanes_counts_and_no_longer_counts(solver, make_problem, judged):
    submission = judged(solver, make_problem())
    assert standing(solver).points == 1
    for lane, points in ((Lane.BATCH, 0), (Lane.INTERACTIVE, 1)):
        Submission.objects.filter(pk=submission.pk).update(lane=lane)
        assert standing(solver).points == points


def test_verifications_that_were_counted_once_are_taken_back(solver, make_problem, judged):
    migration = import_module("judge.community.migrations.0003_verifications_count_for_nobody")
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARDS)
    judged(solver, make_problem(), lane=Lane.BATCH)
    assert tally(Problem.objects.get(), "verdict") == {"AC": 1}
    with connection.cursor() as cursor:
        cursor.execute(migration.FORWARDS)
    assert tally(Problem.objects.get(), "verdict") == {}
    assert not Progress.objects.exists()
    assert not Day.objects.exists()


def test_what_is_not_judged_yet_counts_for_nothing(solver, make_problem):
    Submission.objects.create(user=solver, problem=make_problem(), language="c", source="x")
    settled()
    assert not Progress.objects.exists()
    assert not LanguageUse.objects.exists()


@pytest.mark.parametrize(("difficulty", "points"), [("easy", 1), ("medium", 3), ("hard", 5), ("", 1)])
def test_points_go_by_difficulty(solver, make_problem, judged, difficulty, points):
    judged(solver, make_problem(difficulty=difficulty))
    assert (standing(solver).points, standing(solver).solved) == (points, 1)


def test_a_problem_counts_once_and_from_its_first_accepted_program(solver, make_problem, judged):
    problem = make_problem()
    for hours, verdict in enumerate(["WA", "AC", "AC", "WA"]):
        judged(solver, problem, verdict, NOON + timedelta(hours=hours))
    assert (standing(solver).points, standing(solver).reached_at) == (1, NOON + timedelta(hours=1))
    assert Progress.objects.get().tries == 4


def test_the_fastest_and_the_shortest_program_are_known(solver, make_problem, judged):
    problem = make_problem()
    judged(solver, problem, "WA", time_ms=1, source="x")
    judged(solver, problem, time_ms=30, source="äöü", language="ruby")
    fast = judged(solver, problem, time_ms=10, source="a long one")
    judged(solver, problem, time_ms=10, source="another long one")
    settled()
    kept = Progress.objects.get()
    assert (kept.fastest_ms, kept.fastest_id, kept.fastest_language) == (10, fast.pk, "python3")
    assert (kept.shortest_bytes, kept.shortest_language) == (6, "ruby")


def test_a_judges_verdict_counts(solver, make_problem):
    submission = Submission.objects.create(user=solver, problem=make_problem(), language="c", source="x")
    claim = claims.take(claims.claimable(submission.pk))
    claim.finish([], verdict=Verdict.AC, time_ms=7)
    assert standing(solver).points == 1


def test_a_rejudge_takes_and_gives(solver, make_problem, judged):
    problem = make_problem(difficulty="hard")
    submission = judged(solver, problem, at=NOON)
    assert standing(solver).points == 5
    Submission.objects.filter(pk=submission.pk).update(verdict="", status=Status.QUEUED)
    assert standing(solver).points == 0
    assert tally(problem, "people") == {}
    Submission.objects.filter(pk=submission.pk).update(verdict="WA", status=Status.DONE)
    assert standing(solver).points == 0
    assert tally(problem, "verdict") == {"WA": 1}
    assert tally(problem, "people") == {"tried": 1}
    assert Day.objects.get().accepted == 0
    Submission.objects.filter(pk=submission.pk).update(verdict="AC", time_ms=50)
    assert (standing(solver).points, tally(problem, "time")) == (5, {"50": 1})
    Submission.objects.filter(pk=submission.pk).update(time_ms=333)
    assert tally(problem, "time") == {"330": 1}


def test_a_rejudge_of_the_first_leaves_the_second(solver, make_problem, judged):
    problem = make_problem()
    first = judged(solver, problem, at=NOON)
    judged(solver, problem, at=NOON + timedelta(days=2))
    settled()
    Submission.objects.filter(pk=first.pk).update(verdict="TLE")
    assert standing(solver).reached_at == NOON + timedelta(days=2)


def test_removed_submissions_take_all_of_it_with_them(solver, make_problem, judged):
    problem = make_problem()
    judged(solver, problem)
    judged(solver, problem, "WA")
    settled()
    Submission.objects.all().delete()
    assert standing(solver).solved == 0
    for table in (Progress, Day, LanguageUse, ProblemTally):
        assert not table.objects.exists()


def test_a_removed_person_takes_all_with_them_but_the_verdicts(solver, make_problem, judged):
    judged(solver, make_problem())
    settled()
    solver.delete()
    settled()
    for table in (Progress, Day, LanguageUse, Standing):
        assert not table.objects.exists()
    assert not ProblemTally.objects.exclude(kind="verdict").exists()
    kept = everything()
    reckoning.rebuild()
    assert everything() == kept


def test_a_person_removed_before_the_reckoning_leaves_no_more_than_verdicts(solver, make_problem, judged):
    judged(solver, make_problem())
    solver.delete()
    settled()
    for table in (Progress, Day, LanguageUse, Standing):
        assert not table.objects.exists()
    assert not ProblemTally.objects.exclude(kind="verdict").exists()
    kept = everything()
    reckoning.rebuild()
    assert everything() == kept


def test_submissions_that_change_hands_count_for_the_new_owner(solver, make_user, make_problem, judged):
    judged(solver, make_problem())
    settled()
    other = make_user("deleted")
    Submission.objects.update(user=other)
    assert (standing(solver).points, standing(other).points) == (0, 1)
    assert [day.user_id for day in Day.objects.all()] == [other.pk]


def test_a_verdict_that_is_nobodys_counts_for_its_problem_only(solver, make_problem, judged):
    problem = make_problem()
    judged(solver, problem)
    given = {"problem_id": problem.pk, "language": "c", "created_at": NOON, "number": 1}
    Change.objects.create(user_id=None, verdict="AC", **given)
    assert tally(problem, "verdict") == {"AC": 2}
    assert tally(problem, "people") == {"tried": 1, "solved": 1}
    assert Day.objects.count() == LanguageUse.objects.count() == 1


def test_what_was_kept_of_those_who_are_gone_is_removed_once(make_problem, judged):
    problem, gone = make_problem(), nobody()
    judged(gone, problem)
    settled()
    Progress.objects.create(user=gone, problem=problem, tries=1, difficulty="easy", subset="Apps", shown=True)
    ProblemTally.objects.create(problem_id=problem.pk, kind="people", key="tried", number=1)
    Day.objects.create(user_id=gone.pk, day=NOON.date(), submissions=1, accepted=0)
    Standing.objects.create(user=gone)
    with connection.cursor() as cursor:
        cursor.execute(import_module("judge.community.migrations.0003_verifications_count_for_nobody").FORWARDS)
    assert (tally(problem, "people"), tally(problem, "verdict")) == ({}, {"AC": 1})
    for table in (Progress, Day, Standing):
        assert not table.objects.exists()


@pytest.mark.parametrize("change", [{"state": "hidden"}, {"judgeable": False}, {"state": "quarantined"}])
def test_what_solvers_no_longer_see_no_longer_counts(solver, make_problem, judged, change):
    problem = make_problem()
    judged(solver, problem)
    assert standing(solver).points == 1
    Problem.objects.filter(pk=problem.pk).update(**change)
    assert standing(solver).points == 0
    Problem.objects.filter(pk=problem.pk).update(state="published", judgeable=True)
    assert standing(solver).points == 1


def test_another_difficulty_is_other_points_for_all_who_solved_it(make_user, make_problem, judged):
    problem = make_problem()
    people = [make_user(), make_user()]
    for person in people:
        judged(person, problem)
    settled()
    Problem.objects.filter(pk=problem.pk).update(difficulty="hard", subset="Taco")
    assert [standing(person).points for person in people] == [5, 5]
    assert set(Progress.objects.values_list("subset", flat=True)) == {"Taco"}


def test_a_change_of_what_nobody_tried_is_not_noted(make_problem):
    problem = make_problem()
    Problem.objects.filter(pk=problem.pk).update(difficulty="hard")
    assert not Change.objects.exists()


def test_days_are_those_of_the_sites_time_zone(solver, make_problem, judged, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    judged(solver, make_problem(), at=datetime(2026, 3, 1, 17, tzinfo=UTC))
    judged(solver, make_problem(), "WA", at=datetime(2026, 3, 1, 15, tzinfo=UTC))
    settled()
    assert list(Day.objects.order_by("day").values_list("day", "submissions", "accepted")) == [
        (date(2026, 3, 1), 1, 0),
        (date(2026, 3, 2), 1, 1),
    ]


def test_times_are_counted_to_two_figures(make_user, make_problem, judged):
    problem = make_problem()
    for ms in (0, 7, 99, 104, 109, 1_999):
        judged(make_user(), problem, time_ms=ms)
    assert tally(problem, "time") == {"0": 1, "7": 1, "99": 1, "100": 2, "1900": 1}


def test_privacy_survives_reckoning_and_rebuilding(solver, make_problem, judged):
    Standing.objects.create(user=solver, private=True)
    judged(solver, make_problem())
    assert standing(solver).private
    reckoning.rebuild()
    assert (standing(solver).private, standing(solver).points) == (True, 1)


def test_rebuilding_forgets_what_was_written_past_the_triggers(solver, make_problem, judged, capsys):
    judged(solver, make_problem())
    settled()
    right = everything()
    Progress.objects.update(tries=9, solved_at=None)
    Standing.objects.update(points=99)
    Day.objects.create(user_id=solver.pk, day=date(2020, 1, 1), submissions=5, accepted=5)
    ProblemTally.objects.all().delete()
    Change.objects.create(user_id=solver.pk, problem_id=0, verdict="AC", language="c", created_at=NOON, number=1)
    call_command("rebuild_standing")
    assert everything() == right
    assert capsys.readouterr().out == "1 people have tried 1 problems\n"


def test_rebuilding_takes_points_from_whose_submissions_are_gone(solver):
    Standing.objects.create(user=solver, points=9, solved=9, reached_at=NOON)
    reckoning.rebuild()
    assert standing(solver).points == 0


def test_whatever_happens_in_whatever_rounds_it_is_as_if_reckoned_anew(make_user, make_problem, monkeypatch):
    monkeypatch.setattr(reckoning, "ROUND", 3)
    rng = random.Random("reckoning")  # noqa: S311 - repeatable, not secret
    people = [make_user() for _ in range(3)]
    problems = [make_problem(difficulty=rng.choice(["easy", "medium", "hard", ""])) for _ in range(4)]
    for _ in range(300):
        at = NOON + timedelta(hours=rng.randrange(400))
        match rng.choice(
            ["send", "send", "send", "send", "judge", "judge", "judge", "lane", "delete", "problem", "settle"]
        ):
            case "send":
                Submission.objects.create(
                    user=rng.choice(people),
                    problem=rng.choice(problems),
                    language=rng.choice(["c", "go"]),
                    source="x",
                    lane=rng.choice([Lane.INTERACTIVE, Lane.INTERACTIVE, Lane.BATCH]),
                )
            case "judge" if ids := list(Submission.objects.values_list("pk", flat=True)):
                fields = {"verdict": rng.choice(["", *Verdict.values]), "time_ms": rng.randrange(500)}
                Submission.objects.filter(pk=rng.choice(ids)).update(created_at=at, **fields)
            case "lane" if ids := list(Submission.objects.values_list("pk", flat=True)):
                Submission.objects.filter(pk=rng.choice(ids)).update(lane=rng.choice(Lane.values))
            case "delete" if ids := list(Submission.objects.values_list("pk", flat=True)):
                Submission.objects.filter(pk=rng.choice(ids)).delete()
            case "problem":
                fields = {"difficulty": rng.choice(["easy", "hard"]), "state": rng.choice(["published", "hidden"])}
                Problem.objects.filter(pk=rng.choice(problems).pk).update(**fields)
            case "settle":
                reckoning.settle(1)
    settled()
    kept = everything()
    counted = Submission.objects.to_solve().exclude(verdict__in=["", "IE"])
    assert Counter(counted.values_list("problem_id", "verdict")) == {
        (t.problem_id, t.key): t.number for t in ProblemTally.objects.filter(kind="verdict")
    }
    assert sum(Progress.objects.values_list("tries", flat=True)) == counted.count() > 5
    reckoning.rebuild()
    settled()
    assert everything() == kept


def test_a_reader_waits_for_some_rounds_only(solver, make_problem, judged, monkeypatch):
    monkeypatch.setattr(reckoning, "ROUND", 2)
    for _ in range(7):
        judged(solver, make_problem())
    reckoning.settle()
    assert Change.objects.count() == 7 - 2 * reckoning.ROUNDS_AT_ONCE
    tasks.settle()
    assert not Change.objects.exists()


def test_the_clock_works_off_what_no_reader_has():
    app.loader.import_default_modules()
    entry = app.conf.beat_schedule["settle_standing"]
    assert entry["task"] in app.tasks
    assert entry["options"]["queue"] in JUDGING


def test_without_changes_one_query_is_asked(solver, django_assert_num_queries):
    with django_assert_num_queries(1):
        reckoning.settle()


@pytest.mark.django_db(transaction=True)
def test_many_reckoners_at_once_count_nothing_twice(make_user, make_problem, judged, monkeypatch):
    monkeypatch.setattr(reckoning, "ROUND", 5)
    problem = make_problem()
    people = [make_user() for _ in range(10)]
    for person in people * 3:
        judged(person, problem)
    start = Barrier(4)

    def reckon() -> None:
        start.wait()
        try:
            reckoning.settle(None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(reckon) for _ in range(4)]:
            done.result()
    assert tally(problem, "verdict") == {"AC": 30}
    assert tally(problem, "people") == {"tried": 10, "solved": 10}
    assert set(Standing.objects.values_list("points", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_judge_does_not_wait_for_a_reckoner(make_user, make_problem, judged):
    person, problem = make_user(), make_problem()
    judged(person, problem)

    def judge() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            judged(person, problem, "WA")
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as threads:
        reckoning.settle(1)
        threads.submit(judge).result()
    assert tally(problem, "verdict") == {"AC": 1, "WA": 1}
