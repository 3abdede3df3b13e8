"""`manage.py first_curator`."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.management import call_command

from judge.accounts.models import CURATORS, User

pytestmark = pytest.mark.django_db


def first_curator() -> str:
    out = StringIO()
    call_command("first_curator", stdout=out)
    return out.getvalue()


def test_where_somebody_curates_nobody_is_made():
    User.objects.create_user("ann").groups.add(Group.objects.get(name=CURATORS))
    assert first_curator() == ""
    assert User.objects.count() == 1


def test_where_there_is_a_superuser_nobody_is_made():
    User.objects.create_superuser("root")
    assert first_curator() == ""


def test_the_password_is_shown_once_and_works():
    shown = re.search(r"Curator account: (\S+), password: (\S+) ", first_curator())
    assert shown is not None
    curator = authenticate(username=shown[1], password=shown[2])
    assert isinstance(curator, User)
    assert curator.is_curator
    assert curator.is_staff
    assert not curator.is_superuser
    assert first_curator() == ""


def test_a_name_that_is_taken_is_left_to_its_owner():
    User.objects.create_user("curator")
    assert "Curator account: curator2," in first_curator()
