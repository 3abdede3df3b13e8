"""What a statement alone tells: the title of a problem and which of its tests are its samples. Pure functions."""

import re
import textwrap
from collections.abc import Sequence

TITLE_LENGTH = 80
# So much white space around a test's input doesn't hide it in a statement that is shorter.
_BLANKS = 1_000
_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*")
# A heading of the whole, wherever it stands; in a fenced block it would be a comment of Python's.
_TOP_HEADING = re.compile(r"^ {0,3}#[ \t].*", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"[*`]+|^[#>\s-]+")
# `$N$` or `\(N\)`: a title is plain text, so the delimiters go and what they hold stays.
_MATH = re.compile(r"(\${1,3})([^$\n]+)\1|\\\((.+?)\\\)")
# Headings of a part, not of a problem: many rows begin with one.
_OF_A_PART = {
    "problem",
    "problem statement",
    "statement",
    "description",
    "problem description",
    "task",
    "question",
    "input",
}


def title_of(statement: str) -> str:
    """The first heading, else the first sentence, on one line of at most 80 characters; "" where there's neither."""
    tops = _TOP_HEADING.findall(_FENCED.sub("", statement)) if "# " in statement else []
    for line in map(str.strip, [*tops, *statement.splitlines()]):
        heading = _HEADING.fullmatch(line)
        plain = _MATH.sub(lambda math: math[2] or math[3], heading[1] if heading else line)
        words = _MARKUP.sub("", plain).strip()
        if not any(map(str.isalnum, words)) or words.lower().rstrip(":") in _OF_A_PART:
            continue
        return _cut(words if heading else re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0])
    return ""


def _cut(words: str) -> str:
    words = " ".join(words.split())
    if len(words) <= TITLE_LENGTH:
        return words
    short = textwrap.shorten(words, TITLE_LENGTH, placeholder="…")
    return short if len(short) > 1 else words[: TITLE_LENGTH - 1] + "…"


def samples_among(statement: str, tests: Sequence[tuple[str, str]]) -> set[int]:
    """The indexes of the tests whose input and then output both stand in the statement; without any, of the smallest.

    Both must stand there as whole lines, one after the other: a hidden `1` -> `2` isn't a sample because the text
    happens to hold these digits.
    """
    lines = _lines(statement)
    found = {index for index, (stdin, stdout) in enumerate(tests) if _stands_in(lines, stdin, stdout)}
    return found or {min(range(len(tests)), key=lambda index: _telling(*tests[index]))}


def _telling(stdin: str, stdout: str) -> tuple[bool, int]:
    """Sorts small tests first, and those that show no format at all last."""
    return not stdin or stdin.isspace(), len(stdin) + len(stdout)


def _lines(text: str) -> str:
    return "\n" + "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def _stands_in(lines: str, stdin: str, stdout: str) -> bool:
    # An empty input "occurs" anywhere, so it proves nothing. The first line rules most tests out at little cost.
    if len(stdin) > len(lines) + _BLANKS:
        return False
    stripped = stdin.strip()
    if not stripped or len(stripped) > len(lines) or stripped.split("\n", 1)[0].rstrip() not in lines:
        return False
    start = lines.find(_lines(stripped))
    if start < 0:
        return False
    # The input's last line end may be the output's first. With an empty answer, the input alone has to do.
    return not stdout.strip() or lines.find(_lines(stdout), start + len(_lines(stripped)) - 1) >= 0
