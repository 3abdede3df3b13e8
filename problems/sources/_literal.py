"""Reads the Python literal in a row's `test` column. In charge of safety: nothing is evaluated, all work is bounded.

Nearly all rows are `str({'stdin': [...], 'stdout': [...]})`, and most of these differ from JSON in their quotes alone:
the JSON parser takes those apart ten times as fast as `ast`. Whatever might mean another thing goes to
`ast.literal_eval`, the judge of doubt, after a look at its tokens, because the parser's own stack and memory aren't
bounded by the text's good will.
"""

import ast
import json
import re
import warnings

MAX_DEPTH = 20
MAX_TOKENS = 200_000

# What JSON reads in another way than Python does; other differences are errors to the JSON parser.
_NOT_AS_IN_JSON = ('"', "\\'", "\\/", "\\u")


class NotALiteral(ValueError):
    """The text is no Python literal, or not one within the bounds."""


_TOKEN = re.compile(
    r"""(?P<skip>[\s,:]++)
    |(?P<open>[\[({])
    |(?P<close>[\])}])
    |(?P<string>[bBrRuU]{0,2}+(?:
        '''(?:[^\\]|\\.)*?'''
        |\"\"\"(?:[^\\]|\\.)*?\"\"\"
        |'(?:[^'\\\n]++|\\.)*+'
        |"(?:[^"\\\n]++|\\.)*+"))
    |(?P<atom>True\b|False\b|None\b|[-+]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][-+]?\d++)?+(?!\w))""",
    re.VERBOSE | re.DOTALL,
)


def parse(text: str) -> object:
    """The value of the literal ``text``. Raises NotALiteral for everything else."""
    usual = _as_json(text)
    if usual is not None:
        return usual
    _look_over(text)
    try:
        with warnings.catch_warnings():
            # An escape that Python doesn't know, such as `\d`, is the row's business, not our log's.
            warnings.simplefilter("ignore")
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise NotALiteral(type(error).__name__) from None


def _as_json(text: str) -> dict[str, list[str]] | None:
    """The value of the usual shape; None where the text has another one or might mean something else in Python."""
    if not text.startswith("{'std") or any(mark in text for mark in _NOT_AS_IN_JSON):
        return None
    if sum(map(text.count, "[{,")) > MAX_TOKENS:
        return None
    try:
        value = json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        return None
    as_expected = value.keys() == {"stdin", "stdout"} and all(
        isinstance(part, list) and all(isinstance(element, str) for element in part) for part in value.values()
    )
    return value if as_expected else None


def _look_over(text: str) -> None:
    """Pass over the tokens once, without a stack of our own. Raises NotALiteral."""
    position = depth = tokens = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise NotALiteral(f"no literal at character {position}")
        position = token.end()
        tokens += 1
        depth += {"open": 1, "close": -1}.get(token.lastgroup or "", 0)
        if depth > MAX_DEPTH:
            raise NotALiteral("too deeply nested")
        if tokens > MAX_TOKENS:
            raise NotALiteral("too many parts")
