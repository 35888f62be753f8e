"""Where attnviz reads and writes on a user's machine; each place can be moved by an environment variable."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parent


def cache_folder() -> Path:
    """Things that can be made again: `ATTNVIZ_CACHE`, else the user's cache folder."""
    return Path(os.environ.get("ATTNVIZ_CACHE") or platformdirs.user_cache_dir("attnviz", appauthor=False)).expanduser()


def datasets_folder() -> Path:
    """The data sets that people brought: `ATTNVIZ_DATASETS`, else in the user's data folder, beside the library.

    Not in the cache: what somebody uploaded cannot be made again.
    """
    chosen = os.environ.get("ATTNVIZ_DATASETS")
    return Path(chosen).expanduser() if chosen else _user_data_folder() / "datasets"


def library_folders() -> tuple[Path, ...]:
    """The folders of checkpoints, searched in order; new runs are written into the first.

    `ATTNVIZ_CHECKPOINTS` if set; else `checkpoints/` of the checkout that this package runs from; else a folder
    in the user's data folder, followed by the copy that the wheel carries.
    """
    if chosen := os.environ.get("ATTNVIZ_CHECKPOINTS"):
        return (Path(chosen).expanduser(),)
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return (checkout / "checkpoints",)
    return (_user_data_folder() / "checkpoints", _PACKAGE / "shipped_checkpoints")


def _user_data_folder() -> Path:
    return Path(platformdirs.user_data_dir("attnviz", appauthor=False))
