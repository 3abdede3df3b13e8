"""Whether a port is free, and who has it where it is not."""

import errno
import os
import socket
from pathlib import Path

from judge.stack.processes import command_of
from judge.stack.say import Stop

LISTENING = "0A"


def check_free(host: str, port: int) -> None:
    """Raises Stop, naming the program that has the port where it can be seen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Stop(_why(host, port, error)) from error


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        holder = _holder(port)
        return (
            f"Port {port} on {host} is taken{f' by {holder}' if holder else ''}. "
            f"Stop that program, or choose another port:\n    make up PORT={port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}. Choose one above 1023:\n    make up PORT=8000"
    return f"Cannot listen on {host}:{port}: {error.strerror or error}. Set HOST to an address of this machine."


def _holder(port: int) -> str:
    """`name (pid N)` of the process that listens on the port, empty where it is hidden from this user."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if Path(table).exists():
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rsplit(":", 1)[1], 16) == port and fields[3] == LISTENING:
                    inodes.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(entry) in inodes for entry in (process / "fd").iterdir()):
                return f"{' '.join(command_of(int(process.name))[:3])[:80]} (pid {process.name})"
        except OSError:
            continue
    return ""
