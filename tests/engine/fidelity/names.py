# ruff: noqa: E501 - a program a line is easier to look through
r"""Programs about what a script sees of itself: names, modules, flags, limits. name -> source, or (source, stdin)."""

PROGRAMS = {
    "argv": "import sys\nprint(sys.argv, sys.path[0], len(sys.path))",
    "dunder_names": "print(__name__, __file__, __doc__, __package__, __spec__, __cached__, __annotations__)",
    "dunder_loader": "print(type(__loader__), __loader__.name, __loader__.path, type(__builtins__))",
    "docstring": '"""What it does."""\nprint(__doc__, globals()["__doc__"])',
    "globals_keys": "print(list(globals()))",
    "globals_values": "print({k: v for k, v in globals().items() if k not in ('__builtins__', '__loader__')})",
    "dir_and_vars": "print(dir(), locals() is globals(), vars() is globals())",
    "annotations": "x: int = 3\ny: 'str'\nprint(__annotations__)",
    "main_module": "import __main__\nx = 5\nprint(__main__.x, __main__.__dict__ is globals(), __main__)",
    "import_itself": "import solution\nprint(__name__, solution.__name__)",
    "main_guard": 'def main():\n    print("ran")\nif __name__ == "__main__":\n    main()',
    "cwd_and_files": "import os\nprint(os.getcwd(), os.listdir(), os.path.abspath(__file__), os.access(__file__, os.W_OK))",
    "own_source": "print(open(__file__).read())",
    "next_descriptor": "print(open(__file__).fileno())",
    "environment": "import os\nprint(sorted(os.environ.items()))",
    "flags": "import sys\nprint(sys.flags, sys.dont_write_bytecode, sys.warnoptions, sys._xoptions)",
    "executable": "import sys\nprint(sys.executable, sys.prefix, sys.version, sys.byteorder, sys.platform)",
    "modules_absent": "import sys\nprint('numpy' in sys.modules, 'session' in sys.modules, 'init' in sys.modules)",
    "interpreter_settings": """
import gc, sys, threading
print(gc.isenabled(), gc.get_threshold(), gc.callbacks, sys.getswitchinterval(), sys.gettrace(), sys.getprofile())
sys.setswitchinterval(0.01)
print(sys.getswitchinterval(), threading.stack_size(), sys.get_int_max_str_digits(), threading.active_count())
""",
    "recursion_limit": "import sys\nprint(sys.getrecursionlimit())\nsys.setrecursionlimit(5000)\nprint(sys.getrecursionlimit())",
    "resource_limits": """
import resource
for name in ("CPU", "FSIZE", "CORE", "STACK", "NOFILE", "NPROC", "DATA", "AS"):
    print(name, resource.getrlimit(getattr(resource, "RLIMIT_" + name)))
""",
    "credentials": "import os\nprint(os.getuid() > 1000, os.getgroups(), os.getsid(0) == os.getpid(), os.umask(0))",
    "hash_order": "print({'a', 'b', 'spam', 'eggs', 'x1'}, hash('text'), hash(b'bytes'), hash(1.5), hash(None) != 0)",
    "builtins_names": "import builtins\nprint(dir(builtins))",
    "site_builtins": "print(exit, quit, copyright, type(help), type(license))",
    "signals_seen": "import signal\nprint([(s.name, signal.getsignal(s)) for s in signal.valid_signals() if hasattr(s, 'name') and s < 32])",
    "threads_seen": "import threading\nprint(threading.main_thread().name, len(threading.enumerate()))",
    "locale": "import locale, sys\nprint(locale.setlocale(locale.LC_CTYPE), locale.getpreferredencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())",
    "exec_inherits_no_flags": """
exec("def f(x: undefined_name = 1): pass" if False else "x = 1")
try:
    exec("def f(x: undefined_name): pass")
except NameError as error:
    print(error)
try:
    exec("print(1 <> 2)")
except SyntaxError as error:
    print(error)
print(eval("1/2"), __import__("dis").COMPILER_FLAG_NAMES.get(0))
""",
    "future_annotations": """
from __future__ import annotations
def f(x: undefined_name): pass
print(f.__annotations__)
exec("def g(y: also_undefined): pass")
print(g.__annotations__)
""",
    "future_flufl": "from __future__ import barry_as_FLUFL\nexec('print(1 <> 2)')\nprint(barry_as_FLUFL)",
    "identity_of_constants": """
def f(): return 1000.5, "a long text with spaces", (1, 2)
def g(): return 1000.5, "a long text with spaces", (1, 2)
print([a is b for a, b in zip(f(), g())], 1000.5 is f()[0], f.__code__.co_filename, f.__code__.co_firstlineno)
""",
    "pickle_main": """
import pickle, copy
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x
def double(x): return 2 * x
data = pickle.dumps((Point(3), double, Point))
print(pickle.loads(data)[0] == Point(3), b"__main__" in data, copy.deepcopy(Point(1)).x, Point, double.__module__)
""",
    "dataclasses_and_hints": """
from dataclasses import dataclass, field, asdict
from typing import NamedTuple, get_type_hints, Optional
from enum import Enum
from collections import namedtuple
@dataclass(order=True)
class Node:
    value: int
    rest: "Optional[Node]" = field(default=None, compare=False)
class Pair(NamedTuple):
    a: int
    b: "Node"
class Colour(Enum):
    RED = 1
P = namedtuple("P", "x y")
print(get_type_hints(Node), get_type_hints(Pair), asdict(Node(1, Node(2))), Colour.RED, P(1, 2), P.__module__)
""",
    "inspect_main": "import inspect\ndef f(a, b=1):\n    return a\nprint(inspect.getsource(f), inspect.signature(f), inspect.getmodule(f), len(inspect.stack()))",
    "frames": "import sys\nprint(sys._getframe().f_back, sys._getframe().f_code.co_name, sys._getframe().f_lineno)",
    "print_stack": "import traceback\ndef f():\n    traceback.print_stack()\n    print(len(traceback.extract_stack()))\nf()",
    "walrus_and_match": """
def kind(x):
    match x:
        case {"a": [1, *rest]}: return rest
        case str() | bytes(): return "text"
        case (a, b) if a == b: return a
        case _: return None
print([kind(v) for v in ({"a": [1, 2, 3]}, "x", (4, 4), 7)], [y := 3, y ** 2], f"{y=} {y!r:>4}")
""",
    "modern_syntax": """
async def agen():
    for i in range(3): yield i
async def main(): return [x async for x in agen()]
import asyncio
print(asyncio.run(main()), *(lambda *a, k=1, **kw: (a, k, kw))(1, 2, z=3), 0b11, 1_000, 3 @ M if (M := None) else "no")
""",
    "deep_literal": "x = " + "[" * 80 + "]" * 80 + "\nprint(str(x).count('['))",
    "long_sum": "print(" + "+".join(["1"] * 1500) + ")",
    "many_elifs": "x = 400\nif x == 0: print(0)\n" + "".join(f"elif x == {i}: print({i})\n" for i in range(1, 600)),
    "star_import": "from math import *\nfrom itertools import *\nprint(gcd(12, 18), list(accumulate([1, 2, 3])), pi)",
    "imports_inside": """
def f():
    from collections import deque, Counter
    import heapq as h
    return deque([1]), Counter("aab"), h.nsmallest(1, [3, 1])
try:
    import not_there
except ImportError as error:
    print(type(error), error, error.name)
try:
    from math import not_a_name
except ImportError as error:
    print(error)
print(f())
""",
    "missing_module": "import module_that_is_not_there",
    "missing_submodule": "import os.nothing",
    "missing_member": "from collections import nothing",
    "missing_member_of_package": "from xml import nothing",
    "relative_import": "from . import sibling",
    "relative_import_of_name": "from .sibling import name",
    "agents_names": """
import importlib
for name in ("init", "session", "supervise", "program", "protocol", "measure", "wipe", "python", "start", "agent"):
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(type(error).__name__, error)
""",
    "agents_names_by_statement": """
try: import session
except ModuleNotFoundError as error: print(error)
try: import init, wipe
except ModuleNotFoundError as error: print(error)
try: from protocol import *
except ModuleNotFoundError as error: print(error)
import python
""",
    "unicode_module": "try:\n    import ünï\nexcept ImportError as error:\n    print(error)\nimport ﬁles",
    "own_module_at_run_time": """
with open("helper_of_mine.py", "w") as file:
    file.write("value = 42")
import helper_of_mine
print(helper_of_mine.value, helper_of_mine.__file__)
""",
    "module_shadows_library": """
with open("colorsys.py", "w") as file:
    file.write("value = 42")
import colorsys
print(colorsys.value)
""",
    "module_in_module_out": "import os.path, xml.dom.minidom as m, json\nprint(os.path is __import__('posixpath'), m.__name__, json.dumps({'a': [1, None]}))",
    "package_main": "import unittest.__main__\nprint('not reached')",
    "module_that_prints": "import this\nprint('after')",
    "module_that_greets": "import __phello__\nimport __hello__\nprint('after')",
    "deprecated_module": "import imp\nimport cgi\nprint('after')",
    "module_that_exits": "import idlelib.idle\nprint('after')",
    "import_hook": "import sys\nprint(sys.meta_path, sys.path_hooks[0], sys.path)",
    "overwritten_builtins": """
def print(*a, _print=print): _print("<", *a, ">")
input = lambda: "mine"
list = [1]
print(input(), list)
import builtins
builtins.len = lambda x: 7
print(len([]))
del print
print(input())
""",
    "deleted_builtin": "import builtins\ndel builtins.sum\nprint(sum([1]))",
    "unicode_source": "naïve = 'Ünïcödé ✓ 🂡'\nprint(naïve, len(naïve))",
    "cookie_latin1": "# -*- coding: latin-1 -*-\nprint('é', len('é'))".encode("latin-1"),
    "byte_order_mark": b"\xef\xbb\xbfprint('bom', __doc__)",
    "carriage_returns": b"def f():\r\n    return '''a\r\nb'''\r\nprint(repr(f()))\r\n",
    "lone_carriage_returns": b"x = 1\rprint(x)\r",
    "form_feed_and_tabs": b"if 1:\n\tx = 1\n\x0c\n\tprint(x)\n",
    "nul_at_the_end": b"print(1)\n\0",
    "no_final_newline": b"if 1:\n    print(2)\n    # end",
    "nothing_at_all": "",
    "only_a_comment": "# nothing",
}
