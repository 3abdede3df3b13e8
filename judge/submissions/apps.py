"""The submissions app."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Submissions and their judging."""

    name = "judge.submissions"
    label = "submissions"
