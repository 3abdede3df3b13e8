"""The admin's page of tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from judge.api.models import Token

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
LIST = "admin:api_token_changelist"


def test_curators_have_no_business_there(client: Client, make_curator: Make) -> None:
    client.force_login(make_curator(is_staff=True))
    assert client.get(reverse(LIST)).status_code == 403


def test_a_leaked_token_is_found_by_its_hint_and_ended(admin_client: Client, make_user: Make, make_token: Make) -> None:
    secret, other = make_token(make_user()), make_token(make_user())
    token = next(token for token in Token.objects.all() if secret.startswith(token.hint))
    found = admin_client.get(reverse(LIST), {"q": token.hint}).context["cl"].result_list
    assert list(found) == [token]
    page = admin_client.get(reverse("admin:api_token_change", args=[token.pk])).content.decode()
    assert token.hint in page
    assert secret not in page
    admin_client.post(reverse("admin:api_token_delete", args=[token.pk]), {"post": "yes"})
    (left,) = Token.objects.all()
    assert other.startswith(left.hint)


def test_nobody_makes_or_changes_one_there(admin_client: Client, make_user: Make, make_token: Make) -> None:
    make_token(make_user())
    token = Token.objects.get()
    assert admin_client.get(reverse("admin:api_token_add")).status_code == 403
    admin_client.post(reverse("admin:api_token_change", args=[token.pk]), {"name": "mine", "scopes": "verify"})
    token.refresh_from_db()
    assert token.scopes == ["read", "submit"]
