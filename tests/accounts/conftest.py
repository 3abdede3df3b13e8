"""People for the tests of accounts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from judge.accounts.models import User

PASSWORD = "quite-a-long-one"


@pytest.fixture(autouse=True)
def _surroundings(settings: Any) -> None:
    """No limit is near, and pages are tested without the collected static files."""
    cache.clear()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def ann(db: None) -> User:
    """Somebody with a password and an address."""
    user = User.objects.create_user("ann", email="ann@example.org", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, primary=True)
    return user


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Signs somebody in by the page, in a browser of their own."""

    def enter(user: User, agent: str = "Firefox", sure: bool = False) -> Client:
        client = Client(headers={"User-Agent": agent})
        client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
        if sure:
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return client

    return enter
