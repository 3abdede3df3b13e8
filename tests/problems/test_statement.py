"""Statements: nothing of an untrusted text acts on a page, and formulas come through whole."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems import _math, statement
from problems.models import Problem

ALLOWED_ATTRIBUTES = {"href", "title", "rel", "class", "start", "tabindex"}
FORBIDDEN_TAGS = {
    "script",
    "style",
    "img",
    "svg",
    "math",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "link",
    "meta",
    "base",
}

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    "[x](/admin/logout)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x](https://evil.example/a.png" onerror="alert(1))',
    '[x](https://ok.example "\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "$<script>alert(1)</script>$",
    "$$<img src=x onerror=alert(1)>$$",
    r"\(</span><script>alert(1)</script>\)",
    '[a](https://ok.example "$x$<script>")',
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| <img onerror=alert(1)> |",
    "<b onclick=alert(1)>x</b>",
    "<br onload=alert(1)>",
    "<sup style='position:fixed'>x</sup>",
    "# <script>alert(1)</script>",
    "\ue0000\ue001<script>\ue00099\ue001",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
]


class Audit(HTMLParser):
    """Reads HTML as a browser does and keeps what it may do."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in FORBIDDEN_TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED_ATTRIBUTES:
                self.wrong.append(f"{tag} {name}={value}")
            if name == "href":
                self.links.append(value)
                if not re.match(r"https?://", value):
                    self.wrong.append(f"href={value}")


def is_safe(html: str) -> bool:
    """No element, attribute or address that acts."""
    return Audit(html).wrong == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_never_acts(payload):
    assert is_safe(statement.render(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_never_acts_in_the_middle_of_a_text(payload):
    assert is_safe(statement.render(f"- one\n- two {payload}\n\n> {payload}\n\nthree *{payload}* $x$ {payload}"))


@pytest.mark.parametrize("trap", ["html-in-the-question", "javascript-link"])
def test_hard_rows_never_act(shared_data: Path, trap):
    lines = (shared_data / "hard_rows.jsonl").read_text().splitlines()
    row = next(row for row in map(json.loads, lines) if row["trap"] == trap)
    html = statement.render(row["question"])
    assert is_safe(html)
    assert Audit(html).links == (["https://example.org/"] if trap == "javascript-link" else [])


SYNTAX = ["$", "$$", "$$$", "\\(", "\\)", "\\[", "\\]", "`", "```", "[", "](", ")", "<", ">", '"', "'", "javascript:"]
MARKS = [
    "onerror=",
    "&lt;",
    "|",
    "---",
    "# ",
    "> ",
    "- ",
    "\\",
    "0",
    "<sup>",
    "</sup>",
    "\n",
    "\n\n",
    "\ue000",
    "\ue001",
]
FRAGMENTS = st.sampled_from([*PAYLOADS, *SYNTAX, *MARKS])


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=20)), max_size=12).map("".join))
@settings(max_examples=400, deadline=None)
def test_fuzzed_text_never_acts(text):
    assert is_safe(statement.render(text))


