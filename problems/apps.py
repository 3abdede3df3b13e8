"""The problems app."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """Problems: the dataset's rows, imported, shown and curated."""

    name = "problems"
