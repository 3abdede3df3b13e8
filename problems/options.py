"""Which rows an import wants, and what it keeps of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from problems.sources import Facets


@dataclass(frozen=True, slots=True)
class Options:
    """The empty tuple means all; ``limit`` is a number of rows, ``min_pass`` a fraction from 0 to 1."""

    styles: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    limit: int | None = None
    min_pass: float | None = None
    with_trials: bool = False
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """As `ImportRun.options` keeps it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Options":
        """The options that `as_json` gave."""
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in kept.items()}
        return cls(**values)

    @property
    def choose(self) -> bool:
        """True where some rows may be left out."""
        chosen = self.styles or self.subsets or self.splits or self.difficulties
        return bool(chosen) or self.limit is not None or self.min_pass is not None

    def want(self, row: Facets) -> bool:
        """True for a row that they choose; the limit is not theirs to watch."""
        return (
            (not self.styles or row.style in self.styles)
            and (not self.subsets or row.subset in self.subsets)
            and (not self.splits or row.split in self.splits)
            and (not self.difficulties or row.difficulty in self.difficulties)
            and (self.min_pass is None or (row.pass_percentage or 0.0) >= self.min_pass)
        )
