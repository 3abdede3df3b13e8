"""The dataset's names and numbers as words for people."""

from django import template

register = template.Library()


@register.filter
def subset_words(subset: str) -> str:
    """`Code_Contests` as `Code Contests`."""
    return subset.replace("_", " ")


@register.filter
def short_number(number: int) -> str:
    """12345 as `12k`, for where there is little room."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.0f}{unit}" if number >= 10 * size else f"{number / size:.1f}{unit}"
    return str(number)
