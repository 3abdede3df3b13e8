"""The filters beside the list as people see them."""

from collections.abc import Callable

import pytest
from django.test import Client

from judge.accounts.models import User
from judge.submissions.models import Submission, Verdict
from problems import search
from problems.models import Problem

pytestmark = pytest.mark.django_db

LIST = "/problems/"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def _plain_static_files(settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def page(client: Client, query: str = "") -> str:
    return client.get(f"{LIST}?{query}").content.decode()


def number_of(text: str, words: str) -> str:
    """The number beside a choice."""
    _before, _words, after = text.partition(f'<span class="choice-words">{words}</span>')
    return after.partition('<span class="choice-number">')[2].partition("<")[0] if after.startswith("<span") else ""


def test_solvers_are_offered_nothing_that_is_for_curators(
    client: Client, solver: User, curator: User, make_problem: Callable[..., Problem]
) -> None:
    make_problem()
    make_problem(state="hidden", subset="Hidden_Subset", tags=["hidden-tag"])
    make_problem(judgeable=False, style="instruct")
    client.force_login(solver)
    for words in ("Hidden", "hidden-tag", "Not judgeable", "Instruct", 'name="state"'):
        assert words not in page(client)
    client.force_login(curator)
    for words in ("Hidden Subset", "hidden-tag", "Not judgeable", "Instruct", 'name="state"'):
        assert words in page(client)


def test_names_out_of_the_dataset_are_text(client: Client, make_problem: Callable[..., Problem]) -> None:
    make_problem(subset=HOSTILE, tags=[HOSTILE], title=HOSTILE)
    make_problem()
    for query in ("", f"subset={HOSTILE}", f"tag={HOSTILE}", f"q={HOSTILE}", "q=script"):
        assert "<script>alert" not in page(client, query)


def test_choices_have_their_numbers(client: Client, make_problem: Callable[..., Problem]) -> None:
    for difficulty, subset in [("easy", "Apps"), ("easy", "Taco"), ("hard", "Taco")]:
        make_problem(difficulty=difficulty, subset=subset)
    text = page(client)
    assert (number_of(text, "Easy"), number_of(text, "Hard"), number_of(text, "Taco")) == ("2", "1", "2")
    text = page(client, "difficulty=hard")
    assert (number_of(text, "Easy"), number_of(text, "Apps"), number_of(text, "Taco")) == ("2", "0", "1")


def test_where_not_all_is_known_there_are_no_numbers(
    client: Client, make_problem: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 1)
    make_problem(difficulty="easy")
    make_problem(difficulty="hard")
    text = page(client, "q=sum")
    assert "More than 1 problems" in text
    assert "choice-number" not in text
    assert '<span class="choice-words">Hard</span>' in text


def test_a_facet_without_a_choice_is_left_out(client: Client, make_problem: Callable[..., Problem]) -> None:
    make_problem()
    assert 'name="subset"' not in page(client)
    assert 'name="subset"' in page(client, "subset=Nowhere")


def test_each_chip_takes_one_choice_away(client: Client, make_problem: Callable[..., Problem]) -> None:
    make_problem()
    response = client.get(LIST, {"q": "sum", "difficulty": ["easy", "hard"], "pass_to": "50", "after": "7", "sort": ""})
    chips = {str(chip.words): chip.query for chip in response.context["chips"]}
    assert chips == {
        "Easy": "q=sum&difficulty=hard&pass_to=50",
        "Hard": "q=sum&difficulty=easy&pass_to=50",
        "0 to 50 % pass": "q=sum&difficulty=easy&difficulty=hard",
        "“sum”": "difficulty=easy&difficulty=hard&pass_to=50",
    }


def test_progress_is_offered_to_who_is_signed_in(
    client: Client, solver: User, make_problem: Callable[..., Problem]
) -> None:
    problem = make_problem()
    Submission.objects.create(problem=problem, user=solver, language="python3", source="", verdict=Verdict.AC)
    assert 'name="mark"' not in page(client)
    client.force_login(solver)
    assert "Sum 1" in page(client, "mark=solved")
    assert "Nothing matches" in page(client, "mark=new")


def test_the_panel_of_all_problems_is_made_once(
    client: Client, make_problem: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_problem()
    first = page(client, "difficulty=easy")
    monkeypatch.setattr("problems.panel.render_to_string", lambda *_: pytest.fail("made again"))
    assert page(client, "difficulty=easy").count("choice") == first.count("choice")
