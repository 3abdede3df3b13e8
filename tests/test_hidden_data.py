"""Hidden tests stay hidden: every address of the site, asked for as a solver, on a problem whose secrets are marked.

Addresses are found in two ways: by what the URL configuration has, and by following every link of every page.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from judge.accounts.models import User
from judge.submissions.models import Status, Submission, Verdict
from judge.submissions.models import TestResult as Result
from problems import search
from problems.models import Problem
from problems.models import TestCase as Case

pytestmark = pytest.mark.django_db

# Lower case, of letters alone: it must be found however it is escaped, and whatever a search made of it.
SECRET = "zqxhidden"
KINDS = ("input", "answer", "output", "error", "note", "checker", "reference", "unpublished")
MOST_PAGES = 600
SIGNS_OUT = re.compile(r"logout|delete")


class World:
    """A problem with secrets, one that nobody may see, and somebody who has failed at the first."""

    def __init__(self) -> None:
        self.problem = _problem("Apps_1_OJ", "published", "open")
        self.hidden = _problem("Apps_2_OJ", "hidden", SECRET + "unpublished")
        self.solver = User.objects.create_user("solver")
        self.other = User.objects.create_user("other")
        self.submission = _failed(self.problem, self.solver)
        self.foreign = _failed(self.problem, self.other)

    def values(self, name: str, converter: str) -> list[Any]:
        """What may stand in an address for a parameter of this name and kind."""
        if converter.startswith("Int"):
            ids = {self.problem.pk, self.hidden.pk, self.submission.pk, self.foreign.pk, self.solver.pk, self.other.pk}
            return sorted({*ids, *Case.objects.values_list("pk", flat=True), 1})
        if "user" in name or name == "name":
            return [self.solver.username, self.other.username]
        return [self.problem.slug, self.hidden.slug, self.problem.pk, self.submission.pk, self.foreign.pk]


def _problem(question_id: str, state: str, word: str) -> Problem:
    problem = Problem.objects.create(
        question_id=question_id,
        slug=question_id.lower().replace("_", "-"),
        title=f"The {word} sum",
        statement=f"The {word} statement.",
        solution=f"print('{SECRET}reference')",
        checker_language="python3",
        checker_source=f"# {SECRET}checker",
        style="online_judge",
        subset="Apps",
        difficulty="easy",
        state=state,
        verified=True,
        content_hash=b"",
        tests_hash=b"",
    )
    for position in range(1, 4):
        stdin, stdout = ("1 2\n", "3\n") if position == 1 else (f"{SECRET}input {position}\n", f"{SECRET}answer\n")
        Case.objects.create(problem=problem, position=position, stdin=stdin, stdout=stdout, is_sample=position == 1)
    search.index([problem.pk])
    return problem


def _failed(problem: Problem, user: User) -> Submission:
    """A program that printed what it was given: its output is as secret as the input."""
    submission = Submission.objects.create(
        problem=problem,
        user=user,
        language="python3",
        source="print(input())",
        status=Status.DONE,
        verdict=Verdict.WA,
        attempt=1,
        passed=0,
        total=3,
        time_ms=3,
        memory_kb=9000,
    )
    for position in range(1, 4):
        said = b"1 2\n" if position == 1 else f"{SECRET}output".encode()
        Result.objects.create(
            submission=submission,
            attempt=1,
            position=position,
            verdict=Verdict.WA if position < 3 else Verdict.RE,
            exit_code=0,
            note="" if position == 1 else f"{SECRET}note",
            stdout=said,
            stderr=b"" if position == 1 else f"{SECRET}error".encode(),
        )
    return submission


@pytest.fixture
def world() -> World:
    """See World."""
    return World()


def routes(resolver: URLResolver, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The patterns on the way to each view."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, (*before, each.pattern))
        elif isinstance(each, URLPattern):
            yield (*before, each.pattern)


def addresses(world: World) -> Iterator[str]:
    """Every address that the configuration has, with every value that may open something."""
    for patterns in routes(get_resolver()):
        if any(isinstance(pattern, RegexPattern) for pattern in patterns):
            continue  # catch-alls, and keys from letters
        converters = {k: v for pattern in patterns for k, v in pattern.converters.items()}
        found = [""]
        for part in re.split(r"(<[^>]+>)", "".join(str(pattern) for pattern in patterns)):
            values: list[Any] = [part]
            if part.startswith("<"):
                name = part.strip("<>").rpartition(":")[2]
                values = world.values(name, type(converters[name]).__name__)
            found = [before + str(value) for before in found for value in values]
        yield from (f"/{path}" for path in found)


def said_by(client: Client, method: str, path: str) -> str:
    """The whole of an answer, its address included."""
    response = client.generic(method, path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers.get('Location', '')}\n{body.decode(errors='replace')}"


def told(text: str) -> list[str]:
    """The secrets in it."""
    return [kind for kind in KINDS if f"{SECRET}{kind}" in text.lower()]


@pytest.mark.parametrize("who", ["anybody", "solver"])
def test_no_address_tells_a_secret(world: World, who: str) -> None:
    client = Client(raise_request_exception=True)
    asked, leaks = 0, []
    for path in addresses(world):
        for method in ("GET", "POST"):
            # What is changed on the way is taken back, so that the order tells nothing.
            with transaction.atomic():
                if who == "solver":
                    client.force_login(world.solver)
                leaks += [f"{method} {path}: {secret}" for secret in told(said_by(client, method, path))]
                transaction.set_rollback(True)
            asked += 1
    assert leaks == []
    assert asked > 100


@pytest.mark.parametrize("who", ["anybody", "solver"])
def test_no_link_leads_to_a_secret(world: World, who: str) -> None:
    client = Client()
    if who == "solver":
        client.force_login(world.solver)
    waiting, seen, leaks = ["/"], {"/"}, []
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        text = said_by(client, "GET", path)
        leaks += [f"{path}: {secret}" for secret in told(text)]
        where, _, page = text.partition("\n")
        for link in [where, *re.findall(r'(?:href|hx-get|src|action)="([^"#]+)"', page)]:
            target = urldefrag(urljoin(f"http://testserver{path}", link.replace("&amp;", "&"))).url
            to = target.removeprefix("http://testserver")
            if urlsplit(target).netloc == "testserver" and to not in seen and not SIGNS_OUT.search(to):
                seen.add(to)
                waiting.append(to)
    assert leaks == []
    assert world.problem.get_absolute_url() in seen


def test_the_walk_would_find_what_a_curator_sees(world: World) -> None:
    """The marks are real: with a curator's eyes they are found."""
    curator = User.objects.create_superuser("curator")
    client = Client()
    client.force_login(curator)
    found = {secret for path in addresses(world) for secret in told(said_by(client, "GET", path))}
    assert {"input", "answer", "output", "unpublished"} <= found
