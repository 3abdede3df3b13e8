"""Favourites and lists: who sees and changes which, what is on them, and how much."""

import pytest

from judge.accounts.models import User
from judge.community import keeping
from judge.community.models import ListEntry, ProblemList, Standing, Visibility
from problems.models import Problem
from tests.problems.test_statement import PAYLOADS, is_safe

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def made(owner, *problems, visibility="private", name="A list", **fields) -> ProblemList:
    kept = ProblemList.objects.create(owner=owner, name=name, visibility=visibility, **fields)
    for problem in problems:
        keeping.add(kept, problem)
    return kept


def titles(kept) -> list[str]:
    return [entry.problem.title for entry in kept.entries.select_related("problem")]


def keep(client, problem, status=302, **data):
    response = client.post(f"{problem.get_absolute_url()}keep/", data)
    assert response.status_code == status
    return response


# --- who may what


@pytest.mark.parametrize(("visibility", "status"), [("private", 404), ("unlisted", 200), ("public", 200)])
def test_others_see_what_is_not_private(client, solver, curator, make_user, visibility, status):
    kept = made(make_user(), visibility=visibility)
    for user in (None, solver, curator):
        if user:
            client.force_login(user)
        assert client.get(kept.get_absolute_url()).status_code == status


def test_the_owner_sees_a_private_one(client, solver):
    kept = made(solver)
    client.force_login(solver)
    assert client.get(kept.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("where", ["edit/", "delete/", "entry/"])
def test_nobody_changes_anothers_list(client, solver, curator, make_user, make_problem, where):
    problem = make_problem()
    kept = made(make_user(), problem, visibility="public", name="Theirs")
    data = {"name": "Mine", "visibility": "private", "entry": kept.entries.get().pk, "do": "remove"}
    address = f"{kept.get_absolute_url()}{where}"
    assert client.post(address, data).headers["Location"].startswith("/accounts/login/")
    for user in (solver, curator):
        client.force_login(user)
        assert client.post(address, data).status_code == 404
        keep(client, problem, 404, list=kept.key, off="1")
        keep(client, make_problem(), 404, list=kept.key)
    kept.refresh_from_db()
    assert (kept.name, kept.visibility, len(titles(kept))) == ("Theirs", "public", 1)


def test_strangers_keep_nothing(client, make_problem):
    problem = make_problem()
    assert keep(client, problem, star="1").headers["Location"].startswith("/accounts/login/")
    assert client.get("/lists/new/").status_code == 302
    assert "keeping" not in client.get(problem.get_absolute_url()).content.decode()
    assert not ProblemList.objects.exists()


def test_links_change_nothing(client, solver, make_problem):
    problem = make_problem()
    kept = made(solver, problem)
    client.force_login(solver)
    assert client.get(f"{problem.get_absolute_url()}keep/?star=1").status_code == 405
    for where in ("delete/", "entry/"):
        assert client.get(f"{kept.get_absolute_url()}{where}").status_code == 405
    assert ProblemList.objects.count() == 1


def test_forms_of_other_sites_change_nothing(solver, make_problem, client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(solver)
    keep(strict, make_problem(), 403, star="1")
    assert not ProblemList.objects.exists()


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"judgeable": False}])
def test_what_solvers_do_not_see_can_not_be_kept_and_is_not_shown(client, solver, make_problem, fields):
    open_one, hidden = make_problem(title="An open one"), make_problem(title="A hidden one", **fields)
    client.force_login(solver)
    keep(client, hidden, 404, star="1")
    kept = made(solver, open_one, hidden, visibility="public")
    page = client.get(kept.get_absolute_url()).content.decode()
    assert "An open one" in page
    assert "A hidden one" not in page
    assert "1 problem of this list is not open at present" in page
    entry = kept.entries.get(problem=hidden)
    client.post(f"{kept.get_absolute_url()}entry/", {"entry": entry.pk, "do": "remove"})
    assert kept.entries.count() == 2


