"""The admin's page for accounts: Django's own."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from judge.accounts.models import User


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Django's user admin, without the count of all users on every page."""

    show_full_result_count = False
