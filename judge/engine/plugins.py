"""The only discovery: each file in `languages/`, `checkers/` or `problems/sources/` is one plugin."""

import importlib
import pkgutil
from types import ModuleType


def modules_of(package: ModuleType) -> dict[str, ModuleType]:
    """Every public module of ``package`` by its name, sorted; names with a leading underscore are not plugins."""
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))
    return {name: importlib.import_module(f"{package.__name__}.{name}") for name in names}
