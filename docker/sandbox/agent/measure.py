"""What the container's own cgroup says: CPU of the whole tree, memory, out-of-memory kills. cgroup v1 and v2.

Where the files are not there (gVisor), each reading is None and the caller lives by wait4 alone.
"""

import os

_V1 = "/sys/fs/cgroup/"
_V1_FILES = {
    "cpu": "cpuacct/cpuacct.usage",
    "usage": "memory/memory.usage_in_bytes",
    "peak": "memory/memory.max_usage_in_bytes",
    "oom": "memory/memory.oom_control",
}
_V2_FILES = {"cpu": "cpu.stat", "usage": "memory.current", "peak": "memory.peak", "oom": "memory.events"}


def parse_cpu_us(text):
    """cpuacct.usage (one number, ns) or cpu.stat (`usage_usec N`) to microseconds."""
    if text.isascii() and text.strip().isdigit():
        return int(text) // 1000
    return _field(text, b"usage_usec")


def parse_oom_kills(text):
    """The counter `oom_kill` of memory.oom_control (v1) or memory.events (v2)."""
    return _field(text, b"oom_kill")


def _field(text, name):
    for line in text.splitlines():
        key, _, value = line.partition(b" ")
        if key == name:
            return int(value)
    return None


class Counters:
    """The cgroup files, opened once."""

    def __init__(self, root=_V1):
        files = _V2_FILES if os.path.exists(root + "cgroup.controllers") else _V1_FILES
        self._fds = {}
        for name, path in files.items():
            try:
                self._fds[name] = os.open(root + path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue

    def _read(self, name):
        fd = self._fds.get(name)
        if fd is None:
            return None
        try:
            return os.pread(fd, 4096, 0)
        except OSError:
            return None

    def cpu_us(self):
        """CPU time in us of everything that ever ran in this container."""
        text = self._read("cpu")
        return None if text is None else parse_cpu_us(text)

    def oom_kills(self):
        """How many processes the kernel killed here for want of memory."""
        text = self._read("oom")
        return None if text is None else parse_oom_kills(text)

    def usage_kb(self):
        """Memory in use now, KiB."""
        text = self._read("usage")
        return None if text is None else int(text) // 1024

    def peak_kb(self):
        """The most memory in use since the worker last reset it, KiB."""
        text = self._read("peak")
        return None if text is None else int(text) // 1024
