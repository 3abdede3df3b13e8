"""Texts that are made where nobody knows who will read them, and kept in English: said again in the reader's language.

A judge's note or an import's reason is one of few sentences with values in them. Whoever lists the sentences, marked
with gettext_noop, can have any text told that was made by one of them; all other text stays as it is.
"""

import re
from collections.abc import Callable

from django.utils.translation import gettext

_PLACE = re.compile(r"%\((\w+)\)s")


def teller(*sentences: str) -> Callable[[str], str]:
    """Tells texts made by ``sentences``, in which `%(name)s` stands for a value; the first that fits is taken."""
    known = [(sentence, _pattern(sentence)) for sentence in sentences]

    def tell(text: str) -> str:
        for sentence, pattern in known:
            if found := pattern.fullmatch(text):
                return gettext(sentence) % found.groupdict() if found.groupdict() else gettext(sentence)
        return text

    return tell


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACE.split(sentence)
    made = [rf"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(made), re.DOTALL)
