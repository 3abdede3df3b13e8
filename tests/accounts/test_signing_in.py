"""allauth's doors as we set them up: forgotten passwords, second factors, sessions in other browsers."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from judge.accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]


def signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:overview")).status_code == 200


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def second_factor(ann: User, sign_in: Make) -> tuple[str, list[str]]:
    """Ann's second factor, made by its pages: the app's secret, and her recovery codes."""
    client = sign_in(ann, sure=True)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'id="authenticator_secret"[^>]* value="(\w+)"', page)[1]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return secret, re.findall(r"\b\d{8}\b", codes)


def test_a_forgotten_password_is_reset_by_mail(client: Client, ann: User) -> None:
    client.post(reverse("account_reset_password"), {"email": ann.email})
    (message,) = mail.outbox
    address = re.search(r"http://testserver(\S+)", message.body)[1]
    form = client.get(address, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "another-long-one", "password2": "another-long-one"})
    ann.refresh_from_db()
    assert ann.check_password("another-long-one")


def test_nobody_is_told_whose_address_is_known(client: Client, ann: User) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True).content
        for email in (ann.email, "nobody@example.org")
    ]
    without_token = [re.sub(rb'value="\w{64}"', b"", answer) for answer in answers]
    assert without_token[0] == without_token[1]


@pytest.mark.parametrize(
    ("page", "onwards"),
    [
        ("account_reset_password_done", ["account_login", "account_reset_password"]),
        ("account_reset_password_from_key_done", ["account_login"]),
        ("account_email_verification_sent", ["account_login"]),
        ("account_inactive", ["problems:list"]),
    ],
)
def test_pages_that_end_something_lead_on(client: Client, page: str, onwards: list[str]) -> None:
    main = client.get(reverse(page)).content.decode().partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'<a href="([^"]*)" class="button', main) == [reverse(name) for name in onwards]


def test_signing_in_leads_back_to_the_page_but_not_to_the_doors(client: Client) -> None:
    assert 'href="/accounts/login/?next=/languages/"' in client.get("/languages/").content.decode()
    assert 'href="/accounts/login/?next' not in client.get("/accounts/signup/").content.decode()


def sign_up(client: Client, **fields: str) -> Any:
    given = {"username": "bob", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), given | fields)


def test_whoever_signs_up_needs_no_address(client: Client) -> None:
    sign_up(client)
    assert signed_in(client)
    assert mail.outbox == []


def test_where_verifying_is_mandatory_nobody_comes_in_before(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
    sign_up(client)
    assert not User.objects.exists()
    sign_up(client, email="bob@example.org")
    assert not signed_in(client)
    (message,) = mail.outbox
    client.post(re.search(r"http://testserver(\S+)", message.body)[1])
    client.post(reverse("account_login"), {"login": "bob", "password": PASSWORD})
    assert signed_in(client)


@pytest.mark.parametrize(
    ("value", "says"), [("mandatory", "System check identified no issues"), ("always", "it may be 'none'")]
)
def test_the_setting_asks_for_the_address_or_stops_the_start(value: str, says: str) -> None:
    given = os.environ | {"ACCOUNT_EMAIL_VERIFICATION": value}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert says in done.stdout + done.stderr


def test_without_a_second_factor_the_password_is_enough(ann: User, sign_in: Make) -> None:
    assert signed_in(sign_in(ann))


def test_a_second_factor_is_asked_for(ann: User, second_factor: Any, sign_in: Make) -> None:
    client = sign_in(ann)
    assert not signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not signed_in(client)


def test_the_apps_code_opens(ann: User, second_factor: Any, sign_in: Make) -> None:
    secret, _codes = second_factor
    client = sign_in(ann)
    # The code of this half minute has been used to turn it on; the next one is good already.
    later = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))
    client.post(reverse("mfa_authenticate"), {"code": later})
    assert signed_in(client)
    again = sign_in(ann)
    again.post(reverse("mfa_authenticate"), {"code": later})
    assert not signed_in(again)


def test_a_recovery_code_opens_once(ann: User, second_factor: Any, sign_in: Make) -> None:
    _secret, codes = second_factor
    assert len(codes) == 10
    first, second = sign_in(ann), sign_in(ann)
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_the_overview_says_that_it_is_on(ann: User, second_factor: Any, sign_in: Make) -> None:
    client = sign_in(ann)
    client.post(reverse("mfa_authenticate"), {"code": second_factor[1][0]})
    assert '<span class="tag tag-good">on</span>' in client.get(reverse("accounts:overview")).content.decode()


def test_being_signed_in_is_not_enough_to_turn_it_on(ann: User, sign_in: Make) -> None:
    response = sign_in(ann).get(reverse("mfa_activate_totp"))
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes"])
def test_being_signed_in_is_not_enough_to_change_it(ann: User, second_factor: Any, sign_in: Make, name: str) -> None:
    client = sign_in(ann)
    client.post(reverse("mfa_authenticate"), {"code": second_factor[1][0]})
    for response in (client.get(reverse(name)), client.post(reverse(name))):
        assert "reauthenticate" in response.headers.get("Location", "") or response.status_code == 405
    assert ann.authenticator_set.count() == 2


@pytest.mark.parametrize("name", ["mfa_index", "usersessions_list", "account_email"])
def test_a_visitor_is_sent_to_sign_in(client: Client, name: str) -> None:
    assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_sessions_are_listed_and_the_others_ended(ann: User, sign_in: Make) -> None:
    here, elsewhere = sign_in(ann, "Firefox 1"), sign_in(ann, "<b>Opera</b>")
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox 1" in page
    assert "&lt;b&gt;Opera" in page
    here.post(reverse("usersessions_list"))
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)


def test_nobody_ends_or_sees_anothers_sessions(ann: User, sign_in: Make) -> None:
    bob = User.objects.create_user("bob", password=PASSWORD)
    anns, bobs = sign_in(ann, "Firefox of Ann"), sign_in(bob)
    assert "of Ann" not in bobs.get(reverse("usersessions_list")).content.decode()
    bobs.post(reverse("usersessions_list"))
    assert signed_in(anns)


def test_a_page_with_a_session_takes_no_more_queries(ann: User, sign_in: Make, django_assert_num_queries: Make) -> None:
    client = sign_in(ann)
    with django_assert_num_queries(2):  # session, user
        client.get(reverse("languages"))
