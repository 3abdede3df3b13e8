"""The site's addresses and the blank page's. For benchmarks only."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from judge.urls import urlpatterns as site


def blank(request: HttpRequest) -> HttpResponse:
    """What the site costs that does nothing."""
    return HttpResponse("nothing")


urlpatterns = [path("blank/", blank), *site]
