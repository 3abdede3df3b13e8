"""A row of our own exports on its way in: what its column `kodjudge` says takes the place of what any row would tell.

Nothing is derived anew and nothing normalised: a problem comes back as it was. Not in charge of: reading the column
(`_ours.py`), or which of its fields an import takes over (`problems.storing`).
"""

from collections.abc import Mapping
from dataclasses import replace

from problems.sources import ProblemSpec, TestSpec, _literal
from problems.sources._ours import COLUMN, Ours
from problems.sources._values import Unfit, storable


def as_exported(spec: ProblemSpec, ours: Ours, row: Mapping[str, object], trials: str) -> ProblemSpec:
    """The spec of a row that is as it was exported; ``trials`` is the name of that column. Raises Unfit."""
    own = row.get("test")
    test = own if isinstance(own, str) else ""
    literal, source = (test, ours.second_test) if spec.style == "online_judge" else (ours.second_test, test)
    return replace(
        spec,
        ours=ours,
        title=ours.title,
        family=ours.family,
        split=ours.split,
        raw_test=source or "",
        tests=_tests(literal, ours) if literal else (),
        extra=spec.extra if ours.extra is None else ours.extra,
        # Where they weren't asked for the row lacks them.
        trials=ours.trials if ours.trials is not None and trials in row else spec.trials,
    )


def _tests(literal: str, ours: Ours) -> tuple[TestSpec, ...]:
    try:
        value = _literal.parse(literal)
    except _literal.NotALiteral:
        raise Unfit("test is not a Python literal") from None
    stdins, stdouts = (value.get("stdin"), value.get("stdout")) if isinstance(value, dict) else (None, None)
    if not isinstance(stdins, list) or not isinstance(stdouts, list) or len(stdins) != len(stdouts):
        raise Unfit("test is not what an export writes")
    positions = ours.positions or range(1, len(stdins) + 1)
    if len(positions) != len(stdins) or not set(ours.samples).issubset(positions):
        raise Unfit(f"{COLUMN}: the positions aren't those of the tests")
    return tuple(
        TestSpec(_text(stdin), _text(stdout), position in ours.samples)
        for stdin, stdout, position in zip(stdins, stdouts, positions, strict=True)
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unfit("test is not what an export writes")
    return storable(value, "a test")
