"""Which other sites people may sign in by: those that the environment names, whole."""

import environ
import pytest

from judge.accounts.providers import Providers, configured

GITHUB = {"GITHUB_CLIENT_ID": "id", "GITHUB_CLIENT_SECRET": "secret"}
OIDC = {"OIDC_URL": "https://id.example.org/realms/a", "OIDC_CLIENT_ID": "id", "OIDC_CLIENT_SECRET": "secret"}


def providers(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Providers:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return configured(environ.Env())


def test_by_default_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert providers(monkeypatch) == Providers()


def test_each_brings_its_app_and_the_origin_that_forms_may_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    google = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
    found = providers(monkeypatch, **GITHUB, **google, **OIDC)
    names = ["github", "google", "openid_connect"]
    assert found.apps == [f"allauth.socialaccount.providers.{name}" for name in names]
    assert list(found.settings) == names
    assert found.origins == ["https://github.com", "https://accounts.google.com", "https://id.example.org"]
    app = found.settings["openid_connect"]["APPS"][0]
    assert (app["name"], app["settings"]["server_url"]) == ("OpenID Connect", OIDC["OIDC_URL"])


@pytest.mark.parametrize("missing", [*GITHUB, *OIDC])
def test_half_of_one_stops_the_start(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    given = {name: value for name, value in (GITHUB | OIDC).items() if name != missing}
    with pytest.raises(ValueError, match="belong together"):
        providers(monkeypatch, **given)
