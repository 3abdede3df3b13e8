"""What the templates need of import runs: their sources, options, fates and times as words."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from problems import importable, run_report
from problems.models import Fate

register = template.Library()

register.filter("source_words", importable.words)
register.filter("options_in_words", run_report.options_in_words)


@register.filter
def fate_words(fate: str) -> str:
    """`quarantined` as people read it."""
    return str(Fate(fate).label)


@register.filter
def duration(time: timedelta | None) -> str:
    """A time as people say it: `40 s`, `3 min`, `2 h 5 min`; empty for None."""
    if time is None:
        return ""
    seconds = round(time.total_seconds())
    if seconds < 90:
        return _("%(seconds)s s") % {"seconds": seconds}
    minutes = round(seconds / 60)
    if minutes < 90:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
