"""Runs one child to its end under limits: feeds it, drains it, measures it, kills whatever it leaves."""

import _signal
import mmap
import os
import resource
import select
import time

import program
import protocol
from init import kill_all

_CHUNK = 1 << 16
# CPU time that wait4 did not see (children nobody waited for) counts from here on; below it is the agent's own noise.
_UNSEEN_CPU_US = 10_000
# What the kernel's memory figures may be off by when the worker could not reset the peak.
_PEAK_SLACK_KB = 512
_CPUS = os.cpu_count() or 1
# The child that a run waits for, 0 between runs.
_watched = 0
# How long to wait for nothing but the child's end.
_SHORT_MS = 2
# How often to look where the kernel has no pidfd.
_LOOK_S = 0.002


class Run:
    """What became of one child; times in us, memory in KiB."""

    ended = protocol.EXITED
    dirty = False
    exit_code = 0
    signal = 0
    cpu_us = 0
    wall_us = 0
    memory_kb = 0
    max_rss_kb = 0
    stdout = b""
    stderr = b""


class _Room:
    """Room for one stream's output, in pages of its own: in the heap it would count as memory of programs forked later.

    Mapped once a process, since mapping and unmapping costs as much as some programs do; emptied before each run.
    """

    def __init__(self):
        self.pages = None

    def emptied(self, size):
        """A view of at least `size` bytes of which none is in memory."""
        if self.pages is None or len(self.pages) < size:
            self.pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        else:
            self.pages.madvise(mmap.MADV_DONTNEED)
        return memoryview(self.pages)


_out_room, _err_room = _Room(), _Room()


class _Pipe:
    """The reading end of a child's output, bounded: more than `limit` bytes are noticed, and kept out of memory."""

    def __init__(self, limit, room):
        self.fd, self.write_end = os.pipe2(os.O_CLOEXEC)
        try:  # noqa: SIM105 - contextlib would be one import more
            os.fchmod(self.write_end, 0o622)  # so that the program may open /dev/stdout, too
        except PermissionError:  # gVisor allows nobody that
            pass
        self.limit = limit
        self.view = room.emptied(limit + _CHUNK)
        self.size = 0
        self.open = True

    def read(self):
        """One read; False at the end of the stream."""
        if self.over:
            count = len(os.read(self.fd, _CHUNK))
        else:
            count = os.readv(self.fd, [self.view[self.size : self.size + _CHUNK]])
        if not count:
            self.open = False
            return False
        self.size += count
        return True

    @property
    def over(self):
        return self.size > self.limit

    @property
    def kept(self):
        """Bytes."""
        return min(self.size, self.limit)

    def finish(self):
        """Everything still in the pipe, all writers being dead; a view of the bytes kept."""
        os.set_blocking(self.fd, False)  # a descriptor in flight between dead processes' sockets may hold it open
        try:
            while self.open and not self.over:
                self.read()
        except BlockingIOError:
            self.open = False
        os.close(self.fd)
        return self.view[: self.kept]


def run(session, start, limits, stdin, merge_stderr):
    """Fork a child that gives up its privileges and calls `start`, which never returns; wait for its end."""
    counters = session.counters
    cpu_limit, wall_limit = limits["cpu_ms"] * 1000, limits["wall_ms"] / 1000
    out = _Pipe(limits["output_kb"] << 10, _out_room)
    err = out if merge_stderr else _Pipe(protocol.MAX_STDERR, _err_room)
    if stdin is None:
        stdin = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    oom_before, peak_before, usage_before = counters.oom_kills(), counters.peak_kb(), counters.usage_kb()
    own_before, cpu_before = _own_cpu_us(), counters.cpu_us()
    started = time.monotonic()
    session.lender.lend(stdin, out.write_end, err.write_end)
    for fd in {stdin, out.write_end, err.write_end}:
        os.close(fd)
    pid = os.fork()
    if pid == 0:
        program.enter(session.uid, limits["cpu_ms"], limits["memory_kb"])
        start()
    session.lender.take_back()

    def tree_cpu_us():
        return counters.cpu_us() - cpu_before - (_own_cpu_us() - own_before)

    tree = Tree(limits, None if cpu_before is None else tree_cpu_us)
    killed = _watch(pid, out, err, session.channel.fd, started + wall_limit, tree)
    _, status, usage = os.wait4(pid, 0)
    result = Run()
    result.wall_us = int((time.monotonic() - started) * 1e6)
    left = kill_all()
    waited_us = int((usage.ru_utime + usage.ru_stime) * 1e6)
    tree_us = tree.used_us if cpu_before is None else tree_cpu_us()
    result.cpu_us = tree_us if tree_us > waited_us + _UNSEEN_CPU_US else waited_us
    result.stdout = out.finish()
    result.stderr = b"" if err is out else err.finish()
    result.max_rss_kb = usage.ru_maxrss
    kept_kb = (out.kept + (err.kept if err is not out else 0)) >> 10
    result.memory_kb = max(tree.peak_kb, _peak(counters, peak_before, usage_before, usage.ru_maxrss, kept_kb))
    result.exit_code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
    result.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    out_of_memory = oom_before is not None and counters.oom_kills() > oom_before
    if out_of_memory or killed == protocol.MEMORY_LIMIT or result.memory_kb > limits["memory_kb"]:
        result.ended = protocol.MEMORY_LIMIT
    elif out.over:
        result.ended = protocol.OUTPUT_LIMIT
    elif killed == protocol.CPU_LIMIT or result.cpu_us > cpu_limit:
        result.ended = protocol.CPU_LIMIT
    elif killed is not None:
        result.ended = killed
    elif result.signal:
        result.ended = protocol.SIGNALLED
    result.dirty = left or result.ended not in (protocol.EXITED, protocol.SIGNALLED)
    return result


