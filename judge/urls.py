"""The site's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from judge.community.standing_views import next_problem
from judge.submissions.language_page import language_list

# Under the same limits on wrong passwords as everybody's door.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="problems:list"), name="home"),
    path("problems/", include("problems.urls")),
    path("problems/<slug:slug>/", include("judge.community.problem_urls")),
    path("lists/", include("judge.community.list_urls")),
    path("users/", include("judge.community.user_urls")),
    path("", include("judge.community.talk_urls")),
    path("", include("judge.community.solutions_urls")),
    path("", include("judge.community.tickets_urls")),
    path("dataset/", include("problems.dataset_urls")),
    path("submissions/", include("judge.submissions.urls")),
    path("submissions/<int:pk>/next/", next_problem, name="next_problem"),
    path("languages/", language_list, name="languages"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
