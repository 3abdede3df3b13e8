"""Program text as coloured HTML."""

import pytest
from django.utils.html import escape

from problems.highlighting import MAX_COLOURED_CHARS, highlight


@pytest.mark.parametrize(("language", "piece"), [("java", "a "), ("python", " \n"), ("perl", "s{"), ("csharp", "$")])
def test_a_text_that_makes_its_lexer_quadratic_stays_plain(language, piece):
    code = piece * (MAX_COLOURED_CHARS // len(piece))
    assert highlight(code, language) == escape(code)


def test_markup_is_escaped():
    assert "<b>" not in highlight("x = '<b>'", "python")


def test_an_unknown_language_stays_plain():
    assert highlight("if <x>", "no-such-language") == "if &lt;x&gt;"


def test_a_keyword_is_coloured():
    assert '<span class="k">if</span>' in highlight("if x: pass", "python")


def test_no_line_is_lost():
    assert highlight("\n\nx\n\n", "text") == "\n\nx\n\n"
