"""The literal reader: nothing runs, nothing grows without bound, and it never disagrees with Python."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.sources._literal import MAX_DEPTH, MAX_TOKENS, NotALiteral, parse

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner) | st.tuples(inner, inner),
    max_leaves=20,
)
# Fragments that meet at every seam between the fast path and ast.
WORDS = (
    r"""{'stdin': [ ], 'stdout': [ ]} ' " \ \' \/ \u00e9 \x41 \n a é , : [ ] { } ( ) 7 - 1e5 None True null b' r' #"""
)
fragments = st.lists(st.sampled_from([*WORDS.split(), " ", "\n", "\t"]), max_size=14).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "{'stdin': [str(14)], 'stdout': ['1']}",
        "{'stdin': [f'{1}'], 'stdout': ['1']}",
        "['a' * 9999999999]",
        "[2 ** 99999999]",
        "[x for x in 'abc']",
        "lambda: 0",
        '{"stdin": ["1"], "stdout": [null]}',
        "{'stdin': ['1'], 'stdout': ['1",
        "",
        "\0",
        "'\\N{NO SUCH CHARACTER}'",
        "'\\U99999999'",
        "{[]: 1}",
        "1" * 5000,
    ],
)
def test_what_is_not_a_literal_is_refused(text: str) -> None:
    with pytest.raises(NotALiteral):
        parse(text)


@pytest.mark.parametrize("text", ["[" * 100_000, "-" * 100_000 + "1", "(" * 100_000 + ")" * 100_000, "{'a':" * 100_000])
def test_depth_is_bounded_before_the_parser_sees_it(text: str) -> None:
    with pytest.raises(NotALiteral):
        parse(text)


def test_one_level_too_deep_is_refused() -> None:
    with pytest.raises(NotALiteral, match="nested"):
        parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(NotALiteral, match="parts"):
        parse("[" + "1," * MAX_TOKENS + "]")


def test_too_many_parts_are_refused_in_the_usual_shape_too() -> None:
    with pytest.raises(NotALiteral, match="parts"):
        parse(str({"stdin": [""] * MAX_TOKENS, "stdout": ["1"]}))


def test_brackets_inside_strings_are_no_depth() -> None:
    value = {"stdin": ["[" * 1000, "it's ((("], "stdout": ["1", "2"]}
    assert parse(str(value)) == value


@given(st.lists(texts), st.lists(texts))
def test_the_usual_shape_comes_back_as_it_was(stdin: list[str], stdout: list[str]) -> None:
    value = {"stdin": stdin, "stdout": stdout}
    assert parse(str(value)) == value


@given(values)
def test_any_literal_comes_back_as_it_was(value: object) -> None:
    assert parse(repr(value)) == value


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@given(fragments)
def test_what_is_read_is_what_python_reads(text: str) -> None:
    try:
        value = parse(text)
    except NotALiteral:
        return
    assert value == ast.literal_eval(text)
