"""The supervisor, run for real in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from judge.stack import supervisor
from judge.stack.processes import Running, find

SLEEPER = [sys.executable, "-c", "import time; time.sleep(1000)"]
# Deaf to SIGTERM, with a child of its own that is deaf too; it writes both pids.
DEAF = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {child}")
time.sleep(1000)
"""
RUN = """
import json, sys
from pathlib import Path
from judge.stack.supervisor import Child, Supervisor
folder, children, started = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3] == "started"
keeper = Supervisor([Child(n, a) for n, a in children.items()], folder, folder / "state.json", folder, {"a": 1}, 1.0)
sys.exit(keeper.run(started=lambda: started))
"""


@contextmanager
def supervised(folder: Path, started: str = "started", **children: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", RUN, str(folder), json.dumps(children), started])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def state(folder: Path) -> dict[str, Running]:
    return supervisor.read_state(folder / "state.json")[0]


def eventually(happened: Callable[[], object], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.05)
    return False


def children_of(folder: Path, *names: str) -> list[Running]:
    assert eventually(lambda: set(names) <= set(state(folder)))
    return [state(folder)[name] for name in names]


def test_kill_9_of_the_supervisor_leaves_no_child(tmp_path):
    with supervised(tmp_path, one=SLEEPER, two=SLEEPER) as process:
        children = children_of(tmp_path, "one", "two")
        process.kill()
        assert eventually(lambda: not any(child.alive() for child in children))


def test_a_deaf_child_is_killed_with_all_that_it_started(tmp_path):
    pids = tmp_path / "pids"
    with supervised(tmp_path, deaf=[sys.executable, "-c", DEAF, str(pids)]) as process:
        assert eventually(pids.exists)
        deaf = [find(int(pid)) for pid in pids.read_text().split()]
        process.terminate()
        assert process.wait(20) == 0
        assert eventually(lambda: not any(running and running.alive() for running in deaf))


def test_a_signal_stops_the_children_and_removes_the_state(tmp_path):
    with supervised(tmp_path, one=SLEEPER) as process:
        children = children_of(tmp_path, "one")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert not any(child.alive() for child in children)
        assert not (tmp_path / "state.json").exists()


def test_ctrl_c_in_a_terminal_reaches_the_supervisor_alone(tmp_path):
    with supervised(tmp_path, one=SLEEPER) as process:
        (child,) = children_of(tmp_path, "one")
        assert os.getpgid(child.pid) != os.getpgid(process.pid)


def test_a_dead_child_is_started_again(tmp_path):
    with supervised(tmp_path, one=SLEEPER):
        (child,) = children_of(tmp_path, "one")
        os.kill(child.pid, signal.SIGKILL)
        assert eventually(lambda: "one" in state(tmp_path) and state(tmp_path)["one"] != child)


def test_where_the_site_does_not_come_up_all_is_stopped(tmp_path):
    with supervised(tmp_path, started="no", one=SLEEPER) as process:
        assert process.wait(20) == 1
        assert not (tmp_path / "state.json").exists()


def test_what_a_child_prints_is_in_its_log(tmp_path):
    with supervised(tmp_path, one=[sys.executable, "-c", "print('hello')"]):
        log = tmp_path / "one.log"
        assert eventually(lambda: log.exists() and "hello" in log.read_text())


def test_another_process_with_the_pid_of_a_child_is_not_taken_for_it(tmp_path):
    me = find(os.getpid())
    assert me is not None
    supervisor.write_state(tmp_path / "state.json", {"one": Running(me.pid, me.started - 1)}, {"servers": ["broker"]})
    assert supervisor.read_state(tmp_path / "state.json") == ({}, {"servers": ["broker"]})
