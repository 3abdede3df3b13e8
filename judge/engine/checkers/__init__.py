"""One file a checker. A file defines `check(output, answer) -> Check` and `EXAMPLES`; its name is the file's name.

A checker that comes in several strictnesses also defines `PARAMETERS` (all of them, as text), `EXAMPLE_PARAMETER` (the
one of its examples) and `check(output, answer, parameter)`; its names are then `file:parameter`, like `floats:1e-6`.

Pure functions over bytes: no input but their arguments, no state, never an exception for any bytes, time linear in the
sizes. A note tells places and counts, never what was expected: hidden answers stay hidden.
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from types import ModuleType

from judge.engine import plugins
from judge.engine.errors import UnknownChecker
from judge.engine.types import Check

Checker = Callable[[bytes, bytes], Check]


@cache
def all_checkers() -> dict[str, ModuleType]:
    """Every checker module by the name of its file."""
    return plugins.modules_of(sys.modules[__name__])


@cache
def _by_name() -> dict[str, Checker]:
    found: dict[str, Checker] = {}
    for key, module in all_checkers().items():
        if hasattr(module, "PARAMETERS"):
            found |= {f"{key}:{each}": partial(module.check, parameter=each) for each in module.PARAMETERS}
        else:
            found[key] = module.check
    return found


def names() -> list[str]:
    """Every name that `get` knows."""
    return list(_by_name())


def examples() -> Iterator[tuple[str, bytes, bytes, bool]]:
    """Every checker's own proof: (name, output, answer, right)."""
    for key, module in all_checkers().items():
        name = f"{key}:{module.EXAMPLE_PARAMETER}" if hasattr(module, "PARAMETERS") else key
        for output, answer, right in module.EXAMPLES:
            yield name, output, answer, right


def get(name: str) -> Checker:
    """The check function called ``name``. Raises UnknownChecker."""
    try:
        return _by_name()[name]
    except KeyError:
        raise UnknownChecker(f"unknown checker {name!r}; there are: {', '.join(names())}") from None
