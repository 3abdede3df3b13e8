"""The words of the interface in other languages: gathered from the code, compared with the catalogues, compiled.

A catalogue is `judge/locale/LOCALE/LC_MESSAGES/django.po`; Django reads what is compiled beside it, which is never
committed. All of it is Babel's work, so that no machine needs the gettext tools.

    python -m judge.translating update     what is new comes in, what nobody says any more goes out
    python -m judge.translating check      exit code 1 where a catalogue lacks something
    python -m judge.translating compile
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "judge" / "locale"
SOURCES = {"judge": "*.py", "problems": "*.py", "templates": "*.html"}
NOT_OURS = {"node_modules", "migrations"}
WIDTH = 120
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_ROUTES = {f"router.{method}" for method in ("get", "post", "put", "patch", "delete")}


def catalogues() -> list[Path]:
    """The .po files."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


@cache
def gathered() -> Catalog:
    """All that the code and the templates mark as words of the interface."""
    found = Catalog(fuzzy=False)
    for path in _files():
        text = path.read_bytes()
        if path.suffix == ".html":
            # As Django makes it for xgettext; a line's indentation means nothing there, and something to Python.
            text = "\n".join(line.strip() for line in templatize(text.decode()).splitlines()).encode()
        for _line, words, comments, context in extract("python", BytesIO(text), KEYWORDS, ("Translators:",)):
            found.add(words, locations=[(str(path.relative_to(ROOT)), 0)], auto_comments=comments, context=context)
    for path in sorted((ROOT / "judge" / "api").glob("*.py")):
        for prose in _api_prose(ast.parse(path.read_text())):
            found.add(prose, locations=[(str(path.relative_to(ROOT)), 0)])
    return found


def _api_prose(module: ast.Module) -> Iterator[str]:
    """What the API's page says of routes and fields: their docstrings by paragraph, descriptions and tags."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and any(
            ast.unparse(by).startswith("router.") for by in node.decorator_list
        ):
            for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                yield " ".join(paragraph.split())
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Field", "Header", "Query", "Router"} | _ROUTES:
            for keyword in node.keywords:
                if keyword.arg in {"description", "tags"}:
                    yield from (str(part.value) for part in ast.walk(keyword.value) if isinstance(part, ast.Constant))


def _files() -> Iterator[Path]:
    for folder, pattern in SOURCES.items():
        for path in sorted((ROOT / folder).rglob(pattern)):
            if NOT_OURS.isdisjoint(path.parts):
                yield path


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def update(path: Path) -> None:
    """Bring a catalogue up to what is gathered. New words stay empty: none is guessed from one that is like it."""
    catalogue, now = read(path), gathered()
    now.creation_date = catalogue.creation_date
    catalogue.update(now, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False)


def faults(path: Path) -> list[str]:
    """What a catalogue lacks or has too much, one line each."""
    catalogue, now = read(path), gathered()
    keys = {(message.id, message.context) for message in now if message.id}
    said = {(message.id, message.context) for message in catalogue if message.id}
    found = [f"new: {_beginning(key)}" for key in keys - said]
    found += [f"no longer said: {_beginning(key)}" for key in said - keys]
    for message in catalogue:
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(words):
            found.append(f"not translated: {_beginning((message.id, message.context))}")
        if message.id and message.fuzzy:
            found.append(f"fuzzy: {_beginning((message.id, message.context))}")
    return sorted(found)


def _beginning(key: tuple[object, object]) -> str:
    words = key[0][0] if isinstance(key[0], tuple | list) else key[0]
    return repr(words)


def compile_all() -> None:
    """Write each catalogue in the form that Django reads, beside it."""
    for path in catalogues():
        beside = path.with_suffix(".mo")
        # Whoever reads meanwhile reads the old one.
        new = beside.with_suffix(".new")
        with new.open("wb") as file:
            write_mo(file, read(path))
        new.replace(beside)


def main(argv: list[str]) -> int:
    """Do one of these; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["update", "check", "compile"])
    what = parser.parse_args(argv).what
    if what == "compile":
        compile_all()
        return 0
    left = 0
    for path in catalogues():
        if what == "update":
            update(path)
        for fault in faults(path):
            left += 1
            print(f"{path.relative_to(ROOT)}: {fault}")
    return 1 if left and what == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
