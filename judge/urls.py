"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="problems:list"), name="home"),
    path("problems/", include("problems.urls")),
    path("submissions/", include("judge.submissions.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
