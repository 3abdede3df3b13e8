"""One worker on one core, for the scaling figure: says when it is warm, waits for a line, prints its rate."""

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from measuring import seconds  # noqa: E402
from part_judge import SUM, TEN, Bench  # noqa: E402

COUNT = 60


def main(core: str) -> None:
    """Judge COUNT submissions of one owner on processor ``core``."""
    os.sched_setaffinity(0, {int(core)})
    bench = Bench(pool_size=1, cpus=core)
    try:
        for _ in range(5):
            bench.submit("python3", SUM, TEN, "one")
        print("warm", flush=True)
        sys.stdin.readline()
        taken = seconds(lambda: [bench.submit("python3", SUM, TEN, "one") for _ in range(COUNT)])
        print(COUNT / taken, flush=True)
    finally:
        bench.sandbox.close()


if __name__ == "__main__":
    main(sys.argv[1])
