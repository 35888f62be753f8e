"""What a training run was made with, for its record."""

from __future__ import annotations

import platform
from importlib.metadata import version

from attnviz import __version__


def get_versions() -> dict[str, str]:
    """The versions that decide a training run."""
    packages = {package: version(package) for package in ("tensorflow", "keras", "numpy")}
    return {"attnviz": __version__, "python": platform.python_version(), **packages}
