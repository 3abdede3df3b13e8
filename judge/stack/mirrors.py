"""How this machine reaches Debian: its mirror, proxies, apt options and certificates, to be used for the image too."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

# What a mirror may need of a client: a frozen mirror's dates are old, a slow one wants retries.
OPTIONS = ("Acquire::Check-Valid-Until", "Acquire::Check-Date", "Acquire::Retries", "Acquire::ForceIPv4")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True, slots=True)
class Mirrors:
    """URLs without a trailing slash, empty where the machine names none.

    ``proxies`` are by lower-case variable name; ``options`` are `-o name=value` words.
    """

    debian: str
    security: str
    proxies: dict[str, str]
    options: tuple[str, ...]


def of_this_machine() -> Mirrors:
    """Read from /etc/apt and the environment. A machine that is no Debian names no mirror: the tools use their own."""
    uris = _uris()
    debian = [uri for uri in uris if re.search(r"/debian$", uri)]
    security = [uri for uri in uris if re.search(r"/debian-security$", uri)]
    return Mirrors(
        debian=(debian or [""])[0],
        security=(security or [""])[0],
        proxies=_proxies(),
        options=tuple(word for name in OPTIONS if (value := _apt(name)) for word in ("-o", f"{name}={value}")),
    )


def certificates() -> bytes:
    """The authorities that this machine trusts, PEM; empty where it has none."""
    named = Path(os.environ.get("SSL_CERT_FILE") or CERTIFICATES)
    return named.read_bytes() if named.is_file() else b""


def _uris() -> list[str]:
    """Every repository address in the machine's apt sources, both formats, in the files' order."""
    folder = Path("/etc/apt")
    found: list[str] = []
    for path in (folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))):
        if path.is_file():
            found += re.findall(r"(?m)^\s*deb\s+(?:\[[^\]]*\]\s+)?(https?://\S+)", path.read_text())
    for path in sorted(folder.glob("sources.list.d/*.sources")):
        for line in re.findall(r"(?m)^URIs:(.*)$", path.read_text()):
            found += re.findall(r"https?://\S+", line)
    return [uri.rstrip("/") for uri in found]


def _proxies() -> dict[str, str]:
    found = {}
    for scheme in ("http", "https"):
        name = f"{scheme}_proxy"
        value = os.environ.get(name) or os.environ.get(name.upper()) or _apt(f"Acquire::{scheme}::Proxy")
        if value and value != "DIRECT":
            found[name] = value
    if found and (direct := os.environ.get("no_proxy") or os.environ.get("NO_PROXY")):
        found["no_proxy"] = direct
    return found


def _apt(name: str) -> str:
    """One value of apt's configuration, empty where it is unset or there is no apt."""
    try:
        done = subprocess.run(["apt-config", "shell", "VALUE", name], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    found = re.search(r"VALUE='(.*)'", done.stdout)
    return found[1] if found else ""
