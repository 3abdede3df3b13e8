"""What a curator may import from the site: the dataset on its hubs, and files and folders below DATASETS_DIR.

In charge of: that no choice leads out of that folder, by a link or otherwise; nobody types a path. Not in charge of:
reading (`sources/`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from problems import sources

# With the hub before the name: no folder that happens to be called like the dataset is taken for it.
HUBS = {
    "hf:KodCode/KodCode-V1": "Hugging Face",
    "modelscope:AI-ModelScope/KodCode-V1": "ModelScope",
}
MAX_DEPTH = 4
MAX_OFFERED = 200
MAX_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice. ``source`` is what `importing.queue` takes."""

    key: str
    label: str
    source: str


def hubs() -> list[Offered]:
    """The dataset on each of its hubs."""
    return [Offered(source, f"{source.partition(':')[2]} ({hub})", source) for source, hub in HUBS.items()]


def files() -> list[Offered]:
    """Files and folders of files below DATASETS_DIR, by name: at most MAX_OFFERED."""
    root = settings.DATASETS_DIR.resolve()
    found = []
    for path in _below(root):
        name = path.relative_to(root).as_posix() if path != root else "."
        label = _("the whole folder %(folder)s") % {"folder": root.name} if path == root else name
        if name.isprintable():
            found.append(Offered(f"file:{name}", f"{label}/" if path.is_dir() and path != root else label, str(path)))
    return sorted(found, key=lambda offered: offered.key)[:MAX_OFFERED]


def words(source: str) -> str:
    """A run's source as people know it: below DATASETS_DIR by its name there, elsewhere by the end of its path."""
    path = Path(source)
    root = settings.DATASETS_DIR.resolve()
    if not path.is_absolute() or path == root:
        return source
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else f"…/{'/'.join(path.parts[-2:])}"


def _below(root: Path) -> Iterator[Path]:
    """``root`` and what is below it, where a source can read it; a linked folder is never entered."""
    waiting = [(root, 0)]
    looked_at = 0
    while waiting:
        folder, depth = waiting.pop()
        files = []
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            looked_at += 1
            if looked_at > MAX_LOOKED_AT:
                return
            if path.name.startswith("."):
                continue
            if path.is_dir():
                if depth < MAX_DEPTH and not path.is_symlink():
                    waiting.append((path, depth + 1))
            elif path.is_file() and _is_readable(str(path)):
                files.append(path)
        inside = [path for path in files if path.resolve().is_relative_to(root)]
        yield from inside
        # A folder is imported whole, so one link that leads out of the root spoils it.
        if any(path.suffix == ".parquet" for path in inside) and len(inside) == len(files):
            yield folder


def _is_readable(source: str) -> bool:
    try:
        sources.find(source)
    except sources.SourceError:
        return False
    return True
