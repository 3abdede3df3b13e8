"""Which rows an import wants, and what it keeps of them."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """The empty tuple means all; ``min_pass`` is a fraction from 0 to 1."""

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
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Options":
        """The options that `as_json` gave."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})
