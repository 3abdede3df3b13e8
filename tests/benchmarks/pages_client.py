"""One client: reads jobs as JSON lines (port, cookie, paths), asks for the paths, writes the seconds that each took.

A process of its own, so that no client waits for another's turn, with one connection for each job.
"""

import http.client
import json
import sys
import time


def main() -> None:
    """Until the end of the input."""
    for line in sys.stdin:
        job = json.loads(line)
        connection = http.client.HTTPConnection("127.0.0.1", job["port"])
        headers = {"Cookie": job["cookie"]} if job["cookie"] else {}
        print(json.dumps([_seconds(connection, path, headers) for path in job["paths"]]), flush=True)
        connection.close()


def _seconds(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    taken = time.perf_counter() - started
    if response.status != 200:
        raise SystemExit(f"{path} answered with {response.status}")
    return taken


if __name__ == "__main__":
    main()
