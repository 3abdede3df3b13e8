"""Signing in by another site: a real provider of OpenID Connect, on another origin, in a real browser."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from tests.browser.chromium import chromium as started

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
PERSON = {"sub": "4711", "preferred_username": "grace", "email": "grace@example.org", "email_verified": True}


class Provider(BaseHTTPRequestHandler):
    """Knows one person, and believes that it is who asks."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        base = f"http://{self.headers['Host']}"
        if address.path == "/.well-known/openid-configuration":
            endpoints = {name: f"{base}/{name}" for name in ("authorization", "token", "userinfo")}
            self._json({"issuer": base} | {f"{name}_endpoint": url for name, url in endpoints.items()})
        elif address.path == "/authorization":
            asked = parse_qs(address.query)
            self.send_response(302)
            answer = urlencode({"code": "once", "state": asked["state"][0]})
            self.send_header("Location", f"{asked['redirect_uri'][0]}?{answer}")
            self.end_headers()
        else:
            known = self.headers["Authorization"] == "Bearer access"
            self._json(PERSON if known else {}, 200 if known else 401)

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        known = (given["code"], given.get("client_secret", ["secret"])) == (["once"], ["secret"])
        self._json({"access_token": "access", "token_type": "Bearer"} if known else {}, 200 if known else 400)

    def _json(self, told: dict[str, object], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[str]:
    """The provider's address."""
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(transactional_db: None, provider: str, tmp_path: Path) -> Iterator[str]:
    """The site, started by settings that name the provider."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    given = os.environ | {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}",
        "OIDC_URL": provider,
        "OIDC_CLIENT_ID": "kodjudge",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_NAME": "The House",
        "NO_PROXY": "*",
    }
    command = [sys.executable, "-m", "gunicorn", "judge.wsgi", "-k", "gthread", "-w", "1", "-b", f"127.0.0.1:{port}"]
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the site did not come up")


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="The House").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".menu summary")).to_have_text("grace")


def test_somebody_signs_up_and_in_by_another_site(site: str, chromium: str) -> None:
    complaints: list[str] = []
    with started(chromium) as browser:
        for width in (1280, 390):
            page = browser.new_context(base_url=site, viewport={"width": width, "height": 800}).new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
            sign_in(page)
            page.goto("/accounts/")
            page.get_by_role("link", name="Other sites").click()
            expect(page.locator("form")).to_contain_text(["", "The House"])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    connection.close()
    (user,) = User.objects.all()
    assert (user.username, user.email, user.has_usable_password()) == ("grace", "grace@example.org", False)


def test_nobody_gets_anothers_account_by_its_address(site: str, chromium: str) -> None:
    User.objects.create_user("owner", email=PERSON["email"]).emailaddress_set.create(
        email=PERSON["email"], primary=True, verified=True
    )
    connection.close()
    with started(chromium) as browser:
        page = browser.new_context(base_url=site).new_page()
        page.goto("/accounts/login/")
        page.get_by_role("link", name="The House").click()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/3rdparty/signup/**")
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
