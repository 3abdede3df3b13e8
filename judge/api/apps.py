"""The API app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What programs may do on the site in their owners' names."""

    name = "judge.api"
    label = "api"
