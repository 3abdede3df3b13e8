"""The virtual environments: made once, filled from a lock with hashes, and filled again only when the lock changed.

pip does the work, because the machine's own pip configuration (mirror, proxy, certificates) must hold.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

from judge.stack import apt
from judge.stack.place import ROOT, VAR, VENV
from judge.stack.processes import tail, watched
from judge.stack.say import Stop, ready, say, step

RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
# Installed by hand, by those who want it.
MODELSCOPE = ROOT / "requirements-modelscope.txt"
# Disk for an environment with everything in it, with room for pip's own work.
NEEDED_GB = 1.5


def ensure(lock: Path, venv: Path = VENV) -> Path:
    """Make ``venv`` hold what ``lock`` names; returns its python. Raises Stop."""
    python = venv / "bin" / "python"
    stamp = venv / "locks.json"
    wanted = _digest(lock)
    done = json.loads(stamp.read_text()) if stamp.exists() else {}
    if done.get(lock.name) == wanted and _works(python):
        ready(f"packages of {lock.name}")
        return python
    check_disk(ROOT, NEEDED_GB)
    if not _works(python):
        create(venv)
    _fill(python, lock)
    # The development lock holds all that the runtime lock holds: both are made from the same pyproject.toml.
    held = (lock, RUNTIME) if lock == DEVELOPMENT else (lock,)
    stamp.write_text(json.dumps(done | {path.name: _digest(path) for path in held}))
    return python


def check_disk(folder: Path, needed_gb: float) -> None:
    """Raises Stop where fewer than ``needed_gb`` are free."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < needed_gb:
        raise Stop(
            f"{folder} needs {needed_gb} GB of free disk, and {free:.1f} GB are free. Make room and run make again."
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def create(venv: Path) -> None:
    """Make an empty virtual environment in place of whatever is there. Raises Stop."""
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        apt.install((package,), "This Python comes without venv")
    with step(f"virtual environment {venv}"):
        # A half-made one would only be mended in part.
        shutil.rmtree(venv, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
        if made.returncode:
            raise Stop(f"python3 -m venv failed:\n{made.stdout}{made.stderr}")


def _fill(python: Path, lock: Path) -> None:
    total = len(re.findall(r"(?m)^[a-z0-9][^ ]*==", lock.read_text()))
    log = VAR / "log" / "pip.log"
    argv = [
        str(python),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-input",
        "--progress-bar=off",
    ]
    variables = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    counter = count(1)

    def show(line: str) -> None:
        if line.startswith("Collecting ") and (number := next(counter)) % 20 == 0:
            say(f"          {number} of {total}")

    with step(f"{total} packages of {lock.name}"):
        if watched([*argv, "-r", str(lock)], variables, log, show):
            raise Stop(
                f"pip could not install {lock.name}. Look at the network and pip's configuration; "
                f"{log} ends with:\n{tail(log, 6)}"
            )
