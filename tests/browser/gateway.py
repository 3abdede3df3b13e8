"""A way to the site that can be closed and opened again, as a server that is restarted looks from outside."""

import select
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

BYTES = 65_536


class Gateway:
    """Listens at `url` while it is open and passes every connection on to ``behind``."""

    def __init__(self, behind: str) -> None:
        address = urlsplit(behind)
        self._behind = (address.hostname, address.port)
        self._port = 0
        self._lock = threading.Lock()
        self._through: set[socket.socket] = set()
        self.open()

    @property
    def url(self) -> str:
        """Where it listens, the same each time that it is opened."""
        return f"http://localhost:{self._port}"

    def open(self) -> None:
        """Let connections in."""
        self._door = socket.create_server(("127.0.0.1", self._port))
        self._port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._door,), daemon=True).start()

    def close(self) -> None:
        """Refuse new connections and break those that there are."""
        # A blocked accept() would keep the port open after close().
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        with self._lock:
            for each in self._through:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _serve(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._pass_on, args=(door.accept()[0],), daemon=True).start()

    def _pass_on(self, visitor: socket.socket) -> None:
        with visitor, suppress(OSError), socket.create_connection(self._behind) as site:
            pair = {visitor: site, site: visitor}
            with self._lock:
                self._through |= {visitor, site}
            try:
                while True:
                    for ready in select.select(list(pair), [], [])[0]:
                        if not (data := ready.recv(BYTES)):
                            return
                        pair[ready].sendall(data)
            finally:
                with self._lock:
                    self._through -= {visitor, site}
