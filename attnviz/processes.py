"""Child processes of attnviz: they must import this very package, wherever they are started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def module_command(*arguments: str) -> tuple[str, ...]:
    """`python -m ...` with the interpreter that runs this process."""
    return (sys.executable, "-m", *arguments)


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
