"""Who is a curator, and what the group may do."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from judge.accounts.models import CURATORS, User

pytestmark = pytest.mark.django_db


def test_a_newcomer_is_no_curator() -> None:
    assert not User.objects.create_user("ann").is_curator


def test_staff_alone_are_no_curators() -> None:
    assert not User.objects.create_user("ann", is_staff=True).is_curator


def test_a_visitor_is_no_curator() -> None:
    assert not getattr(AnonymousUser(), "is_curator", False)


def test_members_of_the_group_are_curators() -> None:
    user = User.objects.create_user("ann")
    user.groups.add(Group.objects.get(name=CURATORS))
    assert user.is_curator


def test_a_superuser_is_a_curator() -> None:
    assert User.objects.create_superuser("root").is_curator


def test_the_group_may_do_this_and_no_more() -> None:
    permissions = Group.objects.get(name=CURATORS).permissions.values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in permissions} == {
        "problems.view_problem",
        "problems.add_problem",
        "problems.change_problem",
        "problems.view_testcase",
        "problems.add_testcase",
        "problems.change_testcase",
        "problems.delete_testcase",
        "problems.view_importrun",
        "problems.view_refusedrow",
        "submissions.view_submission",
        "submissions.change_submission",
        "submissions.view_testresult",
        "community.view_problemlist",
        "community.change_problemlist",
        "community.view_comment",
        "community.change_comment",
        "community.view_commentreport",
        "community.view_solution",
        "community.change_solution",
        "community.view_givenup",
    }
