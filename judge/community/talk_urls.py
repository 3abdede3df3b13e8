"""Addresses of discussions: a problem's stands beneath the problem."""

from django.urls import path

from judge.community import talk_views as views

app_name = "talk"

urlpatterns = [
    path("problems/<slug:slug>/discussion/", views.discussion, name="discussion"),
    path("comments/preview/", views.comment_preview, name="preview"),
    path("comments/<int:pk>/", views.thread, name="thread"),
    path("comments/<int:pk>/edit/", views.comment_edit, name="edit"),
    path("comments/<int:pk>/delete/", views.comment_delete, name="delete"),
    path("comments/<int:pk>/vote/", views.comment_vote, name="vote"),
    path("comments/<int:pk>/report/", views.comment_report, name="report"),
    path("comments/<int:pk>/moderate/", views.comment_moderate, name="moderate"),
]
