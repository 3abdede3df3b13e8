"""Sessions in the database, as Django keeps them, read at every request by a query that is planned once."""

from typing import Any

from django.contrib.sessions.backends import db

from judge import prepared

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"


class SessionStore(db.SessionStore):
    """Django's own, but for how a session is read."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is over."""
        found = prepared.rows(_SESSION, [self.session_key]) if self.session_key else []
        if not found:
            self._session_key = None
            return {}
        return dict(self.decode(found[0][0]))
