"""What becomes of what somebody has said and made here when they leave.

Most of it is the foreign keys' own rule (`on_delete`): lists, votes and what they gave up on go with them; comments,
reports and tickets stay without a name, since others have answered them. Here is what no such rule can say: a vote
that goes is no longer counted, and published solutions go, too, where their author wants it.
"""

from typing import Any

from django.db.models import F

from judge.accounts.models import User
from judge.community.solutions_models import Solution, SolutionVote
from judge.community.talk_models import Comment, CommentVote


def part(user: User, take_back: bool) -> None:
    """Prepare for ``user`` to go, within the transaction that deletes them; their row is held."""
    if take_back:
        Solution.objects.filter(author=user).delete()
    _uncount(Comment.objects, CommentVote.objects.filter(user=user), "comment_id")
    _uncount(Solution.objects, SolutionVote.objects.filter(user=user), "solution_id")


def _uncount(targets: Any, votes: Any, name: str) -> None:
    """Take ``votes``, one for each target, back: `voting.vote` for all of them at once."""
    ids = list(votes.values_list(name, flat=True))
    list(targets.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
    votes.delete()
    targets.filter(pk__in=ids).update(score=F("score") - 1)
