"""The leaderboard: its order, its pages, who is on it, and that it may be empty."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from judge.accounts.models import User
from judge.community import leaderboard
from judge.community.leaderboard import Place
from judge.community.models import Standing

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "/users/"


def stand(name: str, points: int = 1, minutes: int = 0, **fields) -> Standing:
    user = User.objects.create(username=name)
    given = {"solved": 1, "easy": 1, "reached_at": NOON + timedelta(minutes=minutes)}
    return Standing.objects.create(user=user, points=points, **given | fields)


def names(query: str = "") -> list[str]:
    return [line.standing.user.username for line in leaderboard.page(QueryDict(query)).lines]


def test_an_empty_site_says_what_to_do(client, solver):
    assert "Nobody is here yet" in client.get(ADDRESS).content.decode()
    client.force_login(solver)
    assert "Find an easy problem" in client.get(ADDRESS).content.decode()


def test_most_points_first_then_who_got_there_first():
    stand("late", 3, minutes=9)
    stand("few", 1)
    stand("early", 3, minutes=2)
    stand("many", 8, minutes=60)
    assert names() == ["many", "early", "late", "few"]


def test_a_tie_goes_to_who_solved_earlier_not_to_who_was_judged_earlier(client, make_user, make_problem, judged):
    problem = make_problem()
    first, second = make_user("first"), make_user("second")
    judged(second, problem, at=NOON + timedelta(seconds=1), judged_at=NOON)
    judged(first, problem, at=NOON, judged_at=NOON + timedelta(hours=1))
    client.get(ADDRESS)
    assert names() == ["first", "second"]


def test_who_is_private_may_not_sign_in_or_solved_nothing_is_not_on_it():
    stand("private", 9, private=True)
    stand("nothing", 0, solved=0, easy=0, reached_at=None)
    gone = stand("gone", 9)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    stand("there")
    assert names() == ["there"]


def test_private_solvers_have_no_place_and_take_none():
    private, there = stand("private", 9, private=True), stand("there")
    assert (leaderboard.rank(private), leaderboard.rank(there)) == (None, 1)


def test_pages_and_ranks_are_those_of_the_sorted_list(monkeypatch):
    monkeypatch.setattr(leaderboard, "PAGE_SIZE", 4)
    rng = random.Random("standing")  # noqa: S311 - repeatable, not secret
    people = [stand(f"solver{n}", rng.randrange(1, 5), rng.randrange(4)) for n in range(30)]
    expected = sorted(people, key=lambda s: (-s.points, s.reached_at, s.pk))
    assert [leaderboard.rank(standing) for standing in expected] == list(range(1, 31))
    seen, query, pages = [], "", []
    while True:
        page = leaderboard.page(QueryDict(query))
        pages.append([line.standing.pk for line in page.lines])
        seen += [(line.rank, line.standing.pk) for line in page.lines]
        if not page.after:
            break
        query = f"after={page.after}"
    assert seen == [(rank, standing.pk) for rank, standing in enumerate(expected, 1)]
    for earlier in reversed(pages[:-1]):
        page = leaderboard.page(QueryDict(f"before={page.before}"))
        assert [line.standing.pk for line in page.lines] == earlier
    assert page.before == ""


@pytest.mark.parametrize(
    "edge", ["x", "1.2", "1.2.3.4", "-1.2.3", "1.999999999999999999.3", "9" * 30 + ".1.1", "٣.1.1"]
)
@pytest.mark.parametrize("side", ["before", "after"])
def test_an_edge_that_makes_no_sense_leads_to_the_first_page(edge, side):
    stand("there")
    assert names(f"{side}={edge}") == ["there"]


def test_a_place_survives_its_text():
    place = Place(-7, NOON + timedelta(microseconds=1), 9)
    assert Place.read(str(place)) == place


def test_ranks_are_counted_only_so_far(monkeypatch):
    monkeypatch.setattr(leaderboard, "LAST_RANK", 3)
    people = [stand(f"solver{n}", 9 - n) for n in range(5)]
    assert [leaderboard.rank(standing) for standing in people] == [1, 2, 3, None, None]
    assert [line.rank for line in leaderboard.page(QueryDict()).lines] == [1, 2, 3, None, None]


def test_it_tells_nothing_else_of_anybody(client, solver, curator, make_problem, judged):
    User.objects.filter(pk=solver.pk).update(email="secret@example.org", last_name="Surname")
    judged(solver, make_problem(), source="SECRET_SOURCE")
    client.force_login(curator)
    page = client.get(ADDRESS).content.decode()
    assert "solver" in page
    for secret in ("secret@", "Surname", "SECRET_SOURCE"):
        assert secret not in page


def test_one_finds_oneself(client, solver, make_problem, judged):
    judged(solver, make_problem(difficulty="medium"))
    client.force_login(solver)
    assert "You are number 1, with 3 points." in client.get(ADDRESS).content.decode()
    Standing.objects.update(private=True)
    assert "Your profile is private" not in client.get(ADDRESS).content.decode()  # nobody is there: another text
    judged(User.objects.create(username="other"), make_problem())
    assert "Your profile is private" in client.get(ADDRESS).content.decode()


def test_its_queries_do_not_grow_with_its_rows(client, solver, django_assert_max_num_queries):
    for number in range(40):
        stand(f"solver{number}", number)
    client.force_login(solver)
    # session, user, changes?, own standing, the page, the first one's rank (2)
    with django_assert_max_num_queries(7):
        client.get(ADDRESS)
