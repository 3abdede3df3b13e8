"""A problem's statistics: who may see them, what they say, and whose programs they lead to."""

import random

import pytest

from judge.accounts.models import User
from judge.community import statistics
from judge.community.models import Standing

pytestmark = pytest.mark.django_db


def ask(client, problem, status=200):
    response = client.get(f"{problem.get_absolute_url()}statistics/")
    assert response.status_code == status
    return response


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}])
def test_what_solvers_do_not_see_has_no_statistics_for_them(client, solver, curator, make_problem, fields):
    problem = make_problem(**fields)
    ask(client, problem, 404)
    client.force_login(solver)
    ask(client, problem, 404)
    client.force_login(curator)
    ask(client, problem)


def test_an_unknown_problem_is_not_found(client, db):
    assert client.get("/problems/no-such-one/statistics/").status_code == 404


def test_without_submissions_it_says_what_to_do(client, make_problem):
    assert "Nobody has tried this problem yet" in ask(client, make_problem()).content.decode()


def test_it_counts_verdicts_and_people(client, make_user, make_problem, judged):
    problem, other = make_problem(), make_problem()
    first, second, third = make_user(), make_user(), make_user()
    for user, verdict in [(first, "WA"), (first, "AC"), (first, "AC"), (second, "TLE"), (third, "AC"), (third, "IE")]:
        judged(user, problem, verdict)
    judged(first, other, "RE")
    found = ask(client, problem).context["statistics"]
    assert (found.submissions, found.acceptance, found.tried, found.solved) == (5, 60, 3, 2)
    assert {part.kind: part.count for part in found.verdicts.parts if part.count} == {"ac": 3, "wa": 1, "tle": 1}


def test_the_best_programs_are_one_of_each_solver_in_order(client, make_user, make_problem, judged):
    problem = make_problem()
    slow, fast, wrong = make_user("slow"), make_user("fast"), make_user("wrong")
    judged(slow, problem, time_ms=50, source="x")
    judged(slow, problem, time_ms=40, source="xx")
    judged(fast, problem, time_ms=9, source="xxx", language="cpp17")
    judged(fast, problem, time_ms=10, source="xxxx")
    judged(wrong, problem, "WA", time_ms=1, source="")
    found = ask(client, problem).context["statistics"]
    assert [(b.rank, b.name, b.value, b.language) for b in found.fastest] == [
        (1, "fast", 9, "cpp17"),
        (2, "slow", 40, "python3"),
    ]
    assert [(b.name, b.value) for b in found.shortest] == [("slow", 1), ("fast", 3)]


def test_links_lead_to_ones_own_program_only(client, make_user, make_problem, judged):
    problem, own, other = make_problem(), make_user("own"), make_user("other")
    mine = judged(own, problem, source="MINE")
    theirs = judged(other, problem, source="THEIRS")
    client.force_login(own)
    page = ask(client, problem).content.decode()
    assert f'"{mine.get_absolute_url()}"' in page
    assert f'"{theirs.get_absolute_url()}"' not in page
    assert "THEIRS" not in page
    client.logout()
    assert "/submissions/" not in ask(client, problem).content.decode()


def test_who_keeps_a_profile_private_is_not_named(client, curator, make_user, make_problem, judged):
    problem, private, gone = make_problem(), make_user("private-person"), make_user("gone-person")
    judged(private, problem)
    judged(gone, problem)
    Standing.objects.update_or_create(user=private, defaults={"private": True})
    User.objects.filter(pk=gone.pk).update(is_active=False)
    page = ask(client, problem).content.decode()
    assert "private-person" not in page
    assert "gone-person" not in page
    assert page.count("somebody") == 4
    client.force_login(private)
    assert "your program" in ask(client, problem).content.decode()


def test_a_removed_person_leaves_no_hole(client, make_user, make_problem, judged):
    problem, person = make_problem(), make_user()
    judged(person, problem)
    ask(client, problem)
    person.delete()
    shown = ask(client, problem).context["statistics"]
    assert (shown.submissions, shown.tried, shown.solved) == (1, 0, 0)
    assert (shown.fastest, shown.shortest, shown.runtimes) == ([], [], None)


def test_the_histogram_shows_ones_own_place(client, solver, make_user, make_problem, judged):
    problem = make_problem()
    for ms in (10, 20, 30, 40):
        judged(make_user(), problem, time_ms=ms)
    judged(solver, problem, time_ms=25)
    anonymous = ask(client, problem)
    assert anonymous.context["statistics"].runtimes.mine is None
    assert "column-mine" not in anonymous.content.decode()
    client.force_login(solver)
    response = ask(client, problem)
    found = response.context["statistics"].runtimes
    assert (found.own_ms, found.beaten) == (25, 50)
    assert found.columns[found.mine].label == "24 to 25 ms"
    assert response.content.decode().count("column-mine") == 1


def test_the_only_solver_beats_nobody(client, solver, make_problem, judged):
    problem = make_problem()
    judged(solver, problem)
    client.force_login(solver)
    assert ask(client, problem).context["statistics"].runtimes.beaten is None


def test_its_queries_do_not_grow_with_its_solvers(
    client, solver, make_user, make_problem, judged, django_assert_max_num_queries
):
    problem = make_problem()
    for number in range(30):
        judged(make_user(), problem, time_ms=number)
    client.force_login(solver)
    ask(client, problem)
    # session, user, problem, changes?, tallies, own progress, fastest, shortest
    with django_assert_max_num_queries(8):
        ask(client, problem)


def test_the_problems_page_leads_to_it(client, make_problem):
    problem = make_problem()
    assert f'href="{problem.get_absolute_url()}statistics/"' in client.get(problem.get_absolute_url()).content.decode()


@pytest.mark.parametrize("seed", range(60))
def test_a_histogram_holds_everybody_whatever_the_times(seed):
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    spread = rng.choice([1, 3, 30, 1_000, 60_000])
    start = rng.choice([0, 0, 7, 500, 9_999])
    times: dict[int, int] = {}
    for _ in range(rng.choice([1, 2, 40, 500])):
        ms = statistics.two_figures(start + rng.randrange(spread))
        times[ms] = times.get(ms, 0) + 1
    own = rng.choice(sorted(times))
    found = statistics.runtimes(times, own)
    assert found is not None
    assert sum(column.count for column in found.columns) == sum(times.values())
    assert statistics.FEWEST_COLUMNS <= len(found.columns) <= statistics.COLUMNS
    assert found.columns[found.mine].count > 0


def test_few_slow_programs_do_not_press_the_others_together():
    times = dict.fromkeys(range(20, 40), 10) | {9_000: 1}
    columns = statistics.runtimes(times, None).columns
    assert columns[0].label == "20 to 21 ms"
    assert columns[-1].label.endswith("or more")
    assert columns[-1].count == 1


def test_without_times_there_is_no_histogram():
    assert statistics.runtimes({}, None) is None
