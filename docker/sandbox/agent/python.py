"""Python submissions without the interpreter's start-up: compile once, import once, fork a test.

Compiling and opening code objects happens in children that have given up their privileges (`program.enter`). What a
program sees is kept the same as under `python3 solution.py`; where that cannot be had, `wants_exec` says so. How a
program ends is in `ending.py`.
"""

import io
import marshal
import opcode
import os
import resource
import sys
import time

import ending
import protocol
import wipe

# Programs that look at what differs in a forked interpreter: object finalisation at exit, the stack below `__main__`,
# the command line in /proc, loaded modules, frozen objects; and those that write modules of their own.
_WANTS_EXEC = (
    b"__del__", b"/proc/", b"orig_argv", b"sys.modules", b"sys.flags", b"_getframe", b"f_back", b"_current_frames",
    b"currentframe", b"inspect", b"extract_stack", b"print_stack", b"walk_stack", b"format_stack", b"stack_info",
    b"stacklevel", b"settrace", b"setprofile", b"breakpoint", b"pdb", b"tracemalloc", b"gc.get_", b"get_objects",
    b"faulthandler", b"execv", b".py'", b'.py"', b"\0",
)  # fmt: skip
# The same, where two of them stand together: a generator's `finally` at exit, the exact depth of a thread.
_WANT_EXEC_TOGETHER = ((b"yield", b"finally"), (b"RecursionError", b"thread"))

# Imported ahead, they would print, warn, exit, open windows, or change how a program that lacks them behaves.
_NOT_AHEAD = {
    "__main__", "__hello__", "__phello__", "this", "antigravity", "idlelib", "turtle", "turtledemo", "tkinter", "test",
    "tests", "testing", "conftest", "readline", "rlcompleter", "faulthandler", "tracemalloc", "cProfile", "profile",
    "trace", "pdb", "site", "sitecustomize", "usercustomize", "pythran",
    # They warn whoever imports them that they are deprecated.
    "aifc", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "distutils", "imghdr", "imp",
    "lib2to3", "mailcap", "nis", "nntplib", "ossaudiodev", "pipes", "smtpd", "sndhdr", "spwd", "sre_compile",
    "sre_constants", "sre_parse", "sunau", "telnetlib", "uu", "xdrlib",
}  # fmt: skip

# What one program may have imported ahead; the rest it imports itself, on its own account.
_MOST_NAMES = 200
_LONGEST_LINE = 10_000
_MOST_CPU_S = 5.0
_MOST_RSS_KB = 160 << 10

_AGENT_MODULES = ("init", "session", "supervise", "program", "protocol", "measure", "wipe", "python", "ending")

_Function, _loads = type(lambda: None), marshal.loads
_IMPORT_NAME, _LOAD_CONST = opcode.opmap["IMPORT_NAME"], opcode.opmap["LOAD_CONST"]
_EXTENDED_ARG = opcode.EXTENDED_ARG


def wants_exec(source):
    """True where the program must run under a fresh `python3`."""
    return any(word in source for word in _WANTS_EXEC) or any(
        one in source and other in source for one, other in _WANT_EXEC_TOGETHER
    )


# --- in the compile child ---------------------------------------------------------------------------------------------


def compile_and_exit(source, path):
    """Write the names of the imports, NUL and the marshalled (code, warnings) to stdout; or the error to stderr.

    The warnings are the text that the compiler wrote to stderr. Exits with 1 where there was an error.
    """
    sys.stderr = warned = io.StringIO()
    if b"\0" in source:
        os._exit(0)  # compile() refuses what the interpreter reads from a file; `wants_exec` knows it too
    try:
        _check_encoding(source, path)
        code = compile(source, path, "exec", dont_inherit=True)
        data = "\n".join(sorted(_imports(code))).encode() + b"\0" + marshal.dumps((code, warned.getvalue()))
    except BaseException as error:  # noqa: BLE001 - SyntaxError, MemoryError, RecursionError, ValueError
        _streams()
        sys.stderr.write(warned.getvalue())
        sys.__excepthook__(type(error), error.with_traceback(None), None)
        sys.stderr.flush()
        os._exit(1)
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
    os._exit(0)


def _check_encoding(source, path):
    """Refuse what is not UTF-8 as the interpreter does when it reads a file: compile() accepts it in comments."""
    if b"coding" in b"".join(source.split(b"\n", 2)[:2]):
        return
    try:
        source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise SyntaxError(
            f"Non-UTF-8 code starting with '\\x{source[error.start]:02x}' in file {path} on line {line}, "
            "but no encoding declared; see https://peps.python.org/pep-0263/ for details"
        ) from None


def _imports(code):
    """Lines `module` or `module:name,name` for every absolute import anywhere in a code object."""
    found = set()
    waiting = [code]
    while waiting:
        code = waiting.pop()
        waiting.extend(constant for constant in code.co_consts if type(constant) is type(code))
        words = code.co_code
        at = words.find(_IMPORT_NAME)
        while at >= 0:
            if at % 2 == 0:
                # LOAD_CONST level, LOAD_CONST members, IMPORT_NAME
                name, at_members = _argument(words, at)
                members, at_level = _argument(words, at_members)
                level, _ = _argument(words, at_level)
                if words[at_members] == words[at_level] == _LOAD_CONST and code.co_consts[level] == 0:
                    wanted = code.co_consts[members] or ()
                    found.add(code.co_names[name] + (":" + ",".join(wanted) if wanted else ""))
            at = words.find(_IMPORT_NAME, at + 1)
    return found


def _argument(words, at):
    """The argument of the instruction at `at`, and where the instruction before it stands."""
    value, shift = words[at + 1], 8
    at -= 2
    while at >= 0 and words[at] == _EXTENDED_ARG:
        value |= words[at + 1] << shift
        shift += 8
        at -= 2
    return value, at


