"""No text is lost, whoever saves when: what a save overwrites, what it puts beside, and how much is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from judge.submissions import drafts
from judge.submissions.drafts import DraftRefused
from judge.submissions.models import Draft

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def save(make_user: Make, make_problem: Make) -> Callable[..., drafts.Versions]:
    """Saves a text of one user for one problem; goes on from the versions that it is given."""
    user, problem = make_user(), make_problem()

    def save(text: str, after: drafts.Versions | None = None, language: str = "python3") -> drafts.Versions:
        given = {"on": after.draft.pk, "revision": after.draft.revision} if after and after.draft else {}
        return drafts.save(user, problem, language, text, **given)

    return save


def texts() -> list[str]:
    """All that is kept, newest first."""
    return list(Draft.objects.order_by("-saved_at", "-pk").values_list("text", flat=True))


def test_of_two_tabs_that_go_on_from_one_version_both_texts_are_kept(save: Make) -> None:
    both_saw = save("a")
    save("first tab", both_saw)
    second = save("second tab", both_saw)
    assert texts() == ["second tab", "first tab"]
    assert len(second.others) == 1


def test_tabs_that_go_on_after_a_conflict_never_overwrite_each_other(save: Make) -> None:
    both_saw = save("a")
    first = save("first", both_saw)
    second = save("second", both_saw)
    first = save("first 2", first)
    second = save("second 2", second)
    first = save("first 3", first)
    assert texts() == ["first 3", "second 2"]


def test_a_text_that_was_typed_before_signing_in_is_put_beside_the_draft(save: Make) -> None:
    save("from the office")
    assert len(save("from here").others) == 1
    assert texts() == ["from here", "from the office"]


def test_many_tabs_at_once_lose_nothing(
    make_user: Make, make_problem: Make, at_once: Make, transactional_db: None
) -> None:
    user, problem = make_user(), make_problem()
    begun = drafts.save(user, problem, "python3", "a").draft
    numbers = iter(range(4))
    at_once(4, lambda: drafts.save(user, problem, "python3", f"tab {next(numbers)}", on=begun.pk, revision=1))
    assert sorted(texts()) == [f"tab {number}" for number in range(4)]


def test_who_goes_on_from_the_newest_version_overwrites_it(save: Make) -> None:
    save("c", save("b", save("a")))
    assert texts() == ["c"]


def test_a_repeated_save_makes_no_second_version(save: Make) -> None:
    begun = save("a")
    save("b", begun)
    save("b", begun)
    save("b")
    assert texts() == ["b"]


def test_two_versions_that_become_the_same_are_one(save: Make) -> None:
    both_saw = save("a")
    first = save("first", both_saw)
    save("second", both_saw)
    assert save("second", first).others == []
    assert texts() == ["second"]


def test_a_blank_text_ends_its_own_version_only(save: Make) -> None:
    both_saw = save("a")
    first = save("first", both_saw)
    save("second", both_saw)
    save(" \n", first)
    assert texts() == ["second"]


def test_a_blank_text_of_a_tab_that_is_behind_deletes_nothing(save: Make) -> None:
    begun = save("a")
    save("b", begun)
    save("", begun)
    assert texts() == ["b"]


def test_languages_problems_and_people_are_apart(save: Make, make_user: Make, make_problem: Make) -> None:
    begun = save("a")
    other, problem = make_user(), make_problem()
    drafts.save(other, problem, "python3", "theirs", on=begun.draft.pk, revision=1)
    save("in C", begun, language="c")
    assert set(texts()) == {"a", "theirs", "in C"}


@pytest.mark.parametrize(
    ("language", "text", "says"),
    [("cobol", "x", "language"), ("c", "a\0b", "NUL"), ("c", "x" * (settings.MAX_SOURCE_BYTES + 1), "longer")],
    ids=["language", "nul", "long"],
)
def test_what_could_never_be_sent_in_is_not_kept(save: Make, language: str, text: str, says: str) -> None:
    with pytest.raises(DraftRefused, match=says):
        save(text, language=language)
    assert texts() == []


def test_lone_surrogates_do_no_harm(save: Make) -> None:
    save("a\ud800\r\nb")
    assert texts() == ["a?\nb"]


def test_the_oldest_versions_and_drafts_go_first(
    save: Make, make_user: Make, make_problem: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(drafts.MAX_VERSIONS + 2):
        save(str(number))
    assert texts() == ["6", "5", "4", "3", "2"]
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    user = make_user()
    for number in range(4):
        drafts.save(user, make_problem(), "c", f"problem {number}")
    assert [text for text in texts() if "problem" in text] == ["problem 3", "problem 2"]


def test_a_page_begins_with_the_preferred_language_else_the_newest(make_user: Make, make_problem: Make) -> None:
    user, problem = make_user(), make_problem()
    assert drafts.of_problem(user, problem).draft is None
    drafts.save(user, problem, "c", "in C")
    drafts.save(user, problem, "go", "in Go")
    found = [drafts.of_problem(user, problem, preferred).draft for preferred in ("c", "go", "rust")]
    assert [draft.text for draft in found if draft] == ["in C", "in Go", "in Go"]
