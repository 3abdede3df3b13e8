"""The Docker engine: the one that answers is used; as root on Debian or Ubuntu a missing one is installed and started.

An engine that we started runs on after `make down`, because others may use it by then; `make down ALL=1` ends it.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from judge.stack import apt
from judge.stack.place import VAR
from judge.stack.processes import Running, detached, stop, tail
from judge.stack.say import Stop, complain, ready, say, step

LABEL = "kodjudge"
BOOT = Path("/proc/sys/kernel/random/boot_id")
OURS = VAR / "run" / "dockerd"
LOG = VAR / "log" / "dockerd.log"
# Without iptables the engine has no bridge; sandboxes have no network anyway and the image is built on the host's.
WITHOUT_NETWORK = ("--iptables=false", "--ip6tables=false", "--bridge=none")


def docker(*words: str, timeout: float | None = 120) -> "subprocess.CompletedProcess[str]":
    """Run Docker's command line and catch what it prints."""
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=False, timeout=timeout)


def ensure() -> None:
    """Make an engine answer. Raises Stop with the exact thing to do where that is not ours to do."""
    if shutil.which("docker") is None:
        _install()
    version, error = _asked()
    if version:
        ready(f"Docker engine {version}")
        return
    if "permission denied" in error.lower():
        raise Stop(
            "The Docker engine runs, but this user may not use it. Join its group, log in again, and run make again:\n"
            f"    sudo usermod -aG docker {os.environ.get('USER', '$USER')}"
        )
    if os.environ.get("DOCKER_HOST"):
        raise Stop(f"DOCKER_HOST={os.environ['DOCKER_HOST']} does not answer. Docker says:\n    {error}")
    if os.geteuid() != 0:
        raise Stop("The Docker engine does not run. Start it and run make again:\n    sudo systemctl start docker")
    if shutil.which("dockerd") is None:
        _install()
    _start()


def remove_containers() -> None:
    """Remove our containers whose worker has ended; those of a worker that runs, in another clone say, are its own.

    Does nothing where no engine answers.
    """
    if shutil.which("docker") is None or not _asked()[0]:
        return
    found = _orphans()
    if not found:
        return
    removed = docker("rm", "-f", "-v", *found)
    # They remove themselves too: one that is on its way out is an error to Docker, and not to us.
    deadline = time.monotonic() + 10
    while left := _orphans():
        if time.monotonic() > deadline:
            complain(f"{len(left)} sandbox containers could not be removed. Docker says:\n{removed.stderr}")
            return
        time.sleep(0.2)
    say(f"  removed {len(found)} sandbox container{'s' if len(found) > 1 else ''}")


def _orphans() -> list[str]:
    """The ids of our containers whose worker has ended."""
    shown = f'{{{{.ID}}}} {{{{.Label "{LABEL}.worker"}}}}'
    listed = docker("ps", "--all", "--filter", f"label={LABEL}.worker", "--format", shown).stdout
    return [container for container, worker in map(str.split, listed.splitlines()) if not _lives(worker)]


def _lives(worker: str) -> bool:
    """Whether the process that a container's label names still runs: `boot id:pid:start in clock ticks`."""
    boot, pid, started, *_ = worker.split(":")
    return boot == BOOT.read_text().strip() and Running(int(pid), int(started)).alive()


def halt() -> None:
    """Stop the engine if it is one that we started."""
    if engine := _ours():
        stop([engine], seconds=30)
        say("  stopped the Docker engine")
    OURS.unlink(missing_ok=True)


def _asked() -> tuple[str, str]:
    """(version, error) of the engine: one of them is empty."""
    try:
        done = docker("version", "--format", "{{.Server.Version}}", timeout=20)
    except subprocess.TimeoutExpired:
        return "", "the Docker engine did not answer within 20 s"
    version = done.stdout.strip()
    return (version, "") if done.returncode == 0 and version else ("", done.stderr.strip() or "no answer")


def _install() -> None:
    apt.install(
        ("docker.io", "iptables", "ca-certificates"), "KodJudge needs a Docker engine and this machine has none"
    )
    if shutil.which("docker") is None and apt.known("docker-cli"):
        # Newer releases split the command line off.
        apt.install(("docker-cli",), "The Docker engine needs its command line")


def _start() -> None:
    if Path("/run/systemd/system").is_dir():
        say("  The Docker engine does not run: starting it with systemctl.")
        subprocess.run(["systemctl", "start", "docker"], check=False)
        if _wait_answer(None):
            return
        raise Stop("The Docker engine did not start. See why:\n    journalctl -u docker --since -5min")
    say(f"  The Docker engine does not run and there is no systemd: starting dockerd, log in {LOG}.")
    LOG.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    OURS.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with step("starting the Docker engine"):
        if not _started() and not _started(*WITHOUT_NETWORK):
            raise Stop(f"dockerd did not start. {LOG} ends with:\n{tail(LOG, 5)}")


def _started(*options: str) -> bool:
    engine = detached(["dockerd", *options], LOG)
    if engine is None:
        return False
    OURS.write_text(f"{engine.pid} {engine.started}\n")
    return _wait_answer(engine)


def _wait_answer(engine: Running | None) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if engine is not None and not engine.alive():
            return False
        if _asked()[0]:
            return True
        time.sleep(0.3)
    return False


def _ours() -> Running | None:
    try:
        pid, started = OURS.read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    engine = Running(int(pid), int(started))
    return engine if engine.alive() else None
