"""Sandboxes that are Docker containers: started hardened, spoken to through a socket, gone when we hang up."""

import json
import logging
import os
import shutil
import signal
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import docker
import docker.errors
import requests

from judge.engine import languages
from judge.engine.errors import EngineUnavailable, ImageMissing, SandboxError, SandboxLost, UnknownLanguage
from judge.engine.languages import Language
from judge.engine.sandbox import Box, orphans, protocol
from judge.engine.sandbox.agent import Agent
from judge.engine.sandbox.artifacts import ArtifactCache
from judge.engine.sandbox.box import ContainerBox
from judge.engine.sandbox.cgroup import HostCgroup
from judge.engine.sandbox.image import versions_in
from judge.engine.sandbox.orphans import LABEL, WORKER_LABEL
from judge.engine.sandbox.pool import Pool
from judge.engine.types import Compilation, Limits, RunResult
from judge.engine.verdicts import Ended

log = logging.getLogger(__name__)

# The agent, its buffers and the page tables, beside what a submission may use.
AGENT_MEMORY_KB = 48 * 1024
AGENT_PROCESSES = 8
# The libraries that a fork server has imported ahead; less could not be set, and the agent holds to the limit itself.
FORK_SERVER_MEMORY_KB = 192 * 1024
# gVisor's own kernel lives in the container's memory; it leaves submissions' limits to the agent.
GVISOR_MEMORY_KB = 512 * 1024
# And each of its processes and threads takes several of the host's.
GVISOR_PROCESSES = 2048
_START_S = 30.0
# How long the daemon may take to say what happened in a container.
_NEWS_S = 1.0

# Ours: what language runtimes need, a subset of Docker's own list. Each departure has its reason in the file.
_SECCOMP = Path(__file__).with_name("seccomp.json").read_text()

_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": protocol.WORK_DIR,
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONINTMAXSTRDIGITS": "0",
    # One thread each: what a library starts by itself would count as the program's processes and CPU time.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    # For the agent, which takes it out of what programs see: looked up late, a function is looked up in every fork.
    "LD_BIND_NOW": "1",
}


def _seccomp_for_gvisor() -> str:
    """The same profile with clone3 allowed: gVisor knows no ENOSYS in it, and its namespaces are none of the host's."""
    profile = json.loads(_SECCOMP)
    for rule in profile["syscalls"]:
        if rule["names"] == ["clone3"]:
            rule["action"] = "SCMP_ACT_ALLOW"
            del rule["errnoRet"]
    return json.dumps(profile)


class Container:
    """One running container with its agent; serves one submission at a time."""

    def __init__(self, api: docker.APIClient, container_id: str, connection: socket.socket, overhead_kb: int) -> None:
        self._api = api
        self._overhead_kb = overhead_kb
        self._id = container_id
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        self._cgroup = HostCgroup(struct.unpack("3i", peer)[0])
        self._memory_kb = Limits().memory_kb
        self._suspicious = False
        self._started = time.time()
        #: The program filled the memory so that the agent went with it: nothing runs in here any more.
        self.spent = False
        self.agent = Agent(connection)

    def load(self, language: Language, source: bytes, artifact: bytes | None) -> tuple[Compilation, bytes]:
        """Open a session with this program; (how compiling went, the compiled files)."""
        if language.compile is not None and artifact is None:
            self._set_memory(language.compile_limits.memory_kb)
        elif language.run.fork_server:
            self._set_memory(max(self._memory_kb, FORK_SERVER_MEMORY_KB))
        try:
            loaded = self.agent.load(language, source, artifact)
        except SandboxLost:
            self._suspicious = True
            if language.compile is None or not self._ran_out_of_memory():
                raise
            return Compilation(False, "Compiling needed too much memory and was stopped."), b""
        self._suspicious |= loaded.dirty
        return loaded.compilation, loaded.artifact

    def run(
        self, stdin: bytes, limits: Limits, args: Sequence[str], files: Mapping[str, bytes], *, forked: bool
    ) -> RunResult:
        """One run of the loaded program."""
        self._set_memory(max(limits.memory_kb, FORK_SERVER_MEMORY_KB) if forked else limits.memory_kb)
        if not forked:
            self._cgroup.reset_peak()
        try:
            result, dirty = self.agent.run(stdin, limits, args, files)
        except SandboxLost:
            self._suspicious = True
            if not self._ran_out_of_memory():
                raise
            self.spent = True
            return RunResult(Ended.MEMORY_LIMIT, 0, signal.SIGKILL, 0, 0, limits.memory_kb, b"", b"")
        self._suspicious |= dirty
        return result

    def alive(self) -> bool:
        """True where the agent has not hung up."""
        return self.agent.alive()

    def reusable(self) -> bool:
        """End the session; True where nothing suspicious happened and the agent proved the place clean."""
        try:
            return not self._suspicious and self.agent.end()
        except SandboxError:
            return False

    def close(self) -> None:
        """Hang up; the agent exits and the daemon removes the container."""
        self._cgroup.close()
        self.agent.close()

    def _ran_out_of_memory(self) -> bool:
        """True where the kernel had to kill: a program may make itself less likely a victim than the agent."""
        until = f"{time.time() + _NEWS_S:.9f}"
        with docker_errors():
            events = self._api.events(int(self._started), until, {"container": self._id, "event": "oom"})
            return any(True for _ in events)

    def _set_memory(self, kb: int) -> None:
        if kb == self._memory_kb:
            return
        total = kb + self._overhead_kb
        if not self._cgroup.set_memory(total):
            with docker_errors():
                self._api.update_container(self._id, mem_limit=total * 1024, memswap_limit=total * 1024)
        self._memory_kb = kb


