"""To whom solutions are open, who has given up, and what may be published."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from judge.accounts.models import User
from judge.community import quotas, solutions
from judge.community.solutions import NotToBeShown, Way
from judge.community.solutions_models import GivenUp, Solution, SolutionState
from judge.submissions.models import Status, Submission, Verdict
from tests.community.making import make_curator, make_problem, make_solution, make_submission, make_user

pytestmark = pytest.mark.django_db


def test_closed_until_solved_or_given_up() -> None:
    problem, user = make_problem(), make_user()
    assert solutions.way_in(AnonymousUser(), problem) == Way.UNKNOWN
    assert solutions.way_in(user, problem) == Way.UNSOLVED
    for verdict in Verdict:
        if verdict != Verdict.AC:
            make_submission(problem, user, verdict=verdict)
    make_submission(problem, make_user())  # another's
    make_submission(make_problem(), user)  # another problem's
    assert solutions.way_in(user, problem) == Way.UNSOLVED
    make_submission(problem, user)
    assert solutions.way_in(user, problem) == Way.SOLVED
    assert solutions.way_in(make_curator(), problem) == Way.CURATOR
    assert [way for way in Way if way.is_open] == [Way.CURATOR, Way.SOLVED, Way.GAVE_UP]


def test_giving_up_is_kept_once_and_for_this_problem_only() -> None:
    problem, other, user = make_problem(), make_problem(), make_user()
    for _ in range(2):
        solutions.give_up(user, problem)
    assert solutions.way_in(user, problem) == Way.GAVE_UP
    assert solutions.gave_up(user, problem)
    assert not solutions.gave_up(user, other)
    assert not solutions.gave_up(make_user(), problem)
    assert not solutions.gave_up(AnonymousUser(), problem)
    assert GivenUp.objects.count() == 1


def test_giving_up_stays_known_after_solving() -> None:
    problem, user = make_problem(), make_user()
    solutions.give_up(user, problem)
    make_submission(problem, user)
    assert solutions.way_in(user, problem) == Way.SOLVED
    assert solutions.gave_up(user, problem)


def test_who_has_solved_it_gives_nothing_up() -> None:
    problem, user = make_problem(), make_user()
    make_submission(problem, user)
    solutions.give_up(user, problem)
    solutions.give_up(make_curator(), problem)
    assert not GivenUp.objects.exists()


@pytest.mark.parametrize("fields", [{"verdict": Verdict.WA}, {"verdict": "", "status": Status.QUEUED}])
def test_only_accepted_submissions_are_published(fields: dict[str, str]) -> None:
    submission = make_submission(**fields)
    with pytest.raises(NotToBeShown):
        solutions.publish(submission.user, submission, "")


@pytest.mark.parametrize("make", [make_user, make_curator])
def test_nobody_publishes_anothers(make: type[User]) -> None:
    with pytest.raises(NotToBeShown):
        solutions.publish(make(), make_submission(), "")
    assert not Solution.objects.exists()


def test_publishing_again_changes_the_note_and_ends_a_withdrawal() -> None:
    submission = make_submission()
    first = solutions.publish(submission.user, submission, "one")
    solutions.withdraw(first)
    second = solutions.publish(submission.user, submission, "*two*")
    assert first.pk == second.pk
    second.refresh_from_db()
    assert (second.state, second.text, second.shown) == (SolutionState.SHOWN, "*two*", "<p><em>two</em></p>\n")


def test_what_a_curator_has_hidden_stays_so_whatever_its_author_does() -> None:
    solution, curator = make_solution(), make_curator()
    assert solutions.hide([solution.pk], curator) == 1
    solutions.withdraw(solution)
    with pytest.raises(NotToBeShown):
        solutions.publish(solution.author, solution.submission, "")
    assert solutions.restore([solution.pk], curator) == 1
    solution.refresh_from_db()
    assert (solution.state, solution.moderated_by) == (SolutionState.SHOWN, curator)


def test_restoring_publishes_nothing_that_was_withdrawn() -> None:
    solution = make_solution()
    solutions.withdraw(solution)
    assert solutions.restore([solution.pk], make_curator()) == 0


def test_too_many_at_once_are_refused() -> None:
    problem, user = make_problem(), make_user()
    for _ in range(solutions.PUBLISHED[0].allowed):
        solutions.publish(user, make_submission(problem, user), "")
    with pytest.raises(quotas.TooMany):
        solutions.publish(user, make_submission(problem, user), "")


@pytest.mark.parametrize("state", [SolutionState.WITHDRAWN, SolutionState.HIDDEN])
def test_readable_are_those_that_are_shown(state: str) -> None:
    make_solution(state=state)
    assert not Solution.objects.readable_by(make_user()).exists()
    assert Solution.objects.readable_by(make_curator()).exists() == (state == SolutionState.HIDDEN)


def test_a_program_that_was_found_wrong_since_is_no_solution() -> None:
    solution = make_solution()
    Submission.objects.update(verdict=Verdict.WA)
    assert not Solution.objects.readable_by(make_curator()).filter(pk=solution.pk).exists()


def test_giving_up_on_everything_has_a_bound_that_says_when_to_go_on(settings: Any) -> None:
    settings.MAX_GIVEN_UP_PER_HOUR = 2
    user, problems = make_user(), [make_problem() for _ in range(3)]
    for problem in problems[:2]:
        solutions.give_up(user, problem)
    with pytest.raises(quotas.TooMany, match=r"try again in [0-9]+ minutes"):
        solutions.give_up(user, problems[2])
    assert solutions.way_in(user, problems[2]) == Way.UNSOLVED
    # Again on the same is nothing new, and others have a bound of their own.
    solutions.give_up(user, problems[0])
    solutions.give_up(make_user(), problems[2])
    GivenUp.objects.filter(problem=problems[0]).update(created_at=timezone.now() - timedelta(minutes=61))
    solutions.give_up(user, problems[2])
    assert solutions.way_in(user, problems[2]) == Way.GAVE_UP
