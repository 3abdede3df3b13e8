"""`{% piece a b %}...{% endpiece %}`: a part of a page that is the same for all who share ``a`` and ``b``.

It is made once for each of their values and each language, and kept as text in the process' own memory. Django's
`{% cache %}` does the same for what costs more than to pickle it; these parts cost less. Nothing that is somebody's own
may stand inside: no token, no name.
"""

from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
# Of each piece in a template: whoever makes up values for it wins nothing but that all are forgotten.
MOST = 200


class PieceNode(template.Node):
    """The piece, with what it came to for each of its keys."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self._keys = keys
        self._kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The text, made now where it isn't known yet."""
        key = (get_language(), *(each.resolve(context) for each in self._keys))
        html = self._kept.get(key)
        if html is None:
            html = self.nodelist.render(context)
            if not settings.DEBUG:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                self._kept[key] = html
        return html


@register.tag
def piece(parser: Parser, token: Token) -> PieceNode:
    """Read the tag with its keys up to its end."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endpiece",))
    parser.delete_first_token()
    return PieceNode(nodelist, keys)
