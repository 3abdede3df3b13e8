"""How many problems there are of each kind, known without looking at them."""


def compact() -> None:
    """Fold what writes have left behind; safe at any time and from several processes at once."""
