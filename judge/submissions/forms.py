"""The form by which a program is sent in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from judge.submissions.offered import available_languages


def _choices() -> list[tuple[str, str]]:
    return [(key, language.label) for key, language in available_languages().items()]


class SubmissionForm(forms.Form):
    """A language and a source text. What a source may be is `submitting`'s rule; the form keeps the text it refuses."""

    language = forms.ChoiceField(label=_("Language"), choices=_choices)
    source = forms.CharField(
        label=_("Your program"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 18, "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off", "wrap": "off"}
        ),
        error_messages={"required": _("There is no program yet: write one, then submit.")},
    )


class RunForm(SubmissionForm):
    """What a run needs besides; its inputs are a list and taken as they come."""

    samples = forms.BooleanField(label=_("Samples"), required=False)
