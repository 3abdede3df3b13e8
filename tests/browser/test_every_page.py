"""Every page of the site, as everybody who may look at it: sound in light and dark, at every width, to axe and to the
browser's console. An address that nobody walks to is named in `route.NOT_WALKED`, with the reason.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views import defaults
from playwright.sync_api import Page, Response

from judge import urls
from problems.models import Problem
from tests.browser import route
from tests.browser.editing import fits, in_a_thread
from tests.browser.visiting import PASSWORD, sign_in
from tests.browser.world import CURATOR, GUARDED, NEWCOMER, SOLVER, World

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = """async rules => (await axe.run(document, rules ? {runOnly: rules} : {})).violations
    .filter(fault => ["serious", "critical"].includes(fault.impact))
    .map(fault => `${fault.id}: ${fault.nodes.map(node => node.html.slice(0, 200)).slice(0, 3)}`)"""
# Colours differ by theme, the rest by width: so each is looked at in both, and not everything four times.
VIEWS = (
    (1280, "light", None),
    (1280, "dark", ["color-contrast"]),
    (390, "light", ["color-contrast"]),
    (390, "dark", None),
)
NARROWEST = 360
# The frame of no page: the API's answers, and Django's administration, which has a look of its own.
OTHER_SITES = {"admin", "api-1"}
STRICT = ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")


def error(request: HttpRequest, status: int) -> HttpResponse:
    """The page of an error, which is hard to make on purpose."""
    if status == 500:
        return defaults.server_error(request)
    return render(request, {1: "403_csrf.html"}.get(status, f"{status}.html"), status=403 if status == 1 else status)


urlpatterns = [path("error/<int:status>/", error), *urls.urlpatterns]


def faults(page: Page, address: str, status: int = 200) -> list[str]:
    """What is wrong with a page, once it has come: one line each."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    response = page.goto(address)
    assert response is not None
    if "/reauthenticate/" in page.url and "/reauthenticate/" not in address:
        response = _confirm(page, address)
    found = [*_policy(response), *([f"status {response.status}"] if response.status != status else [])]
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} h1")
    if not page.title().removesuffix(" · KodJudge").strip():
        found.append("no title")
    page.evaluate(AXE)
    for width, theme, rules in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        found += [f"{width} {theme}: {fault}" for fault in page.evaluate(SERIOUS, rules)]
        found += [] if fits(page) else [f"wider than {width}"]
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    found += [] if fits(page) else [f"wider than {NARROWEST}"]
    return [f"{address} {fault}" for fault in found]


def _confirm(page: Page, address: str) -> Response:
    """Say the password once more, and come to where one wanted to go."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)
    response = page.goto(address)
    assert response is not None
    assert "/reauthenticate/" not in page.url, address
    return response


def _policy(response: Response) -> list[str]:
    """The content policy is there, whole, and without holes."""
    said = response.headers.get("content-security-policy", "")
    missing = [f"policy without {part}" for part in STRICT if part not in said]
    return missing + [f"policy with {word}" for word in ("unsafe", "*", "http:") if word in said]


def walk(page: Page, stops: str, world: World) -> list[str]:
    """The faults of all pages of a route."""
    return [fault for stop in route.stops(stops) for fault in faults(page, route.address(stop, world))]


@pytest.fixture
def world(problems: list[Problem]) -> World:
    """See World."""
    return World(problems)


def test_a_visitor_finds_every_page_sound(world: World, open_page: Callable[..., Page]) -> None:
    assert walk(open_page(), route.VISITOR, world) == []


def test_a_solver_finds_every_page_sound(world: World, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, SOLVER)
    assert walk(page, route.SOLVER, world) == []


def test_a_curator_finds_every_page_sound(world: World, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, CURATOR)
    assert walk(page, route.CURATOR, world) == []


def test_empty_pages_are_sound_and_those_of_an_account_with_a_second_factor(
    world: World, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    sign_in(page, NEWCOMER)
    found = walk(page, route.NEWCOMER, world)
    sign_in(page, GUARDED)

    def guard() -> None:
        TOTP.activate(world.guarded, generate_totp_secret())
        RecoveryCodes.activate(world.guarded)

    in_a_thread(guard)
    assert found + walk(page, route.GUARDED, world) == []


def test_pages_of_errors_are_sound(world: World, open_page: Callable[..., Page], settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    page = open_page(meant=("Failed to load resource",))
    statuses = {1: 403, 400: 400, 403: 403, 404: 404, 429: 429, 500: 500}
    found = [fault for shown, status in statuses.items() for fault in faults(page, f"/error/{shown}/", status)]
    found += faults(page, "/no-such-page/", 404)
    assert found == []


def names(resolver: URLResolver, before: str = "") -> set[str]:
    """The names of all addresses that are the site's own."""
    found: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver) and each.namespace not in OTHER_SITES:
            found |= names(each, f"{before}{each.namespace}:" if each.namespace else before)
        elif isinstance(each, URLPattern) and each.name:
            found.add(before + each.name)
    return found


def test_every_address_is_walked_to_or_has_a_reason_not_to_be() -> None:
    routes = (route.VISITOR, route.SOLVER, route.NEWCOMER, route.CURATOR, route.GUARDED)
    walked = {stop.split()[0] for stops in routes for stop in route.stops(stops)}
    left_out = {name for those in route.NOT_WALKED.values() for name in those.split()}
    assert walked & left_out == set()
    assert names(get_resolver()) == walked | left_out
