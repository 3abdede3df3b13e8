"""Sessions in the database, as Django keeps them, read at every request by a query that need not be put together."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

_SESSION = "SELECT * FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own, but for how a session is read."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(Session.objects.raw(_SESSION, [self.session_key, timezone.now()])), None)
        if found is None:
            self._session_key = None
        return found
