"""Ends a forked Python program as the interpreter ends `python3 solution.py`, without the price of tearing it down.

The order is CPython 3.11's: streams flushed, the error shown, threads waited for, exit functions, streams flushed
again, files closed. Runs in the program's own process, which has no privileges left.
"""

import _io
import _signal
import atexit
import gc
import os
import sys

_display = sys.__excepthook__
# Names of this module are found at less cost to a short program than attributes of others.
_exit_functions, _exit = atexit._ncallbacks, os._exit


def of(namespace, *, opens_files):
    """A function that ends the process after the error it is given (None: the program ran to its end)."""
    own = [layer for text in (sys.stdin, sys.stdout, sys.stderr) for layer in (text, text.buffer, text.buffer.raw)]
    stdout, stderr = sys.stdout, sys.stderr

    def finish(error):
        if error is None and not opens_files and "threading" not in sys.modules and not _exit_functions():
            try:
                if sys.stdout is stdout and sys.stderr is stderr:
                    stdout.flush()
                    stderr.flush()
                    _exit(0)
            except BaseException:  # noqa: BLE001, S110 - missing, closed, or failing: what follows is made for that
                pass
        _flush_silently(getattr(sys, "stderr", None), getattr(sys, "stdout", None))
        status = 0
        if error is not None:
            status = _show(error)
        if not isinstance(error, SystemExit):
            namespace.pop("__file__", None)
            namespace.pop("__cached__", None)
        interrupted = type(error) is KeyboardInterrupt
        del error
        _run_exit_functions()
        if not _flush_streams():
            status = 120
        # The program may have put others in their place: they go first, and with them what they have open.
        sys.stdout, sys.stderr = own[3], own[6]
        if opens_files:
            _close_files(own)
        _flush_silently(*own)
        if interrupted:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
            os.kill(os.getpid(), _signal.SIGINT)
        os._exit(status & 0xFF)

    return finish


def _show(error):
    """Show the error as the interpreter does; the exit status."""
    if isinstance(error, SystemExit):
        return _exit_status(error.code)
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    second = None
    try:
        hook = sys.excepthook
    except AttributeError:
        _complain("sys.excepthook is missing\n")
        _display(type(error), error, error.__traceback__)
        return 1
    try:
        hook(type(error), error, error.__traceback__)
    except BaseException as raised:  # noqa: BLE001 - the hook is the program's
        second = raised.with_traceback(raised.__traceback__.tb_next)
    if isinstance(second, SystemExit):
        return _exit_status(second.code)
    if second is not None:
        _complain("Error in sys.excepthook:\n")
        _display(type(second), second, second.__traceback__)
        _complain("\nOriginal exception was:\n")
        _display(type(error), error, error.__traceback__)
    return 1


def _exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code if -(1 << 63) <= code < 1 << 63 else -1
    try:
        text = str(code)
    except BaseException:  # noqa: BLE001 - the program's own __str__
        text = ""
    _complain(text)
    _complain("\n")
    return 1


def _complain(text):
    try:
        sys.stderr.write(text)
    except BaseException:  # noqa: BLE001 - sys.stderr may be anything, or nothing
        os.write(2, text.encode(errors="backslashreplace"))


def _run_exit_functions():
    """Wait for the threads, then call what `atexit` knows, with no frame of ours in what they report."""
    hook = sys.unraisablehook

    def without_our_frame(args):
        kind, value, traceback, message, thing = args
        if traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
            traceback = traceback.tb_next
            value.__traceback__ = traceback
        hook(type(args)((kind, value, traceback, message, thing)))

    sys.unraisablehook = without_our_frame
    threading = sys.modules.get("threading")
    if threading is not None:
        try:
            threading._shutdown()
        except BaseException as error:  # noqa: BLE001 - exit functions of the program's own
            _report(error, threading)
    atexit._run_exitfuncs()
    if sys.unraisablehook is without_our_frame:
        sys.unraisablehook = hook


def _flush_streams():
    """Flush stdout and stderr; False, and a word about it, where that cannot be done."""
    done = True
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name, None)
        if stream is None or _closed(stream):
            continue
        try:
            stream.flush()
        except BaseException as error:  # noqa: BLE001 - any object of the program's own may stand here
            done = False
            if name == "stdout":
                _report(error.with_traceback(error.__traceback__.tb_next), stream)
    return done


def _closed(stream):
    try:
        return bool(stream.closed)
    except BaseException:  # noqa: BLE001 - any object of the program's own may stand here
        return False


def _flush_silently(*streams):
    for stream in streams:
        try:
            stream.flush()
        except BaseException:  # noqa: BLE001, S112 - closed, taken apart, or no stream at all
            continue


def _close_files(but):
    """Close what the program left open: buffers are written, descriptors given back."""
    files = [
        thing
        for thing in gc.get_objects()
        if issubclass(type(thing), _io._IOBase) and not any(thing is other for other in but)
    ]
    _flush_silently(*files)
    for file in files:
        try:
            file.close()
        except BaseException:  # noqa: BLE001, S112 - an object of the program's own may fail as it likes
            continue


def _report(error, thing):
    """Give `error` to sys.unraisablehook as the interpreter does, whose type for it has no other constructor."""
    hook, caught = sys.unraisablehook, []
    sys.unraisablehook = caught.append

    class Failing:
        def __del__(self):
            raise ValueError

    Failing()
    sys.unraisablehook = hook
    hook(type(caught[0])((type(error), error, error.__traceback__, None, thing)))
