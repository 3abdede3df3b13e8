"""The coordinator of an import's worker processes: starts them, hands out units, hears what became of them.

Not in charge of: what a worker does (`import_child.py`, `settling.py`) or the run (`importing.py`).
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from django.db import connection

from problems import import_child
from problems.accounting import Fates
from problems.settling import Unit, Work
from problems.sources import SourceError

# All of an import together may take 600 MB, a bare process takes 90: more of them would have too little to work with.
MOST_WORKERS = 2
# What a worker may take besides, in bytes.
WORKER_MEMORY = 120 * 1024 * 1024
# A worker's answer in place of fates: the unit needs more memory than that.
TOO_LARGE = "too large"
LOOK_SECONDS = 1.0
END_SECONDS = 5.0


class WorkerLost(Exception):
    """A worker process died. Its text is for people."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    unit: Unit | None = None


def count() -> int:
    """How many workers this machine is to have."""
    return max(1, min(MOST_WORKERS, len(os.sched_getaffinity(0))))


def settle(
    work: Work, units: Iterator[Unit], workers: int, go_on: Callable[[], bool]
) -> Iterator[tuple[Unit, Fates | None, bool]]:
    """Let ``workers`` processes settle the units; gives each with its fates and whether it was too large for them.

    ``go_on`` is asked at least every LOOK_SECONDS; once it says no, no further unit is handed out. Raises SourceError
    and WorkerLost; what the others are at then is rolled back.
    """
    crew = [_start(work) for _ in range(workers)]
    try:
        asked_to_stop = False
        while True:
            asked_to_stop = asked_to_stop or not go_on()
            for worker in crew:
                if worker.unit is None and not asked_to_stop:
                    _hand_out(worker, next(units, None))
            busy = {worker.pipe: worker for worker in crew if worker.unit is not None}
            if not busy:
                return
            for pipe in wait(list(busy), LOOK_SECONDS):
                yield _answer(busy[pipe])  # type: ignore[index]
    finally:
        _end(crew)


def _start(work: Work) -> _Worker:
    spawn = multiprocessing.get_context("spawn")  # pyarrow's and the driver's threads don't survive a fork
    ours, theirs = spawn.Pipe()
    database = str(connection.settings_dict["NAME"])
    process = spawn.Process(target=import_child.main, args=(theirs, database, WORKER_MEMORY), daemon=True)
    process.start()
    theirs.close()  # so that its end is heard
    worker = _Worker(process, ours)
    _send(worker, work)
    return worker


def _hand_out(worker: _Worker, unit: Unit | None) -> None:
    if unit is not None:
        _send(worker, unit)
        worker.unit = unit


def _send(worker: _Worker, message: object) -> None:
    try:
        worker.pipe.send(message)
    except ConnectionError:
        raise _lost(worker) from None


def _answer(worker: _Worker) -> tuple[Unit, Fates | None, bool]:
    try:
        answer = worker.pipe.recv()
    except (EOFError, ConnectionError):
        raise _lost(worker) from None
    unit, worker.unit = worker.unit, None
    assert unit is not None  # noqa: S101 - only the busy ones are heard
    if answer == TOO_LARGE:
        return unit, None, True
    if isinstance(answer, str):
        raise SourceError(answer)
    return unit, answer, False


def _lost(worker: _Worker) -> WorkerLost:
    worker.process.join(END_SECONDS)
    code = worker.process.exitcode
    if code is not None and code < 0:
        how = f"was killed by signal {signal.Signals(-code).name}"
        if -code == signal.SIGKILL:
            how += ", which the system does where memory runs out"
    else:
        how = f"ended with exit code {code}; its last words are in the log"
    return WorkerLost(f"a worker process {how}. The same import, started again, goes on from here.")


def _end(crew: list[_Worker]) -> None:
    for worker in crew:
        worker.pipe.close()
        if worker.unit is not None:
            worker.process.kill()
    for worker in crew:
        worker.process.join(END_SECONDS)
        worker.process.kill()
        worker.process.join()
