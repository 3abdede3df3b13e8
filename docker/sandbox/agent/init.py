"""Process 1: talks to the worker, serves one session after the other, reaps orphans and proves the place clean.

Not in charge of: running programs (`session.py`). Standard library's C modules only: every import costs each container.
"""

import _signal
import _socket
import gc
import os
import sys
import time

import measure
import program
import protocol
import wipe

# A container's uids begin at random: what the kernel counts per uid (pipes, signals) is not shared by two owners.
FIRST_UID, LAST_FIRST_UID = 20_000, 59_000
_COPIED = 1 << 16


kept = None


class Become(BaseException):
    """Raised in a forked child to unwind the agent's frames; `start` is then called at module level of `start.py`."""

    def __init__(self, start):
        self.start = start


class Channel:
    """Whole messages over the agent's socket. EOFError where the worker has gone."""

    def __init__(self, sock):
        self.sock = sock
        self.fd = sock.fileno()

    def receive(self):
        """(kind, payload, descriptor or None)"""
        size = protocol.HEADER.size
        data, ancillary, _, _ = self.sock.recvmsg(size, _socket.CMSG_SPACE(4), _socket.MSG_WAITALL)
        if len(data) < size:
            raise EOFError
        descriptor = int.from_bytes(ancillary[0][2][:4], sys.byteorder) if ancillary else None
        kind, length = protocol.HEADER.unpack(data)
        return kind, self._exactly(length), descriptor

    def _exactly(self, length):
        parts = []
        while length:
            part = self.sock.recv(min(length, 1 << 20), _socket.MSG_WAITALL)
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def send(self, kind, *parts):
        """One message of the concatenated parts; large ones are not copied for it."""
        size = sum(map(len, parts))
        parts = (protocol.HEADER.pack(kind, size), *parts)
        for part in parts if size > _COPIED else (b"".join(parts),):
            self.sock.sendall(part)

    def wait(self):
        """True when a message is there, False when the worker has gone."""
        try:
            return bool(self.sock.recv(1, _socket.MSG_PEEK))
        except ConnectionResetError:
            return False


def kill_all():
    """SIGKILL to every process but this one and process 1, until none is left. True where one lived."""
    found = False
    while True:
        if _reap_what_ended() and os.getpid() == 1:
            return found  # every process is process 1's child, its child's child, or an orphan and so its child again
        try:
            os.kill(-1, _signal.SIGKILL)
        except ProcessLookupError:
            return found
        found = True
        time.sleep(0.0003)


def _reap_what_ended():
    """A process counts until it is reaped: by its parent, or by process 1. True where no child is left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _connect():
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    sock.connect(protocol.SOCKET_IN_CONTAINER)
    # Away from the low descriptors, which belong to submissions.
    high = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, os.dup2(sock.fileno(), 100, inheritable=False))
    sock.close()
    return Channel(high)


def _takes_descriptors():
    """False in gVisor, which knows no descriptors of the host's (nor pidfd, which is how it is told)."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def reap_until(pid):
    """Wait for `pid`, reaping every orphan that ends meanwhile; its wait status."""
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            return status


def main():
    """Serve sessions until the worker closes the connection. Raises Become in processes forked for a submission."""
    os.environ.pop("LD_BIND_NOW", None)
    channel = _connect()
    channel.send(protocol.HELLO, protocol.HELLO_BODY.pack(protocol.VERSION, _takes_descriptors()))
    import session  # while the worker goes on; and it imports this module's names

    # What all sessions share, made before the heap is frozen.
    shared = (channel, measure.Counters(), program.Lender(), session.python.Main())
    gc.freeze()
    uid = FIRST_UID + int.from_bytes(os.urandom(4), "big") % (LAST_FIRST_UID - FIRST_UID)
    while channel.wait():
        uid += 1
        ended_well = True
        try:
            session.Session(uid, *shared).serve()
        except session.Apart as apart:
            ended_well = apart.ok
        except EOFError:
            return
        kill_all()
        clean = wipe.everything(uid) and not wipe.ipc_left() and ended_well
        try:
            channel.send(protocol.CLEAN, protocol.CLEAN_BODY.pack(clean))
        except OSError:  # the worker has gone
            return
