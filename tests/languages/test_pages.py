"""No page of the site says anything in English to somebody who reads Chinese."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.community.making import client_of
from tests.languages.site import addresses, build, english

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_files")]
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}


@pytest.fixture
def _plain_files(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.mark.parametrize("who", ["visitor", "solver", "curator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_speaks_chinese(who: str, method: str) -> None:
    solver, curator = build()
    user = {"visitor": None, "solver": solver, "curator": curator}[who]
    found: dict[str, str] = {}
    pages = 0
    client = client_of(user)
    signed_in = deepcopy(client.cookies)
    for address in addresses():
        # Some addresses sign out.
        client.cookies = deepcopy(signed_in)
        response = answer(client, method, address)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            pages += 1
            found |= dict.fromkeys(english(response.content.decode()), f"{response.status_code} {address}")
    assert pages > 20
    assert found == {}


def answer(client: Client, method: str, address: str) -> HttpResponse:
    """What comes back; nothing stays of what was done."""
    client.raise_request_exception = False
    with transaction.atomic():
        response = getattr(client, method)(address, headers=CHINESE)
        transaction.set_rollback(True)
    return response