class Tree:
    """What all the processes of one run use together, looked at now and then while they run.

    The cgroup's counters say it exactly; where there are none (gVisor) the processes that live are summed.
    """

    def __init__(self, limits, cpu_us):
        self.peak_kb = 0
        self.used_us = 0
        self.cpu_limit = limits["cpu_ms"] * 1000
        self.memory_limit_kb = limits["memory_kb"]
        self.cpu_us = cpu_us
        # All the processors together need at least this long to use up the CPU time that is left.
        self.next_look = time.monotonic() + (self.cpu_limit / _CPUS / 1e6 + 0.001 if cpu_us else _LOOK_S)

    def over(self, now):
        """The limit that is passed, or None."""
        if now < self.next_look:
            return None
        if self.cpu_us:
            left = self.cpu_limit - self.cpu_us()
            self.next_look = now + left / _CPUS / 1e6 + 0.001
            return protocol.CPU_LIMIT if left <= 0 else None
        used_us, resident_kb = _sum_of_processes()
        self.used_us = max(self.used_us, used_us)
        self.peak_kb = max(self.peak_kb, resident_kb)
        self.next_look = now + _LOOK_S
        if self.peak_kb > self.memory_limit_kb:
            return protocol.MEMORY_LIMIT
        return protocol.CPU_LIMIT if used_us >= self.cpu_limit else None


def _watch(pid, out, err, channel_fd, deadline, tree):
    """Drain and wait until the child ends or has to be killed; the limit that it met, or None."""
    global _watched
    try:
        pidfd = os.pidfd_open(pid)
    except OSError:  # gVisor has none: look every so often
        pidfd = None
    poll = select.poll()
    if pidfd is not None:
        # Most programs end before their pipes are full: no need to wake up for less.
        poll.register(pidfd, select.POLLIN)
        if poll.poll(_SHORT_MS):
            os.close(pidfd)
            return None
    _watched = pid
    _signal.signal(_signal.SIGCHLD, _reap_orphans)
    _reap_orphans()
    try:
        return _wait(poll, pid, pidfd, out, err, channel_fd, deadline, tree)
    finally:
        _watched = 0
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
        if pidfd is not None:
            os.close(pidfd)


def _reap_orphans(*_):
    """On SIGCHLD: what ended goes at once, or its number would be missing to the program; not so the child watched."""
    try:
        while _watched:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None or ended.si_pid == _watched:
                return
            os.waitpid(ended.si_pid, os.WNOHANG)
    except ChildProcessError:
        return  # the next signal came in the middle and its handler took it


def _wait(poll, pid, pidfd, out, err, channel_fd, deadline, tree):
    patience = _Patience(pid, deadline)
    poll.register(channel_fd, select.POLLHUP | select.POLLRDHUP)
    pipes = {out.fd: out, err.fd: err}
    for fd in pipes:
        poll.register(fd, select.POLLIN)
    while True:
        wait_s = min(patience.deadline, tree.next_look) - time.monotonic()
        ready = {fd for fd, _ in poll.poll(max(0, min(wait_s, _LOOK_S if pidfd is None else wait_s)) * 1000 + 1)}
        if channel_fd in ready:
            os._exit(1)  # the worker has gone; process 1 follows
        for fd in ready & pipes.keys():
            if not pipes[fd].read():
                poll.unregister(fd)
        if pidfd in ready or (pidfd is None and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)):
            return None
        now = time.monotonic()
        killed = protocol.OUTPUT_LIMIT if out.over else tree.over(now)
        if killed is None and now >= patience.deadline and not patience.lasts_longer():
            killed = protocol.WALL_LIMIT
        if killed is not None:
            os.kill(pid, _signal.SIGKILL)
            return killed


class _Patience:
    """The wall clock's limit, without the time in which a busy host kept the child from running."""

    def __init__(self, pid, deadline):
        self.deadline = deadline
        self._pid = pid
        self._most_s = (protocol.MOST_WALLS - 1) * (deadline - time.monotonic())  # the worker does not wait for ever
        self._granted_s = 0

    def lasts_longer(self):
        """True where the deadline was moved."""
        more_s = min(self._starved_s(), self._most_s) - self._granted_s
        self._granted_s += more_s
        self.deadline += more_s
        return more_s > _LOOK_S

    def _starved_s(self):
        """How long it was ready to run and had no processor; 0 where the kernel does not tell."""
        try:
            with open(f"/proc/{self._pid}/schedstat", "rb") as file:
                return int(file.read().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0


def _sum_of_processes():
    """(CPU time in us, resident memory in KiB) of all processes but process 1 and this one."""
    ticks = pages = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in (1, os.getpid()):
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            ticks += sum(map(int, fields[11:15]))  # utime, stime and those of children waited for
            pages += int(fields[21])
    return ticks * (1_000_000 // os.sysconf("SC_CLK_TCK")), pages * (os.sysconf("SC_PAGE_SIZE") // 1024)


def _own_cpu_us():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int((usage.ru_utime + usage.ru_stime) * 1e6)


def _peak(counters, peak_before, usage_before, max_rss, kept_kb):
    """The tree's peak memory in KiB: the cgroup's growth where it can be told, else the largest process's.

    ru_maxrss of a child that was forked and then executed another program counts the agent's pages too, so the
    cgroup's word goes before it; without a reset by the worker the cgroup tells only a new maximum. `kept_kb` of it is
    output that the agent holds.
    """
    peak = counters.peak_kb()
    if peak is None or usage_before is None:
        return max_rss
    if peak > peak_before or peak_before - usage_before <= _PEAK_SLACK_KB:
        return max(0, peak - usage_before - kept_kb)
    return max_rss
