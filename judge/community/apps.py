"""The community app."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What people make of the problems together, and of each other: talk, lists, standing."""

    name = "judge.community"
    label = "community"

    def ready(self) -> None:
        """Tell `accounts` what is kept of a person, and what becomes of it when they leave."""
        from judge.accounts import leaving
        from judge.community import takeout
        from judge.community.parting import part

        takeout.register()
        leaving.register(part)
