"""What a worker that died left behind: containers and socket folders, told apart by the worker's name on them.

A running container ends by itself when its worker hangs up. What is left for a sweep is what never ran: a container
whose worker was killed between creating and starting it.
"""

import logging
import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import docker
import docker.errors

log = logging.getLogger(__name__)

LABEL = "kodjudge"
WORKER_LABEL = "kodjudge.worker"
FOLDER_PREFIX = "kodjudge-"
# A worker that cannot be seen from here may be about to start what it has just created.
_STRANGERS_GRACE_S = 60


def worker_identity() -> str:
    """This process's name for good: boot, pid, start time, pid namespace."""
    pid = str(os.getpid())
    return f"{_boot_id()}:{pid}:{_start_time(pid)}:{_namespace()}"


def sweep(api: docker.APIClient) -> int:
    """Remove dead workers' containers and folders; how many containers went. Raises docker.errors.DockerException."""
    removed = 0
    for container in api.containers(all=True, filters={"label": WORKER_LABEL}):
        if not _is_orphan(container):
            continue
        try:
            api.remove_container(container["Id"], force=True)
            removed += 1
        except docker.errors.APIError as error:
            log.info("container %s is going by itself: %s", container["Id"][:12], error.explanation)
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*-*"):
        pid = folder.name.split("-")[1]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    return removed


def _is_orphan(container: dict[str, Any]) -> bool:
    boot, pid, started, *namespace = container["Labels"][WORKER_LABEL].split(":")
    if boot == _boot_id() and namespace == [_namespace()]:
        return not _lives(pid, started)
    # Another host's, or one in another pid namespace: only what does not run, and has not for a while.
    return bool(container["State"] != "running" and time.time() - container["Created"] > _STRANGERS_GRACE_S)


def _lives(pid: str, started: str) -> bool:
    try:
        return _start_time(pid) == started
    except (FileNotFoundError, ProcessLookupError):
        return False


@cache
def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _start_time(pid: str) -> str:
    """In clock ticks since boot: pids are used again, the pair is not."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def _namespace() -> str:
    return str(Path("/proc/self/ns/pid").stat().st_ino)
