"""Compiled programs by what they were compiled from, in memory, bounded: no source compiles twice in a row."""

import hashlib
import threading
from collections import OrderedDict

from judge.engine.languages import Language

MOST_BYTES = 256 * 1024 * 1024


class ArtifactCache:
    """Least recently used go first beyond ``most`` bytes. Only programs that compiled are kept. Thread-safe."""

    def __init__(self, image_digest: str, most: int = MOST_BYTES) -> None:
        self._image = image_digest
        self._most = most
        self._size = 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, language: Language, source: bytes) -> bytes:
        """A digest of all that decides what the compiler writes: source, command and image."""
        parts = (self._image, repr(language.compile), language.filename)
        digest = hashlib.sha256("\0".join(parts).encode())
        digest.update(b"\0" + source)
        return digest.digest()

    def get(self, key: bytes) -> bytes | None:
        """The compiled files, or None."""
        with self._lock:
            artifact = self._kept.get(key)
            if artifact is not None:
                self._kept.move_to_end(key)
            return artifact

    def put(self, key: bytes, artifact: bytes) -> None:
        """Keep compiled files; one larger than a quarter of the cache is not worth its place."""
        if len(artifact) > self._most // 4:
            return
        with self._lock:
            replaced = self._kept.pop(key, b"")
            self._kept[key] = artifact
            self._size += len(artifact) - len(replaced)
            while self._size > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)
