"""Addresses under /accounts/ that allauth does not have."""

from django.urls import path

from judge.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("export/", views.download, name="export"),
    path("delete/", views.delete, name="delete"),
]
