"""The site's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from judge.submissions.language_page import language_list

# Under the same limits on wrong passwords as everybody's door.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="problems:list"), name="home"),
    path("problems/", include("problems.urls")),
    path("dataset/", include("problems.dataset_urls")),
    path("submissions/", include("judge.submissions.urls")),
    path("languages/", language_list, name="languages"),
    path("accounts/", include("judge.accounts.urls")),
    path("accounts/tokens/", include("judge.api.token_urls")),
    path("accounts/", include("allauth.urls")),
    path("api/", include("judge.api.urls")),
    path("admin/", admin.site.urls),
]
