"""Addresses under /submissions/."""

from django.urls import path

from judge.submissions import case_views, draft_views, own_views, run_views, views

app_name = "submissions"

urlpatterns = [
    path("", views.submission_list, name="list"),
    path("new/<slug:slug>/", views.submit, name="submit"),
    path("compare/", own_views.compare_two, name="compare"),
    path("download/", own_views.download, name="download"),
    path("runs/new/<slug:slug>/", run_views.run_new, name="run"),
    path("runs/<int:pk>/live/", run_views.run_live, name="run_live"),
    path("drafts/<slug:slug>/<slug:language>/", draft_views.draft, name="draft"),
    path("drafts/<int:pk>/", draft_views.version, name="draft_version"),
    path("drafts/<int:pk>/drop", draft_views.drop, name="draft_drop"),
    path("<int:pk>/", views.submission_detail, name="detail"),
    path("<int:pk>/live/", views.submission_live, name="live"),
    path("<int:pk>/case/", case_views.live, name="case"),
    path("<int:pk>/case/new/", case_views.ask, name="case_new"),
    path("<int:pk>/source/", own_views.source, name="source"),
    path("<int:pk>/cancel/", own_views.cancel, name="cancel"),
]
