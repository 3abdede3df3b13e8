"""Python submissions without the interpreter's start-up: compile once, import once, fork a test.

Compiling and opening code objects happens in children that have given up their privileges (`program.enter`). What a
program sees is kept the same as under `python3 solution.py`; where that cannot be had, `wants_exec` says so.
"""

import _signal
import io
import marshal
import os
import sys

import protocol

_AST_ONLY = 0x400  # ast.PyCF_ONLY_AST, without the cost of importing ast

# Programs that look at what differs in a forked interpreter: object finalisation at exit, the stack below `__main__`,
# the command line in /proc, loaded modules, the exact recursion limit.
_WANTS_EXEC = (
    b"__del__", b"/proc/", b"orig_argv", b"sys.modules", b"sys.flags", b"getrecursionlimit", b"_getframe", b"f_back",
    b"currentframe", b"inspect", b"extract_stack", b"print_stack", b"walk_stack", b"format_stack", b"get_objects",
    b"faulthandler", b"execv",
)  # fmt: skip

# Imported ahead, they would print, open windows, start threads or change how a program that lacks them behaves.
_NOT_AHEAD = {
    "__main__", "this", "antigravity", "idlelib", "turtle", "turtledemo", "tkinter", "test", "readline", "rlcompleter",
    "faulthandler", "tracemalloc", "cProfile", "profile", "trace", "pdb", "site", "sitecustomize", "usercustomize",
}  # fmt: skip

_AGENT_MODULES = ("init", "session", "supervise", "program", "protocol", "measure", "wipe", "python")


def wants_exec(source):
    """True where the program must run under a fresh `python3`."""
    return any(word in source for word in _WANTS_EXEC)


# --- in the compile child ---------------------------------------------------------------------------------------------


def compile_and_exit(source, path):
    """Write the names of the imports, NUL and the marshalled code to stdout, or the error to stderr and exit 1."""
    try:
        tree = compile(source, path, "exec", _AST_ONLY, dont_inherit=True)
        names = "\n".join(sorted(_imports(tree)))
        code = compile(tree, path, "exec", dont_inherit=True)
        data = names.encode() + b"\0" + marshal.dumps(code)
    except BaseException as error:  # noqa: BLE001 - the compiler may raise SyntaxError, MemoryError, RecursionError, ValueError
        _streams()
        sys.__excepthook__(type(error), error.with_traceback(None), None)
        sys.stderr.flush()
        os._exit(1)
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
    os._exit(0)


def _imports(tree):
    """Lines `module` or `module:name,name` for every absolute import anywhere in the tree."""
    found = set()
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        kind = type(node).__name__
        if kind == "Import":
            found.update(alias.name for alias in node.names)
        elif kind == "ImportFrom":
            if not node.level and node.module:
                found.add(f"{node.module}:{','.join(alias.name for alias in node.names)}")
        elif kind not in _LEAVES:
            for field in node._fields:
                value = getattr(node, field)
                if type(value) is list:
                    nodes.extend(item for item in value if hasattr(item, "_fields"))
                elif field in _NESTING and hasattr(value, "_fields"):
                    nodes.append(value)
    return found


# Statements that hold no statements; expressions are never entered.
_LEAVES = {
    "Expr",
    "Assign",
    "AugAssign",
    "AnnAssign",
    "Return",
    "Delete",
    "Raise",
    "Assert",
    "Global",
    "Nonlocal",
    "Pass",
}
_NESTING = {"body", "orelse", "finalbody", "handlers", "cases"}


# --- in the session ---------------------------------------------------------------------------------------------------


def import_ahead(names):
    """Import what the program will import, as far as it is the image's own: once, not once a test."""
    for line in names.split("\n"):
        module, _, members = line.partition(":")
        top = module.partition(".")[0]
        if not top.isidentifier() or top in _NOT_AHEAD or not _of_the_image(top):
            continue
        try:
            __import__(module, {}, {}, [m for m in members.split(",") if m and m != "*"])
        except Exception:  # noqa: BLE001, S112 - the program meets the same error itself, where it can be seen
            continue


def _of_the_image(top):
    if top in sys.stdlib_module_names:
        return True
    if top in _AGENT_MODULES:
        return False
    places = [f"{place}/{top}" for place in sys.path if "-packages" in place]
    return any(os.path.exists(place) or os.path.exists(f"{place}.py") for place in places)


# --- in the child that becomes the program ----------------------------------------------------------------------------


def become_main(code, filename, args):
    """Dress this process as `python3 FILENAME`; (code object, globals, what to call at its end) for `start.py`."""
    _streams()
    reseed_numpy()
    path = f"{protocol.WORK_DIR}/{filename}"
    main = type(sys)("__main__")
    namespace = main.__dict__
    namespace.update(
        __builtins__=sys.modules["builtins"], __file__=path, __cached__=None, __annotations__={}, __doc__=None
    )
    namespace["__loader__"] = sys.modules["_frozen_importlib_external"].SourceFileLoader("__main__", path)
    sys.modules["__main__"] = main
    for name in _AGENT_MODULES:
        sys.modules.pop(name, None)
    sys.argv[:] = [filename, *args]
    sys.path[0] = protocol.WORK_DIR
    sys.path_importer_cache.pop(protocol.WORK_DIR, None)
    # The agent's own frames below the program's first one.
    sys.setrecursionlimit(sys.getrecursionlimit() + 2)
    return marshal.loads(code), namespace, finish  # noqa: S302 - privileges are gone


def reseed_numpy():
    """numpy's global generator is seeded at import, which happened before the fork; `random` reseeds itself."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    sympy_random = sys.modules.get("sympy.core.random")
    if sympy_random is not None:
        sympy_random.rng.seed()


def _streams():
    """New standard streams over descriptors 0, 1 and 2, as the interpreter itself makes them."""
    for fd, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        model = getattr(sys, f"__{name}__")
        raw = io.FileIO(fd, mode, closefd=False)
        raw.name = f"<{name}>"
        buffer = io.BufferedReader(raw) if fd == 0 else io.BufferedWriter(raw)
        stream = io.TextIOWrapper(
            buffer, model.encoding, model.errors, newline=None if fd == 0 else "\n", line_buffering=fd == 2
        )
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def finish(error):
    """End the process as the interpreter would after `error` (None: the program ran to its end). Never returns."""
    status = 0
    if isinstance(error, SystemExit):
        status = _exit_status(error.code)
    elif error is not None:
        status = 1
        sys.excepthook(type(error), error, error.__traceback__)
    interrupted = isinstance(error, KeyboardInterrupt)
    del error
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    import atexit

    atexit._run_exitfuncs()
    status = _flush(status)
    if interrupted:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        os.kill(os.getpid(), _signal.SIGINT)
    os._exit(status & 0xFF)


def _exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    try:
        sys.stderr.write(f"{code}\n")
    except (AttributeError, ValueError, OSError):
        os.write(2, f"{code}\n".encode(errors="backslashreplace"))
    return 1


def _flush(status):
    """Flush both streams; a stdout that cannot be flushed makes the exit status 120, as in the interpreter."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None or getattr(stream, "closed", False):
            continue
        try:
            stream.flush()
        except Exception:  # noqa: BLE001 - any stream object of the program's own may stand here
            if stream is sys.stdout:
                status = 120
    return status
