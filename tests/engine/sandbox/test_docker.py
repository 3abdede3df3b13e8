"""The real container: hardened, cleaned between runs, gone with its worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docker
import docker.errors
import pytest

from judge.engine import languages
from judge.engine.errors import ImageMissing, SandboxLost
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.sandbox.orphans import LABEL, sweep
from judge.engine.types import Command, Limits
from judge.engine.verdicts import Verdict

pytestmark = pytest.mark.docker

Judged = Callable[..., tuple]
ROOT = Path(__file__).resolve().parents[3]


def output(judged: Judged, source: str, owner: str = "tests") -> str:
    _, (outcome,) = judged(source, owner=owner)
    assert outcome.result.exit_code == 0, outcome.result.stderr.decode()
    return outcome.result.stdout.decode().strip()


def kill_our_containers() -> None:
    api = docker.APIClient(version="auto")
    for container in api.containers(filters={"label": LABEL}):
        if f":{os.getpid()}:" in container["Labels"]["kodjudge.worker"]:
            with suppress(docker.errors.APIError):  # some are on their way out
                api.kill(container["Id"])


def test_a_missing_image_is_told_at_once() -> None:
    with pytest.raises(ImageMissing, match="make up"):
        DockerSandbox("no-such-image-of-ours")


def test_the_answer_never_enters(judged: Judged) -> None:
    source = """
import os
found = []
for folder in ("/work", "/tmp", "/run", "/dev/shm", "/opt"):
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                if b"SECRET-" + b"ANSWER" in open(os.path.join(where, name), "rb").read(): found.append(name)
            except OSError: pass
print(found)
"""
    _, (outcome,) = judged(source, (b"", b"SECRET-ANSWER"))
    assert outcome.result.stdout == b"[]\n"


def test_neither_privileges_nor_capabilities(judged: Judged, gvisor: bool) -> None:
    status = output(judged, "print(open('/proc/self/status').read())")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["CapEff"] == fields["CapPrm"] == "0" * 16
    assert gvisor or fields["NoNewPrivs"] == "1"  # gVisor does not tell
    assert fields["Seccomp"] == "2"
    assert "0" not in fields["Uid"].split("\t")


def test_no_network(judged: Judged) -> None:
    source = """
import socket
try: socket.create_connection(("1.1.1.1", 53), 1); print("connected")
except OSError: print("refused")
print(open("/proc/net/dev").read().count(":"))
"""
    assert output(judged, source) == "refused\n1"


@pytest.mark.parametrize("family", ["AF_NETLINK", "AF_VSOCK", "AF_PACKET", "AF_ALG"])
def test_odd_socket_families_are_refused(judged: Judged, family: str) -> None:
    source = f"""
import socket
try: socket.socket(socket.{family}, socket.SOCK_RAW); print("made")
except OSError as error: print(error.errno)
"""
    assert output(judged, source) == "1"


@pytest.mark.parametrize(
    "call", ["ptrace", "unshare", "mount", "bpf", "perf_event_open", "io_uring_setup", "userfaultfd", "keyctl", "sync"]
)
def test_system_calls_that_no_program_needs_are_refused(judged: Judged, call: str) -> None:
    numbers = {"ptrace": 101, "unshare": 272, "mount": 165, "bpf": 321, "perf_event_open": 298, "io_uring_setup": 425}
    numbers |= {"userfaultfd": 323, "keyctl": 250, "sync": 162}
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall({numbers[call]}, 0, 0, 0, 0, 0), ctypes.get_errno())
"""
    assert output(judged, source) == "-1 1"


def test_the_root_is_read_only(judged: Judged) -> None:
    source = """
import os
for path in ("/x", "/etc/x", "/opt/kodjudge/agent/init.py", "/run/kodjudge/x", "/usr/bin/x"):
    try: open(path, "ab"); print("wrote", path)
    except OSError: pass
"""
    assert output(judged, source) == ""


