"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from judge.submissions.language_page import language_list

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="problems:list"), name="home"),
    path("problems/", include("problems.urls")),
    path("submissions/", include("judge.submissions.urls")),
    path("languages/", language_list, name="languages"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
