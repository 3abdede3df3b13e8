"""One submission's stay: takes the source in, has it compiled, runs its tests one after the other.

Process 1 serves it itself; where the program imports what is not there yet, a child takes over, and what was imported
ends with it. Both have the agent's privileges and therefore never compile, unpickle or run hostile text: their forked
children do, after giving them up.
"""

import gc
import marshal
import os
import stat

import program
import protocol
import python
import supervise
import wipe
from init import Become, reap_until

PYTHON_COMPILE_LIMITS = {"cpu_ms": 10_000, "wall_ms": 20_000, "memory_kb": 1 << 20, "output_kb": 32 << 10}


class Apart(Exception):
    """A child of ours served the session to its end; `ok` where that was a good one."""

    def __init__(self, status):
        self.ok = status == 0


class Session:
    """The state of one submission: how to start it and which files of the work directory are its own."""

    def __init__(self, uid, channel, counters, lender, main):
        self.uid = uid
        self.channel = channel
        self.counters = counters
        self.lender = lender
        self.main = main
        self.load = None
        self.forks = False
        self.keep = frozenset()
        self.apart = False

    def serve(self):
        """Answer messages until END. EOFError where the worker has gone; Apart where a child did it."""
        while True:
            kind, payload, descriptor = self.channel.receive()
            if kind == protocol.LOAD:
                self._load(marshal.loads(payload), descriptor)  # noqa: S302 - the worker's own words
            elif kind == protocol.RUN:
                self._run(marshal.loads(payload), descriptor)  # noqa: S302 - the worker's own words
            elif self.apart:
                os._exit(0)
            else:
                return

    # --- loading ----------------------------------------------------------------------------------------------------

    def _load(self, load, artifact):
        self.load = load
        _write(load["filename"], load["source"], 0o644)
        self.keep = {load["filename"]}
        if artifact is not None:
            self._unpack(os.pread(artifact, os.fstat(artifact).st_size, 0))
            os.close(artifact)
            self._loaded(ok=True)
        elif load["artifact_bytes"] is not None:
            self._unpack(load["artifact_bytes"])
            self._loaded(ok=True)
        elif load["compile"] is not None:
            self._compile()
        elif load["fork"]:
            self._compile_python()
        else:
            self._loaded(ok=True)

    def _loaded(self, *, ok, run=None, output=b"", artifact=b""):
        body = protocol.LOADED_BODY.pack(
            ok, bool(run and run.dirty), run.wall_us if run else 0, len(output), len(artifact)
        )
        self.channel.send(protocol.LOADED, body, output, artifact)

    def _compile(self):
        argv, environment = self.load["compile"], self.load["compile_env"]
        limits = self.load["compile_limits"]
        run = self._supervised(lambda: program.execute(argv, environment), limits, merge_stderr=True)
        output = bytes(run.stdout[: protocol.MAX_COMPILE_OUTPUT])
        if run.ended == protocol.EXITED and run.exit_code == 0:
            try:  # some compilers run what they compile: it may leave anything
                artifact = _collect(self.load["artifacts"])
                wipe.everything(self.uid, self.keep)
                self._unpack(artifact or b"")
            except OSError:
                artifact = None
            if artifact is None:
                output += b"\nThe compiler ended without an error but wrote no program that could be used."
                self._loaded(ok=False, run=run, output=output)
                return
            self._loaded(ok=True, run=run, output=output, artifact=artifact)
            return
        self._loaded(ok=False, run=run, output=output + _reason(run))

    def _compile_python(self):
        path = f"{protocol.WORK_DIR}/{self.load['filename']}"
        source = self.load["source"]
        run = self._supervised(lambda: python.compile_and_exit(source, path), PYTHON_COMPILE_LIMITS)
        if run.ended != protocol.EXITED or run.exit_code != 0:
            output = bytes(run.stderr[: protocol.MAX_COMPILE_OUTPUT])
            self._loaded(ok=False, run=run, output=output + _reason(run))
            return
        names, _, code = bytes(run.stdout).partition(b"\0")
        if not python.wants_exec(source):
            self.forks = True
            self.main.load(self.load["filename"], code)
            self._import(names)
        self._loaded(ok=True, run=run)

    def _import(self, names):
        if python.imported_already(names):
            return
        pid = os.fork()
        if pid:
            raise Apart(reap_until(pid))
        self.apart = True
        self.lender.is_new_process()
        python.import_ahead(names)
        gc.freeze()

    def _unpack(self, artifact):
        """Artifacts are (mode, name length, size, name, bytes) in turn; a name may have one directory in it."""
        artifact = memoryview(artifact)
        position = 0
        names = []
        while position < len(artifact):
            mode = int.from_bytes(artifact[position : position + 2], "big")
            name_length = int.from_bytes(artifact[position + 2 : position + 4], "big")
            size = int.from_bytes(artifact[position + 4 : position + 8], "big")
            position += 8
            name = os.fsdecode(bytes(artifact[position : position + name_length]))
            position += name_length
            directory = name.rpartition("/")[0]
            if directory and directory not in names:
                os.mkdir(f"{protocol.WORK_DIR}/{directory}", 0o755)
                names.append(directory)
            _write(name, artifact[position : position + size], mode)
            names.append(name)
            position += size
        self.keep = self.keep.union(n.partition("/")[0] for n in names)

    # --- running ----------------------------------------------------------------------------------------------------

    def _run(self, request, stdin):
        if stdin is None:
            stdin = _memfd(request["stdin"])
        args = request["args"]
        for name, data in request["files"].items():
            _write(name, data, 0o644)
        if not self.forks:
            argv, environment = _with_memory(self.load, request["memory_kb"])
            start = lambda: program.execute(argv + args, environment)  # noqa: E731
        else:
            start = lambda: _unwind(lambda: self.main.become(args))  # noqa: E731
        run = self._supervised(start, request, stdin)
        run.dirty |= not wipe.after_run(self.uid, self.keep)
        memory_kb = run.memory_kb
        if self.forks:  # what was imported ahead is the program's own, and the child has it all
            memory_kb = max(memory_kb, run.max_rss_kb)
            if memory_kb > request["memory_kb"] and run.ended in (protocol.EXITED, protocol.SIGNALLED):
                run.ended, run.dirty = protocol.MEMORY_LIMIT, True
        body = protocol.RESULT_BODY.pack(
            run.ended, run.dirty, run.exit_code, run.signal, run.cpu_us, run.wall_us, memory_kb,
            len(run.stdout), len(run.stderr),
        )  # fmt: skip
        self.channel.send(protocol.RESULT, body, run.stdout, run.stderr)

    def _supervised(self, start, limits, stdin=None, merge_stderr=False):
        return supervise.run(self, start, limits, stdin, merge_stderr)


