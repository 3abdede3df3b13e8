"""The lines that messages name, in the words of the real compilers and runtimes."""

import pytest
from django.utils.html import escape
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from judge.submissions import source_lines

# What each of the image's compilers and runtimes wrote, cut to the place, and the line that it means.
SAID = {
    "gcc": ("solution.cpp", "solution.cpp:2:11: error: expected primary-expression before ';' token", 2),
    "mcs": ("solution.cs", "solution.cs(1,37): error CS1525: Unexpected symbol `;'", 1),
    "go build": ("solution.go", "./solution.go:2:14: undefined: x", 2),
    "go": ("solution.go", "main.main()\n\t/work/solution.go:3 +0x1a", 3),
    "ghc": ("solution.hs", "solution.hs:1:17: error:\n    • No instance for (Num String)", 1),
    "javac": ("Main.java", "Main.java:2: error: illegal start of expression", 2),
    "java": ("Main.java", "ArrayIndexOutOfBoundsException: Index 3\n\tat Main.main(Main.java:2)", 2),
    "node": ("solution.js", "/work/solution.js:1\nlet x = ;\n        ^", 1),
    "perl": ("solution.pl", 'syntax error at solution.pl line 1, near "= ;"', 1),
    "python": ("solution.py", '  File "/work/solution.py", line 2, in f\n    return int(x)', 2),
    "ruby": ("solution.rb", "solution.rb:1:in `<main>': x (RuntimeError)", 1),
    "rustc": ("solution.rs", "error[E0308]: mismatched types\n --> solution.rs:1:25", 1),
}


@pytest.mark.parametrize("tool", SAID)
def test_a_place_leads_to_its_line(tool: str) -> None:
    filename, message, line = SAID[tool]
    html = source_lines.linked(message, filename, lines=3)
    assert f'<a href="#L{line}">' in html
    assert source_lines.innermost(message, filename, lines=3) == line


@pytest.mark.parametrize(
    "message",
    ["solution.cpp:0:1", "solution.cpp:4:1", "solution.cpp:99999999999", "mysolution.cpp:1", "a.cpp:1", "solution.cpp"],
)
def test_what_is_no_line_of_the_program_leads_nowhere(message: str) -> None:
    assert "<a" not in source_lines.linked(message, "solution.cpp", lines=3)
    assert source_lines.innermost(message, "solution.cpp", lines=3) is None


@given(st.text() | st.from_regex(r"(solution\.py(:|\(|\", line )\d{1,3}[<>&\"']*)+"))
def test_a_message_is_escaped_whatever_it_holds(message: str) -> None:
    html = source_lines.linked(message, "solution.py", lines=1_000)
    plain = html.replace("</a>", "")
    for line in range(1, 1_000):
        plain = plain.replace(f'<a href="#L{line}">', "")
    assert plain == escape(message)


def test_a_python_traceback_ends_where_the_program_failed() -> None:
    message = 'File "/work/solution.py", line 9, in <module>\n  f()\nFile "/work/solution.py", line 4, in f\n  1/0\n'
    assert source_lines.innermost(message, "solution.py", lines=9) == 4


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Traceback ...\nZeroDivisionError: division by zero\n", "ZeroDivisionError"),
        ("KeyError: 'SECRET'", "KeyError"),
        ("RecursionError", "RecursionError"),
        ("Secret4711: hidden", ""),
        ("__main__.Secret: hidden", ""),
        ("print", ""),
        ("", ""),
    ],
)
def test_only_pythons_own_exceptions_are_named(message: str, name: str) -> None:
    assert source_lines.exception(message) == name


@pytest.mark.parametrize(("code", "lines"), [("a\nb", 2), ("a\nb\n", 2), ("a\n\n", 2), ("", 0), ("\n", 1)])
def test_each_line_has_its_place(code: str, lines: int) -> None:
    assert source_lines.numbered(SafeString(code)).count('class="line"') == lines


def test_a_program_of_very_many_lines_has_no_places() -> None:
    code = SafeString("x\n" * (source_lines.MAX_LINES + 1))
    assert source_lines.numbered(code) == code
    assert "<a" not in source_lines.linked(f"solution.py:{source_lines.MAX_LINES + 1}", "solution.py", lines=9_999)
