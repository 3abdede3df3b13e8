"""The form of a list of problems."""

from django import forms
from django.utils.translation import gettext_lazy as _

from judge.community.list_models import ProblemList


class ListForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A list's name, description and visibility. Favourites keep their name."""

    class Meta:
        model = ProblemList
        fields = ("name", "description", "visibility")
        help_texts = {"description": _("Markdown and $math$ work.")}
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.is_favourites:
            del self.fields["name"]
