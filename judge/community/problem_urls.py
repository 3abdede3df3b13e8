"""Addresses under a problem's own."""

from django.urls import path

from judge.community import list_views, standing_views

app_name = "standing"

urlpatterns = [
    path("statistics/", standing_views.statistics_page, name="statistics"),
    path("keep/", list_views.keep, name="keep"),
]
