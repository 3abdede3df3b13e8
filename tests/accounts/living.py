"""Somebody's whole life on the site: a row in every table that names people."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from judge.accounts.models import CURATORS, User
from judge.api.models import Scope, SentKey, Token
from judge.community import keeping, reckoning, solutions, talk, tickets, voting
from judge.community.models import Comment, CommentReport, Solution
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Draft, Run, Submission
from problems.models import ImportRun, Problem, RefusedRow
from tests.community.making import make_comment, make_problem, make_solution, make_submission, make_user

NAME = "zebulon-q"
EMAIL = "zebulon-q@example.org"


def columns() -> Iterator[Any]:
    """Every foreign key to a person, whichever app has it."""
    for model in apps.get_models(include_auto_created=True):
        yield from (field for field in model._meta.concrete_fields if field.related_model is User)


def name_of(column: Any) -> str:
    """What the export and its exceptions call it."""
    return f"{column.model._meta.label}.{column.name}"


def somebody() -> User:
    """A curator with a password and an address."""
    user = User.objects.create_user(NAME, email=EMAIL, password="quite-a-long-one")
    user.emailaddress_set.create(email=EMAIL, primary=True)
    user.groups.add(Group.objects.get(name=CURATORS))
    user.user_permissions.add(Permission.objects.first())
    return user


def live(user: User) -> Problem:
    """Have ``user`` do all that leaves a row; returns the problem that it is about."""
    problem = make_problem(title="The problem of all")
    _sign_in_everywhere(user)
    own = _send_in(user, problem)
    _talk(user, problem)
    _show(user, problem, own)
    _curate(user, problem)
    reckoning.settle(None)
    return problem


def _sign_in_everywhere(user: User) -> None:
    SocialAccount.objects.create(user=user, provider="github", uid="4711", extra_data={"login": NAME})
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "TOTP-SECRET"})
    UserSession.objects.create(user=user, ip="127.0.0.1", user_agent="Firefox", session_key="x" * 32)
    token = Token(user=user, name="the laptop", scopes=[Scope.READ])
    token.give_secret()
    token.save()


def _send_in(user: User, problem: Problem) -> Submission:
    own = make_submission(problem, user, source="print('my program')")
    SentKey.objects.create(user=user, key="k", request_digest=b"x", submission=own)
    wrong = make_submission(problem, user, verdict="WA")
    found = {"stdin": "my failing input", "answer": b"3", "stdout": b"4", "verdict": "WA"}
    FailingCase.objects.create(submission=wrong, status=CaseStatus.FOUND, **found)
    Draft.objects.create(user=user, problem=problem, language="python3", text="# my draft")
    Run.objects.create(user=user, problem=problem, language="python3", source="# my run", samples=True)
    return own


def _talk(user: User, problem: Problem) -> None:
    top = make_comment(problem, "My own question", author=user)
    make_comment(text="An answer of another's", parent=top)
    voting.vote(other := make_comment(problem, "Of another"), user, up=True)
    make_comment(text="My own answer", author=user, parent=other)
    talk.report(user, other, "rude", "my report")
    ticket = tickets.report(user, problem, "tests", "My ticket")
    tickets.answer(ticket, make_user(), "An answer of a curator's")


def _show(user: User, problem: Problem, own: Submission) -> None:
    make_solution(own, "My note")
    voting.vote(make_solution(make_submission(problem)), user, up=True)
    solutions.give_up(user, problem)
    keeping.add(keeping.new_list(user, "My list", "My description", "public"), problem)


def _curate(user: User, problem: Problem) -> None:
    from judge.community.solutions_models import GivenUp

    GivenUp.objects.get_or_create(user=user, problem=problem)
    Comment.objects.filter(text="Of another").update(moderated_by=user)
    Solution.objects.exclude(author=user).update(moderated_by=user)
    CommentReport.objects.create(comment=make_comment(problem), reporter=make_user(), reason="spam", handled_by=user)
    tickets.answer(tickets.report(make_user(), problem, "tests", "Of another"), user, "My answer as a curator")
    run = ImportRun.objects.create(source="my-rows.jsonl", started_by=user)
    RefusedRow.objects.create(run=run, fate="rejected", row_number=1, reason="x", raw=b"{}", mended_by=user)
    people = ContentType.objects.get_for_model(User)
    log = {"content_type": people, "action_flag": CHANGE, "change_message": ""}
    LogEntry.objects.create(user=user, object_id="1", object_repr="another", **log)
    LogEntry.objects.create(user=make_user(), object_id=str(user.pk), object_repr=NAME, **log)
