"""Which languages programs may be sent in: those of the workers' sandbox image, with their versions.

The workers tell through the cache; the web side never asks Docker. Where no worker has told anything yet, or the cache
fails, every language counts as offered and no version is known.
"""

import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

from judge.engine.languages import Language, all_languages

log = logging.getLogger(__name__)

KEY = "languages-offered"
# A page asks several times, and the answer changes with the image only.
KEPT_SECONDS = 10.0

_kept: tuple[float, dict[str, str]] | None = None


def tell(versions: dict[str, str]) -> None:
    """Say what the sandbox image has: versions by language key. For workers; a cache that fails is only logged."""
    global _kept
    _kept = None
    try:
        cache.set(KEY, versions, timeout=None)
    except (RedisError, OSError) as error:
        log.warning("the site was not told which languages there are: %s", error)


def versions() -> dict[str, str]:
    """What the workers told last: versions by language key, empty where nothing is known."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        try:
            known = cache.get(KEY) or {}
        except (RedisError, OSError):
            known = {}
        _kept = time.monotonic(), known
    return _kept[1]


def available_languages() -> dict[str, Language]:
    """The languages that a program may be sent in, by key."""
    known = versions()
    return {key: language for key, language in all_languages().items() if not known or key in known}
