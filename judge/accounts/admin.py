"""The admin's page for accounts: Django's own."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from judge.accounts.models import NOBODY, User


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Django's user admin, without the count of all users on every page."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """All people. Nobody is none: what would become of what they own?"""
        return super().get_queryset(request).exclude(username=NOBODY)
