"""A program run by the fork server can't tell it from `python3 solution.py`: a catalogue of programs, run both ways."""

import re
import runpy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from judge.engine import languages
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Command, Limits, RunResult

pytestmark = pytest.mark.docker

CATALOGUE = Path(__file__).with_name("fidelity")
FORKED = languages.get("python3")
EXECUTED = replace(FORKED, run=Command(FORKED.run.argv, FORKED.run.env))
ROOMY = Limits(cpu_ms=20_000)

Run = Callable[..., list[RunResult]]
Seen = tuple[str, int, int, bytes, bytes]


def programs() -> Iterator[object]:
    """Every program of the catalogue: source and standard input, named."""
    for path in sorted(CATALOGUE.glob("*.py")):
        for name, program in runpy.run_path(str(path))["PROGRAMS"].items():
            source, stdin = program if isinstance(program, tuple) else (program, b"")
            yield pytest.param(source if isinstance(source, bytes) else source.encode(), stdin, id=name)


@pytest.fixture
def run(sandbox: DockerSandbox) -> Run:
    """Run a Python program once on each input, forked or by exec."""

    def run(source: str | bytes, *inputs: bytes, language: languages.Language = FORKED, limits: Limits = ROOMY):
        with sandbox.open("fidelity") as box:
            compilation = box.load(language, source.encode() if isinstance(source, str) else source)
            assert compilation.ok, compilation.output
            return [box.run(stdin, limits) for stdin in inputs or (b"",)]

    return run


def seen(result: RunResult) -> Seen:
    """What came out, without addresses and reference counts, which are never the same twice."""
    out, err = (re.sub(rb"0x[0-9a-f]+|(?<=refcount : )\d+", b"...", text) for text in (result.stdout, result.stderr))
    return result.ended.name, result.exit_code, result.signal, out, err


@pytest.mark.parametrize(("source", "stdin"), [*programs()])
def test_as_under_python3(run: Run, source: bytes, stdin: bytes) -> None:
    (forked,) = run(source, stdin)
    (executed,) = run(source, stdin, language=EXECUTED)
    assert seen(forked) == seen(executed)


# What stays different, and why it may: name -> (source, forked stdout, executed stdout).
KNOWN_DIFFERENCES = {
    # Undoing an import is not possible, and whether a statement is reached is not known beforehand.
    "submodule_imported_later": (
        "import xml\nprint(hasattr(xml, 'dom'))\ndef never(): import xml.dom",
        b"True\n",
        b"False\n",
    ),
    # The library's own is loaded by then; programs with '.py' in a string are executed.
    "library_shadowed_by_stealth": (
        "open('colorsys.' + 'py', 'w').write('x = 1')\nimport colorsys\nprint(hasattr(colorsys, 'x'))",
        b"False\n",
        b"True\n",
    ),
    # The real function can't hide a frame; only its type and name show.
    "limit_function": (
        "import sys\nprint(type(sys.setrecursionlimit).__name__)",
        b"function\n",
        b"builtin_function_or_method\n",
    ),
    # And it is deeper itself, in the text of this one error.
    "limit_too_low": (
        """
import sys
def f(n):
    if n: return f(n - 1)
    sys.setrecursionlimit(10)
try: f(20)
except RecursionError as error: print(error)
""",
        b"cannot set the recursion limit to 11 at the recursion depth 25: the limit is too low\n",
        b"cannot set the recursion limit to 10 at the recursion depth 23: the limit is too low\n",
    ),
    # A thread may go one call deeper; programs that catch RecursionError and use threads are executed.
    "depth_of_a_thread": (
        """
import threading
def f(n):
    global depth
    depth = n
    f(n + 1)
def main():
    try: f(1)
    except Exception: print(depth)
thread = threading.Thread(target=main)
thread.start()
thread.join()
""",
        b"997\n",
        b"996\n",
    ),
}


