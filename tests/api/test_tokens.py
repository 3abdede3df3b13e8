"""Personal tokens and their pages: a secret is shown once and kept nowhere, and nobody touches another's."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from judge.accounts.models import User
from judge.api.forms import MAX_TOKENS
from judge.api.models import PREFIX, Token

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

PASSWORD = "quite-a-long-one"
FORM = {"name": "laptop", "scopes": ["read", "submit"], "lifetime": "30"}


def enter(client: Client, user: User) -> None:
    """Sign in, and type the password once more."""
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def person(client: Client) -> User:
    """Somebody who has typed the password of late."""
    user = User.objects.create_user("ann")
    enter(client, user)
    return user


def make(client: Client, **fields: Any) -> str:
    """The page that answers the form."""
    return client.post(reverse("tokens:new"), FORM | fields).content.decode()


@pytest.mark.parametrize("address", ["/accounts/tokens/", "/accounts/tokens/new/"])
def test_a_visitor_is_sent_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


def test_a_visitor_revokes_nothing(client: Client, make_user: Make, make_token: Make) -> None:
    make_token(make_user())
    client.post(reverse("tokens:revoke", args=[Token.objects.get().pk]))
    assert Token.objects.exists()


def test_nobody_revokes_anothers_token(client: Client, person: User, make_user: Make, make_token: Make) -> None:
    make_token(make_user())
    assert client.post(reverse("tokens:revoke", args=[Token.objects.get().pk])).status_code == 404
    assert Token.objects.exists()


def test_nobody_sees_anothers_token(client: Client, person: User, make_user: Make, make_token: Make) -> None:
    make_token(make_user(), name="the other's")
    assert "the other" not in client.get(reverse("tokens:list")).content.decode()


def test_a_link_revokes_nothing(client: Client, person: User, make_token: Make) -> None:
    make_token(person)
    assert client.get(reverse("tokens:revoke", args=[Token.objects.get().pk])).status_code == 405


def test_being_signed_in_is_not_enough_the_password_is_typed_again(client: Client) -> None:
    client.force_login(User.objects.create_user("ann", password=PASSWORD))
    assert client.get(reverse("tokens:new")).headers["Location"].startswith(reverse("account_reauthenticate"))
    make(client)
    assert not Token.objects.exists()


def test_the_secret_is_shown_once_and_kept_nowhere(client: Client, person: User) -> None:
    page = make(client)
    secret = re.search(rf"{PREFIX}[\w-]{{43}}", page)[0]
    assert secret not in client.get(reverse("tokens:list")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM api_token t UNION ALL SELECT session_data FROM django_session")
        assert not any(secret in row for (row,) in cursor.fetchall())


def test_the_page_with_the_secret_is_not_cached(client: Client, person: User) -> None:
    response = client.post(reverse("tokens:new"), FORM)
    assert "no-store" in response.headers["Cache-Control"]


def test_a_token_is_made_as_it_was_asked_for(client: Client, person: User) -> None:
    make(client)
    token = person.tokens.get()
    assert (token.name, token.scopes) == ("laptop", ["read", "submit"])
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


def test_a_token_may_be_good_until_it_is_revoked(client: Client, person: User) -> None:
    make(client, lifetime="")
    assert person.tokens.get().expires_at is None


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"scopes": ["verify"]}, {"lifetime": "9999"}], ids=str
)
def test_what_is_not_offered_is_refused(client: Client, person: User, fields: dict[str, Any]) -> None:
    assert client.post(reverse("tokens:new"), FORM | fields).status_code == 422
    assert not Token.objects.exists()


def test_only_curators_get_the_scope_for_verifying(client: Client, make_curator: Make) -> None:
    curator = make_curator()
    enter(client, curator)
    make(client, scopes=["verify"])
    assert curator.tokens.get().scopes == ["verify"]


def test_a_form_that_is_sent_twice_makes_one_token(client: Client, person: User) -> None:
    make(client)
    assert "You have a token of this name" in make(client)
    assert person.tokens.count() == 1


def test_there_is_an_end_to_how_many(client: Client, person: User, make_token: Make) -> None:
    for _ in range(MAX_TOKENS):
        make_token(person)
    assert "Revoke one first" in make(client)


def test_names_are_escaped(client: Client, person: User) -> None:
    page = make(client, name="<script>alert(1)</script>")
    assert "<script>alert" not in page + client.get(reverse("tokens:list")).content.decode()


def test_a_revoked_token_is_gone(client: Client, person: User, make_token: Make) -> None:
    make_token(person, name="old one")
    response = client.post(reverse("tokens:revoke", args=[person.tokens.get().pk]), follow=True)
    assert "“old one” is revoked" in response.content.decode()
    assert not person.tokens.exists()


def test_the_list_says_what_each_may_and_whether_it_still_does(client: Client, person: User, make_token: Make) -> None:
    make_token(person, expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(reverse("tokens:list")).content.decode()
    for words in ("Submit programs", "expired", "never used", person.tokens.get().hint):
        assert words in page


def test_an_empty_list_says_what_to_do(client: Client, person: User) -> None:
    assert "No token yet" in client.get(reverse("tokens:list")).content.decode()
