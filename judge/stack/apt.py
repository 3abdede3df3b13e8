"""Debian packages on the machine itself: only as root on Debian or Ubuntu, and never without saying so first."""

import os
import shutil
import subprocess
from functools import cache

from judge.stack.say import Stop, say, step


def may_install() -> bool:
    """Whether this machine's packages are ours to add to."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def command(packages: tuple[str, ...]) -> str:
    """What a person types to install them."""
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


def install(packages: tuple[str, ...], reason: str) -> None:
    """Install packages because of ``reason``. Raises Stop where that is not ours to do, or failed."""
    if not may_install():
        raise Stop(f"{reason}. Install it and run make again:\n    {command(packages)}")
    say(f"  {reason}: installing {' '.join(packages)} with apt-get.")
    _update()
    with step(f"apt-get install {' '.join(packages)}"):
        _apt_get("install", "-y", "--no-install-recommends", *packages)


def known(package: str) -> bool:
    """Whether this release of Debian or Ubuntu has the package."""
    _update()
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return shown.returncode == 0


@cache
def _update() -> None:
    with step("apt-get update"):
        _apt_get("update")


def _apt_get(*words: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-8:])
        raise Stop(
            f"apt-get {words[0]} failed. Look at the network, the disk and /etc/apt, "
            f"then run make again. It said:\n{tail}"
        )
