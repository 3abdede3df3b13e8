"""One file a checker. A file defines `check(output, answer) -> Check` and `EXAMPLES`; its name is the file's name.

Pure functions over bytes: no input but their arguments, no state, never an exception for any bytes.
"""

import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType

from judge.engine import plugins
from judge.engine.errors import UnknownChecker
from judge.engine.types import Check

Checker = Callable[[bytes, bytes], Check]


@cache
def all_checkers() -> dict[str, ModuleType]:
    """Every checker module by name."""
    return plugins.modules_of(sys.modules[__name__])


def get(name: str) -> Checker:
    """The check function called ``name``. Raises UnknownChecker."""
    try:
        checker: Checker = all_checkers()[name].check
    except KeyError:
        raise UnknownChecker(f"unknown checker {name!r}; there are: {', '.join(all_checkers())}") from None
    return checker
