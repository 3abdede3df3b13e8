"""A program's text with numbered lines, and messages whose line numbers lead to them. Pure: text in, safe HTML out.

In charge of: the forms in which compilers and runtimes name a line of the program. Not in charge of: colours
(`problems.highlighting`) or who may see which message (`report.py`).
"""

import builtins
import re
from functools import cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Beyond so many lines a program is shown without places to go to: each costs the page its own element.
MAX_LINES = 5_000

_EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)


def numbered(code: SafeString) -> SafeString:
    """``code``, HTML in which no element spans a line end, with an element a line: `#L7` is the seventh's address."""
    lines = code.split("\n")
    if not lines[-1]:
        lines.pop()
    if len(lines) > MAX_LINES:
        return code
    # Every line is a part of safe HTML with all its elements closed.
    return mark_safe("".join(_LINE % (n, n, n, line) for n, line in enumerate(lines, 1)))  # noqa: S308


# The number is drawn by the style sheet, so that it isn't copied with the text; the link is for the pointer only.
_LINE = (
    '<span class="line" id="L%d">'
    '<a class="line-number" href="#L%d" data-line="%d" tabindex="-1" aria-hidden="true"></a>%s\n</span>'
)


def linked(message: str, filename: str, lines: int) -> SafeString:
    """``message`` with a link for each place in the program that it names; ``lines`` are those that the program has."""
    html, end = [], 0
    for found in _places(filename).finditer(message):
        number = int(found[1])
        if 1 <= number <= min(lines, MAX_LINES):
            html += [escape(message[end : found.start()]), format_html('<a href="#L{}">{}</a>', number, found[0])]
            end = found.end()
    html.append(escape(message[end:]))
    return mark_safe("".join(html))  # noqa: S308  # every part was escaped


def count(source: str) -> int:
    """How many lines ``source`` has."""
    return source.count("\n") + (not source.endswith("\n"))


def innermost(message: str, filename: str, lines: int) -> int | None:
    """The line where a program failed, as its runtime's message says; None where it names none.

    Python's tracebacks end at that line, all others begin with it.
    """
    numbers = [int(found[1]) for found in _places(filename).finditer(message)]
    within = [number for number in numbers if 1 <= number <= min(lines, MAX_LINES)]
    if not within:
        return None
    return within[-1 if filename.endswith(".py") else 0]


def exception(message: str) -> str:
    """The name of Python's own exception that ended a program; empty for any other, whose name is the program's."""
    last = message.rstrip().rpartition("\n")[2]
    name = re.match(r"[A-Za-z]+\b", last)
    return name[0] if name and name[0] in _EXCEPTIONS else ""


@cache
def _places(filename: str) -> re.Pattern[str]:
    """`solution.cpp:3:7`, `solution.cs(3,7)`, `File "/work/solution.py", line 3`, `solution.pl line 3`."""
    number = r"(\d{1,7})(?:[:,]\d{1,7})?\)?"
    return re.compile(rf'(?<![\w.])(?:\.?/)?(?:work/)?{re.escape(filename)}(?:", line |\x20line |:|\(){number}')
