"""The admin's page for accounts: Django's own."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from judge.accounts.leaving import leave
from judge.accounts.models import NOBODY, User


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Django's user admin, without the count of all users on every page."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """All people. Nobody is none: what would become of what they own?"""
        return super().get_queryset(request).exclude(username=NOBODY)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """What goes with an account, or stays without its name, asks for no permission of its own."""
        listed, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """As if they had left by themselves."""
        leave(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """As if each had left by themselves."""
        for user in queryset:
            leave(user)
