"""Removes what a submission wrote. The agent cannot override modes, so a child under the submission's uid helps."""

import os

import protocol

# More than the inodes that any of them has, but for /dev/shm: there the sweep that follows reports what is left.
_MOST_NAMES = 10_000
# What a directory's size is in Linux's tmpfs and mqueue; elsewhere (gVisor) it is another, and the long way is taken.
_EMPTY_SIZE, _ENTRY_SIZE = 40, 20
WRITABLE = (protocol.WORK_DIR, "/tmp", "/dev/shm", "/dev/mqueue")  # noqa: S108 - a tmpfs of this container alone


def after_run(uid, keep):
    """As `everything`; where a look at the directories' sizes tells that nothing was written, no more than that."""
    for directory in WRITABLE:
        entries = len(keep) if directory == protocol.WORK_DIR else 0
        if _size_of(directory) != _EMPTY_SIZE + entries * _ENTRY_SIZE:
            return everything(uid, keep)
    return True


def _size_of(directory):
    try:
        return os.stat(directory).st_size
    except FileNotFoundError:
        return None


def everything(uid, keep=()):
    """Empty every writable directory but for the names `keep` in the work directory. True where nothing is left."""
    if _sweep(keep):
        return True
    pid = os.fork()
    if pid == 0:
        _as_owner(uid)
    os.waitpid(pid, 0)
    return _sweep(keep)


def ipc_left():
    """True where System V shared memory, semaphores or message queues outlived their processes."""
    for kind in ("shm", "sem", "msg"):
        try:
            with open(f"/proc/sysvipc/{kind}", "rb") as table:
                if len(table.readlines()) > 1:
                    return True
        except FileNotFoundError:
            continue
    return False


def _sweep(keep):
    """Remove what can be removed at the top level; True where that was all."""
    empty = True
    for directory in WRITABLE:
        try:
            entries = os.listdir(directory)
        except FileNotFoundError:
            continue
        for name in entries:
            if directory == protocol.WORK_DIR and name in keep:
                continue
            path = f"{directory}/{name}"
            try:
                os.unlink(path)
            except IsADirectoryError:
                try:
                    os.rmdir(path)
                except OSError:
                    empty = False
            except OSError:
                empty = False
    return empty


def _as_owner(uid):
    """In a child: give up privileges, then take every tree apart. Never returns."""
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        for directory in WRITABLE:
            if os.path.isdir(directory):
                _flatten(directory)
    finally:
        os._exit(0)


def _flatten(top):
    """Move nested directories up to `top` one by one, so that no depth and no mode can stop it, and remove them."""
    names = 0
    waiting = [e.name for e in os.scandir(top) if e.is_dir(follow_symlinks=False)]
    while waiting:
        path = f"{top}/{waiting.pop()}"
        try:
            os.chmod(path, 0o700)
            entries = list(os.scandir(path))
        except OSError:
            continue  # another uid's: the sweep that follows reports it
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            names = _move_up(entry.path, top, names)
            waiting.append(f".wipe-{names}")
        os.rmdir(path)


def _move_up(path, top, last):
    """Move the directory to `top` as the first `.wipe-N` after `last` that the submission has not taken; that N."""
    for number in range(last + 1, last + _MOST_NAMES):
        try:
            os.rename(path, f"{top}/.wipe-{number}")
        except OSError:
            continue
        return number
    raise FileExistsError(path)
