"""What curators do about lists that others see."""

import pytest
from django.contrib.auth.models import Group, Permission

from judge.accounts.models import CURATORS
from judge.community import keeping
from judge.community.models import ProblemList

pytestmark = pytest.mark.django_db
CHANGELIST = "/admin/community/problemlist/"


@pytest.fixture
def staff(client, curator):
    """A client of a curator who may enter the admin."""
    curator.is_staff = True
    curator.save()
    client.force_login(curator)
    return client


def act(client, action, *kept):
    return client.post(CHANGELIST, {"action": action, "_selected_action": [one.pk for one in kept]})


def test_curators_look_at_lists_that_are_not_private(staff, solver):
    keeping.new_list(solver, "An open one", visibility="unlisted")
    private = keeping.new_list(solver, "A private one", "<script>x")
    page = staff.get(CHANGELIST).content.decode()
    assert "An open one" in page
    assert "A private one" not in page
    assert staff.get(f"{CHANGELIST}{private.pk}/change/").status_code == 302


def test_who_is_no_curator_has_no_such_page(client, solver):
    solver.is_staff = True
    solver.save()
    client.force_login(solver)
    assert client.get(CHANGELIST).status_code == 403


def test_what_is_withheld_only_its_owner_sees(client, staff, solver, make_problem):
    kept = keeping.new_list(solver, "Something rude", visibility="public")
    act(staff, "withhold", kept)
    staff.logout()
    for address in ("/lists/", "/users/solver/"):
        assert "Something rude" not in client.get(address).content.decode()
    assert client.get(kept.get_absolute_url()).status_code == 404
    client.force_login(solver)
    assert "A curator keeps this list from others" in client.get(kept.get_absolute_url()).content.decode()
    client.post(f"{kept.get_absolute_url()}edit/", {"name": "Rude", "visibility": "public", "withheld": ""})
    assert ProblemList.objects.get().withheld
    client.logout()
    assert client.get(kept.get_absolute_url()).status_code == 404


def test_it_is_given_back(staff, solver):
    kept = keeping.new_list(solver, "Fine", visibility="public")
    act(staff, "withhold", kept)
    act(staff, "give_back", kept)
    assert "Fine" in staff.get("/lists/").content.decode()


def test_who_may_only_look_withholds_nothing(staff, solver):
    Group.objects.get(name=CURATORS).permissions.remove(Permission.objects.get(codename="change_problemlist"))
    kept = keeping.new_list(solver, "Fine", visibility="public")
    act(staff, "withhold", kept)
    assert not ProblemList.objects.get().withheld


def test_the_lists_page_shows_one_as_text(staff, solver):
    kept = keeping.new_list(solver, "<b>x", "<script>y</script>", "public")
    page = staff.get(f"{CHANGELIST}{kept.pk}/change/").content.decode()
    assert "&lt;script&gt;y" in page
    assert "<script>y" not in page
