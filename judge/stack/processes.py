"""Processes that outlive the command that started them: found again by pid and start time, stopped for sure."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Running:
    """One process. ``started`` (clock ticks since boot) tells it from a later one that got the same pid."""

    pid: int
    started: int

    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return find(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        """Signal it, if it is still there."""
        if self.alive():
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return


def find(pid: int) -> Running | None:
    """The process with this pid, None where there is none or only a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in parentheses may hold spaces and parentheses: fields are counted from its end.
    fields = stat[stat.rindex(")") + 2 :].split()
    return None if fields[0] in "ZX" else Running(pid, int(fields[19]))


def command_of(pid: int) -> list[str]:
    """The argv of a process, empty where it is gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [os.fsdecode(part) for part in raw.split(b"\0")[:-1]]


def wait_gone(processes: list[Running], seconds: float) -> list[Running]:
    """Wait until all have ended; those that have not are returned."""
    deadline = time.monotonic() + seconds
    while (left := [process for process in processes if process.alive()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def stop(processes: list[Running], seconds: float, number: signal.Signals = signal.SIGTERM) -> None:
    """Ask all to end by ``number``; after ``seconds`` kill those that stayed."""
    for process in processes:
        process.send(number)
    for process in wait_gone(processes, seconds):
        process.send(signal.SIGKILL)
    wait_gone(processes, 5)


def watched(argv: Sequence[str], environment: Mapping[str, str], log: Path, on_line: Callable[[str], None]) -> int:
    """Run a long command: every line it prints goes to ``log`` and to ``on_line``. Returns its exit code.

    Where the caller is interrupted the command is ended too.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        log.open("w") as file,
        subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        try:
            for line in process.stdout:
                file.write(line)
                file.flush()
                on_line(line.rstrip())
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()


def detached(argv: Sequence[str], log: Path) -> Running | None:
    """Start a server that outlives us, in a session of its own; what it prints is added to ``log``.

    None where it ended at once.
    """
    with log.open("ab") as file:
        pid = os.posix_spawnp(
            argv[0],
            list(argv),
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, file.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, file.fileno(), 2),
            ],
            setsid=True,
        )
    return find(pid)


def tail(log: Path, lines: int) -> str:
    """The last lines of a log, indented, for a message."""
    return "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-lines:])
