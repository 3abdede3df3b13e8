"""Who is signed in, found at every request by one query that also says whether they curate."""

from allauth.account.auth_backends import AuthenticationBackend

from judge import prepared
from judge.accounts.models import CURATORS, User

_NAMES = [field.attname for field in User._meta.concrete_fields]
_USER = f"""
    SELECT {", ".join(f"u.{name}" for name in _NAMES)}, u.is_superuser OR EXISTS (
        SELECT FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id
        WHERE m.user_id = u.id AND g.name = %s
    ) FROM accounts_user u WHERE u.id = %s
"""  # noqa: S608 - put together from the model's own names


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's way of signing in, and our own of knowing who has."""

    def get_user(self, user_id: int) -> User | None:
        """The active user with this id."""
        for *values, is_curator in prepared.rows(_USER, [CURATORS, user_id]):
            user = User.from_db("default", _NAMES, values)
            user.is_curator = is_curator
            return user if self.user_can_authenticate(user) else None
        return None
