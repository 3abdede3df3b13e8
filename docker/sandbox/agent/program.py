"""What is done on both sides of a fork so that the child is somebody else's program: descriptors, limits, privileges.

As much as possible happens before the fork: each page that a child writes to is copied first, and that is most of what
a short program costs.
"""

import _signal
import os
import resource

_TMPFS_BYTES = 64 << 20
# Names of this module are found at less cost to a child than attributes of others.
_setrlimit, _CPU, _FSIZE, _STACK = (
    resource.setrlimit, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_STACK
)  # fmt: skip
_closerange, _setresgid, _setresuid, _setsid = os.closerange, os.setresgid, os.setresuid, os.setsid


class Lender:
    """Makes the process that forks look like its child for the moment of the fork. One a process."""

    def __init__(self):
        self._null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        os.setgroups([])
        # 0 would still start a host's core_pattern program; 1 byte starts nothing.
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
        self.is_new_process()

    def is_new_process(self):
        """To be called in a forked child that is going to fork children of its own."""
        self._score = os.open("/proc/self/oom_score_adj", os.O_RDWR | os.O_CLOEXEC)
        self._own_score = os.read(self._score, 16)

    def lend(self, stdin, stdout, stderr):
        """Standard streams in place, and first in line for the kernel where memory runs out."""
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        os.pwrite(self._score, b"1000", 0)  # the kernel shall take the submission, not the agent

    def take_back(self):
        """After the fork, in the process that stays."""
        os.pwrite(self._score, self._own_score, 0)
        for fd in range(3):
            os.dup2(self._null, fd)


def enter(uid, cpu_ms, memory_kb):
    """In the child: nothing else open, limits set, then uid and gid `uid` with no way back."""
    _closerange(3, 1 << 20)
    seconds = cpu_ms // 1000 + 2  # a second wall behind the supervisor's own watch
    _setrlimit(_CPU, (seconds, seconds + 1))
    _setrlimit(_FSIZE, (_TMPFS_BYTES, _TMPFS_BYTES))
    stack = memory_kb << 10
    _setrlimit(_STACK, (stack, stack))
    _setresgid(uid, uid, uid)
    _setresuid(uid, uid, uid)
    _setsid()


def execute(argv, environment):
    """Become `argv` with the container's environment and `environment` on top. Never returns."""
    for ignored in (_signal.SIGPIPE, _signal.SIGXFSZ):  # by our interpreter; other programs shall not inherit that
        _signal.signal(ignored, _signal.SIG_DFL)
    merged = os.environ.copy()
    merged.update(environment)
    try:
        os.execve(argv[0], argv, merged)  # noqa: S606
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(127)
