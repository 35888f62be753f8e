"""Child processes of attnviz: they must import this very package, wherever they are started."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SIDE_LIBRARIES = ("IPython", "matplotlib", "pandas", "scipy", "sklearn")
"""What Keras loads where it is installed, to take or to draw objects that attnviz' own processes never hand to it."""


def module_command(*arguments: str) -> tuple[str, ...]:
    """`python -m ...` with the interpreter that runs this process."""
    return (sys.executable, "-m", *arguments)


def switch_off_onednn() -> None:
    """Before TensorFlow is loaded, in a process of attnviz' own that multiplies batches of matrices.

    With oneDNN, TensorFlow 2.21 corrupts its heap when they come in many shapes, as in self-attention. Without it an
    explanation takes as long as with it, but Keras' own LSTM three times as long; so a caller's process is left alone.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


@contextmanager
def without_side_libraries() -> Iterator[None]:
    """Where a process of attnviz' own loads Keras: leave SIDE_LIBRARIES out, which saves 160 MB and a second.

    Whoever imports them afterwards gets them. A caller's process is left alone: there Keras may be handed a table.
    """
    left_out = [name for name in SIDE_LIBRARIES if name not in sys.modules]
    sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]  # None: not to be found
    try:
        yield
    finally:
        for name in left_out:
            del sys.modules[name]


def warn_of_onednn(name: str) -> None:
    """In a caller's process, where it is too late: say what may happen to a network with self-attention."""
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") != "0" and platform.machine().lower() in ("x86_64", "amd64"):
        warnings.warn(
            f"TensorFlow with oneDNN may crash when {name} reads many texts of different lengths. Set "
            "TF_ENABLE_ONEDNN_OPTS=0 before TensorFlow is imported.",
            RuntimeWarning,
            stacklevel=4,
        )


def child_environment() -> dict[str, str]:
    """This process's environment, with the folder of this package on Python's path.

    The working folder is left alone: relative paths in settings such as ATTNVIZ_IMDB keep their meaning.
    """
    package_parent = str(Path(__file__).parents[1])
    path = os.pathsep.join(part for part in (package_parent, os.environ.get("PYTHONPATH")) if part)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def hand_over(command: Sequence[str]) -> int:
    """Run a command in the place of this process, so that signals reach it and its exit code is this process's own.

    Where a process cannot be replaced (Windows), wait for the command; its exit code.
    """
    if os.name == "posix":
        os.execv(command[0], list(command))
    return subprocess.run(command, check=False).returncode
