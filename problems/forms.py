"""The forms of the import pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from problems import importable
from problems.models import Difficulty, Fate, ImportRun, RunStatus, Split, Style
from problems.options import Options
from problems.templatetags.dataset import subset_words

# The twelve of the dataset's card; rows of others come in where none is chosen.
SUBSETS = (
    *("Prefill", "Leetcode", "Codeforces", "Apps", "Taco", "Code_Contests"),
    *("Algorithm", "Data_Structure", "Docs", "Filter", "Package", "Evol"),
)
# Mended text may be longer than what was refused, and it is indented.
MAX_MENDED = 1024 * 1024


def _sources() -> list[tuple[str, Any]]:
    """The choices in their groups, empty groups left out."""
    groups = ((_("From the hub"), importable.hubs()), (_("On this server"), importable.files()))
    return [(str(label), [(each.key, each.label) for each in group]) for label, group in groups if group]


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"})
    )


def _in_order(chosen: list[str]) -> tuple[str, ...]:
    """The same choice is the same import, at the terminal too."""
    return tuple(sorted(chosen))


class StartForm(forms.Form):
    """Which rows of which source are imported, and what is kept of them. `options` are those chosen."""

    source = forms.ChoiceField(label=_("Source"), choices=_sources)
    revision = forms.RegexField(
        r"\A(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}\Z",
        label=_("Revision"),
        required=False,
        help_text=_("A branch, tag or commit on the hub."),
        error_messages={"invalid": _("No name of a branch, tag or commit.")},
    )
    styles = _several(_("Styles"), Style.choices)
    subsets = _several(_("Subsets"), [(name, subset_words(name)) for name in SUBSETS])
    splits = _several(_("Splits"), Split.choices)
    difficulties = _several(_("Difficulties"), Difficulty.choices)
    limit = forms.IntegerField(
        label=_("Rows at most"), required=False, min_value=1, max_value=2**31 - 1, help_text=_("Empty: all.")
    )
    min_pass = forms.FloatField(
        label=_("Pass rate from, %"), required=False, min_value=0, max_value=100, help_text=_("Empty: any.")
    )
    with_trials = forms.BooleanField(
        label=_("Keep the trials"), required=False, help_text=_("A model's attempts: most of the bytes.")
    )
    dry_run = forms.BooleanField(
        label=_("Dry run"), required=False, help_text=_("Reads and counts all, writes nothing.")
    )

    @property
    def several(self) -> list[forms.BoundField]:
        """The fields that take any number of choices."""
        return [self[name] for name in ("styles", "splits", "difficulties", "subsets")]

    @property
    def single(self) -> list[forms.BoundField]:
        """The rest, but the source."""
        return [self[name] for name in ("revision", "limit", "min_pass", "with_trials", "dry_run")]

    def clean_source(self) -> str:
        """What `importing.queue` takes. Only what is offered is accepted, and that is looked up at this moment."""
        offered = {each.key: each.source for each in (*importable.hubs(), *importable.files())}
        if self.cleaned_data["source"] not in offered:
            raise forms.ValidationError(_("This source is not there any more."))
        return offered[self.cleaned_data["source"]]

    def clean(self) -> dict[str, Any]:
        """The same import twice at once is a slip of the finger."""
        given = super().clean() or self.cleaned_data
        if not self.errors:
            if given["revision"]:
                if given["source"] not in importable.HUBS:
                    self.add_error("revision", _("Only a dataset on a hub has revisions."))
                    return given
                given["source"] += f"@{given['revision']}"
            active = ImportRun.objects.filter(status__in=(RunStatus.QUEUED, RunStatus.RUNNING))
            if active.filter(source=given["source"], options=self.options().as_json()).exists():
                self.add_error(None, _("This very import is under way already: look at the runs below."))
        return given

    def options(self) -> Options:
        """The options of a valid form."""
        given = self.cleaned_data
        return Options(
            styles=_in_order(given["styles"]),
            subsets=_in_order(given["subsets"]),
            splits=_in_order(given["splits"]),
            difficulties=_in_order(given["difficulties"]),
            limit=given["limit"],
            min_pass=None if given["min_pass"] is None else given["min_pass"] / 100,
            with_trials=given["with_trials"],
            dry_run=given["dry_run"],
        )


class ReasonFilter(forms.Form):
    """Which of the refused are shown, by reason."""

    reason = forms.CharField(required=False, max_length=10_000, strip=False)

    def value(self, name: str) -> str:
        """What was chosen; "" where that is nothing, or nonsense."""
        return str(self.cleaned_data.get(name, "")) if self.is_valid() or self.cleaned_data else ""


class RowFilter(ReasonFilter):
    """The same, by fate too."""

    fate = forms.ChoiceField(
        required=False, choices=[("", ""), *((fate.value, fate.label) for fate in (Fate.QUARANTINED, Fate.REJECTED))]
    )


class MendForm(forms.Form):
    """A refused row's text, which a curator mends."""

    text = forms.CharField(
        label=_("The row as JSON"),
        strip=False,
        max_length=MAX_MENDED,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": _("There is nothing to accept: the text is empty.")},
    )