class DockerSandbox:
    """The engine's Sandbox over a Docker daemon. One a process; thread-safe.

    ``pool_size`` containers are kept warm; ``reuse`` is "owner" (one owner's next submission may go on in the same
    container) or "never"; ``capacity`` bounds all containers; ``cpus`` pins them to processors ("0-3,6"; empty: all).
    Raises EngineUnavailable or ImageMissing at once where Docker or the image are not there.
    """

    def __init__(
        self, image: str = "kodjudge-sandbox", *, runtime: str = "", reuse: str = "owner", pool_size: int = 2,
        capacity: int | None = None, cpus: str = "",
    ) -> None:  # fmt: skip
        self._image = image
        self._runtime = runtime
        self._cpus = cpus
        gvisor = runtime.startswith("runsc")
        self._overhead_kb = AGENT_MEMORY_KB + (GVISOR_MEMORY_KB if gvisor else 0)
        self._processes = GVISOR_PROCESSES if gvisor else Limits().processes + AGENT_PROCESSES
        self._seccomp = _seccomp_for_gvisor() if gvisor else _SECCOMP
        with docker_errors():
            self._api = docker.APIClient(version="auto", timeout=60)
            self._inspected = self._api.inspect_image(image)
        self._cache = ArtifactCache(self.image_digest)
        self._sockets = Path(tempfile.mkdtemp(prefix=f"{orphans.FOLDER_PREFIX}{os.getpid()}-"))
        self._counter = 0
        self._lock = threading.Lock()
        #: The languages that the image has, by key, each with its version.
        self.languages = versions_in(self._inspected["Config"]["Labels"])
        with docker_errors():
            orphans.sweep(self._api)
        capacity = capacity or pool_size + 2 * (os.cpu_count() or 1)
        self._pool = Pool(self._start, size=pool_size, capacity=capacity, reuse=reuse == "owner")

    @property
    def image_digest(self) -> str:
        """The sandbox image's content digest (`sha256:...`)."""
        return str(self._inspected["Id"])

    @contextmanager
    def open(self, owner: str) -> Iterator[Box]:
        """See Sandbox.open."""
        with ContainerBox(partial(self._pool.take, owner), self._cache) as box:
            yield box

    def close(self) -> None:
        """See Sandbox.close."""
        self._pool.close()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def wait_until_quiet(self, timeout_s: float = 60.0) -> None:
        """Wait until the pool is warm and every container that was given up is gone. Raises EngineUnavailable."""
        deadline = time.monotonic() + timeout_s
        ours = {"label": f"{WORKER_LABEL}={orphans.worker_identity()}"}
        while time.monotonic() < deadline:
            live = self._pool.wait_until_warm(timeout_s)
            with docker_errors():
                if len(self._api.containers(all=True, quiet=True, filters=ours)) <= live:
                    return
            time.sleep(0.01)
        raise EngineUnavailable(f"containers that were given up are still there after {timeout_s:.0f} s")

    def version_of(self, key: str) -> str:
        """What the language in the image calls itself. Raises UnknownLanguage where the image is without it."""
        label = languages.get(key).label
        try:
            return self.languages[languages.ALIASES.get(key, key)]
        except KeyError:
            raise UnknownLanguage(f"the sandbox image has no {label}; rebuild it with SANDBOX_LANGUAGES") from None

    # --- starting a container -----------------------------------------------------------------------------------------

    def _start(self) -> Container:
        with self._lock:
            self._counter += 1
            directory = self._sockets / str(self._counter)
        # Inside a 0700 directory of ours; the agent, without the power to override modes, may have another uid.
        path = directory / Path(protocol.SOCKET_IN_CONTAINER).name
        try:
            directory.mkdir(mode=0o755)
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
                listener.bind(str(path))
                path.chmod(0o666)
                listener.listen(1)
                listener.settimeout(_START_S)
                with docker_errors():
                    created = self._api.create_container_from_config(self._config(directory))
                    self._api.start(created["Id"])
                connection, _ = listener.accept()
            return Container(self._api, created["Id"], connection, self._overhead_kb)
        except TimeoutError:
            raise EngineUnavailable(f"a sandbox container did not come up in {_START_S:.0f} s") from None
        except OSError as error:
            raise EngineUnavailable(f"a sandbox container did not start well: {error}") from error
        finally:
            # Before any submission can look: the socket is needed for one connection only.
            shutil.rmtree(directory, ignore_errors=True)

    def _config(self, directory: Path) -> dict[str, object]:
        memory = (Limits().memory_kb + self._overhead_kb) * 1024
        return {
            "Image": self._image,
            "Cmd": ["/usr/bin/python3", "/opt/kodjudge/agent/start.py"],
            "Env": [f"{name}={value}" for name, value in _ENVIRONMENT.items()],
            "Hostname": "sandbox",
            "WorkingDir": protocol.WORK_DIR,
            "Labels": {LABEL: "sandbox", WORKER_LABEL: orphans.worker_identity()},
            "NetworkDisabled": True,
            "HostConfig": {
                "AutoRemove": True,
                "NetworkMode": "none",
                "ReadonlyRootfs": True,
                "CapDrop": ["ALL"],
                "CapAdd": ["SETUID", "SETGID", "KILL"],
                "SecurityOpt": ["no-new-privileges", f"seccomp={self._seccomp}"],
                "PidsLimit": self._processes,
                "Memory": memory,
                "MemorySwap": memory,
                "IpcMode": "private",
                "ShmSize": 16 << 20,
                "Tmpfs": {
                    protocol.WORK_DIR: "rw,exec,nosuid,nodev,size=64m,nr_inodes=4096,mode=1777",
                    "/tmp": "rw,exec,nosuid,nodev,size=32m,nr_inodes=4096,mode=1777",  # noqa: S108 - the container's
                },
                "Binds": [f"{directory}:{Path(protocol.SOCKET_IN_CONTAINER).parent}:ro"],
                "LogConfig": {"Type": "none"},
                "Ulimits": [{"Name": "stack", "Soft": 1 << 30, "Hard": 1 << 30}],
                "CpusetCpus": self._cpus,
                **({"Runtime": self._runtime} if self._runtime else {}),
            },
        }


@contextmanager
def docker_errors() -> Iterator[None]:
    """Docker's exceptions as the engine's."""
    try:
        yield
    except docker.errors.ImageNotFound as error:
        raise ImageMissing(f"no sandbox image ({error.explanation}); `make up` builds it") from error
    except docker.errors.DockerException as error:
        raise EngineUnavailable(f"Docker: {error}") from error
    except requests.RequestException as error:
        raise EngineUnavailable(f"Docker does not answer: {error}") from error