@pytest.mark.parametrize("fragment", ["$", "`", "\\(", "\\[", "$a", "[[", "> ", "```\n", "\n$$\na", "`a``b```c"])
def test_a_long_hostile_text_is_left_as_text_instead_of_costing_minutes(fragment):
    text = fragment * (statement.MAX_RENDERED_CHARS // len(fragment) + 1)
    assert statement.render(text).startswith("<pre")


@pytest.mark.parametrize(
    ("markdown", "tex"),
    [
        ("a $x_1 + y_1$ b", "x_1 + y_1"),
        ("a $$$n$$$ b", "n"),
        (r"a \(k \le 5\) b", r"k \le 5"),
        (r"a $1\,000$ b", r"1\,000"),
        ("a $a*b*c$ b", "a*b*c"),
        (r"a $\{1, 2\}$ b", r"\{1, 2\}"),
    ],
)
def test_inline_formula_comes_through_whole(markdown, tex):
    assert f'<span class="math">{tex}</span>' in statement.render(markdown)


@pytest.mark.parametrize("markdown", ["$$\nx\n- y\n$$", "\\[\nx\n- y\n\\]", "so $$x\n- y$$ holds"])
def test_display_formula_is_not_read_as_a_list(markdown):
    assert '<span class="math math-display">x\n- y</span>' in statement.render(markdown)


def test_bars_of_a_formula_do_not_split_a_table_cell():
    assert '<td><span class="math">|V|</span></td>' in statement.render("| a | b |\n|---|---|\n| $|V|$ | 2 |")


@pytest.mark.parametrize(
    "markdown", ["`$x$`", "```\n$x$\n```", "    $x$", "costs $5 and $10", "\\$x$", "~~~sh\necho $HOME $PATH\n~~~"]
)
def test_dollars_that_are_no_formula_stay_dollars(markdown):
    html = statement.render(markdown)
    assert "math" not in html
    assert "$" in html


@given(st.text(alphabet="$\\()[]`\n ab0\ue000\ue001", max_size=60))
@settings(max_examples=400, deadline=None)
def test_taking_formulas_out_and_putting_them_back_changes_nothing(text):
    out, formulas = _math.take_out(text)
    assert _math.put_back(out, formulas) == text.replace("\ue000", "").replace("\ue001", "")


def test_link_leaves_no_trace_for_the_other_side():
    assert 'rel="noopener nofollow"' in statement.render("[x](https://ok.example/)")


def test_picture_becomes_a_link():
    html = statement.render("![the map](https://ok.example/a.png)")
    assert Audit(html).links == ["https://ok.example/a.png"]
    assert ">the map</a>" in html


def test_code_is_coloured():
    assert '<span class="k">' in statement.render("```python\nreturn 1\n```")


def test_unknown_language_stays_plain():
    assert "<code>a &lt; b\n</code>" in statement.render("```nonsense\na < b\n```")


def test_column_alignment_needs_no_style_attribute():
    assert '<td class="align-right">1</td>' in statement.render("| a |\n|--:|\n| 1 |")


def test_simple_tags_work():
    assert "10<sup>5</sup>" in statement.render("10<sup>5</sup>")


def test_heading_equal_to_the_title_is_not_shown_twice():
    assert "Sum" not in statement.render("# Sum\n\ntext\n\n## Input", title="Sum")


def test_headings_begin_below_the_pages_own():
    assert re.findall(r"<h\d>", statement.render("# A\n\n## B\n\n#### C")) == ["<h2>", "<h3>", "<h5>"]


@pytest.mark.django_db
def test_first_view_keeps_the_html_and_leaves_the_time_of_the_last_edit_alone(make_problem):
    problem = make_problem(statement="**bold**")
    before = problem.updated_at
    assert "<strong>bold</strong>" in statement.html_of(problem)
    kept = Problem.objects.get(pk=problem.pk)
    assert "<strong>bold</strong>" in kept.statement_html
    assert kept.updated_at == before


@pytest.mark.django_db
def test_kept_html_of_an_older_rendering_is_rendered_again(make_problem):
    problem = make_problem(statement="new", statement_html="<!--0--><p>old</p>")
    assert statement.html_of(problem) == "<p>new</p>\n"


@pytest.mark.django_db
def test_kept_html_is_not_rendered_again(make_problem):
    problem = make_problem(statement="**new**")
    statement.html_of(problem)
    kept = Problem.objects.get(pk=problem.pk)
    kept.statement = "never looked at"
    assert "<strong>new</strong>" in statement.html_of(kept)


@pytest.mark.django_db
def test_sample_that_the_statement_holds_is_not_shown_beside_it(make_problem):
    problem = make_problem(
        statement="```\n1  2\n```\n\n```\n3\n```", tests=[("1  2\n", "3\n", True), ("7\n", "8\n", True)]
    )
    assert [test.stdin for test in statement.samples_beside(problem)] == ["7\n"]


@pytest.mark.django_db
def test_hidden_test_is_never_among_the_samples(make_problem):
    problem = make_problem(statement="x", tests=[("7\n", "8\n", False)])
    assert statement.samples_beside(problem) == []
