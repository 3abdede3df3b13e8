"""The overview, the export of one's data, and the end of an account."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from judge.accounts import exporting
from judge.accounts.models import CURATORS, NOBODY, User, nobody
from judge.api.models import Scope, Token
from judge.submissions.models import Status, Submission, Verdict
from problems.models import Problem
from tests.submissions.conftest import make_problem, make_submission

__all__ = ["make_problem", "make_submission"]

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

SECRET = "SECRET-41aa"


def leave(client: Client, name: str = "ann") -> Any:
    return client.post(reverse("accounts:delete"), {"username": name})


def exported(client: Client) -> dict[str, Any]:
    response = client.post(reverse("accounts:export"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="kodjudge.json"'
    return json.loads(b"".join(response.streaming_content))


@pytest.mark.parametrize("name", ["accounts:overview", "accounts:export", "accounts:delete"])
def test_a_visitor_is_sent_to_sign_in(client: Client, name: str) -> None:
    for response in (client.get(reverse(name)), client.post(reverse(name))):
        assert response.headers["Location"].startswith(reverse("account_login"))


def test_the_overview_says_how_things_stand(ann: User, sign_in: Make) -> None:
    page = sign_in(ann).get(reverse("accounts:overview")).content.decode()
    for words in ("ann@example.org", "not verified", "off", "API tokens"):
        assert words in page
    assert "Other sites" not in page


def test_the_overview_takes_few_queries(ann: User, sign_in: Make, django_assert_max_num_queries: Make) -> None:
    client = sign_in(ann)
    # session, user, address, second factor, sessions, providers that the admin knows
    with django_assert_max_num_queries(6):
        client.get(reverse("accounts:overview"))


def test_a_link_exports_and_deletes_nothing(ann: User, sign_in: Make) -> None:
    client = sign_in(ann, sure=True)
    assert client.get(reverse("accounts:export")).status_code == 405
    client.get(reverse("accounts:delete"))
    assert User.objects.filter(pk=ann.pk).exists()


def test_the_export_needs_the_forms_token(ann: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert client.post(reverse("accounts:export")).status_code == 403


def test_the_export_holds_all_of_ones_own(ann: User, sign_in: Make, make_problem: Make, make_submission: Make) -> None:
    problem = make_problem(title="Sum é", slug="sum")
    done = make_submission(problem, ann, status=Status.DONE, verdict=Verdict.WA, attempt=2, passed=1, total=2)
    done.results.create(attempt=1, position=1, verdict="RE")
    for position, verdict in ((1, "AC"), (2, "WA")):
        done.results.create(attempt=2, position=position, verdict=verdict)
    make_submission(problem, ann)
    found = exported(sign_in(ann))
    assert found["account"]["username"] == "ann"
    assert found["emails"] == [{"email": "ann@example.org", "verified": False, "primary": True}]
    assert len(found["sessions"]) == 1
    first, second = found["submissions"]
    assert (first["problem"], first["title"], first["verdict"]) == ("sum", "Sum é", "WA")
    assert (first["source"], first["tests"]) == (done.source, ["AC", "WA"])
    assert (second["status"], second["tests"]) == ("queued", [])


def test_the_export_holds_nothing_of_others_and_no_secret(
    ann: User, sign_in: Make, make_problem: Make, make_submission: Make
) -> None:
    problem = make_problem([(f"{SECRET}-in", f"{SECRET}-out")], solution=SECRET)
    mine = make_submission(problem, ann, status=Status.DONE, verdict=Verdict.WA, attempt=1, error=SECRET)
    mine.results.create(attempt=1, position=1, verdict="WA", stdout=SECRET.encode(), note=SECRET)
    make_submission(problem, source=f"# {SECRET}")
    token = Token(user=ann, name="laptop", scopes=[Scope.READ])
    opens = token.give_secret()
    token.save()
    text = json.dumps(exported(sign_in(ann)))
    assert "laptop" in text
    for word in (SECRET, opens, ann.password):
        assert word not in text


def test_queries_of_the_export_do_not_grow_with_the_submissions(
    ann: User, sign_in: Make, make_problem: Make, make_submission: Make, django_assert_max_num_queries: Make
) -> None:
    problem = make_problem()
    for _ in range(20):
        make_submission(problem, ann).results.create(attempt=0, position=1)
    client = sign_in(ann)
    # session, user, is it a curator; the submissions' results; one for each part
    with django_assert_max_num_queries(4 + len(exporting.parts())):
        assert len(exported(client)["submissions"]) == 20


def test_exporting_again_and_again_is_refused(ann: User, sign_in: Make) -> None:
    client = sign_in(ann)
    answers = [client.post(reverse("accounts:export")) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert "Too often" in answers[-1].content.decode()
    assert (
        sign_in(User.objects.create_user("bob", password="quite-a-long-one"))
        .post(reverse("accounts:export"))
        .status_code
        == 200
    )


def test_deleting_asks_for_the_password_first(ann: User, sign_in: Make) -> None:
    client = sign_in(ann)
    for response in (client.get(reverse("accounts:delete")), leave(client)):
        assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": "a guess"})
    leave(client)
    assert User.objects.filter(pk=ann.pk).exists()


@pytest.mark.parametrize("name", ["", "Ann", "bob", NOBODY])
def test_another_name_deletes_nothing(ann: User, sign_in: Make, name: str) -> None:
    User.objects.create_user("bob")
    assert leave(sign_in(ann, sure=True), name).status_code == 422
    assert User.objects.count() == 2


def test_whoever_leaves_is_gone_and_the_verdicts_stay(
    ann: User, sign_in: Make, make_problem: Make, make_submission: Make
) -> None:
    ann.groups.add(Group.objects.get(name=CURATORS))
    problem = make_problem()
    kept = make_submission(problem, ann, status=Status.DONE, verdict=Verdict.AC)
    another = make_submission(problem)
    Token(user=ann, name="laptop", scopes=[Scope.READ], digest=b"x").save()
    client, elsewhere = sign_in(ann, sure=True), sign_in(ann, "another browser")
    response = leave(client)
    assert response.headers["Location"] == reverse("problems:list")
    assert "Your account is deleted" in client.get(reverse("problems:list")).content.decode()
    assert not User.objects.filter(username="ann").exists()
    assert not Token.objects.exists()
    assert not EmailAddress.objects.exists()
    for browser in (client, elsewhere):
        assert browser.get(reverse("accounts:overview")).status_code == 302
    kept.refresh_from_db(), another.refresh_from_db()
    assert (kept.user.username, kept.verdict, kept.problem) == (NOBODY, "AC", problem)
    assert another.user.username != NOBODY
    assert Problem.objects.filter(submissions__verdict="AC").count() == 1


def test_the_name_may_be_taken_again_without_the_past(ann: User, sign_in: Make, make_submission: Make) -> None:
    make_submission(user=ann)
    leave(sign_in(ann, sure=True))
    again = User.objects.create_user("ann", password="quite-a-long-one")
    assert not Submission.objects.filter(user=again).exists()


def test_two_who_leave_are_one_nobody(sign_in: Make, ann: User, make_submission: Make) -> None:
    bob = User.objects.create_user("bob", password="quite-a-long-one")
    make_submission(user=ann), make_submission(user=bob)
    leave(sign_in(ann, sure=True))
    leave(sign_in(bob, sure=True), "bob")
    assert set(Submission.objects.values_list("user__username", flat=True)) == {NOBODY}


def test_nobody_can_be_neither_signed_up_nor_signed_in(client: Client) -> None:
    nobody()
    given = {"username": NOBODY, "password1": "quite-a-long-one", "password2": "quite-a-long-one"}
    assert client.post(reverse("account_signup"), given).status_code == 200
    client.post(reverse("account_login"), {"login": NOBODY, "password": "!"})
    assert client.get(reverse("accounts:overview")).status_code == 302
    assert User.objects.count() == 1


def test_the_admin_does_not_offer_nobody(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:accounts_user_delete", args=[nobody().pk])).status_code == 302
    assert User.objects.filter(username=NOBODY).exists()
