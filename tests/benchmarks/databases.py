"""Databases of the benchmarks' own on the product's server, and `manage.py` on them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from judge.stack import servers
from judge.stack.place import place

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"


def address(name: str) -> str:
    """DATABASE_URL of the database ``name`` on the product's server; of the product's own for ""."""
    url = os.environ.get("DATABASE_URL") or place().database_url
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")) if name else url


def drop(name: str) -> None:
    """Remove it, whoever is connected."""
    with psycopg.connect(address(""), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def create(name: str, template: str | None = None) -> None:
    """A new one; what came before is on the disk, so that nobody else has to write it."""
    drop(name)
    with psycopg.connect(address(""), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
        server.execute("CHECKPOINT")


def environment(name: str) -> dict[str, str]:
    """The environment of programs that work on the database."""
    return os.environ | {"DATABASE_URL": address(name), "SECRET_KEY": servers.secret_key(place())}


def command(*arguments: str) -> list[str]:
    """The argv of manage.py."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def manage(name: str, *arguments: str) -> None:
    """Run manage.py on the database, in silence."""
    subprocess.run(command(*arguments), env=environment(name), check=True, stdout=subprocess.DEVNULL)


def generated(count: int) -> Path:
    """A folder of ``count`` generated rows, made once."""
    folder = FOLDER / f"rows-{count}"
    if not folder.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        manage("", "generate_rows", str(count), str(new))
        new.rename(folder)
    return folder
