"""Addresses under /lists/."""

from django.urls import path

from judge.community import list_views

app_name = "lists"

urlpatterns = [
    path("", list_views.lists, name="index"),
    path("new/", list_views.create, name="create"),
    path("<str:key>/", list_views.detail, name="detail"),
    path("<str:key>/edit/", list_views.edit, name="edit"),
    path("<str:key>/delete/", list_views.delete, name="delete"),
    path("<str:key>/entry/", list_views.entry, name="entry"),
]
