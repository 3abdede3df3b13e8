"""`kodjudge`: submit and read on the command line, over the API. One file, Python's standard library only.

It can be taken anywhere, and a site gives it away at /api/kodjudge.py. Texts from the site are shown without control
characters: problems come from strangers, and a terminal obeys.
"""

import argparse
import getpass
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

WORDS = {
    "AC": "Accepted",
    "WA": "Wrong answer",
    "TLE": "Time limit exceeded",
    "MLE": "Memory limit exceeded",
    "OLE": "Output limit exceeded",
    "RE": "Runtime error",
    "CE": "Compile error",
    "IE": "Internal error, which is not your program's fault",
}
EXITS = {"AC": 0, "WA": 1, "TLE": 3, "MLE": 4, "OLE": 5, "RE": 6, "CE": 7, "IE": 8}
REFUSED, UNREACHABLE, CANCELLED = 9, 10, 11
EXIT_WORDS = "exit codes: 0 accepted, or done; " + ", ".join(f"{EXITS[key]} {key}" for key in list(EXITS)[1:])
EXIT_WORDS += f"; 2 wrong usage; {REFUSED} refused by the site; {UNREACHABLE} site not reached; {CANCELLED} cancelled"

TIMEOUT_S = 60
TRIES = 6
LONGEST_PAUSE_S = 4
LONGEST_WAIT_S = 90
# So many programs go into one request, which are all taken or none.
MOST_AT_ONCE = 20
SAME_SUFFIX = {".cc": ".cpp", ".cxx": ".cpp", ".c++": ".cpp"}
HOME_HOSTS = {"localhost", "127.0.0.1", "::1"}
BROKEN = (urllib.error.URLError, http.client.HTTPException, OSError)


class Failed(Exception):
    """The command ends with this message and exit code."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes to the site that it is for, wherever that may point."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


class Site:
    """The API of one site. Requests that fail on the way are repeated: none of them does anything twice."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": "kodjudge", "Accept": "application/json"}
        self._opener = urllib.request.build_opener(_NoRedirects())

    def get(self, path: str, **params: Any) -> Any:
        """What the site answers, as JSON."""
        with self._retried("GET", path, params=params) as answer:
            return json.load(answer)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send ``body``, once for the site however often it takes."""
        with self._retried("POST", path, body, {"Idempotency-Key": str(uuid.uuid4())}) as answer:
            return json.load(answer)

    def events(self, number: int) -> Iterator[dict[str, Any]]:
        """What happens to a submission until it is done, each event once."""
        after = 0

        def ask() -> Any:
            return self._retried("GET", f"submissions/{number}/events", params={"after": after})

        for event in self._followed(ask, lambda event: True):
            after = event["after"]
            yield event

    def verdicts(self, problem: str, programs: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
        """Have all ``programs`` judged; the verdict of each, once, in the order in which they are known.

        Whoever asks again with the same key gets what is known, and nothing is judged twice.
        """
        path, key = f"problems/{urllib.parse.quote(problem, safe='')}/verify", {"Idempotency-Key": str(uuid.uuid4())}
        left = set(range(len(programs)))

        def ask() -> Any:
            return self._retried("POST", path, {"programs": programs}, key)

        for event in self._followed(ask, lambda event: event.get("program") in left):
            if event["event"] == "verdict":
                left.discard(event["program"])
                yield event

    def _followed(self, ask: Callable[[], Any], is_news: Callable[[dict[str, Any]], bool]) -> Iterator[dict[str, Any]]:
        """The events of a stream until its `done`, asked for again where it ends before; only those that are news."""
        failures = 0
        while failures < TRIES:
            wait = 0.5
            try:
                with ask() as lines:
                    for line in lines:
                        event = json.loads(line)
                        if event["event"] == "again":
                            wait, failures = event["wait_ms"] / 1000, 0
                            break
                        if event["event"] == "done" or is_news(event):
                            failures = 0
                            yield event
                        if event["event"] == "done":
                            return
                    else:
                        failures += 1
            except (*BROKEN, ValueError):
                failures += 1
            time.sleep(wait)
        raise Failed(f"The connection to {self.url} broke again and again. The judging goes on there.", UNREACHABLE)

    def _retried(self, method: str, path: str, body: Any = None, headers: Any = None, params: Any = None) -> Any:
        given = {name: value for name, value in (params or {}).items() if value not in (None, "", [])}
        query = urllib.parse.urlencode(given, doseq=True)
        address = f"{self.url}/api/v1/{path}" + (f"?{query}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        sent = self._headers | (headers or {}) | ({"Content-Type": "application/json"} if data else {})
        end, pause = time.monotonic() + LONGEST_WAIT_S, 0.5
        while True:
            request = urllib.request.Request(address, data, sent, method=method)  # noqa: S310 - login checks the scheme
            try:
                return self._opener.open(request, timeout=TIMEOUT_S)
            except urllib.error.HTTPError as error:
                failed, wait = _refused(error, self.url), pause
                if error.code == 429:
                    wait = float(error.headers.get("Retry-After") or pause)
                elif error.code in {502, 503, 504}:
                    pause *= 2
                else:
                    raise failed from None
            except BROKEN as error:
                failed, wait = Failed(f"{self.url} was not reached: {error}", UNREACHABLE), pause
                pause *= 2
            if time.monotonic() + wait > end or pause > LONGEST_PAUSE_S:
                raise failed
            time.sleep(wait)


def _refused(error: urllib.error.HTTPError, url: str) -> Failed:
    if 300 <= error.code < 400:
        return Failed(f"{url} points to {error.headers.get('Location')}. Log in there: kodjudge login URL")
    try:
        told = json.loads(error.read())
        detail = "; ".join(f"{each['where'][-1]}: {each['message']}" for each in told.get("errors") or [])
        message = " ".join(filter(None, (told.get("detail") or told["title"], detail)))
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"{url} answers with {error.code}"
    return Failed(message, UNREACHABLE if error.code >= 500 else REFUSED)


def config_path() -> Path:
    """Where the site's address and the token lie."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "kodjudge" / "config.json"


