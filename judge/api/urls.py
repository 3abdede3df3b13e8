"""Addresses under /api/."""

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from judge.api import docs
from judge.api.api import api
from judge.api.errors import not_found, telling

routes, _app, namespace = api.urls
for route in routes:
    if isinstance(route, URLPattern):
        route.callback = telling(route.callback)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs"), name="api"),
    path("v1/", RedirectView.as_view(pattern_name="api-docs")),
    path("kodjudge.py", docs.client_file, name="kodjudge"),
    path("v1/docs/", docs.page, name="api-docs"),
    path("v1/", (routes, "ninja", namespace)),
    re_path("", not_found),
]
