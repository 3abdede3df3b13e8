"""The figures of the pages: their p95 under eight clients at growing sizes, against empty views in the same server.

There are two of these: one that answers with a word (blank), and a page of the site with nothing on it (frame).

The server is the product's own, started as `make up` does; each size has a database of its own, filled by the
importer, and a server of its own: all are measured in turn, in rounds, so that a drifting machine moves all of them.
KODJUDGE_BENCH_SIZES picks sizes (10000,100000,487432); with KODJUDGE_BENCH_KEEP=1 the databases stay for the next time.
"""

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg
from databases import FOLDER, address, create, drop, environment, generated, manage
from measuring import Figures

HERE = Path(__file__).resolve().parent
SIZES = [int(size) for size in os.environ.get("KODJUDGE_BENCH_SIZES", "10000,100000,487432").split(",")]
KEEP = os.environ.get("KODJUDGE_BENCH_KEEP") == "1"
# Most visitors only look; one of eight here is a curator, who searches all problems.
CLIENTS = ("", "", "", "", "solver", "solver", "solver", "curator")
ROUNDS = 9
REQUESTS = 25  # of a client, a round and a page kind
BLANK, FRAME = "blank", "frame"
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """One size's running server, and what there is to ask for."""

    size: int
    port: int
    known: dict[str, Any]

    def paths(self, kind: str, client: int, number: int) -> list[str]:
        """What a client asks for in a round; the same in every run."""
        rng = random.Random(f"{kind} {client} {number}")  # noqa: S311 - repeatable, not secret
        return [_KINDS[kind](rng, self.known) for _ in range(REQUESTS)]


def run(figures: Figures) -> None:
    """All figures of this part."""
    with ExitStack() as stack:
        clients = [stack.enter_context(_client()) for _ in CLIENTS]
        sites = [stack.enter_context(_site(size)) for size in SIZES]
        for site in sites:
            _warm_up(site)
        taken = _measure(sites, clients)
    _report(figures, taken)
    if not KEEP:
        for size in SIZES:
            drop(_name(size))


Taken = dict[tuple[int, str], list[list[list[float]]]]  # by size and page kind: of each round, of each client, seconds


def _measure(sites: Sequence[Site], clients: Sequence["subprocess.Popen[str]"]) -> Taken:
    taken: Taken = {(site.size, kind): [] for site in sites for kind in _KINDS}
    for number in range(ROUNDS):
        for kind in _KINDS:
            for site in sites if number % 2 else reversed(sites):
                taken[site.size, kind].append(_round(site, kind, number, clients))
    return taken


def _round(site: Site, kind: str, number: int, clients: Sequence["subprocess.Popen[str]"]) -> list[list[float]]:
    for place, (client, who) in enumerate(zip(clients, CLIENTS, strict=True)):
        cookie = site.known[who] if who else ""
        job = {"port": site.port, "cookie": cookie, "paths": site.paths(kind, place, number)}
        assert client.stdin is not None
        client.stdin.write(json.dumps(job) + "\n")
        client.stdin.flush()
    return [json.loads(client.stdout.readline()) for client in clients if client.stdout is not None]


def _report(figures: Figures, taken: Taken) -> None:
    """Medians over the rounds, so that a neighbour's spike is one round's matter."""
    p95 = {key: [_quantile(chain(*of_round), 95) for of_round in rounds] for key, rounds in taken.items()}
    for (size, kind), rounds in taken.items():
        by_who = {
            who or "anybody": [
                _quantile(
                    [s for mine, seconds in zip(CLIENTS, clients, strict=True) if mine == who for s in seconds], 95
                )
                for clients in rounds
            ]
            for who in dict.fromkeys(CLIENTS)
        }
        figures.add(
            f"pages_{kind}_p95_{size}",
            1e3 * statistics.median(p95[size, kind]),
            "ms",
            p50_ms=round(1e3 * statistics.median(_quantile(chain(*r), 50) for r in rounds), 2),
            over_blank=round(_over(p95[size, kind], p95[size, BLANK]), 3),
            over_frame=round(_over(p95[size, kind], p95[size, FRAME]), 3),
            p95_ms={who: round(1e3 * statistics.median(of_rounds), 2) for who, of_rounds in by_who.items()},
            requests=sum(len(seconds) for clients in rounds for seconds in clients),
        )
    kinds = [kind for kind in _KINDS if kind not in {BLANK, FRAME}]
    largest, smallest = max(SIZES), min(SIZES)
    over_blank = {kind: _over(p95[largest, kind], p95[largest, BLANK]) for kind in kinds}
    over_frame = {kind: _over(p95[largest, kind], p95[largest, FRAME]) for kind in kinds}
    growth = {kind: _over(p95[largest, kind], p95[smallest, kind]) for kind in kinds}
    if (smallest, largest) == (10_000, 487_432):
        figures.add("pages_p95_growth_487k_over_10k", max(growth.values()), "x", **_rounded(growth))
        figures.add("pages_p95_over_blank_page_487k", max(over_blank.values()), "x blank", **_rounded(over_blank))
        figures.add("pages_p95_over_empty_page_487k", max(over_frame.values()), "x frame", **_rounded(over_frame))


