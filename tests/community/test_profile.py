"""Profiles: who sees them, what is on them, and what never is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judge.accounts.models import User
from judge.community.models import Standing
from judge.submissions.models import Submission
from problems.models import Problem

pytestmark = pytest.mark.django_db


def body(client, person, status=200) -> str:
    response = client.get(f"/users/{person.username}/")
    assert response.status_code == status
    return response.content.decode()


def test_nobody_sees_a_private_profile_but_its_owner_and_curators(client, solver, curator, make_user):
    Standing.objects.create(user=solver, private=True)
    body(client, solver, 404)
    client.force_login(make_user())
    body(client, solver, 404)
    client.force_login(solver)
    assert "Only you see this page" in body(client, solver)
    client.force_login(curator)
    assert "Private" in body(client, solver)


def test_who_may_no_longer_sign_in_has_no_profile(client, solver):
    User.objects.update(is_active=False)
    body(client, solver, 404)


def test_an_unknown_name_is_not_found(client):
    assert client.get("/users/nobody/").status_code == 404
    assert client.get("/users/no%00body/").status_code == 404


def test_nobody_changes_the_visibility_of_another(client, solver, curator):
    address = f"/users/{solver.username}/visibility/"
    assert client.post(address, {"private": "1"}).headers["Location"].startswith("/accounts/login/")
    client.force_login(curator)
    assert client.post(address, {"private": "1"}).status_code == 403
    assert not Standing.objects.exists()


def test_a_link_changes_no_visibility(client, solver):
    client.force_login(solver)
    assert client.get(f"/users/{solver.username}/visibility/?private=1").status_code == 405


def test_the_owner_makes_it_private_and_public_again(client, solver, judged, make_problem):
    judged(solver, make_problem())
    client.force_login(solver)
    body(client, solver)
    for value, private in (("1", True), ("1", True), ("0", False)):
        client.post(f"/users/{solver.username}/visibility/", {"private": value})
        assert (Standing.objects.get().private, Standing.objects.get().points) == (private, 1)


def test_nothing_tells_who_it_is_or_how_they_solved_it(client, solver, curator, judged, make_problem):
    User.objects.filter(pk=solver.pk).update(
        email="secret@example.org", first_name="Forename", last_name="Surname", last_login=timezone.now()
    )
    submission = judged(solver, make_problem(), source="SECRET_SOURCE", compile_output="SECRET_OUTPUT")
    client.force_login(curator)
    page = body(client, solver)
    for secret in ("secret@", "Forename", "Surname", "SECRET_", f"/submissions/{submission.pk}/"):
        assert secret not in page


def test_problems_that_solvers_do_not_see_are_on_no_profile(client, curator, judged, make_problem):
    judged(curator, make_problem(title="A hidden one", subset="Hidden_Subset", state="hidden"))
    judged(curator, make_problem(title="Not judgeable", judgeable=False))
    judged(curator, make_problem(title="An open one"))
    client.force_login(curator)
    page = body(client, curator)
    assert "An open one" in page
    for hidden in ("A hidden one", "Hidden Subset", "Not judgeable</a>"):
        assert hidden not in page


def test_a_name_is_text(client, make_user):
    person = User.objects.create(username="<b>x")
    page = body(client, person)
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


@pytest.mark.parametrize("name", ["a@b.org", "ümläut", "a+b-c_d.e", "settings"])
def test_every_name_that_can_sign_up_has_an_address(client, name):
    person = User.objects.create(username=name)
    client.force_login(person)
    page = body(client, person)
    assert 'href="/users/' in page


def test_a_name_without_an_address_breaks_no_page(client):
    client.force_login(User.objects.create(username="a/b"))
    assert client.get("/problems/").status_code == 200


def test_it_says_what_was_solved(client, solver, judged, make_problem):
    make_problem(difficulty="hard")
    judged(solver, make_problem(subset="Leet_Code", difficulty="hard"), language="cpp17")
    judged(solver, make_problem(subset="Leet_Code"))
    judged(solver, make_problem(), "WA")
    profile = client.get(f"/users/{solver.username}/").context["profile"]
    assert (profile.standing.points, profile.standing.solved, profile.rank) == (6, 2, 1)
    assert [(share.difficulty, share.solved, share.total) for share in profile.shares] == [
        ("easy", 1, 2),
        ("hard", 1, 2),
    ]
    assert [(subset, bar.total) for subset, bar in profile.subsets] == [("Leet_Code", 2)]
    assert [(use.language, use.accepted, use.submissions) for use, _bar in profile.languages] == [
        ("python3", 1, 2),
        ("cpp17", 1, 1),
    ]
    assert [row.verdict for row in profile.recent] == ["WA", "AC", "AC"]


def test_it_shows_days_and_streaks_with_their_time_zone(client, solver, judged, make_problem, settings):
    now = timezone.now()
    for ago in (0, 1, 2, 9):
        judged(solver, make_problem(), at=now - timedelta(days=ago))
    judged(solver, make_problem(), "WA", at=now - timedelta(days=3))
    page = body(client, solver)
    assert "3 days" in page
    assert f"Days are those of {settings.TIME_ZONE}." in page
    assert "5 submissions on 5 days of the last year" in page
    assert page.count('<rect class="heat-1"') == 5 + 1  # and the key's


def test_an_empty_profile_says_what_to_do(client, solver):
    assert "has not submitted anything so far" in body(client, solver)
    client.force_login(solver)
    assert "Find an easy problem" in body(client, solver)


def test_the_header_leads_to_it(client, solver):
    client.force_login(solver)
    assert 'href="/users/solver/"' in client.get("/problems/").content.decode()


def test_its_queries_do_not_grow_with_what_was_done(
    client, solver, judged, make_problem, django_assert_max_num_queries
):
    for number in range(20):
        judged(solver, make_problem(subset=f"S{number}"), language=f"language{number}")
    make_problem()
    client.force_login(solver)
    body(client, solver)
    # session, user, changes?, person, days, rank (2), counts, subsets, languages, last submissions (2), lists,
    # suggestions: begun, last solved, counts, reached, rows, tried?
    with django_assert_max_num_queries(19):
        body(client, solver)


def test_nobody_elses_submissions_are_read(client, solver, make_user, judged, make_problem):
    problem: Problem = make_problem()
    judged(make_user("other"), problem)
    page = body(client, solver)
    assert problem.title not in page
    assert Submission.objects.count() == 1
