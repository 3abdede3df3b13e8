"""The forms by which people talk."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from judge.community.talk_models import Comment, CommentReport, Reason
from judge.community.written import MAX_CHARS, has_math, shown_now


class Prose(forms.CharField):
    """A text of several lines with LF line ends, which its bounds count as one character."""

    def __init__(self, label: Any, rows: int, max_length: int = MAX_CHARS, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, max_length=max_length, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """The text as it is kept."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A comment or an answer. Sent by its button `preview` it is only to be looked at."""

    text = Prose(_("Your comment"), rows=5, error_messages={"required": _("There is nothing to send yet.")})

    class Meta:
        model = Comment
        fields = ("text", "spoiler")

    @property
    def previewing(self) -> bool:
        """Whether it isn't to be kept yet."""
        return self.is_bound and "preview" in self.data

    @cached_property
    def preview(self) -> SafeString | None:
        """What the comment would look like; None where nobody asks, or the text is refused."""
        return shown_now(self.cleaned_data["text"]) if self.previewing and not self.errors else None

    @property
    def preview_has_math(self) -> bool:
        """Whether there are formulas in it."""
        return has_math(self.preview or "")


class ReplyForm(CommentForm):
    """An answer."""

    text = Prose(_("Your answer"), rows=4, error_messages={"required": _("There is nothing to send yet.")})


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What is wrong with a comment."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=[("", _("Choose")), *Reason.choices])

    class Meta:
        model = CommentReport
        fields = ("reason", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
