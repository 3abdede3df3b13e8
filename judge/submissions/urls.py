"""Addresses under /submissions/."""

from django.urls import path

from judge.submissions import views

app_name = "submissions"

urlpatterns = [
    path("", views.submission_list, name="list"),
    path("new/<slug:slug>/", views.submit, name="submit"),
    path("<int:pk>/", views.submission_detail, name="detail"),
    path("<int:pk>/live/", views.submission_live, name="live"),
]
