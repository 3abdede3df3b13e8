"""Votes: one a person, and the score is their number, whoever votes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from judge.accounts.models import User
from judge.community import voting
from judge.community.talk_models import Comment
from tests.community.making import make_comment, make_user


@pytest.mark.django_db
def test_nobody_votes_for_their_own() -> None:
    comment = make_comment()
    with pytest.raises(voting.OwnWork):
        voting.vote(comment, comment.author, up=True)
    assert not comment.votes.exists()


@pytest.mark.django_db
def test_voting_twice_counts_once_and_taking_it_back_twice_too() -> None:
    comment, user, other = make_comment(), make_user(), make_user()
    assert voting.vote(comment, other, up=True) == 1
    assert [voting.vote(comment, user, up=True) for _ in range(2)] == [2, 2]
    assert [voting.vote(comment, user, up=False) for _ in range(2)] == [1, 1]


def _at_once(comment: Comment, users: list[User]) -> None:
    start = Barrier(len(users))

    def one(user: User) -> None:
        start.wait()
        try:
            voting.vote(comment, user, up=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as threads:
        list(threads.map(one, users))


@pytest.mark.django_db(transaction=True)
def test_votes_at_the_same_time_are_all_counted() -> None:
    comment, users = make_comment(), [make_user() for _ in range(5)]
    _at_once(comment, users)
    assert Comment.objects.get().score == comment.votes.count() == 5


@pytest.mark.django_db(transaction=True)
def test_the_same_vote_at_the_same_time_is_one() -> None:
    comment = make_comment()
    _at_once(comment, [make_user()] * 5)
    assert Comment.objects.get().score == comment.votes.count() == 1
