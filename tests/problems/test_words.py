"""What is typed into the search, read, and its typos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems import words
from problems.models import Word


@pytest.mark.parametrize(
    ("text", "whole", "last"),
    [
        ("two sum", "two ", "sum"),
        ("sum", "", "sum"),
        ("  two\n\tsum  ", "two ", "sum"),
        ('"two sum"', '"two sum"', ""),
        ('"two sum', '"two sum', ""),
        ("graph -tree", "graph -tree", ""),
        ("graph or tree", "graph or tree", ""),
        ("graph or", "graph or", ""),
        ("apps_10_oj", "apps_10_oj", ""),
        ("breadth-first", "breadth ", "first"),
        ("", "", ""),
    ],
)
def test_only_a_plain_last_word_may_be_unfinished(text: str, whole: str, last: str) -> None:
    typed = words.read(text)
    assert (typed.whole, typed.last) == (whole, last)


@pytest.mark.parametrize(("last", "beginning"), [("Gra", "gra"), ("gr", ""), ("50%", "")])
def test_what_is_completed_has_three_letters(last: str, beginning: str) -> None:
    assert words.read(last).beginning == beginning


@given(st.text(max_size=400))
def test_any_text_is_read_within_bounds(text: str) -> None:
    typed = words.read(text)
    assert len(typed.text) <= words.LONGEST
    assert "\0" not in typed.text
    assert set(typed.slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fibonaci", "fibonacci"),
        ("Fibbonacci numbers", "fibonacci numbers"),
        ("grpah", "graph"),
        ("grph", "graph"),
        ("fibonacci", "fibonacci"),
        ("zzzzzz", "zzzzzz"),
        ("-fibonaci", "-fibonaci"),
        ('"fibonaci grpah"', '"fibonaci grpah"'),
        ("gra", "gra"),
        ("graphe", "graphs"),  # both take one edit: the more common one
        ("", ""),
    ],
)
def test_a_typo_becomes_the_nearest_word(typed: str, meant: str) -> None:
    for word, problems in {"fibonacci": 3, "graph": 20, "graphs": 30, "numbers": 5, "grape": 1}.items():
        Word.objects.create(word=word, problems=problems)
    assert words.corrected(typed) == meant
