"""The agent's reading of cgroup files, on recorded texts of both versions."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

AGENT = Path(__file__).resolve().parents[3] / "docker" / "sandbox" / "agent"

V1_OOM = b"oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"
V2_EVENTS = b"low 0\nhigh 0\nmax 118\noom 2\noom_kill 2\noom_group_kill 0\n"
V2_CPU = b"usage_usec 1623441\nuser_usec 1204312\nsystem_usec 419129\nnr_periods 0\n"


@pytest.fixture
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure", AGENT / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder: Path, files: dict[str, bytes]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return f"{folder}/"


def test_nothing_is_read_where_there_are_no_files(measure: ModuleType, tmp_path: Path) -> None:
    counters = measure.Counters(f"{tmp_path}/")
    read = (counters.cpu_us(), counters.oom_kills(), counters.usage_kb(), counters.peak_kb())
    assert read == (None,) * 4


def test_version_1(measure: ModuleType, tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "cpuacct/cpuacct.usage": b"1623441000\n",
            "memory/memory.usage_in_bytes": b"1048576\n",
            "memory/memory.max_usage_in_bytes": b"2097152\n",
            "memory/memory.oom_control": V1_OOM,
        },
    )
    counters = measure.Counters(root)
    read = (counters.cpu_us(), counters.oom_kills(), counters.usage_kb(), counters.peak_kb())
    assert read == (
        1623441,
        3,
        1024,
        2048,
    )


def test_version_2(measure: ModuleType, tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "cgroup.controllers": b"cpu memory pids\n",
            "cpu.stat": V2_CPU,
            "memory.current": b"1048576\n",
            "memory.peak": b"2097152\n",
            "memory.events": V2_EVENTS,
        },
    )
    counters = measure.Counters(root)
    read = (counters.cpu_us(), counters.oom_kills(), counters.usage_kb(), counters.peak_kb())
    assert read == (
        1623441,
        2,
        1024,
        2048,
    )
