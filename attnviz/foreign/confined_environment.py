"""The environment of a process that opens a stranger's file."""

from __future__ import annotations

from pathlib import Path

from attnviz.processes import child_environment

_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


def get_environment(scratch: Path) -> dict[str, str]:
    """Nothing of this process's environment that a stranger's model has no use for."""
    known = child_environment()
    return {name: known[name] for name in _KEPT_VARIABLES if name in known} | {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "KERAS_HOME": str(scratch),
        "MPLCONFIGDIR": str(scratch),
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "MALLOC_ARENA_MAX": "2",  # the address space is limited, and each arena takes a piece of it
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
