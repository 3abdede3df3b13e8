"""The worker's end of the conversation with an agent (protocol.py): frozen values in, frozen values out.

Not in charge of: containers (docker.py) and who may use them (pool.py).
"""

import fcntl
import marshal
import os
import select
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judge.engine.errors import SandboxLost
from judge.engine.languages import Language
from judge.engine.sandbox import protocol
from judge.engine.types import Compilation, Limits, RunResult
from judge.engine.verdicts import Ended

# How much longer than the longest run the agent may take to answer before it counts as lost.
_GRACE_S = 10.0
# Small data travels inside the message: one descriptor less to make and pass.
_INLINE = 4096
# How the greeting begins, whatever the version.
_VERSION = struct.Struct("!H")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A loaded program: how compiling went, its compiled files (opaque), and whether anything odd was left behind."""

    compilation: Compilation
    artifact: bytes
    dirty: bool


class Agent:
    """One connected agent. Every method raises SandboxLost where the conversation broke off or made no sense."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        connection.settimeout(_GRACE_S)
        hello = self._receive(protocol.HELLO, _VERSION, protocol.HELLO_BODY.size - _VERSION.size)
        (version,) = _VERSION.unpack_from(hello)
        if version != protocol.VERSION or len(hello) != protocol.HELLO_BODY.size:
            raise SandboxLost(f"the sandbox image speaks protocol {version}, not {protocol.VERSION}: rebuild it")
        _, self._pass_descriptors = protocol.HELLO_BODY.unpack(hello)

    def load(self, language: Language, source: bytes, artifact: bytes | None) -> Loaded:
        """Open a session with this program; ``artifact`` is what an earlier compile of the same source gave."""
        limits = language.compile_limits
        self._socket.settimeout(_longest_s(limits))
        compile_ = language.compile
        request: dict[str, object] = {
            "filename": language.filename,
            "source": source,
            "compile": None if compile_ is None else list(compile_.argv),
            "compile_env": {} if compile_ is None else dict(compile_.env),
            "compile_limits": _as_words(limits),
            "artifacts": list(language.artifacts),
            "run": list(language.run.argv),
            "env": dict(language.run.env),
            "fork": language.run.fork_server,
        }
        self._send_with(protocol.LOAD, request, "artifact_bytes", artifact)
        more = protocol.MAX_COMPILE_OUTPUT + protocol.MAX_ARTIFACT + 65536
        payload = self._receive(protocol.LOADED, protocol.LOADED_BODY, more)
        ok, dirty, wall_us, output_size, artifact_size = protocol.LOADED_BODY.unpack_from(payload)
        start = protocol.LOADED_BODY.size
        if len(payload) != start + output_size + artifact_size:
            raise SandboxLost("the agent's answer has the wrong length")
        output = payload[start : start + output_size].decode(errors="replace")
        compilation = Compilation(bool(ok), output, wall_us // 1000, cached=artifact is not None)
        return Loaded(compilation, payload[start + output_size :], bool(dirty))

    def run(
        self, stdin: bytes, limits: Limits, args: Sequence[str], files: Mapping[str, bytes]
    ) -> tuple[RunResult, bool]:
        """One run of the loaded program, and whether it left anything odd behind."""
        self._socket.settimeout(_longest_s(limits))
        request: dict[str, object] = {**_as_words(limits), "args": list(args), "files": dict(files)}
        self._send_with(protocol.RUN, request, "stdin", stdin)
        body = protocol.RESULT_BODY
        payload = self._receive(protocol.RESULT, body, limits.output_kb * 1024 + protocol.MAX_STDERR)
        ended, dirty, exit_code, signal, cpu_us, wall_us, memory_kb, out, err = protocol.RESULT_BODY.unpack_from(
            payload
        )
        if len(payload) != body.size + out + err or ended > Ended.OUTPUT_LIMIT.value:
            raise SandboxLost("the agent's answer makes no sense")
        result = RunResult(
            ended=Ended(ended),
            exit_code=exit_code,
            signal=signal,
            cpu_ms=round(cpu_us / 1000),
            wall_ms=round(wall_us / 1000),
            memory_kb=memory_kb,
            stdout=payload[body.size : body.size + out],
            stderr=payload[body.size + out :],
        )
        return result, bool(dirty)

    def end(self) -> bool:
        """Close the session; True where the agent proved that nothing of it is left."""
        self._socket.settimeout(_GRACE_S)
        self._send(protocol.END, {})
        (clean,) = protocol.CLEAN_BODY.unpack(self._receive(protocol.CLEAN, protocol.CLEAN_BODY))
        return bool(clean)

    def alive(self) -> bool:
        """True where the agent has not hung up; between sessions it has nothing to say."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def close(self) -> None:
        """Hang up: the agent ends, and its container with it."""
        self._socket.close()

    def _send_with(self, kind: int, request: dict[str, object], name: str, data: bytes | None) -> None:
        """Send a message with ``data``: inside it where that is small or must be, else as a descriptor beside it.

        Large data inside a message makes both ends wait for each other again and again: a socket's buffer is small.
        """
        if data is None or len(data) <= _INLINE or not self._pass_descriptors:
            self._send(kind, request | {name: data})
            return
        descriptor = _sealed_memory(data)
        try:
            self._send(kind, request | {name: None}, descriptor)
        finally:
            os.close(descriptor)

    def _send(self, kind: int, message: dict[str, object], descriptor: int | None = None) -> None:
        payload = marshal.dumps(message, protocol.MARSHAL_VERSION)
        data = protocol.HEADER.pack(kind, len(payload)) + payload
        try:
            if descriptor is not None:
                sent = socket.send_fds(self._socket, [data], [descriptor])
                data = data[sent:]
            self._socket.sendall(data)
        except OSError as error:
            raise SandboxLost(f"the agent is gone: {error}") from error

    def _receive(self, expected: int, body: struct.Struct, more: int = 0) -> bytes:
        """The payload of the message that is due: ``body`` and at most ``more`` bytes after it."""
        kind, length = protocol.HEADER.unpack(self._exactly(protocol.HEADER.size))
        if kind != expected or not body.size <= length <= body.size + more:
            raise SandboxLost(f"the agent sent message {kind} of {length} bytes where {expected} was due")
        return self._exactly(length)

    def _exactly(self, size: int) -> bytes:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            try:
                received = self._socket.recv_into(view)
            except OSError as error:
                raise SandboxLost(f"the agent does not answer: {error}") from error
            if not received:
                raise SandboxLost("the agent hung up")
            view = view[received:]
        return bytes(buffer)


def _longest_s(limits: Limits) -> float:
    return protocol.MOST_WALLS * limits.wall_ms / 1000 + _GRACE_S


def _as_words(limits: Limits) -> dict[str, int]:
    """Limits as the agent reads them."""
    return {
        "cpu_ms": limits.cpu_ms,
        "wall_ms": limits.wall_ms,
        "memory_kb": limits.memory_kb,
        "output_kb": limits.output_kb,
    }


def _sealed_memory(data: bytes) -> int:
    """A memory file of ``data`` that nobody can change: shared with the program, not copied into its container."""
    descriptor = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor
