"""The dataset's names and numbers as words for people."""

from django import template

from problems import reasons

register = template.Library()


@register.filter
def subset_words(subset: str) -> str:
    """`Code_Contests` as `Code Contests`."""
    return subset.replace("_", " ")


@register.filter
def reason_words(reason: str) -> str:
    """Why a row was refused, in the reader's language."""
    return reasons.in_words(reason)


@register.filter
def short_number(number: int) -> str:
    """12345 as `12k`, for where there is little room."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.0f}{unit}" if number >= 10 * size else f"{number / size:.1f}{unit}"
    return str(number)
