"""Reckons what people have reached anew from all submissions."""

from typing import Any

from django.core.management.base import BaseCommand

from judge.community import reckoning
from judge.community.standing_models import Progress, Standing


class Command(BaseCommand):
    """Needed after a change of TIME_ZONE, whose days are others, and after writing past the database's triggers."""

    help = "Reckons progress, days, statistics and the leaderboard anew from all submissions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how much there is."""
        reckoning.rebuild()
        people, pairs = Standing.objects.count(), Progress.objects.count()
        self.stdout.write(f"{people} people have tried {pairs} problems")
