"""What the pages say of an import run: how far it is, how fast, what became of its rows, and what can be done.

In charge of: adding up. Not in charge of: how it looks, who may see it, or what is allowed (`run_claims.py`).
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Min
from django.db.models.functions import MD5
from django.utils.translation import gettext as _

from problems import charts
from problems.models import Difficulty, Fate, ImportRun, RefusedRow, RunStatus, Split, Style
from problems.options import Options
from problems.run_claims import AT_WORK
from problems.templatetags.dataset import subset_words

# More reasons than these are a sign that something else is wrong.
REASONS_SHOWN = 30
# The pace is that of the last so many looks at which the run had got on, none of them older than that.
PACE_LOOKS = 20
PACE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many rows were refused; ``words`` are those of the first of them."""

    fate: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """A run (of `run_claims.told`) and what follows from its numbers.

    ``rate`` is in rows a second; ``percent`` and ``left`` are None where the source does not tell how many rows it has.
    """

    run: Any
    counts: charts.Bar
    percent: int | None
    rate: float | None
    left: timedelta | None

    @property
    def is_moving(self) -> bool:
        """Whether the page is to ask again."""
        return self.run.status in AT_WORK

    @property
    def can_cancel(self) -> bool:
        """Whether there is somebody to obey."""
        works = self.run.status in (RunStatus.QUEUED, RunStatus.RUNNING)
        return bool(works and not self.run.silent and not self.run.cancel_requested)

    @property
    def took(self) -> timedelta | None:
        """How long its last start has lasted."""
        run = self.run
        return run.finished_at - run.running_since if run.finished_at and run.running_since else None

    @property
    def adds_up(self) -> bool:
        """Whether every row read has a fate."""
        return bool(sum(getattr(self.run, fate.value) for fate in Fate) == self.run.rows_read)

    @property
    def refused(self) -> int:
        """Rows in quarantine and rejected ones."""
        return int(self.run.quarantined + self.run.rejected)

    @property
    def state(self) -> str:
        """Another word wherever there are other things to do."""
        marks = (self.can_cancel, self.run.resumable, self.run.undoable)
        return "-".join([self.run.status, *(str(int(mark)) for mark in marks)])


def report(run: Any) -> Report:
    """The report on a run of `run_claims.told`."""
    rate = _rate(run)
    known = run.rows_total is not None and run.status == RunStatus.RUNNING
    seconds = max(0, run.rows_total - run.rows_seen) / rate if known and rate else None
    fates: list[tuple[str, Any, int]] = [(fate.value, fate.label, getattr(run, fate.value)) for fate in Fate]
    return Report(
        run=run,
        counts=charts.bar([*fates, ("left-out", _("Left out"), run.left_out)]),
        percent=min(100, 100 * run.rows_seen // run.rows_total) if run.rows_total else None,
        rate=rate,
        left=timedelta(seconds=round(seconds)) if seconds else None,
    )


def reasons_of(run: ImportRun) -> list[Reason]:
    """Why rows were refused, the commonest reasons first."""
    found = list(
        run.refused.order_by()
        .annotate(digest=MD5("reason"))
        .values("fate", "digest")
        .annotate(count=Count("pk"), first=Min("pk"))
        .order_by("-count", "first")[:REASONS_SHOWN]
    )
    words = dict(RefusedRow.objects.filter(pk__in=[group["first"] for group in found]).values_list("pk", "reason"))
    return [Reason(group["fate"], words.get(group["first"], ""), group["count"]) for group in found]


def options_in_words(run: ImportRun) -> list[str]:
    """What a run wants of its source, a phrase an option; empty where it wants all."""
    options = Options.from_json(run.options)
    phrases = [
        *(_label(Style, value) for value in options.styles),
        *map(subset_words, options.subsets),
        *(_label(Split, value) for value in options.splits),
        *(_label(Difficulty, value) for value in options.difficulties),
    ]
    if options.limit is not None:
        phrases.append(_("at most %(rows)s rows") % {"rows": f"{options.limit:,}"})
    if options.min_pass is not None:
        phrases.append(_("pass rate from %(percent)s %%") % {"percent": f"{100 * options.min_pass:g}"})
    if options.with_trials:
        phrases.append(_("with trials"))
    return [*phrases, _("dry run")] if options.dry_run else phrases


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _rate(run: ImportRun) -> float | None:
    """Rows a second: of a run at work over what was seen of it lately, else from its beginning to its end."""
    if run.status == RunStatus.RUNNING:
        return _pace(run)
    since, until = run.running_since or run.started_at, run.finished_at
    return _per_second(run.rows_seen - run.rows_before, (until - since).total_seconds()) if until else None


def _pace(run: ImportRun) -> float | None:
    """Each look at the run notes how far it was; an importer's start and its survey of the source count for nothing."""
    key = f"import-pace-{run.pk}"
    seen: list[tuple[float, int]] = cache.get(key, [])
    if run.rows_read and (not seen or seen[-1][1] < run.rows_seen):
        seen = [*seen, (time.time(), run.rows_seen)][-PACE_LOOKS:]
        cache.set(key, seen, PACE_SECONDS)
    return _per_second(seen[-1][1] - seen[0][1], seen[-1][0] - seen[0][0]) if seen else None


def _per_second(rows: int, seconds: float) -> float | None:
    return rows / seconds if rows > 0 and seconds > 0 else None
