"""The admin's page for tokens: to look at, and to end one that has leaked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from judge.api.models import Token
from problems.admin import ReadOnlyAdmin


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """Whose they are and what they may; their secrets nobody knows."""

    list_display = ("name", "user", "hint", "scopes", "created_at", "expires_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("hint", "user__username")
    fields = list_display

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By Django's own rules."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
