"""What could be next, and why; never what is tried, hidden or without reason."""

import pytest

from judge.community import reckoning, suggesting
from judge.submissions.models import Status, Submission

pytestmark = pytest.mark.django_db


def after(problem, user):
    reckoning.settle(None)
    return suggesting.after(problem, user)


def test_the_next_of_the_same_subset_and_difficulty(solver, make_problem, judged):
    before = make_problem()
    solved = make_problem()
    make_problem(difficulty="hard")
    make_problem(subset="Taco")
    wanted = make_problem()
    judged(solver, solved)
    found = after(solved, solver)
    assert found.problem.slug == wanted.slug != before.slug
    assert found.why == "Of Apps and easy, like the last one you solved."


def test_behind_the_last_it_begins_again(solver, make_problem, judged):
    first, last = make_problem(), make_problem()
    judged(solver, last)
    assert after(last, solver).problem == first


def test_what_is_tried_or_not_open_is_not_suggested(solver, make_problem, judged):
    solved, tried = make_problem(), make_problem()
    make_problem(state="hidden")
    make_problem(judgeable=False)
    judged(solver, solved)
    judged(solver, tried, "WA")
    assert after(solved, solver) is None


def test_after_some_of_a_kind_comes_a_harder_one(solver, make_problem, judged):
    solved = [make_problem(subset="Leet_Code") for _ in range(suggesting.STEP_UP)]
    make_problem(subset="Leet_Code")
    harder = make_problem(subset="Leet_Code", difficulty="medium")
    for problem in solved[:-1]:
        judged(solver, problem)
    assert after(solved[0], solver).problem.difficulty == "easy"
    judged(solver, solved[-1])
    found = after(solved[-1], solver)
    assert found.problem == harder
    assert (
        found.why == f"A step up: you have solved {suggesting.STEP_UP} of Leet Code that are easy; this one is medium."
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"difficulty": "medium"}, "A step up in Apps: this one is medium."),
        ({"subset": "Taco"}, "From another subset, and easy like the last one you solved."),
        ({"subset": "Taco", "difficulty": "medium"}, "A step up, from another subset: this one is medium."),
        ({"subset": "Taco", "difficulty": "hard"}, "Something different"),
    ],
)
def test_where_a_kind_is_exhausted_it_looks_further(solver, make_problem, judged, fields, why):
    solved = make_problem()
    wanted = make_problem(**fields)
    judged(solver, solved)
    found = after(solved, solver)
    assert found.problem == wanted
    assert found.why.startswith(why)


def test_of_a_hard_or_unrated_one_comes_something_too(solver, make_problem, judged):
    hard, unrated = make_problem(difficulty="hard"), make_problem(difficulty="")
    judged(solver, hard)
    assert after(hard, solver).problem == unrated
    judged(solver, unrated)
    assert after(unrated, solver) is None


def test_only_the_beginning_of_a_kind_is_looked_at(solver, make_problem, judged, monkeypatch):
    monkeypatch.setattr(suggesting, "LOOKED_AT", 3)
    problems = [make_problem() for _ in range(8)]
    for problem in problems[:7]:
        judged(solver, problem)
    assert after(problems[0], solver) is None
    assert after(problems[5], solver).problem == problems[7]


def test_a_newcomer_begins_with_the_easiest(client, solver, make_problem):
    make_problem(pass_percentage=0.2)
    easiest = make_problem(pass_percentage=0.9)
    make_problem(pass_percentage=1.0, difficulty="hard")
    client.force_login(solver)
    page = client.get("/users/solver/")
    assert [s.problem for s in page.context["profile"].suggestions] == [easiest]
    assert "most get it right" in page.content.decode()


def test_a_profile_suggests_what_is_unfinished_and_what_comes_next(client, solver, make_user, make_problem, judged):
    solved, begun, fresh = make_problem(), make_problem(difficulty="hard"), make_problem()
    judged(solver, solved)
    for _ in range(3):
        judged(solver, begun, "WA")
    client.force_login(solver)
    found = client.get("/users/solver/").context["profile"].suggestions
    assert [s.problem for s in found] == [begun, fresh]
    assert found[0].why == "You have tried it 3 times: have another go."
    client.force_login(make_user())
    assert client.get("/users/solver/").context["profile"].suggestions == []


def test_an_unfinished_one_that_was_hidden_is_not_suggested(client, solver, make_problem, judged):
    problem = make_problem(title="A secret")
    judged(solver, problem, "WA")
    reckoning.settle(None)
    type(problem).objects.filter(pk=problem.pk).update(state="hidden")
    client.force_login(solver)
    client.get("/users/solver/")
    assert "A secret" not in client.get("/users/solver/").content.decode()


# --- on a submission's page


def test_an_accepted_submission_leads_on(client, solver, make_problem, judged):
    problem, wanted = make_problem(), make_problem()
    submission = judged(solver, problem)
    client.force_login(solver)
    page = client.get(submission.get_absolute_url()).content.decode()
    assert "What next?" in page
    assert f'href="{wanted.get_absolute_url()}"' in page


@pytest.mark.parametrize("verdict", ["WA", "CE", "IE"])
def test_one_that_failed_does_not(client, solver, make_problem, judged, verdict):
    problem, _other = make_problem(), make_problem()
    submission = judged(solver, problem, verdict)
    client.force_login(solver)
    assert "What next?" not in client.get(submission.get_absolute_url()).content.decode()
    assert client.get(f"{submission.get_absolute_url()}next/").content.strip() == b""


def test_it_is_asked_for_when_judging_is_done(client, solver, make_problem):
    problem, wanted = make_problem(), make_problem()
    submission = Submission.objects.create(user=solver, problem=problem, language="c", source="x")
    client.force_login(solver)
    address = f"{submission.get_absolute_url()}next/"
    assert f'hx-get="{address}"' in client.get(submission.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 204
    Submission.objects.update(status=Status.DONE, verdict="AC")
    page = client.get(address).content.decode()
    assert wanted.title in page
    assert "hx-get" not in page


def test_nobody_elses_submission_is_asked_for(client, curator, solver, make_problem, judged):
    problem, _other = make_problem(), make_problem()
    submission = judged(solver, problem)
    assert client.get(f"{submission.get_absolute_url()}next/").status_code == 302
    client.force_login(curator)
    assert client.get(f"{submission.get_absolute_url()}next/").status_code == 404
    assert "What next?" not in client.get(submission.get_absolute_url()).content.decode()


def test_its_queries_are_few(solver, make_problem, judged, django_assert_max_num_queries):
    problems = [make_problem(subset=f"S{number % 4}") for number in range(40)]
    for problem in problems[:38]:
        judged(solver, problem)
    reckoning.settle(None)
    suggesting.after(problems[3], solver)
    # counts, reached, and twice, behind the last and from the beginning: rows, tried?
    with django_assert_max_num_queries(6):
        assert suggesting.after(problems[36], solver).problem == problems[38]


def test_when_all_is_tried_no_problem_is_looked_at(solver, make_problem, judged, django_assert_max_num_queries):
    problem = make_problem()
    judged(solver, problem)
    assert after(problem, solver) is None
    with django_assert_max_num_queries(2):
        assert suggesting.after(problem, solver) is None
