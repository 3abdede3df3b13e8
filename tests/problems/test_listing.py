"""The problem list against brute force: the same problems in the same order, whatever is asked, forth and back."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from judge.accounts.models import User
from judge.submissions.models import Submission, Verdict
from problems import listing, search
from problems.filters import Chosen
from problems.listing import Listing
from problems.models import Problem

pytestmark = pytest.mark.django_db

ANYBODY = AnonymousUser()
QUERIES = [
    "",
    "sort=newest",
    "sort=easiest",
    "sort=hardest",
    "difficulty=hard",
    "difficulty=hard&difficulty=unrated&sort=newest",
    "subset=Apps&subset=Taco&style=instruct",
    "verified=yes&difficulty=hard&subset=Docs",
    "verified=no&sort=hardest",
    "pass_from=30&pass_to=70",
    "pass_from=50&sort=easiest",
    "pass_to=0&sort=newest",
    "tag=dp",
    "tag=dp&difficulty=easy&sort=hardest",
    "tag=nobody-has-it",
    "split=use_with_caution",
    "state=hidden&judgeable=no",
    "state=published&subset=Nowhere",
    "mark=solved",
    "mark=tried&sort=newest",
    "mark=new",
    "mark=new&difficulty=easy&sort=easiest",
    "mark=new&tag=dp",
    "mark=solved&tag=dp",
]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 4)


@pytest.fixture
def many(make_problem: Callable[..., Problem]) -> list[Problem]:
    """Sixty problems of many kinds."""
    rng = random.Random("many")  # noqa: S311 - repeatable, not secret
    return [
        make_problem(
            tests=(),
            subset=rng.choice(["Apps", "Taco", "Docs"]),
            style=rng.choice(["online_judge", "online_judge", "instruct"]),
            difficulty=rng.choice(["", "easy", "medium", "hard"]),
            split=rng.choice(["train", "train", "use_with_caution"]),
            state=rng.choice(["published", "published", "published", "hidden"]),
            judgeable=rng.random() < 0.8,
            verified=rng.random() < 0.3,
            pass_percentage=rng.choice([None, 0.0, 0.3, 1 / 3, 0.5, 0.7, 1.0]),
            tags=rng.choice([[], [], ["dp"], ["dp", "graphs"]]),
        )
        for _ in range(60)
    ]


@pytest.fixture
def tried(many: list[Problem], curator: User) -> dict[int, bool]:
    """What the curator has tried: every third problem, of which every second is solved."""
    for number, problem in enumerate(many[::3]):
        given = {"problem": problem, "user": curator, "language": "python3", "source": ""}
        Submission.objects.create(**given, verdict=Verdict.WA)
        if number % 2:
            Submission.objects.create(**given, verdict=Verdict.AC)
    Submission.objects.create(problem=many[1], user=curator, language="python3", source="", verdict=Verdict.IE)
    return {problem.pk: bool(number % 2) for number, problem in enumerate(many[::3])}


def ask(query: str, user: Any = ANYBODY) -> Listing:
    params = QueryDict(query)
    return listing.listing(Chosen.read(params, user), params, user)


def expected(query: str, user: Any, problems: Iterable[Problem], tried: dict[int, bool]) -> list[int]:
    """The ids that the list must show, found one by one."""
    params = QueryDict(query)
    curator = getattr(user, "is_curator", False)
    low, high = params.get("pass_from"), params.get("pass_to")

    def fits(problem: Problem) -> bool:
        if not curator and not (problem.state == "published" and problem.judgeable):
            return False
        words = {True: "yes", False: "no"}
        has = {
            "difficulty": problem.difficulty or "unrated",
            "subset": problem.subset,
            "style": problem.style,
            "split": problem.split,
            "verified": words[problem.verified],
            **({"state": problem.state, "judgeable": words[problem.judgeable]} if curator else {}),
        }
        if any(params.getlist(name) and value not in params.getlist(name) for name, value in has.items()):
            return False
        if (low or high) and not int(low or 0) <= percent(problem) <= int(high or 100):
            return False
        if params.get("tag") and params["tag"] not in problem.tags:
            return False
        solved = tried.get(problem.pk)
        marks = {"solved": solved is True, "tried": solved is False, "new": solved is None}
        return not curator or marks.get(params.get("mark", ""), True)

    def percent(problem: Problem) -> int:
        return -1 if problem.pass_percentage is None else round(100 * problem.pass_percentage)

    orders: dict[str, Callable[[Problem], Any]] = {
        "": lambda problem: problem.pk,
        "newest": lambda problem: -problem.pk,
        "easiest": lambda problem: (-percent(problem), problem.pk),
        "hardest": lambda problem: (percent(problem) if percent(problem) >= 0 else 101, problem.pk),
    }
    return [problem.pk for problem in sorted(filter(fits, problems), key=orders[params.get("sort", "")])]


def forth(query: str, user: Any) -> Iterator[list[int]]:
    """The pages from the first to the last."""
    page = ask(query, user)
    assert not page.before
    while True:
        yield [row.id for row in page.rows]
        if not page.after:
            return
        page = ask(f"{query}&after={page.after}", user)
        assert page.before


def back(query: str, user: Any) -> list[list[int]]:
    """The pages from the last but one to the first, in the order of the list."""
    page = ask(query, user)
    while page.after:
        page = ask(f"{query}&after={page.after}", user)
    pages: list[list[int]] = []
    while page.before:
        page = ask(f"{query}&before={page.before}", user)
        pages.insert(0, [row.id for row in page.rows])
    return pages


@pytest.mark.parametrize("query", QUERIES)
def test_pages_are_those_of_brute_force(many: list[Problem], tried: dict[int, bool], curator: User, query: str) -> None:
    for user in (ANYBODY, curator):
        wanted = expected(query, user, many, tried)
        pages = list(forth(query, user))
        assert [problem_id for page in pages for problem_id in page] == wanted
        assert all(len(page) == 4 for page in pages[:-1])
        assert ask(query, user).count == len(wanted)
        assert [problem_id for page in back(query, user) for problem_id in page] == [
            problem_id for page in pages[:-1] for problem_id in page
        ]


@pytest.mark.parametrize("query", QUERIES)
def test_numbers_beside_the_choices_are_those_of_choosing_them(
    many: list[Problem], tried: dict[int, bool], curator: User, query: str
) -> None:
    page = ask(query, curator)
    for name, counter in zip(["difficulty", "subset", "style"], page.tally.facets, strict=False):
        others = QueryDict(query, mutable=True)
        others.pop(name, None)
        for value in ["easy", "unrated", "Apps", "Docs", "instruct"]:
            if value in counter:
                others[name] = value
                assert counter[value] == len(expected(others.urlencode(), curator, many, tried)), (name, value)


def test_a_search_is_filtered_like_the_list(many: list[Problem], tried: dict[int, bool], curator: User) -> None:
    for query in QUERIES:
        wanted = expected(query, curator, many, tried)
        assert sorted(p for page in forth(f"q=sum&{query}", curator) for p in page) == sorted(wanted)


def test_a_search_that_knows_not_all_is_filtered_just_as_well(
    many: list[Problem], tried: dict[int, bool], curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 10)
    page = ask("q=sum", curator)
    assert (page.count, page.more, page.tallied) == (10, True, False)
    narrow = expected("verified=yes&difficulty=hard&subset=Docs", curator, many, tried)
    page = ask("q=sum&verified=yes&difficulty=hard&subset=Docs", curator)
    assert (sorted(row.id for row in page.rows), page.count, page.more, page.tallied) == (
        sorted(narrow),
        len(narrow),
        False,
        False,
    )
    assert ask("q=sum&mark=solved", curator).count == 10


def test_a_search_can_be_ordered(many: list[Problem]) -> None:
    wanted = expected("sort=hardest", ANYBODY, many, {})
    assert [p for page in forth("q=sum&sort=hardest", ANYBODY) for p in page] == wanted


def test_nothing_that_solvers_may_not_see_is_found_by_its_id(make_problem: Callable[..., Problem]) -> None:
    for fields in ({"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}):
        problem = make_problem(tests=(), **fields)
        for words in (problem.question_id, problem.slug, "sum"):
            assert ask(f"q={words}").rows == []


@pytest.mark.parametrize("query", ["", "difficulty=easy", "q=sum", "tag=dp", "sort=hardest"])
@pytest.mark.parametrize("edge", ["after=101.99999999", "before=0", "before=abc", "after=-1", "after=1.2.3"])
def test_an_edge_without_rows_leads_to_the_first_page(many: list[Problem], query: str, edge: str) -> None:
    if "." in edge and "sort" not in query:
        edge = "after=99999999"
    assert ask(f"{query}&{edge}").rows == ask(query).rows != []


def test_rows_that_come_meanwhile_shift_nothing(many: list[Problem], make_problem: Callable[..., Problem]) -> None:
    pages = list(forth("sort=newest", ANYBODY))
    first = ask("sort=newest")
    make_problem(tests=())
    assert [row.id for row in ask(f"sort=newest&after={first.after}").rows] == pages[1]


def test_what_matches_nothing_asks_for_no_rows(many: list[Problem]) -> None:
    ask("")
    with CaptureQueriesContext(connection) as queries:
        assert ask("subset=Nowhere&verified=yes").rows == []
    assert len(queries) == 1


@pytest.mark.parametrize("query", ["", "difficulty=hard", "pass_from=30&pass_to=70", "sort=hardest"])
def test_a_page_takes_two_queries(many: list[Problem], query: str) -> None:
    ask(query)
    with CaptureQueriesContext(connection) as queries:
        ask(query)
    assert len(queries) == 2