def test_only_public_lists_are_found(client, solver, make_user):
    owner = make_user()
    for visibility in Visibility.values:
        made(owner, visibility=visibility, name=f"It is {visibility}")
    for address in ("/lists/", f"/users/{owner.username}/"):
        page = client.get(address).content.decode()
        assert "It is public" in page
        assert "It is private" not in page
        assert "It is unlisted" not in page


def test_who_is_private_or_gone_is_not_named(client, make_user):
    private, gone = make_user("private-person"), make_user("gone-person")
    Standing.objects.create(user=private, private=True)
    kept = [made(owner, visibility="public") for owner in (private, gone)]
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for address in ("/lists/", *(one.get_absolute_url() for one in kept)):
        page = client.get(address).content.decode()
        assert "private-person" not in page
        assert "gone-person" not in page


def test_keys_are_not_guessed(solver):
    keys = {made(solver).key for _ in range(50)}
    assert len(keys) == 50
    assert {len(key) for key in keys} == {16}


def test_keys_that_make_no_sense_are_not_found(client, solver):
    client.force_login(solver)
    for key in ("no%00key", "x" * 300, "..", "new%2F"):
        assert client.get(f"/lists/{key}/").status_code == 404


def test_names_and_descriptions_are_text(client, solver, make_problem):
    kept = made(solver, make_problem(), visibility="public", name="<img src=x>", description="<script>x</script>\n\nb")
    client.force_login(solver)
    for address in ("/lists/", kept.get_absolute_url(), f"{kept.get_absolute_url()}edit/", "/users/solver/"):
        page = client.get(address).content.decode()
        assert "&lt;img src=x&gt;" in page
        assert "<img src=x>" not in page
        assert "<script>x" not in page


# --- the star and the menu on a problem's page


def test_a_star_is_set_and_taken_back(client, solver, make_problem):
    problem = make_problem()
    client.force_login(solver)
    for _ in range(2):
        assert keep(client, problem, star="1").headers["Location"] == problem.get_absolute_url()
    kept = ProblemList.objects.get()
    assert (kept.is_favourites, kept.visibility, titles(kept)) == (True, "private", [problem.title])
    assert 'aria-pressed="true"' in client.get(problem.get_absolute_url()).content.decode()
    keep(client, problem, star="1", off="1")
    assert titles(kept) == []


def test_a_problem_is_put_on_lists_and_taken_off(client, solver, make_problem):
    problem = make_problem()
    kept, other = made(solver), made(solver, problem)
    client.force_login(solver)
    keep(client, problem, list=kept.key)
    keep(client, problem, list=other.key, off="1")
    assert (titles(kept), titles(other)) == ([problem.title], [])


def test_a_new_list_begins_with_the_problem(client, solver, make_problem):
    problem = make_problem()
    client.force_login(solver)
    keep(client, problem, name="For later")
    kept = ProblemList.objects.get()
    assert (kept.name, kept.visibility, titles(kept)) == ("For later", "private", [problem.title])


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\0b"])
def test_a_name_that_can_not_be_is_refused(client, solver, make_problem, name):
    client.force_login(solver)
    assert b"was not added" in keep(client, make_problem(), 422, name=name).content
    assert not ProblemList.objects.exists()


def test_htmx_gets_the_buttons_alone(client, solver, make_problem):
    problem = make_problem()
    client.force_login(solver)
    response = client.post(f"{problem.get_absolute_url()}keep/", {"name": "For later"}, **HTMX)
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="keeping"')
    assert "For later" in page
    assert "csrfmiddlewaretoken" in page
    response = client.post(f"{problem.get_absolute_url()}keep/", {"name": ""}, **HTMX)
    assert response.status_code == 200  # htmx shows no other
    assert "required" in response.content.decode()


