"""The site's addresses, and what their pages are measured against. For benchmarks only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from judge.urls import urlpatterns as site


def blank(request: HttpRequest) -> HttpResponse:
    """What the site costs that does nothing."""
    return HttpResponse("nothing")


def frame(request: HttpRequest) -> HttpResponse:
    """What a page of the site costs that has nothing on it: who is signed in, header, footer."""
    return render(request, "base.html")


urlpatterns = [path("blank/", blank), path("frame/", frame), *site]
