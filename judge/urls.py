"""The site's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from judge import admin_names
from judge.community.standing_views import next_problem
from judge.interface import choose_language
from judge.submissions.language_page import language_list

# Under the same limits on wrong passwords as everybody's door.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "KodJudge"
admin_names.give()

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
    path("language/", choose_language, name="set_language"),
    path("accounts/", include("judge.accounts.urls")),
    path("accounts/tokens/", include("judge.api.token_urls")),
    path("accounts/", include("allauth.urls")),
    path("api/", include("judge.api.urls")),
    path("admin/", admin.site.urls),
]
