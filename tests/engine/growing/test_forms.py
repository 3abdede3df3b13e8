"""What is read off samples, and that what is written of it keeps to it."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.engine.growing.inferring import forms
from judge.engine.growing.writing import Tape, Unfit, write

Check = Callable[[list[list[str]]], bool]


def grown(samples: list[bytes], count: int = 60, *, loose: bool = False) -> list[list[list[str]]]:
    """Inputs grown from the samples, as the words of their lines."""
    (form,) = forms(samples)
    source = random.Random(1)  # noqa: S311
    found: list[list[list[str]]] = []
    while len(found) < count:
        try:
            text = write(form.loosened() if loose else form, Tape((), source), 1 + len(found) % 8)
        except Unfit:
            continue
        found.append([line.split() for line in text.decode().splitlines()])
    return found


def ints(words: list[str]) -> list[int]:
    return [int(word) for word in words]


def is_list(lines: list[list[str]]) -> bool:
    return len(lines) == 2 and int(lines[0][0]) == len(lines[1])


def is_graph(lines: list[list[str]]) -> bool:
    (n, m), *edges = map(ints, lines)
    return m == len(edges) and all(1 <= end <= n for edge in edges for end in edge)


def is_grid(lines: list[list[str]]) -> bool:
    height, width = ints(lines[0])
    return len(lines) == height + 1 and all(len(row) == width and set(row) <= set("#.") for (row,) in lines[1:])


def is_cases(lines: list[list[str]]) -> bool:
    (times,), *rest = lines
    return len(rest) == 2 * int(times) and all(
        int(n[0]) == len(row) for n, row in zip(rest[::2], rest[1::2], strict=True)
    )


def is_queries(lines: list[list[str]]) -> bool:
    n = int(lines[0][0])
    return len(lines[1]) == n and len(lines) == 3 + int(lines[2][0])


FORMS: dict[str, tuple[list[bytes], Check]] = {
    "two numbers": ([b"1 2\n", b"5 7\n"], lambda lines: len(lines) == 1 and len(ints(lines[0])) == 2),
    "a list": ([b"3\n1 2 2\n", b"5\n4 4 1 2 9\n"], is_list),
    "a list in one sample": ([b"5\n4 7 1 9 2\n"], is_list),
    "a list after its length": ([b"3 1 5 2\n", b"2 7 7\n"], lambda lines: int(lines[0][0]) == len(lines[0]) - 1),
    "lines": ([b"3\n1 2\n3 4\n100 200\n"], lambda lines: len(lines) == int(lines[0][0]) + 1),
    "a graph": ([b"4 3\n1 2\n2 3\n3 4\n", b"3 1\n1 3\n"], is_graph),
    "a grid": ([b"2 3\n#..\n.#.\n", b"3 3\n...\n#.#\n..#\n"], is_grid),
    "squares": ([b"3 3\n...\n#.#\n..#\n", b"2 2\n..\n.#\n"], is_grid),
    "several cases": ([b"2\n3\n1 2 3\n2\n5 6\n"], is_cases),
    "a list and queries": ([b"3\n5 6 7\n2\n1 3\n2 2\n", b"2\n5 6\n3\n1 1\n1 2\n2 2\n"], is_queries),
    "a word of a length": ([b"5\nabcde\n", b"3\nabc\n"], lambda lines: len(lines[1][0]) == int(lines[0][0])),
    "commands": (
        [b"5\npush 3\npush 4\npop 0\npop 0\npush 1\n"],
        lambda lines: all(line[0] in {"push", "pop"} for line in lines[1:]),
    ),
    "one of few words": ([b"4\nYES\nNO\nNO\nYES\n"], lambda lines: {word for (word,) in lines[1:]} <= {"YES", "NO"}),
    "a permutation": (
        [b"5\n2 1 4 3 5\n"],
        lambda lines: sorted(ints(lines[1])) == list(range(1, int(lines[0][0]) + 1)),
    ),
    "signs": ([b"-5 2\n"], lambda lines: all(-9 <= number <= 9 for number in ints(lines[0]))),
    "never below one": ([b"7 100\n"], lambda lines: all(number >= 1 for number in ints(lines[0]))),
    "a decimal": ([b"1.50 2\n"], lambda lines: lines[0][0] == "1.50"),
}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_has_the_samples_form(name: str) -> None:
    samples, check = FORMS[name]
    made = grown(samples)
    assert [lines for lines in made if not check(lines)] == []
    assert len({str(lines) for lines in made}) > 1 or name == "a decimal"


def test_what_the_samples_may_have_by_chance_is_kept_until_it_is_loosened() -> None:
    samples = [b"5\n1 2 4 7 9\n"]
    assert all(ints(lines[1]) == sorted(set(ints(lines[1]))) for lines in grown(samples))
    assert any(ints(lines[1]) != sorted(ints(lines[1])) for lines in grown(samples, loose=True))
    assert any(len(set(lines[1])) < len(lines[1]) for lines in grown(samples, loose=True))


def test_of_a_square_the_first_number_is_the_height_and_the_second_the_width() -> None:
    samples = [b"3 3\n...\n#.#\n..#\n"]
    made = grown(samples, loose=True)
    assert all(is_grid(lines) for lines in made)
    assert any(lines[0][0] != lines[0][1] for lines in made)


def test_loosened_numbers_grow_unless_the_same_few_came_again_and_again() -> None:
    assert max(max(ints(lines[0])) for lines in grown([b"1 2\n"])) == 2
    assert max(max(ints(lines[0])) for lines in grown([b"1 2\n"], loose=True)) == 10
    assert max(max(ints(lines[1])) for lines in grown([b"6\n0 1 1 0 1 1\n"], loose=True)) == 1


def test_an_empty_tape_makes_the_simplest_input() -> None:
    (form,) = forms([b"3\n-1 5 3\n", b"2\n-1 -2\n"])
    assert write(form, Tape(), 8) == b"1\n0\n"


def test_the_same_tape_makes_the_same_input() -> None:
    (form,) = forms([b"3\n1 2 3\n"])
    tape = Tape((), random.Random(7))  # noqa: S311
    text = write(form, tape, 8)
    assert write(form, Tape(tape.taken), 8) == text


def test_samples_without_a_common_form_each_keep_their_own() -> None:
    assert len(forms([b"1\n", b"a b c\nd\n", b"2 2\n2\n2 2\n"])) == 3


@pytest.mark.parametrize("samples", [[], [b"\xff\xfe"], [b"1\n" * 100_000]])
def test_of_what_cannot_be_read_nothing_grows(samples: list[bytes]) -> None:
    assert forms(samples) == []


WORDS = st.sampled_from(["0", "1", "2", "3", "-1", "a", "ab", "007", "1.5", "99999999999999999999"])
LINES = st.lists(st.lists(WORDS, max_size=4), max_size=8)


@given(st.lists(LINES, min_size=1, max_size=3), st.integers(1, 10), st.integers())
def test_no_sample_makes_it_fail(samples: list[list[list[str]]], size: int, seed: int) -> None:
    texts = ["\n".join(" ".join(line) for line in lines).encode() for lines in samples]
    for form in forms(texts):
        for shape in (form, form.loosened()):
            try:
                write(shape, Tape((), random.Random(seed)), size)  # noqa: S311
            except Unfit:
                continue


@given(st.lists(st.binary(max_size=60), max_size=3))
def test_no_bytes_make_it_fail(samples: list[bytes]) -> None:
    for form in forms(samples):
        try:
            write(form, Tape(), 3)
        except Unfit:
            continue
