"""Any bytes at all as text for a page: harmless, and whole."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems import raw_text

UNFIT_FOR_A_FORM = re.compile("[\0\ud800-\udfff]")


@given(st.binary(max_size=300))
def test_no_byte_gets_out_of_the_text(data: bytes) -> None:
    shown = raw_text.shown(data)
    assert re.fullmatch(r'(?:[^<>]|<mark class="odd">[^<>]*</mark>)*', shown, re.DOTALL)
    shown.encode()  # what a page can't carry would fail here


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"a\0b", r"a\x00b"),
        (b"\xff\xfe", r"\xff\xfe"),
        (b"\x1b[31m", r"\x1b[31m"),
        ("\u202etxt.exe".encode(), r"\u202etxt.exe"),
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (b"tab\tand\nline", "tab\tand\nline"),
        ("åäö 🎈".encode(), "åäö 🎈"),
    ],
)
def test_what_cant_be_seen_is_spelled(data: bytes, seen: str) -> None:
    assert re.sub("<[^>]*>", "", raw_text.shown(data)) == html.escape(seen)


def test_what_is_spelled_is_marked() -> None:
    assert raw_text.shown(b"\\x00\0") == r'\x00<mark class="odd">\x00</mark>'


def test_a_character_that_the_cut_has_halved_is_left_out() -> None:
    assert raw_text.shown("aå".encode()[:2], is_cut=True) == "a"
    assert "odd" in raw_text.shown("aå".encode()[:2])


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.lists(st.text(max_size=3))))
def test_a_row_comes_back_from_the_editor_as_it_was(row: dict[str, object]) -> None:
    assert json.loads(raw_text.editable(json.dumps(row).encode())) == row


@given(st.binary(max_size=100))
def test_any_bytes_can_be_put_into_a_form(data: bytes) -> None:
    assert not UNFIT_FOR_A_FORM.search(raw_text.editable(data))


def test_nul_and_lone_surrogates_go_to_the_editor_as_escapes() -> None:
    row = {"question": "a\0b", "test": "\ud800"}
    text = raw_text.editable(json.dumps(row).encode())
    assert r"a\u0000b" in text
    assert r"\ud800" in text
    assert json.loads(text) == row


@pytest.mark.parametrize("data", [b"{'not': json", b"[1, 2]", b"[" * 100_000, b'"text"'])
def test_what_is_no_json_object_goes_to_the_editor_as_it_is(data: bytes) -> None:
    assert raw_text.editable(data) == data.decode()
