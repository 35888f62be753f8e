"""Landlock: a Linux process forbids itself files, network and signals, for itself and whatever it starts.

Called through libc's `syscall`, as no library of Python's wraps it. Source: Linux, Documentation/userspace-api/
landlock.rst and include/uapi/linux/landlock.h. What a kernel does not know yet is left out, and said by its version.
"""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_ALL_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Every way to use a file, by the version that brought the last of them."""
_ALL_TCP, _TCP_SINCE = 3, 4
_ALL_SCOPES, _SCOPES_SINCE = 3, 6

READ, READ_DIRECTORY, READ_AND_WRITE = _EXECUTE | _READ | _LIST, _LIST, (1 << 15) - 1 - _EXECUTE


class _Attributes(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def get_version() -> int:
    """The version of Landlock that this system has, 0 for none."""
    if platform.system() != "Linux":
        return 0
    return max(0, _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION)))


def forbid_new_privileges() -> bool:
    """Let no program that this process starts have more rights than it has; whether the system does that."""
    if platform.system() != "Linux":
        return False
    return ctypes.CDLL(None).prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0


def restrict(rules: Iterable[tuple[Path, int]], version: int) -> bool:
    """Forbid this thread, and those that it starts, all files but those beneath the paths, and TCP and signals.

    Args:
        rules: paths (of what is not there, nothing is allowed) with READ, READ_DIRECTORY or READ_AND_WRITE.
        version: of Landlock, as `get_version` says.

    Returns:
        Whether the system did it.
    """
    files = _ALL_FILES[max(since for since in _ALL_FILES if since <= version)]
    tcp = _ALL_TCP if version >= _TCP_SINCE else 0
    scopes = _ALL_SCOPES if version >= _SCOPES_SINCE else 0
    attributes = _Attributes(files, tcp, scopes)
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _TCP_SINCE else 8
    ruleset = _call(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    for path, allowed in rules:
        _allow(ruleset, path, allowed & files)
    done = _call(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    os.close(ruleset)
    return done


def _allow(ruleset: int, path: Path, allowed: int) -> None:
    with suppress(OSError):
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        if not path.is_dir():
            allowed &= _EXECUTE | _WRITE | _READ
        rule = _Beneath(allowed, parent)
        _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
        os.close(parent)


def _call(number: int, *arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *arguments))
