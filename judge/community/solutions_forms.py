"""The form by which somebody shows a solution."""

from django import forms
from django.utils.translation import gettext_lazy as _

from judge.community.talk_forms import Prose

MAX_NOTE = 4_000


class NoteForm(forms.Form):
    """What its author has to say about a solution."""

    note = Prose(
        _("A note for its readers"),
        rows=5,
        max_length=MAX_NOTE,
        required=False,
        help_text=_("If you like: the idea, the running time, a trap. Markdown and $math$ work."),
    )
