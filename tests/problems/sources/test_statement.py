"""Titles and samples from a statement."""

import pytest

from problems.sources._statement import samples_among, title_of

WITH_SAMPLE = "Add.\n\n## Sample\n\n```text\n1 2\n```\n\nOutput:\n\n```text\n3\n```\n"


@pytest.mark.parametrize(
    ("statement", "title"),
    [
        ("# Two  Sums #\n\nText.", "Two Sums"),
        ("\n\n  ## *Bold* `code`\n", "Bold code"),
        ("Add two numbers. Print the sum.\n\n## Input\n", "Add two numbers."),
        ("## Problem Statement\n\nSort **this** list! Now.", "Sort this list!"),
        ("Is 3.5 a number? Yes.", "Is 3.5 a number?"),
        ("Complete it.\n\n```python\n# not this\n```\n\n# Widest Gap\n\nText.", "Widest Gap"),
        ("Add them.\n\n```\n# never closed", "Add them."),
        ("Add them.\n\n# Input\n\nTwo numbers.", "Add them."),
        ("***\n\n---\n", ""),
        ("Klara has $N$ dice and \\(k\\) friends. How many?", "Klara has N dice and k friends."),
        ("It costs $2.", "It costs $2."),
        ("漢字を数える", "漢字を数える"),
    ],
)
def test_title(statement: str, title: str) -> None:
    assert title_of(statement) == title


@pytest.mark.parametrize("statement", ["word " * 100, "w" * 500, "# " + "w" * 500])
def test_a_title_is_at_most_80_characters(statement: str) -> None:
    assert 40 < len(title_of(statement)) <= 80


def test_digits_in_the_prose_make_no_sample_of_a_hidden_test() -> None:
    statement = WITH_SAMPLE + "\nThere are 5 or 7 of them, say 5 -> 7."
    assert samples_among(statement, [("5\n", "7\n"), ("1 2\n", "3\n")]) == {1}


def test_an_output_that_stands_before_its_input_makes_no_sample() -> None:
    assert samples_among("3\n\n1 2\n", [("1 2", "3"), ("9", "9")]) == {1}


def test_an_empty_input_makes_no_sample_beside_others() -> None:
    assert samples_among(WITH_SAMPLE, [("", "3"), ("1 2", "3")]) == {1}


def test_blanks_and_line_ends_do_not_hide_a_sample() -> None:
    assert samples_among("Sample\r\n1 2 \r\n3\r\n", [("4 4\n", "8"), ("1 2\n", "3\n\n")]) == {1}


def test_a_shown_input_with_an_empty_answer_is_a_sample() -> None:
    assert samples_among("Sample\n\naab\n", [("aab\n", "\n"), ("b\n", "b")]) == {0}


def test_without_any_the_smallest_test_is_the_sample() -> None:
    assert samples_among("Prose.", [("1 2 3", "6"), ("4", "4"), ("5 5", "10")]) == {1}


def test_the_smallest_test_is_not_one_without_input() -> None:
    assert samples_among("Prose.", [("", "0"), ("4 4", "8")]) == {1}
