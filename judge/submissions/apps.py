"""The submissions app."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Submissions and their judging."""

    name = "judge.submissions"
    label = "submissions"

    def ready(self) -> None:
        """Tell `problems` how a user's progress is known."""
        from judge.submissions.progress import tried
        from problems import progress

        progress.register(tried)
