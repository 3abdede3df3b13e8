"""`manage.py first_curator`: where nobody curates yet, make an account that does and show its password, once."""

import secrets
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from judge.accounts.models import CURATORS, User


class Command(BaseCommand):
    """Prints nothing where there is a curator or superuser already."""

    help = "Creates the first curator, where there is none, and prints the password. It is kept only as a hash."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account. Two commands at once wait for each other at the group's row."""
        group = Group.objects.select_for_update().get(name=CURATORS)
        if group.user_set.filter(is_active=True).exists() or User.objects.filter(is_superuser=True).exists():
            return
        names = (f"curator{number}" if number > 1 else "curator" for number in count(1))
        name = next(name for name in names if not User.objects.filter(username=name).exists())
        password = secrets.token_urlsafe(12)
        curator = User.objects.create_user(username=name, password=password, is_staff=True)
        curator.groups.add(group)
        self.stdout.write(
            _("Curator account: {name}, password: {password} (shown this once)").format(name=name, password=password)
        )
