"""What a forked child does before it is somebody else's program: descriptors, limits, privileges given up for good."""

import _signal
import os
import resource

import protocol

_TMPFS_BYTES = 64 << 20


def enter(uid, descriptors, limits):
    """Standard streams in place, everything else closed, limits set, then uid and gid `uid` with no way back."""
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    os.write(score, b"1000")  # the kernel shall take the submission, not the agent
    stdin, stdout, stderr = descriptors
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.closerange(3, 1 << 20)
    seconds = limits["cpu_ms"] // 1000 + 2  # a second wall behind the supervisor's own watch
    limit = resource.setrlimit
    limit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    limit(resource.RLIMIT_FSIZE, (_TMPFS_BYTES, _TMPFS_BYTES))
    limit(resource.RLIMIT_CORE, (1, 1))  # 0 would still start a host's core_pattern program; 1 byte starts nothing
    stack = limits["memory_kb"] << 10
    limit(resource.RLIMIT_STACK, (stack, stack))
    os.chdir(protocol.WORK_DIR)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    os.setsid()


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
