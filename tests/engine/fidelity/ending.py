# ruff: noqa: E501 - a program a line is easier to look through
r"""Programs about how a script ends: exit codes, errors, signals, what runs at exit. name -> source, or (source, stdin)."""

PROGRAMS = {
    "exit_code": "raise SystemExit(7)",
    "exit_none": "import sys\nprint('x')\nsys.exit()",
    "exit_text": "import sys\nprint('out')\nsys.exit('a text')",
    "exit_negative": "import sys\nsys.exit(-3)",
    "exit_256": "import sys\nsys.exit(256)",
    "exit_2_to_the_31": "import sys\nsys.exit(2 ** 31 + 5)",
    "exit_2_to_the_64": "import sys\nsys.exit(2 ** 64)",
    "exit_bool": "import sys\nsys.exit(True)",
    "exit_tuple": "raise SystemExit(1, 2)",
    "exit_object": "import sys\nclass C:\n    def __str__(self): return 'text of C'\nsys.exit(C())",
    "exit_object_that_fails": "import sys\nclass C:\n    def __str__(self): raise ValueError\nsys.exit(C())",
    "exit_subclass": "class E(SystemExit): pass\nraise E(9)",
    "exit_without_stderr": "import sys\nsys.stderr = None\nsys.exit('a text')",
    "exit_float": "import sys\nsys.exit(2.5)",
    "quit": "print('before')\nquit(4)",
    "exit_closes_stdin": "import atexit, sys\natexit.register(lambda: print(sys.stdin.closed))\nexit()",
    "os_exit": "import os\nprint('lost')\nos._exit(3)",
    "os_exit_much_output": "import os\nprint('x' * 6000)\nprint('y' * 3000)\nprint('z' * 3000, end='')\nos._exit(3)",
    "abort": "import os\nprint('lost')\nos.abort()",
    "error": "def f(x):\n    return 1 // x\n\nprint('before')\nf(0)",
    "error_chained": """
def f():
    try:
        {}["key"]
    except KeyError as error:
        raise ValueError("second") from error
try:
    f()
except ValueError:
    raise TypeError("third")
""",
    "error_suppressed": "try:\n    1/0\nexcept ZeroDivisionError:\n    raise KeyError('x') from None",
    "error_with_note": "error = ValueError('a')\nerror.add_note('a note')\nraise error",
    "error_group": """
def g(): raise KeyError("inner")
found = []
for f in (g, lambda: int("x")):
    try: f()
    except Exception as error: found.append(error)
raise ExceptionGroup("many", found)
""",
    "error_own_class": "class Own(Exception):\n    def __str__(self): return 'text'\nraise Own(1, 2)",
    "error_without_text": "class Own(Exception):\n    def __str__(self): raise KeyError\nraise Own",
    "error_syntax_in_eval": "eval('1 +')",
    "error_syntax_in_compile": "compile('a = (1,\\nb = 2', 'other.py', 'exec')",
    "error_in_exec": "exec('x = 1\\ny = x / 0')",
    "error_base_exception": "class Own(BaseException): pass\nraise Own('base')",
    "error_generator_exit": "raise GeneratorExit('x')",
    "error_multiline": "x = [1, 2,\n     3]\nvalue = (x[0]\n         + x[1]\n         + x[9])",
    "error_carets": "d = {'a': {'b': None}}\nprint(d['a']['b']['c'] + d['x'])",
    "error_name_hint": "import maths",
    "error_attribute_hint": "import math\nvalue = 3\nprint(math.sqr(2))",
    "error_name_suggested": "value = 3\nprint(valu)",
    "error_raised_again": "try:\n    1/0\nexcept ZeroDivisionError as error:\n    saved = error\nraise saved",
    "error_in_recursion": "def f(n):\n    if n == 0: raise ValueError(n)\n    f(n - 1)\nf(20)",
    "error_after_source_is_gone": "import os\nos.chdir('/')\n1/0",
    "hook": "import sys\nsys.excepthook = lambda t, v, tb: print('hook', t, v, tb.tb_lineno, tb.tb_next, sys.exc_info())\n1/0",
    "hook_fails": "import sys\ndef hook(*a):\n    raise KeyError('in hook')\nsys.excepthook = hook\n1/0",
    "hook_exits": "import sys\nsys.excepthook = lambda *a: sys.exit(5)\n1/0",
    "hook_missing": "import sys\ndel sys.excepthook\n1/0",
    "hook_none": "import sys\nsys.excepthook = None\n1/0",
    "hook_sees_last": "import sys\nsys.excepthook = lambda t, v, tb: print(sys.last_value is v, sys.last_type, sys.last_traceback is tb)\n1/0",
    "error_without_stderr": "import sys\nsys.stderr = None\n1/0",
    "error_with_stderr_lost": "import sys\ndel sys.stderr\n1/0",
    "error_with_stderr_elsewhere": "import sys\nsys.stderr = sys.stdout\nprint('x')\n1/0",
    "error_in_atexit_has_no_context": "import atexit\n@atexit.register\ndef f(): raise KeyError('late')\n1/0",
    "error_print_exc": "import traceback\ndef f(): 1/0\ntry: f()\nexcept Exception: traceback.print_exc(); print(traceback.format_exc())",
    "assertion": "x = 3\nassert x == 4, f'x is {x}'",
    "keyboard_interrupt": "print('before')\nraise KeyboardInterrupt",
    "keyboard_interrupt_subclass": "class K(KeyboardInterrupt): pass\nraise K('own')",
    "keyboard_interrupt_atexit": "import atexit\natexit.register(print, 'bye')\nraise KeyboardInterrupt('text')",
    "sigint_to_self": "import os, signal\nprint('before')\nos.kill(os.getpid(), signal.SIGINT)\nprint('after')",
    "sigint_handled": "import os, signal\ntry:\n    os.kill(os.getpid(), signal.SIGINT)\n    for _ in range(1000): pass\nexcept KeyboardInterrupt as error:\n    print('caught', repr(error))",
    "sigterm_to_self": "import os, signal\nprint('lost')\nos.kill(os.getpid(), signal.SIGTERM)",
    "sigsegv_to_self": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "sigkill_to_self": "import os, signal\nprint('lost')\nos.kill(os.getpid(), signal.SIGKILL)",
    "signal_handler": "import os, signal\ndef h(n, frame): print('got', n, frame.f_code.co_name)\nsignal.signal(signal.SIGUSR1, h)\nos.kill(os.getpid(), signal.SIGUSR1)\nprint('on')",
    "alarm_raises": "import signal, time\ndef h(*a): raise TimeoutError('late')\nsignal.signal(signal.SIGALRM, h)\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\ntime.sleep(1)",
    "broken_pipe": "import os, sys\nr, w = os.pipe()\nos.close(r)\nos.dup2(w, 1)\nprint('x')",
    "broken_pipe_raised": "import os, sys\nr, w = os.pipe()\nos.close(r)\nos.write(w, b'x')",
    "sigpipe_default": "import os, signal\nsignal.signal(signal.SIGPIPE, signal.SIG_DFL)\nr, w = os.pipe()\nos.close(r)\nos.write(w, b'x')",
    "atexit_order": "import atexit\nfor i in range(3): atexit.register(print, i)\nprint('end')",
    "atexit_error": "import atexit\natexit.register(print, 'first')\n@atexit.register\ndef f(): 1/0\nprint('end')",
    "atexit_exit": "import atexit, sys\natexit.register(sys.exit, 5)\nprint('end')",
    "atexit_os_exit": "import atexit, os\natexit.register(os._exit, 6)\nprint('end')",
    "atexit_registers": "import atexit\natexit.register(lambda: atexit.register(print, 'inner'))\nprint('end')",
    "atexit_after_error": "import atexit\natexit.register(print, 'bye')\n1/0",
    "atexit_file_name": "import atexit\natexit.register(lambda: print('__file__' in globals(), '__cached__' in globals(), __name__))",
    "atexit_file_name_on_exit": "import atexit, sys\natexit.register(lambda: print('__file__' in globals()))\nsys.exit(1)",
    "atexit_no_error_seen": "import atexit, sys\natexit.register(lambda: print(sys.exc_info(), sys.exception()))\nsys.exit('x')",
    "atexit_and_buffers": "import atexit, os\nprint('printed')\natexit.register(os.write, 1, b'written\\n')",
    "error_and_buffers": "import os, sys\nsys.excepthook = lambda *a: os.write(1, b'hook\\n')\nprint('printed')\n1/0",
    "finalize": "import weakref\nclass C: pass\nc = C()\nweakref.finalize(c, print, 'finalized')\nprint('end')",
    "del_at_exit": "class C:\n    def __del__(self): print('del')\nc = C()\nprint('end')",
    "del_before_exit": "class C:\n    def __del__(self): print('del')\nc = C()\ndel c\nprint('end')",
    "generator_at_exit": "def g():\n    try:\n        yield 1\n    finally:\n        print('closed')\nx = g()\nnext(x)\nprint('end')",
    "file_unclosed": "out = open(1, 'w')\nout.write('never flushed by hand\\n')",
    "fdopen_unclosed": "import os\nout = os.fdopen(1, 'w')\nprint('a', file=out)\nos.write(1, b'first\\n')",
    "file_in_a_function": "def main():\n    global write\n    out = open(1, 'wb')\n    write = out.write\nmain()\nwrite(b'bytes\\n')",
    "stdout_replaced": "import sys, io\nprint('old')\nsys.stdout = io.StringIO()\nprint('swallowed')",
    "stdout_reopened": "import sys, os\nprint('old')\nsys.stdout = os.fdopen(1, 'w', 65536)\nprint('new')",
    "stdout_rewrapped": "import sys, io\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, newline='\\r\\n')\nprint('a')",
    "stdout_detached": "import sys\nbuffer = sys.stdout.detach()\nbuffer.write(b'bytes\\n')",
    "stdout_without_flush": "import sys\nclass W:\n    def write(self, t): sys.__stdout__.write(t.upper())\nsys.stdout = W()\nprint('a')",
    "stdout_none": "import sys\nsys.stdout = None\nprint('a')",
    "fast_io": """
import os, sys
from io import BytesIO, IOBase
class FastIO(IOBase):
    newlines = 0
    def __init__(self, file):
        self._fd = file.fileno()
        self.buffer = BytesIO()
        self.writable = "x" in file.mode or "r" not in file.mode
        self.write = self.buffer.write if self.writable else None
    def readline(self):
        while self.newlines == 0:
            b = os.read(self._fd, max(os.fstat(self._fd).st_size, 8192))
            self.newlines = b.count(b"\\n") + (not b)
            ptr = self.buffer.tell()
            self.buffer.seek(0, 2), self.buffer.write(b), self.buffer.seek(ptr)
        self.newlines -= 1
        return self.buffer.readline()
    def flush(self):
        if self.writable:
            os.write(self._fd, self.buffer.getvalue())
            self.buffer.truncate(0), self.buffer.seek(0)
class IOWrapper(IOBase):
    def __init__(self, file):
        self.buffer = FastIO(file)
        self.flush = self.buffer.flush
        self.writable = self.buffer.writable
        self.write = lambda s: self.buffer.write(s.encode("ascii"))
        self.readline = lambda: self.buffer.readline().decode("ascii")
sys.stdin, sys.stdout = IOWrapper(sys.stdin), IOWrapper(sys.stdout)
input = lambda: sys.stdin.readline().rstrip("\\r\\n")
print(input(), input())
""",
    "stdout_closed": "import sys\nprint('x')\nsys.stdout.close()",
    "print_to_closed_stdout": "import sys\nsys.stdout.close()\nprint('x')",
    "descriptor_1_closed": "import os\nos.close(1)\nprint('x')",
    "descriptor_1_closed_nothing_printed": "import os\nos.close(1)",
    "descriptor_2_closed": "import os\nos.close(2)\n1/0",
    "descriptor_0_closed": "import os\nos.close(0)\ninput()",
    "stderr_closed": "import sys\nsys.stderr.close()\n1/0",
    "flush_fails": "import sys\nclass W:\n    def write(self, t): pass\n    def flush(self): raise ValueError('no flush')\nsys.stdout = W()\nprint('x')",
    "surrogate_printed": "print('before')\nprint('\\ud800')",
    "full_device": "import sys\nsys.stdout = open('/dev/full', 'w')\nprint('x')",
    "syntax_warning": "x = 5\nif x is 5: print('five')\nassert (x, 'always')\nprint('\\d')",
    "warnings_shown": "import warnings\nwarnings.warn('careful')\ndef f():\n    warnings.warn('old', DeprecationWarning)\nf()\nf()",
    "warning_stacklevel": "import warnings\nwarnings.warn('outside', stacklevel=2)",
    "warning_as_error": "import warnings\nwarnings.simplefilter('error')\nwarnings.warn('fatal')",
    "resource_warning": "import warnings\nwarnings.simplefilter('always')\ndef f(): open(__file__)\nf()",
    "settrace": "import sys\ndef t(frame, event, arg):\n    sys.stdout.write(f'{event} {frame.f_code.co_name}\\n')\n    return t\ndef f(): return 1\nsys.settrace(t)\nf()\nsys.settrace(None)",
    "settrace_until_the_end": "import sys\nsys.settrace(lambda frame, event, arg: print(event, frame.f_code.co_name))\ndef f(): return 1\nf()",
    "setprofile": "import sys\ndef f(): return 1\nsys.setprofile(lambda frame, event, arg: sys.stdout.write(event + frame.f_code.co_name + '\\n'))\nf()",
    "breakpoint": "x = 1\nbreakpoint()\nprint('after')",
    "breakpoint_with_commands": ("x = 41\nbreakpoint()\nprint('after')\n", b"p x + 1\nw\nc\n"),
    "interact": "import code\ncode.interact(banner='b', exitmsg='e')",
}