def _unwind(become):
    raise Become(become)


def _with_memory(load, memory_kb):
    """The run's argv and environment with the memory limit in place of `{memory_mb}`."""
    memory = str(memory_kb >> 10)
    argv = [word.replace("{memory_mb}", memory) for word in load["run"]]
    return argv, {name: value.replace("{memory_mb}", memory) for name, value in load["env"].items()}


def _reason(run):
    if run.ended in (protocol.CPU_LIMIT, protocol.WALL_LIMIT):
        return b"\nCompiling took too long and was stopped."
    if run.ended == protocol.MEMORY_LIMIT:
        return b"\nCompiling needed too much memory and was stopped."
    if run.ended == protocol.OUTPUT_LIMIT:
        return b"\nThe compiler's messages grew too long; it was stopped."
    if run.ended == protocol.SIGNALLED:
        return b"\nThe compiler ended by signal %d." % run.signal
    return b""


def _write(name, data, mode):
    fd = os.open(f"{protocol.WORK_DIR}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
    os.close(fd)


def _memfd(data):
    fd = os.memfd_create("stdin", os.MFD_CLOEXEC)
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _collect(names):
    """What a compile left under `names` (files, or directories one level deep) in `_unpack`'s form, or None."""
    parts = []
    total = 0
    for name in names:
        for path in _files(name):
            try:
                fd = os.open(f"{protocol.WORK_DIR}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError:
                return None
            status = os.fstat(fd)
            total += status.st_size
            if not stat.S_ISREG(status.st_mode) or total > protocol.MAX_ARTIFACT:
                os.close(fd)
                return None
            with open(fd, "rb") as file:
                data = file.read()
            encoded = os.fsencode(path)
            mode = 0o755 if status.st_mode & 0o111 else 0o644
            sizes = (mode.to_bytes(2, "big"), len(encoded).to_bytes(2, "big"), len(data).to_bytes(4, "big"))
            parts += [*sizes, encoded, data]
    return b"".join(parts) or None


def _files(name):
    path = f"{protocol.WORK_DIR}/{name}"
    if not os.path.isdir(path) or os.path.islink(path):
        return [name]
    return [f"{name}/{inner}" for inner in sorted(os.listdir(path))]
