"""The pages of favourites and lists, and the buttons that change them: plain forms, where htmx only saves the way."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from judge.community import keeping, list_pages
from judge.community.list_forms import ListForm
from judge.community.list_models import ProblemList, Visibility
from judge.community.templatetags.keeping import keeping_context
from judge.submissions.views import SignedIn
from problems import paging
from problems.models import Problem

PAGE_SIZE = 20
MOVES = {"up": -1, "down": 1, "first": -keeping.MAX_ENTRIES, "last": keeping.MAX_ENTRIES}


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """One's own lists, and those that others have made public."""
    public = ProblemList.objects.found_by_all()
    page = paging.page_of(public.select_related("owner__standing"), request.GET, PAGE_SIZE, newest_first=True)
    context = {
        "own": list_pages.own_lists(request.user) if request.user.is_authenticated else [],
        "page": page,
        "public": list_pages.overviews(page.rows, request.user),
    }
    return render(request, "community/lists.html", context)


@require_safe
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """A list, for whoever may see it."""
    rows = ProblemList.objects.visible_to(request.user).select_related("owner__standing")
    kept = get_object_or_404(rows, key=key.replace("\0", ""))
    context = {"list": list_pages.list_page(kept, request.user), "link": request.build_absolute_uri(request.path)}
    return render(request, "community/list.html", context)


@login_required
def create(request: SignedIn) -> HttpResponse:
    """A new list."""
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(keeping.new_list(request.user, **form.cleaned_data))
        except keeping.Full as full:
            form.add_error(None, str(full))
    return render(request, "community/list_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def edit(request: SignedIn, key: str) -> HttpResponse:
    """Another name, description or visibility."""
    kept = _own(request, key)
    form = ListForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    return render(request, "community/list_form.html", {"form": form, "kept": kept}, status=422 if form.errors else 200)


@login_required
@require_POST
def delete(request: SignedIn, key: str) -> HttpResponse:
    """The list goes; favourites stay, they can be emptied."""
    kept = _own(request, key)
    if kept.is_favourites:
        raise Http404
    kept.delete()
    return redirect("lists:index")


@login_required
@require_POST
def entry(request: SignedIn, key: str) -> HttpResponse:
    """Move a problem on the list, or take it off."""
    kept = _own(request, key)
    page = list_pages.list_page(kept, request.user)
    line = next((line for line in page.lines if str(line.entry_id) == request.POST.get("entry")), None)
    if line and request.POST.get("do") == "remove":
        keeping.remove(kept, line.problem)
    elif line and (steps := MOVES.get(request.POST.get("do", ""))):
        keeping.move(kept, line.entry_id, steps, {line.entry_id for line in page.lines})
    if not getattr(request, "htmx", False):
        return redirect(kept)
    return render(request, "community/_entries.html", {"list": list_pages.list_page(kept, request.user)})


@login_required
@require_POST
def keep(request: SignedIn, slug: str) -> HttpResponse:
    """Put a problem on one of one's lists (`list`), on a new one (`name`), or take it off (`off`)."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user), slug=slug)
    try:
        error = _keep(request, problem)
    except keeping.Full as full:
        error = str(full)
    if getattr(request, "htmx", False):
        context = keeping_context(problem, request.user) | {"error": error, "open": "star" not in request.POST}
        return render(request, "community/_keeping.html", context)
    if error:
        return render(request, "community/not_kept.html", {"error": error, "problem": problem}, status=422)
    return redirect(problem)


def _keep(request: SignedIn, problem: Problem) -> str:
    """What `keep` asks for; returns what is wrong with it."""
    if "name" in request.POST:
        form = ListForm({"name": request.POST["name"], "visibility": Visibility.PRIVATE})
        if not form.is_valid():
            return " ".join(str(error) for error in form.errors["name"])
        kept = keeping.new_list(request.user, form.cleaned_data["name"])
    elif "star" in request.POST:
        kept = keeping.favourites(request.user)
    else:
        kept = _own(request, request.POST.get("list", ""))
    (keeping.remove if "off" in request.POST else keeping.add)(kept, problem)
    return ""


def _own(request: SignedIn, key: str) -> ProblemList:
    return get_object_or_404(ProblemList, owner=request.user, key=key.replace("\0", ""))