def _over(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _rounded(ratios: dict[str, float]) -> dict[str, float]:
    return {name: round(ratio, 3) for name, ratio in ratios.items()}


def _quantile(seconds: Iterable[float], percent: int) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


# --- what is asked for ----------------------------------------------------------------------------------------------

DIFFICULTIES = ("easy", "medium", "hard")
SUBSETS = ("Apps", "Taco", "Filter", "Package", "Code_Contests", "Leetcode", "Docs", "Evol")


def _lists(rng: random.Random, known: dict[str, Any]) -> str:
    return f"/problems/{rng.choice(['', '', '', '?sort=newest', '?sort=hardest', '?sort=easiest'])}"


def _filters(rng: random.Random, known: dict[str, Any]) -> str:
    """One choice to three of them; the last is rare, or matches nothing."""
    choices = [
        f"difficulty={rng.choice(DIFFICULTIES)}",
        f"subset={rng.choice(SUBSETS)}",
        f"subset={rng.choice(SUBSETS)}&subset={rng.choice(SUBSETS)}",
        f"pass_from={10 * rng.randrange(6)}&pass_to={10 * rng.randrange(6, 11)}",
        "tag=graphs",
        f"verified=yes&difficulty=hard&subset={rng.choice(SUBSETS)}",
    ]
    return "/problems/?" + "&".join(rng.sample(choices, rng.choice([1, 1, 2, 3])))


def _searches(rng: random.Random, known: dict[str, Any]) -> str:
    """Common words and rare ones, one or two, unfinished or with a typo, sometimes filtered; sometimes an id."""
    words = known["words"]
    common, any_word = rng.choice(words[:200]), rng.choice(words)
    texts = [common, any_word, f"{common} {any_word}", f"{common} {rng.choice(words[:200])}", any_word[:-2]]
    texts += [any_word[:3] + any_word[4:], rng.choice(known["slugs"])]
    narrow = rng.choice(["", "", "", f"&difficulty={rng.choice(DIFFICULTIES)}"])
    return f"/problems/?q={rng.choice(texts).replace(' ', '+')}{narrow}"


def _deep(rng: random.Random, known: dict[str, Any]) -> str:
    narrow = rng.choice(["", "", f"&difficulty={rng.choice(DIFFICULTIES)}", "&sort=newest"])
    return f"/problems/?{rng.choice(['after', 'before'])}={rng.choice(known['ids'])}{narrow}"


def _problems(rng: random.Random, known: dict[str, Any]) -> str:
    return f"/problems/{rng.choice(known['slugs'])}/"


def _blanks(rng: random.Random, known: dict[str, Any]) -> str:
    return "/blank/"


def _frames(rng: random.Random, known: dict[str, Any]) -> str:
    return "/frame/"


_KINDS = {
    BLANK: _blanks,
    FRAME: _frames,
    "list": _lists,
    "filter": _filters,
    "search": _searches,
    "deep": _deep,
    "problem": _problems,
}


# --- servers --------------------------------------------------------------------------------------------------------


def _name(size: int) -> str:
    return f"kodjudge_bench_pages_{size}"


@contextmanager
def _site(size: int) -> Iterator[Site]:
    known = _filled(size)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = environment(_name(size)) | {"DJANGO_SETTINGS_MODULE": "pages_settings", "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-m", "gunicorn", "judge.wsgi", "-k", "gthread", "-w", "2", "--threads", "8"]
    command += ["--log-level", "warning"]
    server = subprocess.Popen([*command, "-b", f"127.0.0.1:{port}"], env=variables, cwd=HERE.parents[1])
    try:
        yield Site(size, port, known)
    finally:
        server.terminate()
        server.wait(START_SECONDS)


def _filled(size: int) -> dict[str, Any]:
    """What there is in the size's database, which is made and filled where it isn't there as it should be."""
    said = FOLDER / f"pages-{size}.json"
    if not (said.exists() and _is_there(_name(size))):
        create(_name(size))
        manage(_name(size), "migrate", "--verbosity", "0")
        manage(_name(size), "import_kodcode", str(generated(size)))
        command = [sys.executable, str(HERE / "pages_visitors.py")]
        done = subprocess.run(command, env=environment(_name(size)), check=True, stdout=subprocess.PIPE)
        said.write_bytes(done.stdout)
    return dict(json.loads(said.read_text()))


def _is_there(name: str) -> bool:
    with psycopg.connect(address("")) as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _warm_up(site: Site) -> None:
    """Each problem's statement is rendered at its first view, which isn't what is measured."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(f"http://127.0.0.1:{site.port}/blank/"):
        if time.monotonic() > deadline:
            raise SystemExit(f"the server for {site.size} problems did not come up")
        time.sleep(0.1)
    for slug in site.known["slugs"]:
        _answers(f"http://127.0.0.1:{site.port}/problems/{slug}/")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as response:  # noqa: S310 - our own server
            return bool(response.read())
    except OSError:
        return False


@contextmanager
def _client() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, str(HERE / "pages_client.py")]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield client
    finally:
        client.communicate()
