"""Addresses under /users/."""

from django.urls import path

from judge.community import standing_views

app_name = "users"

urlpatterns = [
    path("", standing_views.leaderboard_page, name="leaderboard"),
    path("<str:name>/", standing_views.profile_page, name="profile"),
    path("<str:name>/visibility/", standing_views.visibility, name="visibility"),
]
