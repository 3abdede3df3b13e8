"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, by Django's machinery and allauth's pages."""

    name = "judge.accounts"
    label = "accounts"
