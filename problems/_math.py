"""Finds LaTeX in Markdown and takes it out before Markdown can spoil it; puts it back as text.

Known forms: `$..$`, `$$..$$`, `$$$..$$$` (Codeforces), `\\(..\\)` and `\\[..\\]`; none of them inside code.
"""

import re
from dataclasses import dataclass

# Private-use characters stand for a formula while Markdown runs; an author's own are dropped, so none can be forged.
OPEN, CLOSE = "\ue000", "\ue001"
_FORGED = re.compile(f"[{OPEN}{CLOSE}]")
TOKEN = re.compile(f"{OPEN}([0-9]+){CLOSE}")

# Every repetition is bounded, so that no text costs more than a constant for each of its characters.
_FORMULA = r"(?:(?!\n[ \t]*\n|\\[(\[])[^`]){1,2000}?"
_SCANNER = re.compile(
    rf"""
      (?P<code> (?m:^[ \t>]*)(?P<fence>`{{3,20}}|~{{3,20}})[^\n]*\n (?: .{{0,60000}}?\n )?? [ \t>]*(?P=fence)
              | (?<!`)(?P<ticks>`{{1,20}})(?!`) (?:(?!\n[ \t]*\n).){{1,4000}}? (?<!`)(?P=ticks)(?!`) )
    | \$\$\$ (?P<codeforces> [^$`\n]{{1,2000}} ) \$\$\$
    | \$\$ (?P<display> (?: (?!\$\$) {_FORMULA} ) ) \$\$
    | \\\[ (?P<bracket> {_FORMULA} ) \\\]
    | \\\( (?P<paren> {_FORMULA} ) \\\)
    | \\.
    | (?<!\$)\$(?![\s$]) (?P<inline> (?:(?!\n[ \t]*\n)(?:\\.|[^$`\\])){{1,1000}}? ) (?<!\s)\$(?![0-9$])
    """,
    re.VERBOSE | re.DOTALL,
)
_DISPLAY = ("display", "bracket")
_INLINE = ("codeforces", "paren", "inline")


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: ``tex`` without its delimiters, and ``source`` as the author wrote it."""

    tex: str
    source: str
    display: bool


def take_out(markdown: str) -> tuple[str, list[Formula]]:
    """The text with a token in place of each formula, and the formulas in order."""
    formulas: list[Formula] = []

    def keep(match: re.Match[str]) -> str:
        for name in (*_DISPLAY, *_INLINE):
            tex = match[name]
            if tex and tex.strip():
                formulas.append(Formula(tex.strip(), match[0], display=name in _DISPLAY))
                return f"{OPEN}{len(formulas) - 1}{CLOSE}"
        return match[0]

    return _SCANNER.sub(keep, _FORGED.sub("", markdown)), formulas


def put_back(text: str, formulas: list[Formula]) -> str:
    """``text`` with every token turned into its source again."""
    return TOKEN.sub(lambda match: formulas[int(match[1])].source, text)