def test_the_agents_socket_cannot_be_reached(judged: Judged) -> None:
    assert output(judged, "import os\nprint(os.listdir('/run/kodjudge'))") == "[]"


def test_the_agent_cannot_be_killed_or_read(judged: Judged, gvisor: bool) -> None:
    # gVisor shows names of descriptors and the (public) environment.
    files = ("mem",) if gvisor else ("mem", "environ", "fd/100", "cwd/x")
    source = f"""
import os, signal
def reached(attempt):
    try: attempt(); return True
    except OSError: return False
for pid in (1, os.getppid()):
    if reached(lambda: os.kill(pid, signal.SIGKILL)): print("killed", pid)
    for name in {files!r}:
        if reached(lambda: open(f"/proc/{{pid}}/{{name}}", "rb").read(1)): print("read", pid, name)
"""
    assert output(judged, source) == ""


def test_what_a_test_wrote_is_gone_for_the_next(judged: Judged) -> None:
    source = """
import os
every = [p for p in (".", "/tmp", "/dev/shm", "/dev/mqueue") if os.path.isdir(p)]
places = [p for p in every for n in os.listdir(p) if "mark" in n]
for p in (".", "/tmp", "/dev/shm"): open(p + "/mark", "w").write("x")
os.makedirs("/tmp/mark-dir/a/b"); os.chmod("/tmp/mark-dir/a", 0)
print(places)
"""
    _, outcomes = judged(source, (b"", b"[]"), (b"", b"[]"))
    assert [o.verdict for o in outcomes] == [Verdict.AC, Verdict.AC], [o.result for o in outcomes]


def test_the_source_cannot_be_changed_for_the_next_test(judged: Judged) -> None:
    source = """
import os
for attempt in (lambda: open(__file__, "w"), lambda: os.unlink(__file__), lambda: os.rename(__file__, "x")):
    try: attempt(); print("changed")
    except OSError: pass
"""
    assert output(judged, source) == ""


def test_a_daemon_does_not_live_on(judged: Judged) -> None:
    source = """
import os, time
others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid(), os.getppid())]
if os.fork() == 0:
    os.setsid(); time.sleep(600)
print(len(others))
"""
    _, outcomes = judged(source, (b"", b"0"), (b"", b"0"))
    assert [o.verdict for o in outcomes] == [Verdict.AC, Verdict.AC]


def test_no_trace_for_another_owner(judged: Judged) -> None:
    write = """
import ctypes
libc = ctypes.CDLL(None)
print(libc.shmget(0x51DE, 4096, 0o1666), libc.semget(0x51DE, 1, 0o1666), libc.msgget(0x51DE, 0o1666))
open("/tmp/mark", "w").write("x")
"""
    read = "import os\nprint(os.path.exists('/tmp/mark'))"
    assert output(judged, write, owner="first") == "-1 -1 -1"  # System V objects would outlive their processes
    assert output(judged, read, owner="second") == "False"
    assert output(judged, read, owner="first") == "False"


def test_an_owner_goes_on_in_the_same_container_under_another_uid(judged: Judged) -> None:
    source = "import os\nprint(os.getuid(), os.stat('/proc/1').st_mtime_ns)"
    uid, container = output(judged, source, owner="returning").split()
    next_uid, next_container = output(judged, source, owner="returning").split()
    assert container == next_container
    assert uid != next_uid


def test_children_that_ended_and_were_not_waited_for_are_nothing_left_behind(judged: Judged) -> None:
    source = "import os, time\nif os.fork() == 0: os._exit(0)\ntime.sleep(float(input()))\nprint(os.getuid())"
    for sleeps in (b"0", b"0.05"):  # as long as the agent looks at nothing else, and longer
        _, (first,) = judged(source, (sleeps, b""), owner="forgetful")
        _, (second,) = judged(source, (sleeps, b""), owner="forgetful")
        assert int(second.result.stdout) == int(first.result.stdout) + 1


