"""Which language a page is in: the visitor's choice, else the browser's; never another visitor's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import now

from judge.submissions.models import Submission
from problems import reasons
from problems.models import Problem
from tests.community.making import client_of, make_problem, make_submission, make_user

pytestmark = pytest.mark.django_db
ENGLISH, CHINESE = "Skip to the content", "跳到正文"


@pytest.fixture(autouse=True)
def _surroundings(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def switch(client: Client, page: str, language: str) -> HttpResponse:
    """Press the button, as a browser without scripts does."""
    assert f'value="{language}"' in text_of(client.get(page))
    return client.post(
        "/language/", {"language": language}, headers={"Referer": f"http://testserver{page}"}, follow=True
    )


def test_switching_keeps_the_page_and_lasts() -> None:
    problem = make_problem()
    client = Client(enforce_csrf_checks=True)
    page = f"{problem.get_absolute_url()}?from=7"
    response = switch(client, page, "zh-hans")
    assert response.redirect_chain == [(f"http://testserver{page}", 302)]
    assert '<html lang="zh-Hans"' in text_of(response)
    assert CHINESE in text_of(client.get("/languages/"))
    cookie = client.cookies["page_language"]
    assert cookie["max-age"] > 30_000_000
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    response = switch(client, "/languages/", "en")
    assert '<html lang="en"' in text_of(response)
    assert ENGLISH in text_of(client.get("/problems/"))


def test_choice_outlasts_signing_in_and_out() -> None:
    client = Client()
    client.post("/language/", {"language": "zh-hans"})
    client.force_login(make_user())
    assert CHINESE in text_of(client.get("/problems/"))
    client.post("/accounts/logout/")
    assert CHINESE in text_of(client.get("/problems/"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-Hans", CHINESE),
        ("zh", CHINESE),
        ("en-GB,zh;q=0.5", ENGLISH),
        ("de", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_without_a_choice_the_browser_is_heard(asked: str, words: str) -> None:
    response = Client().get("/languages/", headers={"Accept-Language": asked})
    assert words in text_of(response)
    assert "Accept-Language" in response["Vary"]
    assert "Cookie" in response["Vary"]


def test_choice_goes_before_what_the_browser_asks_for() -> None:
    client = Client(headers={"Accept-Language": "zh-CN"})
    client.post("/language/", {"language": "en"})
    assert ENGLISH in text_of(client.get("/problems/"))


def test_another_site_is_no_next_page() -> None:
    response = Client().post("/language/", {"language": "zh-hans", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_languages_are_offered_in_their_own_words() -> None:
    assert 'lang="zh-Hans" aria-label="简体中文"' in text_of(Client().get("/problems/"))
    chinese = Client(headers={"Accept-Language": "zh"})
    assert 'lang="en" aria-label="English"' in text_of(chinese.get("/problems/"))


@pytest.mark.parametrize("first", ["en", "zh-CN"])
def test_what_is_kept_for_one_language_is_not_shown_in_another(first: str) -> None:
    user = make_user()
    problem = make_problem(difficulty="easy", verified=True)
    mine = make_submission(problem, user)
    pages = ["/problems/", problem.get_absolute_url(), mine.get_absolute_url(), "/dataset/", "/api/v1/docs/", "/x/"]
    client = client_of(user)
    second = "zh-CN" if first == "en" else "en"

    def words(language: str) -> list[str]:
        return [text_of(client.get(page, headers={"Accept-Language": language})) for page in pages]

    words(first)
    once, twice = words(second), words(second)
    for page, html, again in zip(pages, once, twice, strict=True):
        here, elsewhere = (CHINESE, ENGLISH) if second == "zh-CN" else (ENGLISH, CHINESE)
        for each in (html, again):
            assert here in each, page
            assert elsewhere not in each, page
            assert ("提交记录" in each) == (second == "zh-CN"), page
            assert ("Your last submissions" in each) == (second == "en" and page == problem.get_absolute_url())


def test_dates_and_numbers_are_written_as_in_chinese(make_chinese: Callable[[], Client]) -> None:
    user = make_user()
    mine = make_submission(make_problem(), user, time_ms=12_345)
    Submission.objects.filter(pk=mine.pk).update(created_at=now())
    client = make_chinese()
    client.force_login(user)
    html = text_of(client.get(mine.get_absolute_url()))
    assert "12,345 ms" in html
    assert date_format(now(), "Y年n月j日") in text_of(client.get("/accounts/"))


@pytest.fixture
def make_chinese() -> Callable[[], Client]:
    """Makes a browser that asks for Chinese."""
    return lambda: Client(headers={"Accept-Language": "zh-CN"})


def test_api_answers_in_the_language_that_is_asked_for(make_chinese: Callable[[], Client]) -> None:
    assert "令牌" in make_chinese().get("/api/v1/me").json()["detail"]
    assert "token" in Client().get("/api/v1/me").json()["detail"]


def test_statements_are_data_and_stay(make_chinese: Callable[[], Client]) -> None:
    problem = make_problem(statement="Print the sum of two numbers.")
    assert "Print the sum of two numbers." in text_of(make_chinese().get(problem.get_absolute_url()))
    assert Problem.objects.get(pk=problem.pk).statement == "Print the sum of two numbers."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no reference solution", "没有参考程序"),
        ("3 inputs but 2 outputs", "有 3 个输入，却有 2 个输出"),  # noqa: RUF001
        ("unknown style 100 % new", "未知的题型 100 % new"),
        ("a curator's own words", "a curator's own words"),
        ("", ""),
    ],
)
def test_reasons_are_told_in_the_readers_language(reason: str, words: str) -> None:
    with translation.override("en"):
        assert reasons.in_words(reason) == reason
    with translation.override("zh-hans"):
        assert reasons.in_words(reason) == words