def save_config(url: str, token: str) -> None:
    """Keep both, readable by nobody else."""
    path = config_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"url": url, "token": token}, file)
    fresh.replace(path)


def site() -> Site:
    """The site that KODJUDGE_URL and KODJUDGE_TOKEN name, else the one that was logged in to."""
    try:
        kept = json.loads(config_path().read_text())
    except FileNotFoundError:
        kept = {}
    except (OSError, ValueError) as error:
        raise Failed(f"{config_path()} cannot be read: {error}. Log in again: kodjudge login URL") from None
    url = os.environ.get("KODJUDGE_URL") or kept.get("url")
    token = os.environ.get("KODJUDGE_TOKEN") or (kept.get("token") if url == kept.get("url") else None)
    if not url or not token:
        raise Failed("Log in first: kodjudge login URL")
    return Site(url, token)


def login(given: argparse.Namespace) -> int:
    """Ask for a token, try it, keep it."""
    parts = urllib.parse.urlsplit(given.url if "://" in given.url else f"https://{given.url}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Failed(f"{given.url} is no address of a site.")
    if parts.scheme == "http" and parts.hostname not in HOME_HOSTS and not given.insecure:
        raise Failed("Over http everybody on the way can read the token. Use https, or add --insecure.")
    url = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
    print(f"Make a token at {url}/accounts/tokens/", file=sys.stderr)
    token = (getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    me = Site(url, token).get("me")
    save_config(url, token)
    print(clean(f"Logged in to {url} as {me['username']}; the token may: {', '.join(me['scopes'])}"))
    return 0


def logout(given: argparse.Namespace) -> int:
    """Forget the token; it stays good until it is revoked on the site."""
    config_path().unlink(missing_ok=True)
    return 0


def problems(given: argparse.Namespace) -> int:
    """List problems."""
    here, after, left = site(), "", given.limit
    names = ("difficulty", "subset", "mark", "sort")
    filters = {name: getattr(given, name) for name in names} | {"q": " ".join(given.words)}
    while left > 0:
        page = here.get("problems", **filters, after=after)
        for row in page["items"][:left]:
            mark = {"solved": "+", "tried": "-"}.get(row["progress"], " ")
            line = f"{row['id']:>8} {mark} {row['difficulty'] or '-':<7} {row['slug']:<32} {row['title']}"
            print(json.dumps(row) if given.json else clean(line))
        left -= len(page["items"])
        after = page["next"]
        if not after:
            break
    return 0


def show(given: argparse.Namespace) -> int:
    """A problem: statement, limits, samples."""
    problem = site().get(f"problems/{urllib.parse.quote(given.problem, safe='')}")
    if given.json:
        print(json.dumps(problem))
        return 0
    limits = f"{problem['time_limit_ms'] / 1000:g} s, {problem['memory_limit_kb'] / 1024:g} MiB"
    print(clean(f"{problem['title']} ({problem['slug']}, {limits})\n\n{problem['statement'].strip()}"))
    for sample in problem["samples"]:
        print(clean(f"\n--- Input\n{sample['stdin'].rstrip()}\n--- Output\n{sample['stdout'].rstrip()}"))
    return 0


def languages(given: argparse.Namespace) -> int:
    """List languages."""
    for each in site().get("languages"):
        print(json.dumps(each) if given.json else clean(f"{each['key']:<12} {each['label']:<16} {each['version']}"))
    return 0


def submit(given: argparse.Namespace) -> int:
    """Send a file in, and with --wait tell its verdict."""
    here = site()
    source = _read(given.file)
    language = given.language or language_of(given.file, here.get("languages"))
    sent = here.post("submissions", {"problem": given.problem, "language": language, "source": source})
    if not given.wait:
        print(json.dumps(sent) if given.json else clean(f"Submission {sent['id']}, {sent['url']}"))
        return 0
    return _wait(here, sent["id"], given.json)


def verify(given: argparse.Namespace) -> int:
    """Have files judged for a problem behind everybody's submissions; for curators.

    The exit code is that of the first file, in the order given, that was not accepted.
    """
    here = site()
    offered = [] if given.language else here.get("languages")
    programs = [
        {"language": given.language or language_of(file, offered), "source": _read(file)} for file in given.files
    ]
    codes: dict[int, int] = {}
    for first in range(0, len(programs), MOST_AT_ONCE):
        _show_progress(f"Judged {len(codes)} of {len(programs)}")
        for event in here.verdicts(given.problem, programs[first : first + MOST_AT_ONCE]):
            place = first + event["program"]
            codes[place] = _exit_of(event)
            _show_progress()
            line = f"{given.files[place]}: {_verdict_words(event)}"
            line += f"\n{event['compile_output'].rstrip()}" if event.get("compile_output") else ""
            print(json.dumps(event | {"file": given.files[place]}) if given.json else clean(line), flush=True)
            _show_progress(f"Judged {len(codes)} of {len(programs)}")
    _show_progress()
    accepted = sum(code == 0 for code in codes.values())
    if not given.json:
        print(f"{accepted} of {len(programs)} accepted")
    return next((codes[place] for place in sorted(codes) if codes[place]), 0)


def status(given: argparse.Namespace) -> int:
    """One submission, or the newest ones."""
    here = site()
    if given.submission is None:
        for row in here.get("submissions")["items"][:20]:
            line = f"{row['id']:>8} {row['verdict'] or row['status']:<8} {row['passed']}/{row['total']}"
            print(json.dumps(row) if given.json else clean(f"{line:<26} {row['problem']['slug']}"))
        return 0
    if given.wait:
        return _wait(here, given.submission, given.json)
    return _tell(here.get(f"submissions/{given.submission}"), given.json)


def _wait(here: Site, number: int, as_json: bool) -> int:
    judged: set[int] = set()
    total = 0
    for event in here.events(number):
        if event["event"] == "test":
            judged.add(event["position"])
        else:
            total = event.get("total") or total
            judged = judged if event["status"] != "queued" else set()
        if event.get("status") == "queued":
            _show_progress(f"In the queue, {event['ahead']} before it" if event.get("ahead") else "In the queue")
        else:
            _show_progress(f"Judging: test {len(judged)} of {total or '?'}")
    _show_progress()
    return _tell(here.get(f"submissions/{number}"), as_json)


def _tell(submission: dict[str, Any], as_json: bool) -> int:
    if as_json:
        print(json.dumps(submission))
    elif submission["status"] == "cancelled":
        print(clean(f"Cancelled before it was judged: submission {submission['id']} has no verdict"))
        print(clean(submission["url"]))
    elif submission["verdict"] is None:
        print(clean(f"Submission {submission['id']} is {submission['status']}, {submission['url']}"))
    else:
        print(clean(_verdict_words(submission)))
        print(clean(_reason(submission)), end="")
        print(clean(submission["url"]))
    return _exit_of(submission) if submission["status"] in {"done", "cancelled"} else 0


def _verdict_words(judged: dict[str, Any]) -> str:
    """The verdict of a submission or of a program that was verified, and what it took."""
    verdict = judged.get("verdict")
    if verdict is None:
        return "Cancelled before it was judged"
    facts = [f"{judged['passed']} of {judged['total']} tests passed"] if verdict != "CE" else []
    facts += [f"{judged['time_ms']} ms"] if judged.get("time_ms") is not None else []
    facts += [f"{judged['memory_kb'] / 1024:.1f} MiB"] if judged.get("memory_kb") is not None else []
    return ": ".join(filter(None, (WORDS.get(verdict, verdict), ", ".join(facts))))


def _exit_of(ended: dict[str, Any]) -> int:
    verdict = ended.get("verdict")
    return EXITS.get(verdict, REFUSED) if verdict else CANCELLED


def _reason(submission: dict[str, Any]) -> str:
    """What the compiler says, or the first sample that failed."""
    if submission["compile_output"]:
        return f"\n{submission['compile_output'].rstrip()}\n\n"
    failed = (each for each in submission["tests"] if each["details"] and each["verdict"] not in {"AC", None})
    test = next(failed, None)
    if test is None:
        return ""
    shown = {"Input": "stdin", "Expected": "expected", "Your output": "stdout", "Error output": "stderr"}
    parts = [f"--- {label}\n{test['details'][name].rstrip()}" for label, name in shown.items() if test["details"][name]]
    return "\n".join(
        [f"\nTest {test['position']}, a sample: {test['verdict']} {test['ending']}".rstrip(), *parts, "\n"]
    )


def language_of(file: str, offered: list[dict[str, Any]]) -> str:
    """The key of the language that ``file`` is named after; the usual one where several share its suffix."""
    suffix = Path(file).suffix.lower()
    suffix = SAME_SUFFIX.get(suffix, suffix)
    fitting = [each for each in offered if suffix and Path(each["filename"]).suffix == suffix]
    usual = [each for each in fitting if each["aliases"]] or fitting
    if len(usual) == 1:
        return str(usual[0]["key"])
    raise Failed("Which language? --language " + "|".join(each["key"] for each in fitting or offered))


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{file} cannot be read: {error}") from None


def clean(text: str) -> str:
    """``text`` without what would act on a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _show_progress(text: str = "") -> None:
    """A line that is written over again and again, where stderr is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{clean(text)}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kodjudge", description="KodJudge on the command line.", epilog=EXIT_WORDS)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(run.__name__, help=words, epilog=EXIT_WORDS)
        added.set_defaults(run=run)
        added.add_argument("--json", action="store_true", help="JSON instead of words")
        return added

    entry = command(login, "keep a site's address and a token")
    entry.add_argument("url")
    entry.add_argument("--insecure", action="store_true", help="also over plain http")
    command(logout, "forget the token")
    listing = command(problems, "list problems")
    listing.add_argument("words", nargs="*", help="words to search for")
    listing.add_argument("--difficulty", action="append", choices=["easy", "medium", "hard", "unrated"])
    listing.add_argument("--subset", action="append")
    listing.add_argument("--mark", choices=["new", "tried", "solved"])
    listing.add_argument("--sort", choices=["newest", "easiest", "hardest"])
    listing.add_argument("--limit", type=int, default=50, help="so many at most (50)")
    command(show, "show a problem").add_argument("problem", help="its slug, its question_id or its number")
    command(languages, "list the languages")
    sending = command(submit, "submit a program")
    sending.add_argument("problem", help="its slug, its question_id or its number")
    sending.add_argument("file", help="the program; - for standard input")
    sending.add_argument("--language", help="its key; else it is told from the file's name")
    sending.add_argument("--wait", action="store_true", help="until there is a verdict")
    verifying = command(verify, "judge several programs for a problem, for curators")
    verifying.add_argument("problem", help="its slug, its question_id or its number")
    verifying.add_argument("files", nargs="+", help="the programs; - for standard input")
    verifying.add_argument("--language", help="the key for all of them; else it is told from each file's name")
    asking = command(status, "show a submission, or the newest ones")
    asking.add_argument("submission", type=int, nargs="?")
    asking.add_argument("--wait", action="store_true", help="until there is a verdict")
    return parser


def run(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.run(given)
    except Failed as failed:
        print(clean(f"kodjudge: {failed}"), file=sys.stderr)
        return failed.code
    return code


def main() -> NoReturn:
    """The console script."""
    try:
        code = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read has read enough; the rest goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    main()
