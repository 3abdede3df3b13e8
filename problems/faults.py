"""Where in a refused row its fault is, as far as the bytes tell. Not in charge of: the reason, which the row brings."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from problems.raw_text import shown, shown_text
from problems.sources import _literal

AROUND = 60
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_AT_CHARACTER = re.compile(r"at character (\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """``where`` in words, and what stands there, ready for a page."""

    where: str
    before: SafeString
    at: SafeString
    after: SafeString


def place_of(raw: bytes) -> Place | None:
    """The first fault whose place can be told: bytes that are no UTF-8, text that is no JSON, characters that can't be
    stored, tests that are no literal. The whole row is read: only for small ones.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _in_bytes(raw, error.start, error.end)
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        where = _("line %(line)s, column %(column)s of the row") % {"line": error.lineno, "column": error.colno}
        return _in_text(where, text, error.pos)
    except (ValueError, RecursionError):
        return None
    return next(_in_columns(row), None) if isinstance(row, dict) else None


def _in_columns(row: dict[str, object]) -> Iterator[Place]:
    for name, value in row.items():
        if isinstance(value, str) and (found := _UNSTORABLE.search(value)):
            yield _in_column(name, value, found.start())
    test = row.get("test") or row.get("test_code")
    if isinstance(test, str) and "online" in str(row.get("style")).lower():
        yield from _in_tests(test)


def _in_tests(literal: str) -> Iterator[Place]:
    try:
        tests = _literal.parse(literal)
    except _literal.NotALiteral as error:
        if found := _AT_CHARACTER.search(str(error)):
            yield _in_column("test", literal, int(found[1]))
        return
    for name, texts in tests.items() if isinstance(tests, dict) else ():
        for number, text in enumerate(texts if isinstance(texts, list | tuple) else (), 1):
            if isinstance(text, str) and (found := _UNSTORABLE.search(text)):
                yield _in_column(_("%(list)s %(number)s") % {"list": name, "number": number}, text, found.start())


def _in_column(name: str, value: str, position: int) -> Place:
    where = _("%(column)s, character %(number)s") % {"column": name[:AROUND], "number": position + 1}
    return _in_text(where, value, position)


def _in_text(where: str, text: str, position: int) -> Place:
    before, at, after = text[max(0, position - AROUND) : position], text[position : position + 1], text[position + 1 :]
    return Place(where, shown_text(before), shown_text(at), shown_text(after[:AROUND]))


def _in_bytes(raw: bytes, start: int, end: int) -> Place:
    where = _("byte %(number)s of the row") % {"number": start + 1}
    # The bytes before are good UTF-8, but for a character that the slice cuts in two.
    before = raw[max(0, start - AROUND) : start].decode(errors="ignore")
    return Place(where, shown_text(before), shown(raw[start:end]), shown(raw[end : end + AROUND], is_cut=True))
