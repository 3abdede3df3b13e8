"""The floor that judging is measured against: bare programs, run one after the other with no sandbox at all."""

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PYTHON = "/usr/bin/python3"


def python_loop(folder: Path, source: str, cases: list[tuple[bytes, bytes]]) -> None:
    """`python3 sol.py` once a test; an answer that is not right stops the benchmark."""
    name = f"{hashlib.sha256(source.encode()).hexdigest()[:8]}.py"
    if not (folder / name).exists():  # loops that run side by side share it
        (folder / name).write_text(source)
    run_loop([PYTHON, name], folder, cases)


def run_loop(argv: list[str], folder: Path, cases: list[tuple[bytes, bytes]]) -> None:
    """One process a test."""
    for stdin, answer in cases:
        done = subprocess.run(argv, input=stdin, capture_output=True, cwd=folder, check=True)
        if done.stdout.strip() != answer.strip():
            raise SystemExit(f"the floor's program answered {done.stdout!r} to {stdin!r}")


def on_all_cores(work, count: int, cores: int) -> None:  # type: ignore[no-untyped-def]
    """``work(number)`` for 0 .. count - 1 on ``cores`` threads (the work itself is in processes of its own)."""
    with ThreadPoolExecutor(cores) as threads:
        for done in [threads.submit(work, number) for number in range(count)]:
            done.result()