def test_programs_see_nothing_of_how_the_agent_was_started(judged: Judged) -> None:
    source = "import os, subprocess\nprint([*os.environ, subprocess.run(['env'], capture_output=True).stdout])"
    assert "LD_" not in output(judged, source)


def test_a_broken_conversation_is_our_fault(sandbox: DockerSandbox) -> None:
    with pytest.raises(SandboxLost), sandbox.open("broken") as box:  # noqa: PT012
        box.load(languages.get("python3"), b"import time\ntime.sleep(3)")
        kill_our_containers()
        box.run(b"", Limits())


def test_a_container_that_went_between_two_tests_is_our_fault(sandbox: DockerSandbox) -> None:
    api = docker.APIClient(version="auto")
    with pytest.raises(SandboxLost), sandbox.open("gone") as box:  # noqa: PT012
        box.load(languages.get("cpp17"), b"int main() {}")
        box.run(b"", Limits())
        for container in api.containers(filters={"label": LABEL}):
            if f":{os.getpid()}:" in container["Labels"]["kodjudge.worker"]:
                api.kill(container["Id"])
        time.sleep(0.5)
        box.run(b"", Limits())


@pytest.mark.parametrize(
    "left",
    [
        # Written out, it has no room beside the source.
        "os.ftruncate(os.open('solution', os.O_CREAT | os.O_WRONLY), 64 << 20)",
        "os.mkdir('solution', 0)",
        "os.makedirs('solution/deep/er')",
    ],
)
def test_whatever_a_compiler_leaves_is_no_fault_of_ours(sandbox: DockerSandbox, left: str) -> None:
    argv = ("/usr/bin/python3", "-c", f"import os; {left}")
    language = replace(languages.get("cpp17"), compile=Command(argv))
    with sandbox.open("leftovers") as box:
        assert not box.load(language, b"int main() {}").ok


def test_judging_goes_on_after_the_containers_were_killed(judged: Judged) -> None:
    kill_our_containers()
    time.sleep(0.5)
    assert output(judged, "print(1)", owner="after") == "1"


WORKER = """
import sys, threading
from judge.engine.judge import judge
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Case, Job
sandbox = DockerSandbox(pool_size=1)
job = Job("python3", b"import time; print('on', flush=True); time.sleep(60)", [Case(b"", b"")], "doomed")
stream = judge(job, sandbox)
next(stream)
print("judging", flush=True)
next(stream)
"""


def test_a_killed_worker_leaves_no_container() -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, cwd=ROOT)
    assert worker.stdout is not None
    with worker.stdout:
        assert worker.stdout.readline() == b"judging\n"
    api = docker.APIClient(version="auto")

    def left(*states: str) -> list[str]:
        found = api.containers(all=True, filters={"label": LABEL})
        ours = [c for c in found if f":{worker.pid}:" in c["Labels"].get("kodjudge.worker", "")]
        return [c["Id"] for c in ours if not states or c["State"] in states]

    assert left("running")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and left("running", "removing"):
        time.sleep(0.1)
    assert left("running", "removing") == []
    sweep(api)  # what was killed between create and start is for the next worker's sweep
    assert left() == []


@pytest.mark.parametrize("key", ["python3", "cpp17"])
def test_arguments_and_files_are_there_for_one_run(sandbox: DockerSandbox, key: str) -> None:
    source = {
        "python3": "import os, sys\nprint(sys.argv[1:], [open(n).read() for n in sys.argv[1:] if os.path.exists(n)])",
        "cpp17": """#include <cstdio>
int main(int count, char **names) {
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(names[i], "r");
        printf("%s %c\\n", names[i], file ? fgetc(file) : '-');
    }
}""",
    }[key]
    with sandbox.open("arguments") as box:
        box.load(languages.get(key), source.encode())
        first = box.run(b"", Limits(), args=["answer"], files={"answer": b"7"})
        second = box.run(b"", Limits(), args=["answer"])
    assert b"7" in first.stdout
    assert b"7" not in second.stdout
    assert b"answer" in second.stdout
