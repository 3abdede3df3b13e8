"""Stand-in."""


class CannotUndo(Exception):
    """x"""


def undo(*a, **k):
    raise CannotUndo("x")
