"""Statements: Markdown with LaTeX in, safe HTML out.

In charge of: what of an untrusted text reaches a page. The last step is always nh3's allow-list, whatever came before.
Not in charge of: drawing formulas. They leave here as readable text in `.math` elements that the browser typesets.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from pygments.token import STANDARD_TYPES

from judge import prepared
from problems import _math
from problems.highlighting import highlight
from problems.models import Problem

# Goes up when the rendering changes, so that statements stored by an older one are rendered again.
VERSION = 1
_STAMP = f"<!--{VERSION}-->"

_SAMPLES = "SELECT stdin, stdout FROM problems_testcase WHERE problem_id = %s AND is_sample ORDER BY position"

# Markdown above this size is shown as it is: rendering takes about 2 ms a KiB.
MAX_RENDERED_CHARS = 128 * 1024

# What the cleaner lets through; whoever has texts of another kind to show may be stricter.
ALLOWED: dict[str, Any] = {
    "tags": {
        *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br", "pre", "code", "span", "div"),
        *("em", "strong", "b", "i", "u", "s", "sub", "sup", "a", "table", "thead", "tbody", "tr", "th", "td"),
    },
    "attributes": {"a": {"href", "title"}, "ol": {"start"}},
    "tag_attribute_values": {"pre": {"tabindex": {"0"}}, "div": {"tabindex": {"0"}}},
    "allowed_classes": {
        "span": {*filter(None, STANDARD_TYPES.values()), "math", "math-display"},
        "div": {"table-scroll"},
        "th": {"align-center", "align-right"},
        "td": {"align-center", "align-right"},
    },
    "url_schemes": {"http", "https"},
    "url_relative": "deny",
    "link_rel": "noopener nofollow",
}
_CLEANER = nh3.Cleaner(**ALLOWED)
_SIMPLE_TAG = re.compile(r"</?(?:sub|sup|b|i|u)>|<br ?/?>", re.IGNORECASE)


class Sample(NamedTuple):
    """A test that everybody may see."""

    stdin: str
    stdout: str


def html_of(problem: Problem) -> SafeString:
    """The problem's statement as safe HTML: rendered at the first view, then read from the row."""
    kept = problem.statement_html
    if not kept.startswith(_STAMP):
        kept = _STAMP + render(problem.statement, title=problem.title)
        # An update of the queryset leaves `updated_at` alone: nobody edited the problem.
        Problem.objects.filter(pk=problem.pk, statement=problem.statement).update(statement_html=kept)
    return mark_safe(kept.removeprefix(_STAMP))  # noqa: S308 - sanitised by render()


def samples_beside(problem: Problem) -> list[Sample]:
    """The samples that the page must show beside the statement, because it does not contain them word for word."""
    text = _lines(problem.statement)
    samples = itertools.starmap(Sample, prepared.rows(_SAMPLES, [problem.pk]))
    return [sample for sample in samples if _lines(sample.stdin) not in text or _lines(sample.stdout) not in text]


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def render(markdown: str, title: str = "", top: int = 2) -> str:
    """Safe HTML of ``markdown``, its highest headings at the level ``top``; a first heading equal to ``title`` is left
    out, since the page shows it already.
    """
    if len(markdown) > MAX_RENDERED_CHARS:
        return f'<pre tabindex="0">{escape(markdown)}</pre>'
    text, formulas = _math.take_out(markdown)
    env = {"formulas": formulas}
    tokens = _MARKDOWN.parse(text, env)
    _put_formulas_back(tokens, formulas)
    _fit_headings(tokens, title, top)
    return _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))


def _put_formulas_back(tokens: Sequence[Token], formulas: list[_math.Formula]) -> None:
    """Where Markdown saw no formula (code, links, titles), its token becomes what the author wrote."""
    for token in tokens:
        token.content = _math.put_back(token.content, formulas)
        token.info = _math.put_back(token.info, formulas)
        token.attrs = {
            name: _math.put_back(value, formulas) if isinstance(value, str) else value
            for name, value in token.attrs.items()
        }
        _put_formulas_back(token.children or (), formulas)


def _fit_headings(tokens: list[Token], title: str, top: int) -> None:
    """The page's own heading is the only `h1`; the text's begin at ``top``."""
    levels = [int(t.tag[1]) for t in tokens if t.type == "heading_open"]
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[1].content.strip() == title.strip():
        del tokens[:3]
        levels = levels[1:]
    shift = top - min(levels, default=top)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
        elif token.type in {"th_open", "td_open"} and (style := token.attrs.pop("style", None)):
            # A style attribute is not allowed by our content policy.
            token.attrs["class"] = f"align-{str(style).removeprefix('text-align:')}"


def _formula_rule(state: StateInline, silent: bool) -> bool:
    match = _math.TOKEN.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        formula = state.env["formulas"][int(match[1])]
        token = state.push("formula", "", 0)
        token.meta = {"formula": formula}
    state.pos = match.end()
    return True


def _simple_tag_rule(state: StateInline, silent: bool) -> bool:
    """The few harmless tags that authors write for want of Markdown; every other tag is shown as text."""
    match = _SIMPLE_TAG.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.push("simple_tag", "", 0).content = match[0].lower()
    state.pos = match.end()
    return True


def _formula(tokens: Sequence[Token], index: int, *_: object) -> str:
    formula: _math.Formula = tokens[index].meta["formula"]
    classes = "math math-display" if formula.display else "math"
    return f'<span class="{classes}">{escape(formula.tex)}</span>'


def _simple_tag(tokens: Sequence[Token], index: int, *_: object) -> str:
    return tokens[index].content


def _image(tokens: Sequence[Token], index: int, *_: object) -> str:
    """A link in place of a picture: another host's picture would tell it who reads which problem."""
    token = tokens[index]
    return f'<a href="{escape(token.attrs.get("src", ""))}">{escape(token.content or "picture")}</a>'


def _fence(tokens: Sequence[Token], index: int, *_: object) -> str:
    token = tokens[index]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else "text"
    return f'<pre tabindex="0"><code>{highlight(token.content, language)}</code></pre>\n'


def _code_block(tokens: Sequence[Token], index: int, *_: object) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _constant(html: str) -> Callable[..., str]:
    return lambda *_: html


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.inline.add_terminator_char(_math.OPEN)
    parser.inline.ruler.before("escape", "formula", _formula_rule)
    parser.inline.ruler.before("autolink", "simple_tag", _simple_tag_rule)
    parser.renderer.rules.update(  # type: ignore[attr-defined]
        formula=_formula,
        simple_tag=_simple_tag,
        image=_image,
        fence=_fence,
        code_block=_code_block,
        table_open=_constant('<div class="table-scroll" tabindex="0"><table>'),
        table_close=_constant("</table></div>"),
    )
    return parser


_MARKDOWN = _parser()
