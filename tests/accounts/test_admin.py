"""The admin's page of accounts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judge.accounts.models import User

pytestmark = pytest.mark.django_db
LIST = "admin:accounts_user_changelist"


def test_a_solver_sees_nothing(client: Client) -> None:
    client.force_login(User.objects.create_user("solver"))
    assert client.get(reverse(LIST)).status_code == 302


def test_the_admin_has_no_door_of_its_own_for_passwords(client: Client) -> None:
    response = client.post(reverse("admin:login"), {"username": "curator", "password": "a guess"})
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_thirty_accounts_take_the_queries_of_one(admin_client: Client) -> None:
    admin_client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as of_one:
        admin_client.get(reverse(LIST))
    User.objects.bulk_create(User(username=f"user{n}") for n in range(29))
    with CaptureQueriesContext(connection) as of_thirty:
        response = admin_client.get(reverse(LIST))
    assert len(response.context["cl"].result_list) == 30
    assert len(of_thirty) == len(of_one) <= 8


def test_an_account_is_found_and_shown(admin_client: Client) -> None:
    user = User.objects.create_user("ann", email="ann@example.org")
    found = admin_client.get(reverse(LIST), {"q": "ann@example"}).context["cl"].result_list
    assert list(found) == [user]
    assert admin_client.get(reverse("admin:accounts_user_change", args=[user.pk])).status_code == 200
