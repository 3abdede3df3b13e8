"""`make bench`: every part, or the one named in PART, in one run. Prints `name value unit`, writes var/bench.json."""

import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

PARTS = {path.stem.removeprefix("part_"): path.stem for path in sorted(HERE.glob("part_*.py"))}


def main() -> int:
    """Run the parts; exit code 2 for an unknown one."""
    wanted = os.environ.get("PART", "")
    if wanted and wanted not in PARTS:
        print(f"PART={wanted}: there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    from measuring import Figures

    figures = Figures()
    for part in [wanted] if wanted else PARTS:
        importlib.import_module(PARTS[part]).run(figures)
        figures.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
