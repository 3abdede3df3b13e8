"""Files of generated rows: parquet shards like the dataset's, or one parquet or JSONL file, plain or compressed.

In charge of: the v1.1 schema as Arrow types, and writing with bounded memory on all cores. Not in charge of: what is in
a row (`generating.py`). The same count and seed give the same rows in whatever files, and the same bytes in the same
files.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from problems.generating import row

ROW_GROUP = 1_000  # rows; it bounds the memory that writing takes

_TRIAL = pa.struct(
    [
        ("file_source", pa.string()),
        ("solution_code", pa.string()),
        ("test_code", pa.string()),
        ("test_coverage", pa.float64()),
        ("test_result", pa.string()),
    ]
)
_FUNCTION = pa.struct(
    [(n, pa.string()) for n in ("docstring", "function_declaration", "function_name", "parameter_list")]
)
SCHEMA = pa.schema(
    [
        ("version", pa.string()),
        ("style", pa.string()),
        ("subset", pa.string()),
        ("question_id", pa.string()),
        ("question", pa.string()),
        ("solution", pa.string()),
        ("test", pa.string()),
        ("test_info", pa.list_(_FUNCTION)),
        ("gpt_pass_sequence", pa.list_(pa.int64())),
        ("gpt_pass_trial_num", pa.int64()),
        ("gpt_difficulty", pa.string()),
        ("gpt_pass_percentage", pa.float64()),
        ("trials", pa.struct([(f"trial_gpt4o_{n}", _TRIAL) for n in range(10)])),
        ("chosen_trial", pa.string()),
        (
            "metadata",
            pa.struct(
                [
                    ("original_instruction", pa.string()),
                    ("prompt_id", pa.string()),
                    ("row_id", pa.int64()),
                    ("seed_ids", pa.string()),
                ]
            ),
        ),
        ("benchmark_similarity", pa.float64()),
        ("benchmark_instruction", pa.string()),
        ("benchmark_task_id", pa.string()),
        ("filter_reason", pa.string()),
    ]
)

Progress = Callable[[int], object]  # called with the number of rows written since the last call


def write_rows(out: Path, count: int, seed: int, files: int, progress: Progress) -> None:
    """Write ``count`` rows to ``out``: a file (.parquet, .jsonl, .jsonl.gz, .jsonl.zst), else a folder of ``files``.

    Raises FileExistsError where there is something at ``out`` already (an empty folder does no harm).
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise FileExistsError(out)
    if out.name.endswith((".jsonl", ".jsonl.gz", ".jsonl.zst")):
        _write_jsonl(out, count, seed, progress)
    elif out.suffix == ".parquet":
        _write_parquet(out, range(count), count, seed, progress)
    else:
        _write_shards(out, count, seed, files, progress)


def _batches(part: range, count: int, seed: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(part.start, part.stop, ROW_GROUP):
        yield [row(index, count, seed) for index in range(start, min(start + ROW_GROUP, part.stop))]


def _write_jsonl(path: Path, count: int, seed: int, progress: Progress) -> None:
    with pa.output_stream(str(path), compression="detect") as file:
        for batch in _batches(range(count), count, seed):
            file.write("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in batch).encode())
            progress(len(batch))


def _write_parquet(path: Path, part: range, count: int, seed: int, progress: Progress) -> None:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in _batches(part, count, seed):
            writer.write_table(pa.Table.from_pylist(batch, schema=SCHEMA))
            progress(len(batch))


_written: "Synchronized[int]"  # in a worker process: the rows that all workers have written


def _start_worker(written: "Synchronized[int]") -> None:
    global _written
    _written = written


def _write_shard(path: Path, part: range, count: int, seed: int) -> None:
    def progress(rows: int) -> None:
        with _written.get_lock():
            _written.value += rows

    _write_parquet(path, part, count, seed, progress)


def _write_shards(folder: Path, count: int, seed: int, files: int, progress: Progress) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    spawn = get_context("spawn")  # pyarrow's threads do not survive a fork
    written = spawn.Value("q", 0)
    with ProcessPoolExecutor(mp_context=spawn, initializer=_start_worker, initargs=(written,)) as pool:
        pending = {
            pool.submit(
                _write_shard,
                folder / f"train-{number:05}-of-{files:05}.parquet",
                range(count * number // files, count * (number + 1) // files),
                count,
                seed,
            )
            for number in range(files)
        }
        reported = 0
        while pending:
            done, pending = wait(pending, timeout=0.5, return_when=FIRST_EXCEPTION)
            for future in done:
                if future.exception():
                    pool.shutdown(wait=False, cancel_futures=True)
                future.result()
            progress(written.value - reported)
            reported = written.value
