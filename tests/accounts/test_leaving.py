"""Who leaves is named nowhere any more, and what others have read and answered still stands."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client

from judge.accounts.leaving import leave
from judge.accounts.models import NOBODY, User
from judge.community import reckoning, talk_page
from judge.community.models import Comment, CommentVote, ProblemList, Solution, SolutionVote, Ticket
from judge.submissions.models import Draft, Run, Submission
from problems.models import Problem
from tests.accounts.living import NAME, columns, live, somebody
from tests.community.making import client_of, make_curator, make_submission, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> int:
    """The number of somebody who has lived and left."""
    user = somebody()
    live(user)
    number = user.pk
    leave(user)
    reckoning.settle(None)
    return number


@pytest.fixture
def problem(gone: int) -> Problem:
    """What it was all about."""
    return Problem.objects.get(title="The problem of all")


def rows_with(word: str) -> list[str]:
    """The tables in which a row has ``word`` in any column."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT FROM {name} t WHERE t::text LIKE %s)", [f"%{word}%"])  # noqa: S608
            found += [table] if cursor.fetchone()[0] else []
    return found


def test_the_search_for_names_finds_them() -> None:
    live(somebody())
    assert {"accounts_user", "account_emailaddress", "django_admin_log"} <= set(rows_with(NAME))


def test_no_row_names_who_has_left(gone: int) -> None:
    named = [str(column) for column in columns() if column.model._default_manager.filter(**{column.attname: gone})]
    assert named == []
    assert rows_with(NAME) == []


def test_no_number_of_theirs_is_left_in_tables_without_constraint(gone: int) -> None:
    with connection.cursor() as cursor:
        for table in ("change", "day", "languageuse", "progress", "standing"):
            cursor.execute(f"SELECT count(*) FROM community_{table} WHERE user_id = %s", [gone])  # noqa: S608
            assert cursor.fetchone()[0] == 0, table


def test_what_was_theirs_alone_is_gone(gone: int) -> None:
    for model in (ProblemList, Draft, Run, CommentVote, SolutionVote):
        assert not model.objects.exists(), model


def test_what_others_have_answered_stays_without_a_name(gone: int) -> None:
    assert Comment.objects.get(text="My own question").author is None
    assert Ticket.objects.filter(reporter=None).count() == 1
    assert Solution.objects.get(text="My note").author is None
    assert set(Submission.objects.filter(source="print('my program')").values_list("user__username", flat=True)) == {
        NOBODY
    }


def test_their_votes_are_no_longer_counted(gone: int) -> None:
    for model in (Comment, Solution):
        assert set(model.objects.values_list("score", flat=True)) == {0}


def test_votes_of_others_still_count() -> None:
    user = somebody()
    live(user)
    comment, solution = Comment.objects.get(text="Of another"), Solution.objects.exclude(author=user).get()
    from judge.community import voting

    for target in (comment, solution):
        voting.vote(target, make_user(), up=True)
    leave(user)
    comment.refresh_from_db(), solution.refresh_from_db()
    assert (comment.score, solution.score) == (1, 1)
    assert (comment.votes.count(), solution.votes.count()) == (1, 1)


def test_published_solutions_go_where_their_author_takes_them_back() -> None:
    user = somebody()
    live(user)
    leave(user, take_back=True)
    assert not Solution.objects.filter(text="My note").exists()
    assert Submission.objects.filter(source="print('my program')").exists()


def test_the_threads_keep_their_sense(gone: int, problem: Problem) -> None:
    page = client_of(make_user()).get(f"/problems/{problem.slug}/discussion/").content.decode()
    for words in ("My own question", "An answer of another", "My own answer", "somebody who has left"):
        assert words in page
    assert NAME not in page


@pytest.mark.parametrize("maker", [make_user, make_curator])
def test_all_pages_that_show_it_still_work(gone: int, problem: Problem, maker: Any) -> None:
    reader = maker()
    make_submission(problem, reader)
    client = client_of(reader)
    mine = Comment.objects.get(text="My own question")
    own = Solution.objects.get(text="My note")
    program = Submission.objects.get(source="print('my program')")
    addresses = [
        *(f"/problems/{problem.slug}/{part}" for part in ("", "discussion/", "solutions/", "statistics/")),
        *(mine.get_absolute_url(), own.get_absolute_url(), "/users/", "/lists/", "/submissions/", "/tickets/"),
    ]
    if reader.is_curator:
        ticket = Ticket.objects.get(reporter=None)
        addresses += ["/tickets/desk/", ticket.get_absolute_url(), program.get_absolute_url()]
        parts = ("community/comment", "community/commentreport", "community/solution", "submissions/submission")
        addresses += [f"/admin/{part}/" for part in parts]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert NAME not in response.content.decode(), address


def test_nobody_else_gets_what_they_had(gone: int, problem: Problem) -> None:
    again = User.objects.create_user(NAME)
    ticket = Ticket.objects.get(reporter=None)
    assert client_of(again).get(ticket.get_absolute_url()).status_code == 404
    assert not [shown for shown in talk_page.discussion(problem, again, {}).comments if shown.own]
    assert Client().get(ticket.get_absolute_url()).status_code == 302


def test_the_log_of_the_admin_keeps_what_was_done_but_not_to_whom(gone: int) -> None:
    assert LogEntry.objects.get(object_id=str(gone)).object_repr == NOBODY


def test_the_page_asks_about_published_solutions(sign_in: Any) -> None:
    user = somebody()
    live(user)
    user.authenticator_set.all().delete()
    client = sign_in(user, sure=True)
    assert "Take the solutions that I have published" in client.get("/accounts/delete/").content.decode()
    client.post("/accounts/delete/", {"username": NAME, "take_back": "on"})
    assert not Solution.objects.filter(text="My note").exists()


def test_whom_the_admin_deletes_leaves_as_if_by_themselves(admin_client: Client) -> None:
    user, other = somebody(), User.objects.create_user("zebulon-r")
    live(user)
    admin_client.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"})
    given = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    admin_client.post("/admin/accounts/user/", given)
    reckoning.settle(None)
    assert not User.objects.filter(username__startswith="zebulon").exists()
    assert rows_with("zebulon") == []
    assert set(Comment.objects.values_list("score", flat=True)) == {0}
