"""The bytes of a refused row as text for a page: nothing in it acts on the page, and nothing in it is unseen."""

import codecs
import json
import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Control characters but tab and line feed, lone surrogates (they stand for bytes that are no UTF-8), and characters
# that are invisible or turn the direction of what follows.
_ODD = re.compile("([\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+)")


def shown(data: bytes, *, is_cut: bool = False) -> SafeString:
    """``data`` escaped, with what can't be read or seen as marked escapes; a character that was cut off is left out."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    return shown_text(decoder.decode(data, final=not is_cut))


def shown_text(text: str) -> SafeString:
    """The same for a text."""
    # Every second part is odd; there is one plain part more.
    parts = iter(_ODD.split(text))
    return format_html_join("", "{}{}", ((plain, _marked(next(parts, ""))) for plain in parts))


def editable(raw: bytes) -> str:
    """The row as JSON text, a column a line, fit for a form; what is no JSON object stays as it is."""
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        row = None
    if isinstance(row, dict):
        lines = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in row.items())
        text = "{\n" + ",\n".join(lines) + "\n}"
    else:
        text = raw.decode("utf-8-sig", "backslashreplace")
    # The same character to a JSON reader, but visible, and fit for a form: a NUL or a lone surrogate is not.
    return _ODD.sub(lambda odd: "".join(map(_json_escape, odd[0])), text)


def _marked(odd: str) -> SafeString | str:
    return format_html('<mark class="odd">{}</mark>', "".join(map(_escape, odd))) if odd else ""


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _json_escape(character: str) -> str:
    return character if character == "\r" else f"\\u{ord(character):04x}"
