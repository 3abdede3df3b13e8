"""The community app."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What people make of the problems together, and of each other: talk, lists, standing."""

    name = "judge.community"
    label = "community"
