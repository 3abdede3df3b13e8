"""A hub on this machine for the real clients: the Hugging Face hub's HTTP protocol and ModelScope's.

What a test wants to go wrong it says beforehand: connections that end too early, damaged bytes, refusals.
"""

import hashlib
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from problems.sources import kodcode

REPOSITORY = "KodCode/KodCode-V1"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TRAIN = "data/train-00000-of-00002.parquet"
MORE = "data/train-00001-of-00002.parquet"
CAUTION = "data/use_with_caution-00000-of-00001.parquet"


def parquet(question_id: str) -> bytes:
    # Not compressed: large enough for several parts of a transfer.
    out = io.BytesIO()
    table = pa.Table.from_pylist(
        [kodcode.EXAMPLES[0][0] | {"question_id": question_id, "question": "# Twice\n" + "x" * 50_000}]
    )
    pq.write_table(table, out, compression="none", use_dictionary=False)
    return out.getvalue()


FILES = {
    "README.md": b"# KodCode",
    TRAIN: parquet("Taco_1_OJ"),
    MORE: parquet("Taco_2_OJ"),
    CAUTION: parquet("Taco_3_OJ"),
}


@dataclass
class Content:
    """What the hub holds and how it misbehaves; ``asked`` are the file requests, as (path, Range)."""

    files: dict[str, bytes]
    revisions: dict[str, str] = field(default_factory=lambda: {"main": COMMIT, "master": COMMIT, "v1.1": COMMIT})
    gated: bool = False
    private: bool = False
    wrong_token: bool = False
    ranges: bool = True
    # For each of the next requests of file bytes: after how many of them the connection ends.
    cuts: list[int] = field(default_factory=list)
    # For each of the next requests of file bytes: the status in place of an answer.
    refusals: list[int] = field(default_factory=list)
    damaged: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    listings: int = 0
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    content: Content

    def log_message(self, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path, query = unquote(address.path), {name: values[0] for name, values in parse_qs(address.query).items()}
        if found := re.fullmatch(r"/api/datasets/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            self._hub_info(found[1], found[2] or "main")
        elif found := re.fullmatch(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self._hub_file(found[1], found[2], found[3])
        elif found := re.fullmatch(r"/api/v1/datasets/([^/]+/[^/]+)/(repo/tree|repo|revisions)", path):
            self._scope(found[1], found[2], query)
        elif path.startswith("/cdn/"):
            self._bytes(path.removeprefix("/cdn/"))
        else:
            self._json(404, {"error": "nothing here"})

    def _json(self, status: int, value: object, **headers: str) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # --- Hugging Face ---

    def _hub_refuses(self, repository: str, revision: str) -> bool:
        content = self.content
        if content.wrong_token:
            self._json(401, {}, X_Error_Message="Invalid credentials in Authorization header")
        elif repository != REPOSITORY or content.private:
            self._json(401, {}, X_Error_Code="RepoNotFound", X_Error_Message="Repository not found")
        elif content.gated:
            self._json(403, {}, X_Error_Code="GatedRepo", X_Error_Message="Access is restricted")
        elif revision not in {*content.revisions, *content.revisions.values()}:
            self._json(404, {}, X_Error_Code="RevisionNotFound", X_Error_Message=f"Invalid rev id: {revision}")
        else:
            return False
        return True

    def _hub_info(self, repository: str, revision: str) -> None:
        self.content.listings += 1
        if self._hub_refuses(repository, revision):
            return
        siblings = [
            {
                "rfilename": path,
                "size": len(data),
                "blobId": "0" * 40,
                "lfs": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130},
            }
            for path, data in self.content.files.items()
        ]
        sha = self.content.revisions.get(revision, revision)
        self._json(200, {"id": repository, "sha": sha, "siblings": siblings, "private": False, "gated": False})

    def _hub_file(self, repository: str, revision: str, path: str) -> None:
        if self._hub_refuses(repository, revision):
            return
        data = self.content.files[path]
        self.send_response(302)
        self.send_header("Location", f"{self.content.url}/cdn/{path}?signature=of-one-request")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("X-Linked-Size", str(len(data)))
        self.send_header("X-Linked-Etag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    # --- ModelScope ---

    def _scope(self, repository: str, what: str, query: dict[str, str]) -> None:
        content = self.content
        content.listings += what == "repo/tree"
        branches, known = [{"Revision": name} for name in content.revisions], query.get("Revision", "master")
        if content.gated:
            self._json(403, {"Code": 10990101003, "Message": "access denied", "Success": False})
        elif repository != REPOSITORY or known not in content.revisions:
            self._json(404, {"Code": 10010205001, "Message": "not found", "Success": False})
        elif what == "revisions":
            self._json(200, {"Code": 200, "Data": {"RevisionMap": {"Branches": branches, "Tags": []}}})
        elif what == "repo/tree":
            self._json(200, {"Code": 200, "Data": {"Files": self._scope_files(query)}, "Success": True})
        else:
            self.send_response(302)
            self.send_header("Location", f"{content.url}/cdn/{query['FilePath']}?signature=of-one-request")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _scope_files(self, query: dict[str, str]) -> list[dict[str, object]]:
        page, size = int(query["PageNumber"]), int(query["PageSize"])
        files = [
            {"Path": path, "Type": "blob", "Size": len(data), "Sha256": hashlib.sha256(data).hexdigest()}
            for path, data in self.content.files.items()
        ]
        return [{"Path": "data", "Type": "tree", "Size": 0}, *files][(page - 1) * size : page * size]

    # --- where both send for the bytes ---

    def _bytes(self, path: str) -> None:
        content = self.content
        asked = self.headers.get("Range", "")
        content.asked.append((path, asked))
        if content.refusals:
            self._json(content.refusals.pop(0), {})
            return
        data = content.files[path]
        if content.damaged:
            content.damaged -= 1
            data = bytes(len(data))
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and content.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if content.cuts:
            self.wfile.write(data[start : start + content.cuts.pop(0)])
            self.close_connection = True
        else:
            self.wfile.write(data[start:])


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """A client that goes away is no news."""


@contextmanager
def serving(content: Content) -> Iterator[Content]:
    """The hub, at ``content.url`` until the end of the block."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"content": content}))
    content.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield content
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
