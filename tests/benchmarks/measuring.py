"""Timing in pairs: ours and the floor in turn, so that a drifting machine moves both; medians of the pairs' ratios."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[2] / "var" / "bench.json"

Timed = Callable[[], object]


class Figures:
    """What was measured: printed as it comes, kept in var/bench.json beside what other parts wrote."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, object]] = {}

    def add(self, name: str, value: float, unit: str, **detail: object) -> None:
        """Record one figure; ``detail`` is kept in the JSON only."""
        self._kept[name] = {"value": round(value, 4), "unit": unit, "detail": detail}
        print(f"{name:44s} {value:10.3f} {unit}", flush=True)

    def write(self) -> None:
        """Merge into var/bench.json."""
        RESULTS.parent.mkdir(exist_ok=True)
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps(kept | self._kept, indent=1, sort_keys=True) + "\n")


def seconds(work: Timed) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def pairs(ours: Timed, floor: Timed, count: int, settle: Timed = lambda: None) -> list[tuple[float, float]]:
    """(our seconds, the floor's seconds) ``count`` times after one warm-up; ``settle`` runs, untimed, before each."""
    taken = []
    for number in range(count + 1):
        order = (ours, floor) if number % 2 else (floor, ours)
        times = {}
        for work in order:
            settle()
            times[work] = seconds(work)
        if number:
            taken.append((times[ours], times[floor]))
    return taken


def add_ratio(figures: Figures, name: str, taken: list[tuple[float, float]], *, faster_is_more: bool = False) -> None:
    """The median of the pairs' ratios: time over time, or speed over speed where ``faster_is_more``."""
    ratios = [floor / ours if faster_is_more else ours / floor for ours, floor in taken]
    figures.add(
        name,
        statistics.median(ratios),
        "x floor",
        pairs=len(taken),
        ratio_min=round(min(ratios), 4),
        ratio_max=round(max(ratios), 4),
        ours_median_ms=round(1e3 * statistics.median(o for o, _ in taken), 2),
        floor_median_ms=round(1e3 * statistics.median(f for _, f in taken), 2),
    )