# --- in the session ---------------------------------------------------------------------------------------------------


def imported_already(names):
    """True where everything that `names` asks for is here: the program costs nothing to import."""
    return all(str(line.partition(b":")[0], "ascii", "replace") in sys.modules for line in names.split(b"\n") if line)


def import_ahead(names):
    """Import what the program will import, as far as it is the image's own: once, not once a test.

    `names` are the bytes that the compile child wrote: nothing is certain about them.
    """
    lines = names.split(b"\n", _MOST_NAMES)[:_MOST_NAMES]
    if lines == [b""]:
        return
    there = _written()
    until = time.process_time() + _MOST_CPU_S
    for line in lines:
        if len(line) > _LONGEST_LINE:
            continue
        module, _, members = line.decode("ascii", "replace").partition(":")
        members = [name for name in members.split(",")[:_MOST_NAMES] if _may_be_ahead(name)]
        if not all(map(_may_be_ahead, module.split("."))) or not _of_the_image(module.partition(".")[0]):
            continue
        try:
            __import__(module, {}, {}, members)
        except (Exception, SystemExit):  # noqa: BLE001, S112 - the program meets the same error itself, where it is seen
            continue
        if time.process_time() > until or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _MOST_RSS_KB:
            break
    for path in _written() - there:  # caches that a library keeps in its user's home
        _remove(path)


def _may_be_ahead(name):
    return name.isidentifier() and name not in _NOT_AHEAD and not name.startswith("test_")


def _of_the_image(top):
    if top in sys.stdlib_module_names:
        return True
    if top in _AGENT_MODULES:
        return False
    places = [f"{place}/{top}" for place in sys.path if "-packages" in place]
    return any(os.path.exists(place) or os.path.exists(f"{place}.py") for place in places)


def _written():
    return {f"{place}/{name}" for place in wipe.WRITABLE if os.path.isdir(place) for name in os.listdir(place)}


def _remove(path):
    if os.path.islink(path) or not os.path.isdir(path):
        os.unlink(path)
        return
    for name in os.listdir(path):
        _remove(f"{path}/{name}")
    os.rmdir(path)


# --- in process 1, for all that is forked from it ---------------------------------------------------------------------


class Main:
    """`__main__` as the interpreter makes it for `python3 FILENAME`: dressed before the forks, not once a test."""

    def __init__(self):
        _streams_like_a_programs()
        _hide_own_frame()
        module = type(sys)("__main__")
        self.namespace = module.__dict__
        self.namespace.update(__annotations__={}, __builtins__=sys.modules["builtins"])
        self.namespace.update(__file__=None, __cached__=None)
        sys.modules["__main__"] = module
        for name in _AGENT_MODULES:
            sys.modules.pop(name, None)

    def load(self, filename, data):
        """What is run from here on: the file's name, the bytes that the compile child wrote."""
        path = f"{protocol.WORK_DIR}/{filename}"
        self.namespace["__loader__"] = sys.modules["_frozen_importlib_external"].SourceFileLoader("__main__", path)
        self.namespace["__file__"] = path
        sys.argv[:] = [filename]
        self._data = data
        opens_files = b"open" in data or b"IO" in data or b"Buffered" in data
        self._finish = ending.of(self.namespace, opens_files=opens_files)

    def become(self, args):
        """In the child: (what runs the program, what to call at its end) for `start.py`."""
        # Not before the privileges are gone: what lies there is the submission's.
        sys.path[0] = protocol.WORK_DIR
        sys.path_importer_cache.pop(protocol.WORK_DIR, None)
        if args:
            sys.argv.extend(args)
        _reseed()
        code, warned = _loads(self._data)  # privileges are gone
        if warned:
            sys.stderr.write(warned)
        # A function of a module's code runs as that module does, and one call less deep than under exec().
        return _Function(code, self.namespace), self._finish


def _hide_own_frame():
    """The frame of `start.py` below the program's first one stays out of what a program reckons with."""
    set_limit, get_limit = sys.setrecursionlimit, sys.getrecursionlimit

    def setrecursionlimit(limit, /):
        set_limit(limit + 1 if isinstance(limit, int) and 0 < limit < 0x7FFFFFFF else limit)

    def getrecursionlimit():
        limit = get_limit()
        return limit - 1 if limit < 0x7FFFFFFF else limit

    set_limit(get_limit() + 1)
    sys.setrecursionlimit, sys.getrecursionlimit = setrecursionlimit, getrecursionlimit


def _reseed():
    """numpy's global generator is seeded at import, which happened before the fork; `random` reseeds itself."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    sympy_random = sys.modules.get("sympy.core.random")
    if sympy_random is not None:
        sympy_random.rng.seed()


def _streams_like_a_programs():
    """Streams over what a program will find: a memory file and pipes. They keep nothing of it but its kind."""
    kept = [os.dup(fd) for fd in range(3)]
    reading, writing = os.pipe()
    file = os.memfd_create("stdin")
    for fd, like in enumerate((file, writing, writing)):
        os.dup2(like, fd)
    _streams()
    for fd, own in enumerate(kept):
        os.dup2(own, fd)
    for fd in (*kept, reading, writing, file):
        os.close(fd)


def _streams():
    """New standard streams over descriptors 0, 1 and 2, as the interpreter itself makes them."""
    for fd, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        model = getattr(sys, f"__{name}__")
        raw = io.FileIO(fd, mode, closefd=False)
        raw.name = f"<{name}>"
        buffer = (io.BufferedReader if fd == 0 else io.BufferedWriter)(raw, raw._blksize)
        stream = io.TextIOWrapper(buffer, model.encoding, model.errors, newline="\n", line_buffering=fd == 2)
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
