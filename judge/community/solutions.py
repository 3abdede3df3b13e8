"""Solutions: to whom they are open, who has given up, and what people show of their own.

In charge of: the rule that nobody reads a solution who has neither solved the problem nor given up. Every page and
every other way to a solution asks `way_in` first. Not in charge of how they are shown.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from judge.accounts.models import User
from judge.community import quotas
from judge.community.quotas import Quota
from judge.community.solutions_models import GivenUp, Solution, SolutionState
from judge.submissions.models import Status, Submission, Verdict
from problems import progress
from problems.models import Problem

PUBLISHED = (Quota(10, timedelta(hours=1)),)


class Way(Enum):
    """Why somebody may read a problem's solutions, or why not."""

    CURATOR = "curator"
    SOLVED = "solved"
    GAVE_UP = "gave up"
    UNSOLVED = "unsolved"
    UNKNOWN = "not signed in"

    @property
    def is_open(self) -> bool:
        """True for those who may."""
        return self in {Way.CURATOR, Way.SOLVED, Way.GAVE_UP}


class NotToBeShown(Exception):
    """This submission can't be published: it is another's, not accepted, or a curator has hidden it."""


def way_in(user: Any, problem: Problem) -> Way:
    """How ``user`` stands to the solutions of ``problem``, which they may see."""
    if not user.is_authenticated:
        return Way.UNKNOWN
    if user.is_curator:
        return Way.CURATOR
    if progress.tried(user, [problem.pk]).get(problem.pk):
        return Way.SOLVED
    return Way.GAVE_UP if gave_up(user, problem) else Way.UNSOLVED


def gave_up(user: Any, problem: Problem) -> bool:
    """Whether ``user`` has looked at the solutions before solving the problem; they may have solved it since."""
    return bool(user.is_authenticated and GivenUp.objects.filter(user=user, problem=problem).exists())


def give_up(user: User, problem: Problem) -> None:
    """Open the solutions to ``user``, for good, and keep that in mind. Who may read them already gives nothing up.

    Raises quotas.TooMany: what costs one click must not lead to all references in an afternoon.
    """
    if way_in(user, problem) != Way.UNSOLVED:
        return
    with transaction.atomic():
        bound = Quota(settings.MAX_GIVEN_UP_PER_HOUR, timedelta(hours=1))
        quotas.check(user, GivenUp.objects.filter(user=user), bound)
        GivenUp.objects.get_or_create(user=user, problem=problem)


def publish(author: User, submission: Submission, note: str) -> Solution:
    """Show an accepted submission of one's own to others, or write its note anew.

    Raises NotToBeShown, and quotas.TooMany.
    """
    accepted = submission.status == Status.DONE and submission.verdict == Verdict.AC
    if submission.user_id != author.pk or not accepted:
        raise NotToBeShown
    with transaction.atomic():
        solution = Solution.objects.select_for_update().filter(submission=submission).first()
        if solution is None:
            quotas.check(author, Solution.objects.filter(author=author), *PUBLISHED)
            solution, _made = Solution.objects.get_or_create(
                submission=submission,
                defaults={"problem": submission.problem, "author": author, "language": submission.language},
            )
        if solution.state == SolutionState.HIDDEN:
            raise NotToBeShown
        solution.write(note)
        solution.state = SolutionState.SHOWN
        solution.save(update_fields=["text", "html", "state"])
    return solution


def withdraw(solution: Solution) -> None:
    """Show it to nobody any more; its author may publish it again."""
    Solution.objects.filter(pk=solution.pk, state=SolutionState.SHOWN).update(state=SolutionState.WITHDRAWN)


def hide(solution_ids: Iterable[int], by: User) -> int:
    """Hide solutions from all but curators; their authors can't publish them again."""
    return _move(solution_ids, SolutionState.SHOWN, SolutionState.HIDDEN, by)


def restore(solution_ids: Iterable[int], by: User) -> int:
    """Show again what a curator has hidden."""
    return _move(solution_ids, SolutionState.HIDDEN, SolutionState.SHOWN, by)


def _move(solution_ids: Iterable[int], state: SolutionState, to: SolutionState, by: User) -> int:
    chosen = Solution.objects.filter(pk__in=list(solution_ids), state=state)
    return chosen.update(state=to, moderated_by=by, moderated_at=Now())