def test_there_is_room_for_so_many_only(client, solver, make_problem, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_LISTS", 2)
    monkeypatch.setattr(keeping, "MAX_ENTRIES", 1)
    kept = made(solver, make_problem())
    made(solver)
    client.force_login(solver)
    assert b"no room for more" in keep(client, make_problem(), 422, list=kept.key).content
    assert b"You have 2 lists" in keep(client, make_problem(), 422, name="Third").content
    assert b"You have 2 lists" in client.post("/lists/new/", {"name": "Third", "visibility": "public"}).content
    assert (ProblemList.objects.count(), ListEntry.objects.count()) == (2, 1)
    keep(client, kept.entries.get().problem, list=kept.key)  # it is there already: nothing is refused


def test_many_lists_cost_the_problem_page_no_more_queries(client, solver, make_problem, django_assert_max_num_queries):
    problem = make_problem()
    for _ in range(20):
        made(solver, problem)
    client.force_login(solver)
    client.get(problem.get_absolute_url())
    # session, user, problem, tried?, samples, last submissions, drafts, lists
    with django_assert_max_num_queries(8):
        client.get(problem.get_absolute_url())


# --- making, editing, ordering, deleting


def test_a_list_is_made_renamed_described_shared_and_deleted(client, solver):
    client.force_login(solver)
    client.post("/lists/new/", {"name": "First", "description": "", "visibility": "private"})
    kept = ProblemList.objects.get()
    client.post(
        f"{kept.get_absolute_url()}edit/", {"name": "Second", "description": "Of many", "visibility": "unlisted"}
    )
    kept.refresh_from_db()
    assert (kept.name, kept.description, kept.visibility) == ("Second", "Of many", "unlisted")
    page = client.get(kept.get_absolute_url()).content.decode()
    assert f"http://testserver{kept.get_absolute_url()}" in page
    client.post(f"{kept.get_absolute_url()}delete/")
    assert not ProblemList.objects.exists()


@pytest.mark.parametrize("data", [{"name": ""}, {"visibility": "everybody"}, {"description": "x" * 2_001}])
def test_what_can_not_be_is_said_beside_the_field(client, solver, data):
    kept = made(solver)
    client.force_login(solver)
    given = {"name": "x", "visibility": "public"} | data
    for address in ("/lists/new/", f"{kept.get_absolute_url()}edit/"):
        response = client.post(address, given)
        assert response.status_code == 422
        assert "field-error" in response.content.decode()
    assert ProblemList.objects.get().name == "A list"


def test_nobody_gives_a_list_away(client, solver, make_user):
    kept = made(solver)
    client.force_login(solver)
    data = {"name": "x", "visibility": "public", "owner": make_user().pk, "key": "guess", "is_favourites": "1"}
    client.post(f"{kept.get_absolute_url()}edit/", data)
    key, kept = kept.key, ProblemList.objects.get()
    assert (kept.owner, kept.key, kept.is_favourites) == (solver, key, False)


def test_favourites_can_be_shared_but_not_renamed_or_deleted(client, solver):
    kept = keeping.favourites(solver)
    client.force_login(solver)
    client.post(f"{kept.get_absolute_url()}edit/", {"name": "Other", "visibility": "public"})
    assert client.post(f"{kept.get_absolute_url()}delete/").status_code == 404
    kept = ProblemList.objects.get()
    assert (kept.name, kept.visibility) == ("Favourites", "public")


@pytest.mark.parametrize(
    ("do", "which", "expected"),
    [
        ("up", 1, "bacd"),
        ("down", 1, "acbd"),
        ("up", 0, "abcd"),
        ("down", 3, "abcd"),
        ("first", 3, "dabc"),
        ("last", 0, "bcda"),
        ("remove", 1, "acd"),
        ("nonsense", 1, "abcd"),
    ],
)
@pytest.mark.parametrize("by_htmx", [True, False])
def test_problems_are_ordered(client, solver, make_problem, do, which, expected, by_htmx):
    kept = made(solver, *(make_problem(title=title) for title in "abcd"))
    client.force_login(solver)
    entry = list(kept.entries.all())[which]
    response = client.post(
        f"{kept.get_absolute_url()}entry/", {"entry": entry.pk, "do": do}, **(HTMX if by_htmx else {})
    )
    assert response.status_code == (200 if by_htmx else 302)
    assert "".join(titles(kept)) == expected


def test_a_move_passes_what_is_not_seen(client, solver, make_problem):
    a, hidden, b = make_problem(title="a"), make_problem(title="-"), make_problem(title="b")
    kept = made(solver, a, hidden, b)
    Problem.objects.filter(pk=hidden.pk).update(state="hidden")
    client.force_login(solver)
    client.post(f"{kept.get_absolute_url()}entry/", {"entry": kept.entries.get(problem=b).pk, "do": "up"})
    assert titles(kept)[0] == "b"


@pytest.mark.parametrize("entry", ["", "x", "-1", "9" * 30])
def test_an_entry_that_is_not_there_is_not_moved(client, solver, make_problem, entry):
    kept = made(solver, make_problem())
    client.force_login(solver)
    assert client.post(f"{kept.get_absolute_url()}entry/", {"entry": entry, "do": "remove"}).status_code == 302
    assert kept.entries.count() == 1


def test_it_shows_ones_own_progress(client, solver, make_user, make_problem, judged):
    one, two, three = make_problem(), make_problem(), make_problem()
    kept = made(make_user(), one, two, three, visibility="public")
    judged(solver, one)
    judged(solver, two, "WA")
    assert "problems solved" not in client.get(kept.get_absolute_url()).content.decode()
    client.force_login(solver)
    response = client.get(kept.get_absolute_url())
    assert "1 of 3 problems solved" in response.content.decode()
    assert [line.solved for line in response.context["list"].lines] == [True, False, None]


def test_empty_lists_say_what_to_do(client, solver):
    client.force_login(solver)
    assert "Star a problem" in client.get("/lists/").content.decode()
    for kept in (made(solver), keeping.favourites(solver)):
        assert "No problems on this list" in client.get(kept.get_absolute_url()).content.decode()


def test_removed_problems_and_people_leave_no_entries(solver, make_problem):
    problem = make_problem()
    made(solver, problem, make_problem())
    problem.delete()
    assert ListEntry.objects.count() == 1
    solver.delete()
    assert not ListEntry.objects.exists()


def test_queries_do_not_grow_with_rows(client, solver, make_problem, django_assert_max_num_queries):
    problems = [make_problem() for _ in range(20)]
    for number in range(15):
        kept = made(solver, *problems, visibility="public", name=f"List {number}")
    client.force_login(solver)
    # session, user, list, entries, progress, count
    with django_assert_max_num_queries(6):
        client.get(kept.get_absolute_url())
    # session, user, own lists, their counts, public lists, their counts
    with django_assert_max_num_queries(6):
        client.get("/lists/")


def test_public_lists_have_pages(client, solver, monkeypatch):
    from judge.community import list_views

    monkeypatch.setattr(list_views, "PAGE_SIZE", 2)
    for number in range(3):
        made(solver, visibility="public", name=f"List {number}")
    first = client.get("/lists/")
    assert [line.kept.name for line in first.context["public"]] == ["List 2", "List 1"]
    second = client.get("/lists/", {"after": first.context["page"].after})
    assert [line.kept.name for line in second.context["public"]] == ["List 0"]


def test_a_description_is_markdown_and_safe(client, solver, make_problem):
    links = "[this](https://example.org), not [that](javascript:alert(1))"
    text = f"For **graphs**, see {links}.\n\n$n^2$ <script>alert(1)</script>"
    kept = made(solver, make_problem(), visibility="public", description=text)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert "<strong>graphs</strong>" in page
    assert 'rel="nofollow ugc noopener"' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "vendor/math.js" in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_description_never_acts(client, solver, payload):
    kept = made(solver, visibility="public", description=payload)
    response = client.get(kept.get_absolute_url())
    words = response.context["list"].words
    assert is_safe(words)
    assert words in response.content.decode()
