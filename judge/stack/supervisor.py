"""Keeps the product's own processes running, and ends them all.

In charge of: starting the children in order, starting a dead one again, stopping all. Each child dies with the
supervisor, whatever kills it; what is running is written to a state file, from which `make down` and the next
`make up` clear what a crash left behind. Not in charge of: the embedded servers, which live on their own.
"""

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from judge.stack.processes import Running, find, stop
from judge.stack.say import say

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20.0
LONGEST_PAUSE = 30.0
# A child that ran this long has recovered: its next pause is the shortest again.
HEALTHY_SECONDS = 60.0
WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


@dataclass(slots=True)
class Child:
    """One process to keep: its log is ``name``.log. ``pause`` is in seconds."""

    name: str
    argv: Sequence[str]
    pause: float = 1.0
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    due: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Runs ``children`` with logs in ``log``; ``state`` is the state file's path and ``extra`` is kept in it too.

    Children that stay ``patience`` seconds after they were asked to end are killed.
    """

    children: list[Child]
    log: Path
    state: Path
    folder: Path
    extra: Mapping[str, object] = field(default_factory=dict)
    patience: float = STOP_SECONDS

    def run(self, started: Callable[[], bool] = lambda: True) -> int:
        """Start all, call ``started``, keep them running until a signal asks for the end. Returns the exit code.

        Where ``started`` returns False, all are stopped again and the exit code is 1.
        """
        # Blocked signals wait for sigtimedwait: no handler, no race. Children unblock them before they exec.
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        try:
            for child in self.children:
                self._start(child)
            if not started():
                return 1
            self._watch()
            return 0
        finally:
            self._stop()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)

    def _watch(self) -> None:
        while True:
            got = signal.sigtimedwait(WATCHED, self._until_next())
            if got is not None and got.si_signo != signal.SIGCHLD:
                say("\nStopping ...")
                return
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    self._died(child)
                if child.process is None and time.monotonic() >= child.due:
                    self._start(child)

    def _until_next(self) -> float:
        """Seconds until a child is due; SIGCHLD may have come before the wait, so never for long."""
        waits = [child.due - time.monotonic() for child in self.children if child.process is None]
        return max(0.0, min([2.0, *waits]))

    def _start(self, child: Child) -> None:
        parent = os.getpid()

        def in_child() -> None:
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
            if os.getppid() != parent:
                os._exit(1)

        with (self.log / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.argv,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C must reach the supervisor alone, and a stuck child's own children must be in reach.
                start_new_session=True,
                preexec_fn=in_child,  # noqa: PLW1509 - single-threaded here
            )
        child.began = time.monotonic()
        self._write_state()

    def _died(self, child: Child) -> None:
        assert child.process is not None  # noqa: S101 - the caller has seen it end
        code = child.process.returncode
        if time.monotonic() - child.began > HEALTHY_SECONDS:
            child.pause = 1.0
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        say(f"{child.name} {how}; starting it again in {child.pause:.0f} s. See {self.log / child.name}.log")
        child.process, child.due = None, time.monotonic() + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)
        self._write_state()

    def _stop(self) -> None:
        stop_groups([running for child in self.children if (running := _running(child))], self.patience)
        self.state.unlink(missing_ok=True)

    def _write_state(self) -> None:
        processes = {child.name: _running(child) for child in self.children} | {"supervisor": find(os.getpid())}
        write_state(self.state, processes, self.extra)


def write_state(path: Path, processes: Mapping[str, Running | None], extra: Mapping[str, object]) -> None:
    """Write the state file in one stroke."""
    known = {name: [found.pid, found.started] for name, found in processes.items() if found}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"processes": known, **extra}))
    fresh.rename(path)


def read_state(path: Path) -> tuple[dict[str, Running], dict[str, object]]:
    """(processes that still run, the rest) of a state file; both empty where there is none."""
    try:
        state = json.loads(path.read_text())
    except FileNotFoundError:
        return {}, {}
    known = {name: Running(*numbers) for name, numbers in state.pop("processes").items()}
    return {name: running for name, running in known.items() if running.alive()}, state


def stop_groups(leaders: list[Running], seconds: float = STOP_SECONDS) -> None:
    """Ask the processes to end; after ``seconds`` kill those that stayed, with all that they started."""
    deadline = time.monotonic() + seconds
    for leader in leaders:
        leader.send(signal.SIGTERM)
    while (left := [leader for leader in leaders if leader.alive()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    for leader in left:
        try:
            os.killpg(leader.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    stop(left, 5)


def _running(child: Child) -> Running | None:
    return find(child.process.pid) if child.process is not None else None
