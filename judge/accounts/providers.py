"""Signing in by other sites: which of them the environment names. Read by the settings; pure, knows no Django.

In charge of: what is installed and asked for. Not in charge of: the signing in, which is allauth's.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Providers:
    """What the settings need: apps, allauth's own settings, and the origins that a form may lead to."""

    apps: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)


def configured(env: Any) -> Providers:
    """The providers whose client id stands in the environment. Raises ValueError where only a part of one does."""
    github = _client(env.str("GITHUB_CLIENT_ID", default=""), env.str("GITHUB_CLIENT_SECRET", default=""), "GITHUB")
    google = _client(env.str("GOOGLE_CLIENT_ID", default=""), env.str("GOOGLE_CLIENT_SECRET", default=""), "GOOGLE")
    oidc = _client(env.str("OIDC_CLIENT_ID", default=""), env.str("OIDC_CLIENT_SECRET", default=""), "OIDC")
    url, name = env.str("OIDC_URL", default=""), env.str("OIDC_NAME", default="OpenID Connect")
    found = Providers()
    if github:
        _add(found, "github", {"SCOPE": ["user:email"], "APPS": [github]}, "https://github.com")
    if google:
        _add(found, "google", {"SCOPE": ["profile", "email"], "APPS": [google]}, "https://accounts.google.com")
    if bool(oidc) != bool(url):
        raise ValueError("OIDC_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all of them or none.")
    if oidc:
        app = oidc | {"provider_id": "oidc", "name": name, "settings": {"server_url": url}}
        parts = urlsplit(url)
        _add(found, "openid_connect", {"APPS": [app]}, f"{parts.scheme}://{parts.netloc}")
    return found


def _client(client_id: str, secret: str, name: str) -> dict[str, Any] | None:
    if bool(client_id) != bool(secret):
        raise ValueError(f"{name}_CLIENT_ID and {name}_CLIENT_SECRET belong together: set both or none.")
    return {"client_id": client_id, "secret": secret, "key": ""} if client_id else None


def _add(found: Providers, provider: str, settings: dict[str, Any], origin: str) -> None:
    found.apps.append(f"allauth.socialaccount.providers.{provider}")
    found.settings[provider] = settings
    found.origins.append(origin)
