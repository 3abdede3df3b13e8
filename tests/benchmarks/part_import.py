"""The import figures of `make bench`: the command against plain COPY of the same bytes, from nothing to searchable.

Each side has a database of its own on the same server, made anew for each run from one that is only migrated.
KODJUDGE_BENCH_ROWS is the number of generated rows (50,000; the dataset has 487,432). Up to 100,000 are imported three
times, in turn with the floor, more of them once.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from databases import FOLDER, address, command, create, drop, environment, generated, manage
from measuring import Figures, seconds
from psycopg import sql

from problems.generating import row

ROWS = int(os.environ.get("KODJUDGE_BENCH_ROWS", "50000"))
PAIRS = 3 if ROWS <= 100_000 else 1
TEMPLATE, OURS, FLOOR, KILLED = (f"kodjudge_bench_{name}" for name in ("template", "import", "copy", "killed"))
FATES = ("imported", "updated", "unchanged", "quarantined", "rejected")
LOOK_SECONDS = 0.05
# A row of nearly 64 MiB: as large as they may be.
LARGE_LINES = 3_200_000


def run(figures: Figures) -> None:
    """All figures of this part."""
    rows = generated(ROWS)
    try:
        create(TEMPLATE)
        manage(TEMPLATE, "migrate", "--verbosity", "0")
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            clean = _rate(figures, rows, Path(folder))
            _large_rows(figures, Path(folder))
        _killed(figures, rows, clean)
    finally:
        for name in (OURS, FLOOR, KILLED, TEMPLATE):
            drop(name)


def _rate(figures: Figures, rows: Path, folder: Path) -> float:
    """Returns the seconds of a clean import."""
    ratios, ours, floors, again, peaks = [], [], [], [], []
    for number in range(PAIRS):
        create(OURS, TEMPLATE)
        with _peak_of_children() as peak:
            ours.append(seconds(lambda: manage(OURS, "import_kodcode", str(rows))))
        peaks.append(peak[0])
        _expect(OURS, imported=ROWS)
        if not number:
            _floor("write", OURS, folder)
        again.append(seconds(lambda: manage(OURS, "import_kodcode", str(rows))))
        _expect(OURS, unchanged=ROWS)
        create(FLOOR, TEMPLATE)
        floors.append(float(_floor("read", FLOOR, folder)))
        ratios.append(floors[-1] / ours[-1])
        _same_tables()
    figures.add(
        "import_rate_copy_ratio",
        statistics.median(ratios),
        "x floor",
        rows=ROWS,
        pairs=PAIRS,
        ratios=[round(ratio, 4) for ratio in ratios],
        floor_rows_per_second=round(ROWS / statistics.median(floors)),
    )
    figures.add("import_rows_per_second", ROWS / statistics.median(ours), "rows/s", rows=ROWS)
    figures.add("import_again_ratio", statistics.median(map(_ratio, ours, again)), "x faster", rows=ROWS)
    figures.add("import_peak_memory_mb", max(peaks), "MB", rows=ROWS)
    return statistics.median(ours)


def _large_rows(figures: Figures, folder: Path) -> None:
    """Two rows of nearly 64 MiB among others, in each kind of file."""
    rows = [row(index, 8_000) | {"trials": None} for index in range(8_000)]
    for index in (2_500, 6_500):
        test = str({"stdin": ["1 2 3 4 5 6 7 8 9\n" * LARGE_LINES], "stdout": ["45"]})
        rows[index] |= {"style": "online_judge", "question_id": f"Large_{index}_OJ", "test": test}
    from problems.row_files import SCHEMA  # pyarrow's threads are no matter of the other figures

    paths = [folder / name for name in ("large.jsonl", "large.jsonl.gz", "large.parquet")]
    _write_large(paths, rows, SCHEMA)
    peaks = {}
    for path in paths:
        create(OURS, TEMPLATE)
        with _peak_of_children() as peak:
            manage(OURS, "import_kodcode", str(path))
        _expect(OURS, imported=len(rows))
        peaks[path.name] = round(peak[0])
    figures.add("import_peak_memory_large_rows_mb", max(peaks.values()), "MB", **peaks)


def _write_large(paths: list[Path], rows: list[dict[str, object]], schema: object) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines, packed, parquet = paths
    with lines.open("wb") as plain, pa.CompressedOutputStream(str(packed), "gzip") as gzip:
        for each in rows:
            line = json.dumps(each).encode() + b"\n"
            plain.write(line)
            gzip.write(line)
    with pq.ParquetWriter(parquet, schema, compression="zstd") as writer:
        for start in range(0, len(rows), 4_000):
            writer.write_table(pa.Table.from_pylist(rows[start : start + 4_000], schema=schema))


def _killed(figures: Figures, rows: Path, clean: float) -> None:
    """kill -9 in the middle and the same command again: the counts must be a clean run's."""
    create(KILLED, TEMPLATE)
    started = time.perf_counter()
    process = subprocess.Popen(command("import_kodcode", str(rows)), env=environment(KILLED), start_new_session=True)
    while _counts(KILLED).get("rows_read", 0) < ROWS // 3:
        if process.poll() is not None:
            raise SystemExit("the import ended before it was killed")
        time.sleep(LOOK_SECONDS)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    if _counts(KILLED)["rows_read"] >= ROWS:
        raise SystemExit("the import was killed too late")
    manage(KILLED, "import_kodcode", str(rows))
    taken = time.perf_counter() - started
    _expect(KILLED, imported=ROWS)
    if _tables(KILLED) != _tables(OURS if _counts(OURS).get("rows_read") == ROWS else FLOOR):
        raise SystemExit("after a kill the tables hold something else")
    figures.add("import_killed_over_clean", taken / clean, "x clean", rows=ROWS)


