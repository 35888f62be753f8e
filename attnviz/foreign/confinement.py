"""The limits that a process sets itself before it opens a stranger's file.

`shut_doors` comes first, before any thread is started and before anything large is imported: threads that are there
already would keep what it takes away. `limit_loading` comes when the libraries are loaded and the file is about to be
read; `end_loading` when it was read. What the system cannot do is returned as sentences for the model's card.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from attnviz.foreign import landlock
from attnviz.languages import Message, keep

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

LOADING_SECONDS = 90
"""Seconds of computing that reading and examining a model may take, starting the libraries not counted."""
MEMORY_BYTES = 4_000_000_000
"""What a model may take beyond the libraries; a quarter of the machine's memory if that is less."""
FILE_BYTES, OPEN_FILES = 700_000_000, 256

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SYSTEM = """/usr /lib /lib64 /bin /opt/nvidia /etc/ld.so.cache /etc/localtime /etc/passwd /etc/nsswitch.conf /etc/group
/proc/self /proc/cpuinfo /proc/meminfo /proc/stat /proc/version /proc/sys /proc/filesystems /sys/devices/system
/sys/fs/cgroup /dev/urandom /dev/random /dev/zero""".split()  # noqa: SIM905


def shut_doors(folder: Path, scratch: Path) -> tuple[Message, ...]:
    """Take files, network and privileges away from this process.

    Args:
        folder: what it reads, beside Python's own files.
        scratch: the only place where it may write.

    Returns:
        What this system cannot forbid, a sentence each.
    """
    missing = []
    if not landlock.forbid_new_privileges():
        missing.append(keep("This system cannot forbid the model's process new privileges."))
    version, networked = landlock.get_version(), not _leave_network()
    if version == 0 or not landlock.restrict(_list_rules(folder, scratch), version):
        missing.append(keep("This system cannot forbid the model's process to read other files."))
    if networked:
        missing.append(keep("This system cannot forbid the model's process the network."))
    return tuple(missing)


def limit_loading() -> tuple[Message, ...]:
    """Limit memory, computing time and files from now on; what this system cannot limit, a sentence each."""
    if resource is None:
        return (keep("This system cannot limit the memory and the time of the model's process."),)
    _limit(resource.RLIMIT_FSIZE, FILE_BYTES)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_CORE, 0)
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + LOADING_SECONDS, _hard_time()))
    if (size := _get_size()) is None:
        return (keep("This system cannot limit the memory of the model's process."),)
    _limit(resource.RLIMIT_AS, size + get_memory())
    return ()


def end_loading() -> None:
    """The model was read: from now on whoever asks watches the clock."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (_hard_time(), _hard_time()))


def get_memory() -> int:
    """How many bytes a model may take."""
    return min(MEMORY_BYTES, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4)


def _hard_time() -> int:
    return resource.getrlimit(resource.RLIMIT_CPU)[1]


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def _get_size() -> int | None:
    """The address space of this process in bytes; None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _leave_network() -> bool:
    """Move this thread into a network of its own, in which there is nobody; whether the system does that."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is None:
        return False
    return unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def _list_rules(folder: Path, scratch: Path) -> Iterator[tuple[Path, int]]:
    """Python, its packages and this one, but not the folder in which the app was started."""
    package = Path(__file__).parents[1]
    packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    read = {*_SYSTEM, sys.prefix, sys.base_prefix, sys.exec_prefix, *packages, str(package), str(folder)}
    yield from ((Path(path).resolve(), landlock.READ) for path in sorted(read))
    yield package.parent, landlock.READ_DIRECTORY  # or this package would not be found
    yield scratch, landlock.READ_AND_WRITE
    yield Path("/dev/null"), landlock.READ_AND_WRITE