@pytest.mark.parametrize(("source", "forked", "executed"), KNOWN_DIFFERENCES.values(), ids=KNOWN_DIFFERENCES)
def test_known_difference(run: Run, source: str, forked: bytes, executed: bytes) -> None:
    (one,), (other,) = run(source), run(source, language=EXECUTED)
    assert (one.stdout, other.stdout) == (forked, executed)


def test_the_catalogue_is_not_executed_twice(run: Run) -> None:
    (forked,), (executed,) = (
        run("print(open('/pr' 'oc/self/cmdline').read())", language=language) for language in (FORKED, EXECUTED)
    )
    assert (b"start.py" in forked.stdout, b"solution.py" in executed.stdout) == (True, True)


UNSEEDED = {
    "random": "import random\nprint(random.random())",
    "numpy": "import numpy as np\nprint(np.random.rand())",
    "numpy_generator": "import numpy as np\nprint(np.random.default_rng().random())",
    "numpy_random_module": "from numpy.random import randint\nprint(randint(1 << 62))",
    "scipy": "from scipy.stats import norm\nprint(norm.rvs())",
    "sympy": "from sympy.core.random import random\nprint(random())",
    "uuid": "import uuid\nprint(uuid.uuid4())",
    "secrets": "import secrets\nprint(secrets.token_hex())",
    "tempfile": "import tempfile\nprint(tempfile.mktemp())",
    "system_random": "import random\nprint(random.SystemRandom().random())",
    "own_random": "import random\nprint(random.Random().random())",
}


@pytest.mark.parametrize("source", UNSEEDED.values(), ids=UNSEEDED)
def test_unseeded_differs_from_test_to_test(run: Run, source: str) -> None:
    results = run(source, b"", b"", b"") + run(source, b"")
    assert len({result.stdout for result in results}) == 4


BROKEN = {
    "unfinished": "print('a'\n",
    "indentation": "if 1:\nprint(1)\n",
    "mixed_tabs": "if 1:\n\tx = 1\n        y = 2\n",
    "return_outside": "x = 1\nreturn x\n",
    "await_outside": "await x\n",
    "bad_assignment": "f() = 3\n",
    "late_future": "x = 1\nfrom __future__ import annotations\n",
    "no_such_future": "from __future__ import braces\n",
    "unterminated": 'x = """abc\n',
    "old_print": "print 'a'\n",
    "too_deep": "x = " + "(" * 300 + ")" * 300,
    "warned_then_broken": "x = 1 is 1\nbreak\n",
    "latin1_text": "x = 1\nprint('é')\n".encode("latin-1"),
    "latin1_comment": "print(1)\n\n# é".encode("latin-1"),
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_the_compilers_words(sandbox: DockerSandbox, run: Run, source: str | bytes) -> None:
    source = source.encode() if isinstance(source, str) else source
    (executed,) = run(source, language=EXECUTED)
    with sandbox.open("fidelity") as box:
        compilation = box.load(FORKED, source)
    assert (compilation.ok, compilation.output) == (False, executed.stderr.decode())


def test_a_name_list_of_thousands_does_not_hold_the_session_up(run: Run) -> None:
    imports = "".join(f"try: import encodings.x{i}\nexcept ImportError: pass\n" for i in range(5000))
    (result,) = run(
        "if input() == 'yes':\n" + "".join(f" {line}\n" for line in imports.splitlines()) + "print('fine')", b"no"
    )
    assert result.stdout == b"fine\n"


def test_more_modules_than_the_limit_allows_are_the_programs_own_fault(run: Run) -> None:
    source = "import pandas, scipy.stats, sympy\nprint('imported')"
    (small,) = run(source, limits=replace(ROOMY, memory_kb=32 << 10))
    assert small.ended.name == "MEMORY_LIMIT"


def test_libraries_leave_no_files_of_theirs(run: Run) -> None:
    source = "import os\ndef never(): import matplotlib.pyplot\nprint(sorted(os.listdir()), os.listdir('/tmp'))"
    (result,) = run(source)
    assert result.stdout == b"['solution.py'] []\n"
