"""The admin's page for tokens: to look at, and to end one that has leaked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from judge.api.models import Token


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Whose they are and what they may; their secrets nobody knows."""

    list_display = ("name", "user", "hint", "scopes", "created_at", "expires_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("hint", "user__username")
    fields = list_display
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes one for somebody else."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of it changes but by being used."""
        return False
