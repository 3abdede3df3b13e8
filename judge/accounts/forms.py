"""The form that deletes an account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from judge.accounts.models import User


class LeaveForm(forms.Form):
    """Asks for the username, so that nobody leaves by a slip of the hand."""

    username = forms.CharField(
        label=gettext_lazy("Your username"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    take_back = forms.BooleanField(
        label=gettext_lazy("Take the solutions that I have published off the site, too"), required=False
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_username(self) -> str:
        """It must be the user's own."""
        name: str = self.cleaned_data["username"]
        if name != self._user.get_username():
            raise ValidationError(_("This is not your username."))
        return name
