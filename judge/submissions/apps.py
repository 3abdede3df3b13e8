"""The submissions app."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Submissions and their judging."""

    name = "judge.submissions"
    label = "submissions"

    def ready(self) -> None:
        """Tell `problems` how a user's progress is known, and `accounts` what is kept of a person."""
        from judge.accounts import exporting
        from judge.submissions import takeout
        from judge.submissions.progress import tried
        from problems import progress

        progress.register(tried)
        exporting.register("submissions", takeout.submissions, "submissions.Submission.user")
        exporting.register("drafts", takeout.drafts, "submissions.Draft.user")
        exporting.register("runs", takeout.runs, "submissions.Run.user")
