"""Programs as files: a name for each, and all of one's own as a zip that is made while it is sent.

In charge of: that neither the archive nor more than a few programs are in memory at once, and that the database is not
kept from others while somebody's line is slow. Not in charge of: whose they are, but for `archive`, which asks.
"""

import csv
import io
import logging
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

from judge.accounts.models import User
from judge.engine.languages import all_languages
from judge.submissions.models import Submission

log = logging.getLogger(__name__)

# An archive's table of contents is kept to its end: the newest so many are in it.
MAX_FILES = 10_000
AT_ONCE = 20
SECONDS_BETWEEN = 60
_COLUMNS = (
    *("id", "problem__slug", "language", "status", "verdict", "passed", "total"),
    *("time_ms", "memory_kb", "created_at"),
)


def filename(submission_id: int, slug: str, language: str) -> str:
    """What a program is called on its owner's disk."""
    known = all_languages().get(language)
    suffix = PurePath(known.filename).suffix if known else ".txt"
    return f"{slug}-{submission_id}{suffix}"


def may_begin(user: User) -> bool:
    """True once a minute for each person; a cache that fails refuses nobody."""
    try:
        return bool(cache.add(f"submissions-archive:{user.pk}", 1, SECONDS_BETWEEN))
    except (RedisError, OSError) as error:
        log.warning("an archive was begun without a limit: %s", error)
        return True


def archive(user: User) -> Iterator[bytes]:
    """A zip of all that ``user`` has sent in to solve problems, newest first, with a table of it, in pieces."""
    sent = _Pieces()
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(name.replace("problem__slug", "problem") for name in _COLUMNS)
    with ZipFile(sent, "w", ZIP_DEFLATED) as zip_file:
        for submission in _newest_first(user):
            name = filename(submission["id"], submission["problem__slug"], submission["language"])
            info = ZipInfo(f"{submission['problem__slug']}/{name}", submission["created_at"].timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            zip_file.writestr(info, submission["source"])
            rows.writerow(submission[column] for column in _COLUMNS)
            yield sent.take()
        zip_file.writestr("submissions.csv", table.getvalue())
    yield sent.take()


def _newest_first(user: User) -> Iterator[dict[str, Any]]:
    mine = Submission.objects.filter(user=user).to_solve().order_by("-id")
    last = None
    for _ in range(MAX_FILES // AT_ONCE):
        rows = mine if last is None else mine.filter(pk__lt=last)
        found = list(rows.values(*_COLUMNS, "source")[:AT_ONCE])
        # The reader may be slow: the connection is others' meanwhile.
        if not connection.in_atomic_block:
            connection.close()
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1]["id"]


class _Pieces(io.RawIOBase):
    """A file that is only written to, and emptied by whoever sends it on."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
