"""Program text to HTML with colour classes. Pure: text in, safe HTML out; the colours are in our own stylesheet."""

from io import StringIO
from time import thread_time

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

# Colouring costs about a second a megabyte; above this size text stays plain.
MAX_COLOURED_CHARS = 64 * 1024
# Some lexers look ahead to the end at every token: a text made for that would take minutes.
MAX_SECONDS = 0.5

_FORMATTER = HtmlFormatter(nowrap=True)


def highlight(code: str, language: str) -> SafeString:
    """``code`` as escaped HTML, coloured where ``language`` is one that Pygments knows and the text is not huge,
    nor takes it more than MAX_SECONDS of CPU.

    The result holds text and `<span class="...">` only, and no element spans a line end.
    """
    if len(code) > MAX_COLOURED_CHARS:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(code)
    end = thread_time() + MAX_SECONDS
    tokens = []
    for token in lexer.get_tokens(code):
        if thread_time() > end:
            return escape(code)
        tokens.append(token)
    coloured = StringIO()
    _FORMATTER.format(tokens, coloured)
    # Pygments escapes every token; its output is ours, not the author's.
    return mark_safe(coloured.getvalue())  # noqa: S308
