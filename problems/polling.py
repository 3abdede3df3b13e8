"""How long a page waits before it asks again for its part that changes: ever longer, up to a limit."""

from django.http import QueryDict

GROWTH = 1.25


def next_ms(params: QueryDict, first: int, slowest: int) -> int:
    """The wait after the one that the page has told in `waited`; nonsense counts as the first."""
    waited = params.get("waited", "")
    last = int(waited) if waited.isascii() and waited.isdigit() and len(waited) < 6 else first
    return min(slowest, round(max(first, last) * GROWTH))
