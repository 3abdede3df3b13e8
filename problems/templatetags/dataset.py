"""The dataset's names as words for people."""

from django import template

register = template.Library()


@register.filter
def subset_words(subset: str) -> str:
    """`Code_Contests` as `Code Contests`."""
    return subset.replace("_", " ")