def _ratio(first: float, second: float) -> float:
    return first / second


# --- databases ------------------------------------------------------------------------------------------------------


def _counts(name: str) -> dict[str, int]:
    """The account of the last run."""
    names = ("rows_read", *FATES)
    with psycopg.connect(address(name)) as database:
        query = sql.SQL("SELECT {} FROM problems_importrun ORDER BY id DESC LIMIT 1")
        found = database.execute(query.format(sql.SQL(", ").join(map(sql.Identifier, names)))).fetchone()
    return dict(zip(names, found, strict=True)) if found else {}


def _expect(name: str, **counts: int) -> None:
    found = _counts(name)
    if found != dict.fromkeys(FATES, 0) | counts | {"rows_read": sum(counts.values())}:
        raise SystemExit(f"{name} has other counts than {counts}: {found}")


def _tables(name: str) -> tuple[object, ...] | None:
    """How much is in the tables, and a digest of the problems."""
    with psycopg.connect(address(name)) as database:
        return database.execute(
            "SELECT count(*), sum(hashtext(question_id || slug || encode(content_hash, 'hex'))::bigint),"
            " (SELECT count(*) FROM problems_testcase),"
            " (SELECT sum(hashtext(stdin)::bigint + hashtext(stdout)) FROM problems_testcase),"
            " (SELECT count(*) FROM problems_searchrow) FROM problems_problem"
        ).fetchone()


def _same_tables() -> None:
    if _tables(OURS) != _tables(FLOOR):
        raise SystemExit(f"the floor's tables hold something else: {_tables(OURS)}, {_tables(FLOOR)}")


# --- processes ------------------------------------------------------------------------------------------------------


def _floor(what: str, name: str, folder: Path) -> str:
    command = [sys.executable, str(Path(__file__).with_name("copy_floor.py")), what, str(folder)]
    return subprocess.run(command, env=environment(name), check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def _peak_of_children() -> Iterator[list[float]]:
    """The largest sum of the resident memory of all our children, in MB, looked at again and again."""
    peak = [0.0]
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            peak[0] = max(peak[0], sum(map(_resident, _below(os.getpid()))) / 1024)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _below(child)


def _resident(pid: int) -> int:
    """In KiB; 0 for a process that has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
