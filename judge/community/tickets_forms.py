"""The forms of tickets: the reporter's, the curator's, and the desk's filter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judge.community.talk_forms import Prose
from judge.community.tickets_models import Category, TicketState
from judge.engine.languages import all_languages
from judge.submissions.models import Submission
from problems.models import Problem

# So many of one's latest submissions are offered as a proof.
OFFERED = 10


class ReportForm(forms.Form):
    """What is wrong with a problem."""

    category = forms.ChoiceField(label=_("What is wrong?"), choices=[("", _("Choose")), *Category.choices])
    text = Prose(
        _("Tell the curators"),
        rows=7,
        help_text=_("What you expected, what you see, an input that shows it. Markdown and $math$ work."),
        error_messages={"required": _("Say what is wrong, so that somebody can mend it.")},
    )
    submission = forms.TypedChoiceField(
        label=_("A submission of yours that shows it"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, user: Any, problem: Problem, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = Submission.objects.filter(user=user, problem=problem).to_solve().order_by("-id")
        self._offered = {each.pk: each for each in mine.defer("source", "compile_output")[:OFFERED]}
        choices = [("", _("None")), *((pk, _words(each)) for pk, each in self._offered.items())]
        self.fields["submission"].choices = choices  # type: ignore[attr-defined]
        if not self._offered:
            del self.fields["submission"]

    def submission_of(self) -> Submission | None:
        """The one that was chosen in a valid form."""
        return self._offered.get(self.cleaned_data.get("submission") or 0)


class MoreForm(forms.Form):
    """What the reporter has to add."""

    text = Prose(_("Add something"), rows=4, error_messages={"required": _("There is nothing to send yet.")})


class AnswerForm(forms.Form):
    """What a curator says or decides; one of both will do."""

    text = Prose(_("Answer"), rows=5, required=False)
    state = forms.ChoiceField(required=False, choices=[("", ""), *TicketState.choices])

    def clean(self) -> dict[str, Any]:
        """Nothing said and nothing decided is a slip."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not given["text"] and not given["state"]:
            self.add_error("text", _("Write an answer, or decide."))
        return given


class DeskFilter(forms.Form):
    """Which tickets lie on the desk."""

    WAITING, ALL = "", "all"

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(WAITING, _("Unanswered")), *TicketState.choices, (ALL, _("All"))],
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("Every category")), *Category.choices]
    )
    problem = forms.CharField(
        label=_("Problem"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("A problem's address, like apps-1-oj"), "spellcheck": "false"}),
    )

    def chosen(self) -> dict[str, str]:
        """What was chosen; "" where that is nothing, or nonsense."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name, "")) for name in self.fields}


def _words(submission: Submission) -> str:
    language = all_languages().get(submission.language)
    said = submission.get_verdict_display() if submission.verdict else submission.get_status_display()
    return f"#{submission.pk}: {said}, {language.label if language else submission.language}"
