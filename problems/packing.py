"""Text compressed by zstd, as `Trials.data` keeps it."""

import pyarrow as pa

_CODEC = pa.Codec("zstd", compression_level=3)


def pack(text: str) -> bytes:
    """The text's UTF-8, compressed; equal texts give equal bytes."""
    return bytes(_CODEC.compress(text.encode(), asbytes=True))


def unpack(packed: bytes) -> str:
    """The text that `pack` was given."""
    with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
        return bytes(stream.read()).decode()
