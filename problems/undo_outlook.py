"""What undoing an import run would do, for whoever is asked to confirm it. The rules are those of `undoing.py`."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import PROTECT

from problems.models import ImportRun, Problem
from problems.undoing import Undone


def outlook(run: ImportRun) -> Undone:
    """As of now, and the more so the fewer people are at work meanwhile."""
    brought = Problem.objects.filter(imported_by=run)
    ours = brought.filter(written_by=run)
    used = ours.filter(_in_use() | ~Q(curated_fields=[])).count()
    restored = run.replaced.filter(problem__written_by=run).count()
    return Undone(
        removed=ours.count() - used,
        restored=restored,
        hidden=used,
        left_alone=run.replaced.count() - restored + brought.count() - ours.count(),
    )


def _in_use() -> Q:
    """That something points at the problem which forbids its removal."""
    condition = Q()
    for relation in Problem._meta.related_objects:
        if relation.on_delete is PROTECT:
            users = relation.related_model._base_manager
            condition |= Q(Exists(users.filter(**{relation.field.name: OuterRef("pk")})))
    return condition
