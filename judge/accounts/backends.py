"""Who is signed in, found at every request by one query that also says whether they curate."""

from allauth.account.auth_backends import AuthenticationBackend

from judge.accounts.models import CURATORS, User

_USER = """
    SELECT u.*, u.is_superuser OR EXISTS (
        SELECT FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id
        WHERE m.user_id = u.id AND g.name = %s
    ) AS is_curator FROM accounts_user u WHERE u.id = %s
"""


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's way of signing in, and our own of knowing who has."""

    def get_user(self, user_id: int) -> User | None:
        """The active user with this id."""
        found = next(iter(User.objects.raw(_USER, [CURATORS, user_id])), None)
        return found if found is not None and self.user_can_authenticate(found) else None
