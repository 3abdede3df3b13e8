"""The form that makes a personal token."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from judge.accounts.models import User
from judge.api.models import Scope, Token

MAX_TOKENS = 20
LIFETIMES = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("a year"),
    "": gettext_lazy("until I revoke it"),
}


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A name, scopes and a lifetime for a token of ``user``; only curators may choose the scope for verifying."""

    scopes = forms.MultipleChoiceField(label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple)
    lifetime = forms.ChoiceField(
        label=gettext_lazy("It is good for"), choices=list(LIFETIMES.items()), required=False, initial="90"
    )

    class Meta:
        model = Token
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = user
        scopes = [scope for scope in Scope if scope != Scope.VERIFY or user.is_curator]
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes]  # type: ignore[attr-defined]
        self.fields["scopes"].initial = [Scope.READ.value, Scope.SUBMIT.value]

    def clean_name(self) -> str:
        """The constraint's rule, said beside the field: it names the owner, whom the form does not hold."""
        name: str = self.cleaned_data["name"].replace("\0", "")
        if self.instance.user.tokens.filter(name=name).exists():
            raise ValidationError(_("You have a token of this name. Revoke it first, or choose another name."))
        return name

    def clean(self) -> dict[str, Any]:
        """Everybody has few enough to keep an eye on."""
        if self.instance.user.tokens.count() >= MAX_TOKENS:
            raise ValidationError(
                _("You have %(count)d tokens; no more are possible. Revoke one first.") % {"count": MAX_TOKENS}
            )
        return self.cleaned_data

    def make(self) -> tuple[Token, str]:
        """The new token, saved, and its secret."""
        token = self.instance
        token.scopes = self.cleaned_data["scopes"]
        if days := self.cleaned_data["lifetime"]:
            token.expires_at = timezone.now() + timedelta(days=int(days))
        secret = token.give_secret()
        token.save()
        return token, secret
