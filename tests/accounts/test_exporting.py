"""The export of one's data holds all that somebody has made: no table that names people is forgotten."""

import json
from typing import Any

import pytest

from judge.accounts import exporting
from judge.accounts.models import User
from tests.accounts.living import columns, live, name_of, somebody
from tests.community.making import make_user

pytestmark = pytest.mark.django_db

DECISION = "a curator's decision about what is another's"
NOT_EXPORTED = {
    "accounts.User_groups.user": "the only group is told as `curator`",
    "accounts.User_user_permissions.user": "what the site allows, nothing that somebody has made",
    "api.SentKey.user": "random keys by machines, kept for a day; the submissions that they name are there",
    "community.Progress.user": "reckoned from the submissions, which are there",
    "community.Comment.moderated_by": DECISION,
    "community.CommentReport.handled_by": DECISION,
    "community.Solution.moderated_by": DECISION,
    "problems.RefusedRow.mended_by": DECISION,
}


def exported(user: User) -> dict[str, Any]:
    return json.loads("".join(exporting.export(user)))


def test_every_column_that_names_a_person_is_answered_for() -> None:
    there, answered = {name_of(column) for column in columns()}, exporting.columns()
    assert there - answered - NOT_EXPORTED.keys() == set(), "register them, or say why not"
    assert answered | NOT_EXPORTED.keys() <= there, "no longer there"
    assert not answered & NOT_EXPORTED.keys()


def test_a_whole_life_is_in_it() -> None:
    user = somebody()
    live(user)
    for column in columns():
        assert column.model._default_manager.filter(**{column.name: user}).exists(), f"live() has no {column}"
    found = exported(user)
    assert [name for name, rows in found.items() if not rows] == []
    text = json.dumps(found)
    for words in (
        *("my program", "my failing input", "# my draft", "# my run", "the laptop", "My own question", "My own answer"),
        *("my report", "My ticket", "An answer of a curator's", "My answer as a curator", "My note", "My list"),
        *("My description", "my-rows.jsonl", "The problem of all"),
    ):
        assert words in text, words
    assert found["lists"][0]["problems"] == [found["given_up"][0]["problem__slug"]]
    assert found["profile"][0]["private"] is False


def test_nothing_that_opens_anything_is_in_it_and_nothing_of_others() -> None:
    user = somebody()
    live(user)
    text = json.dumps(exported(user))
    for words in ("TOTP-SECRET", user.password, "Of another", "An answer of another's", "digest"):
        assert words not in text, words
    for other in User.objects.exclude(pk=user.pk):
        assert f'"{other.username}"' not in text


def test_of_who_has_done_nothing_all_parts_are_there_and_empty() -> None:
    found = exported(make_user())
    assert {name for name, rows in found.items() if rows} == {"account"}


def test_queries_do_not_grow_with_what_was_done(django_assert_max_num_queries: Any) -> None:
    user = somebody()
    for _ in range(3):
        live_again(user)
    # Is it a curator; the lists' entries, the tickets' messages, the submissions' results; one for each part.
    with django_assert_max_num_queries(4 + len(exporting.parts())):
        exported(user)


def live_again(user: User) -> None:
    from judge.community import keeping
    from judge.community.tickets_models import Ticket, TicketMessage
    from tests.community.making import make_problem

    problem = make_problem()
    keeping.add(keeping.new_list(user, f"List {problem.pk}"), problem)
    ticket = Ticket.objects.create(problem=problem, reporter=user, category="tests")
    TicketMessage.objects.create(ticket=ticket, author=user, text="x")
