"""Addresses of tickets."""

from django.urls import path

from judge.community import tickets_views as views

app_name = "tickets"

urlpatterns = [
    path("problems/<slug:slug>/wrong/", views.report, name="report"),
    path("tickets/", views.mine, name="mine"),
    path("tickets/desk/", views.desk, name="desk"),
    path("tickets/<int:pk>/", views.detail, name="detail"),
]
