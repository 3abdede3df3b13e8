"""Which containers `make down` removes."""

import os
from pathlib import Path

import pytest

from judge.stack import docker_engine
from judge.stack.docker_engine import docker
from judge.stack.processes import find

pytestmark = pytest.mark.docker
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def container(worker: str) -> str:
    created = docker(
        "create", "--label", "kodjudge", "--label", f"kodjudge.worker={worker}", "kodjudge-sandbox", "true"
    )
    assert created.returncode == 0, created.stderr
    return created.stdout.strip()


def test_containers_of_dead_workers_go_and_those_of_living_ones_stay():
    me = find(os.getpid())
    assert me is not None
    alive = container(f"{BOOT}:{me.pid}:{me.started}:4026531836")
    labels = (f"{BOOT}:{me.pid}:{me.started - 1}:4026531836", f"another-boot:{me.pid}:{me.started}:4026531836")
    dead = [container(label) for label in labels]
    try:
        docker_engine.remove_containers()
        left = docker("ps", "--all", "--no-trunc", "--quiet").stdout.split()
        assert alive in left
        assert not set(dead) & set(left)
    finally:
        docker("rm", "-f", alive, *dead)
