"""The API app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What programs may do on the site in their owners' names."""

    name = "judge.api"
    label = "api"

    def ready(self) -> None:
        """Tell `accounts` what is kept of a person."""
        from judge.accounts import exporting
        from judge.api.models import kept_of

        exporting.register("tokens", kept_of, "api.Token.user")
