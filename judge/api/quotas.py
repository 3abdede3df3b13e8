"""How many requests a token, and a person with all of theirs, may make a minute.

Counted in the cache, a number a minute: where that fails, nobody is kept out.
"""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from judge.api.models import Token

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60


def seconds_to_wait(token: Token) -> float | None:
    """Count one request of ``token``; None where there is room for it, else after how many seconds there will be."""
    window, spent = divmod(time.time(), WINDOW_SECONDS)
    allowed = {
        f"api:token:{token.pk}:{window:.0f}": settings.API_REQUESTS_PER_MINUTE,
        f"api:user:{token.user_id}:{window:.0f}": settings.API_REQUESTS_PER_MINUTE_OF_USER,
    }
    try:
        full = [_count(key) > limit for key, limit in allowed.items()]
    except (RedisError, OSError) as error:
        log.warning("requests are not counted, the cache failed: %s", error)
        return None
    return WINDOW_SECONDS - spent if any(full) else None


def _count(key: str) -> int:
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    return cache.incr(key)
