"""Personal tokens, and which submission an idempotency key stands for.

In charge of: what is kept. Not in charge of: what a token opens (`access.py`).
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from judge.submissions.models import Submission

# What a secret begins with, so that scanners for leaked secrets know it.
PREFIX = "kodjudge_"
SECRET_BYTES = 32
# So many characters of a secret are kept as they are, for its owner to tell one token from another.
HINT = len(PREFIX) + 4


class Scope(models.TextChoices):
    """What a token may be used for."""

    READ = "read", _("Read problems, and my submissions")
    SUBMIT = "submit", _("Submit programs")
    VERIFY = "verify", _("Verify problems with programs of mine (curators)")


class TokenQuerySet(models.QuerySet["Token"]):
    """Queries named after what they are for."""

    def open(self) -> Self:
        """Those that have not expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


class Token(models.Model):
    """One person's key for programs. The secret has 256 bits, so a plain digest of it tells nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=60, help_text=_("What it is for, e.g. the machine it lies on."))
    hint = models.CharField(max_length=20, editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="token_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def scope_words(self) -> list[str]:
        """Its scopes for people."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]

    def give_secret(self) -> str:
        """Make a new secret, without saving, and return it: it is kept nowhere, so this is the one time to show it."""
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        self.hint, self.digest = secret[:HINT], digest_of(secret)
        return secret


class SentKey(models.Model):
    """An idempotency key that came with a submission: whoever sends it again gets the same submission."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.BinaryField(max_length=32, help_text=_("SHA-256 of what was sent with it."))
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="sentkey_of_user")]
        indexes = [models.Index(fields=["user", "created_at"], name="sentkey_age")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def kept_of(user: Any) -> Iterator[Mapping[str, Any]]:
    """A person's tokens for the export of their data: without what would open anything."""
    names = ("name", "hint", "scopes", "created_at", "expires_at", "last_used_at")
    yield from Token.objects.filter(user=user).order_by("pk").values(*names)
