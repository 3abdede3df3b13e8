"""Which programs the fork server takes, and what it imports ahead on the word of a child that may be anybody's."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from judge.engine.sandbox import protocol

AGENT = Path(__file__).resolve().parents[3] / "docker" / "sandbox" / "agent"

Imported = list[tuple[str, list[str]]]
NEVER = {
    "agent": b"session\ninit\npython\nwipe\nprotocol\nending\nstart:finish",
    "own": b"solution\nhelper:x",
    "main_of_a_package": b"unittest.__main__\nunittest:__main__.x",
    "prints": b"this\n__hello__",
    "warns": b"imp\ncgi\ndistutils.core",
    "relative": b".os\n..\n.\n:\n",
    "path": b"os/path\n../os\n/etc/passwd\nos.\n.os.path",
    "odd_characters": b"os;x\nos path\nos\tx\n os\nos\r\nos\x1b[0m\n__import__('os')",
    "not_ascii": b"\xff\xfe\n\xc3\xbcn\xc3\xaf\nos\xff",
    "very_long": b"os" + b".path" * 10_000 + b"\nos:" + b"a," * 10_000,
}
ORDINARY = {
    "sum": "print(sum(map(int, input().split())))",
    "deep": "import sys, threading\nsys.setrecursionlimit(10 ** 6)\nthreading.stack_size(1 << 27)\n"
    "t = threading.Thread(target=print)\nt.start()\nt.join()",
    "fast_reading": "import sys\ninput = sys.stdin.buffer.readline\nn = int(input())",
    "limit": "import sys\nsys.setrecursionlimit(sys.getrecursionlimit() * 10)",
    "file_streams": "import sys, os\nsys.stdin = open(0)\nsys.stdout = open(1, 'w')\nos.read(0, 1)",
    "generators": "def g():\n    yield from range(3)\nprint(*g())",
    "finally": "try:\n    print(input())\nfinally:\n    print('done')",
    "recursion_caught": "def f(n): return f(n + 1)\ntry: f(0)\nexcept RecursionError: print('deep')",
    "classes": "class A:\n    def __init__(self): self.x = 1\n    def __lt__(self, o): return self.x < o.x",
    "gc_off": "import gc\ngc.disable()\ngc.freeze()",
}


@pytest.fixture
def python(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The agent's module, imported as the agent does."""
    monkeypatch.syspath_prepend(str(AGENT))
    monkeypatch.setitem(sys.modules, "protocol", protocol)
    for name in ("python", "ending", "wipe"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = __import__("python")
    for name in ("python", "ending", "wipe"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(module, "_written", set)
    return module


@pytest.fixture
def ahead(python: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Imported]:
    """What `import_ahead` would import for a list of names."""

    # This process is no agent: it may be larger than one may grow.
    monkeypatch.setattr(python, "_MOST_RSS_KB", 1 << 30)

    def ahead(names: bytes) -> Imported:
        found: Imported = []
        monkeypatch.setattr(
            python, "__import__", lambda name, _g, _l, members: found.append((name, members)), raising=False
        )
        python.import_ahead(names)
        return found

    return ahead


@pytest.mark.parametrize("names", NEVER.values(), ids=NEVER)
def test_never_imported_ahead(ahead: Callable[[bytes], Imported], names: bytes) -> None:
    assert [module for module, members in ahead(names) if (module, members) != ("unittest", [])] == []


def test_members_that_would_run_something_are_left_out(ahead: Callable[[bytes], Imported]) -> None:
    assert ahead(b"unittest:TestCase,__main__,*,mock") == [("unittest", ["TestCase", "mock"])]


def test_thousands_of_names_are_cut(ahead: Callable[[bytes], Imported]) -> None:
    assert len(ahead(b"\n".join(b"os.x%d" % i for i in range(50_000)))) == 200


def test_a_module_that_exits_does_not_end_the_session(python: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(name: str, *_: object) -> None:
        raise SystemExit(name)

    monkeypatch.setattr(python, "__import__", leave, raising=False)
    assert python.import_ahead(b"os\njson") is None


def test_the_programs_imports_are_found(python: ModuleType) -> None:
    source = """
import os.path, json as j
from collections import deque, Counter
from math import *
from . import sibling
from .pack import name
def f():
    class C:
        try: import heapq
        except ImportError: from bisect import insort
    return lambda: [__import__('re')]
"""
    found = python._imports(compile(source, "s", "exec"))
    assert found == {"os.path", "json", "collections:deque,Counter", "math:*", "heapq", "bisect:insort"}


def test_imports_are_found_beyond_the_256th_name(python: ModuleType) -> None:
    source = "\n".join(f"name{i} = {i}.5" for i in range(70_000)) + "\nfrom json import dumps\nimport re\n"
    assert python._imports(compile(source, "s", "exec")) == {"json:dumps", "re"}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_programs_are_forked(python: ModuleType, source: str) -> None:
    assert not python.wants_exec(source.encode())


@pytest.mark.parametrize(
    "source", ["class A:\n    def __del__(self): pass", "import inspect", "open('a.py', 'w')", "x\0"]
)
def test_programs_that_could_tell_are_executed(python: ModuleType, source: str) -> None:
    assert python.wants_exec(source.encode())
