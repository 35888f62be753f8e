"""How much of a stranger's file is read: some ten times what an honest text classifier needs."""

from __future__ import annotations

import stat
from pathlib import Path

from attnviz.errors import ModelFileError

MAX_MODEL_BYTES = 600_000_000
"""The largest file of a model."""

MAX_VOCABULARY_BYTES = 20_000_000
"""The largest file of words; 500,000 words and their numbers have about 10 MB."""


def check_size(path: Path, most: int) -> int:
    """The size in bytes of a file that may be opened.

    Raises:
        ModelFileError: it is missing, no file (a folder, a link, a device), empty or too large.
    """
    try:
        found = path.lstat()
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read ({error.strerror}).") from error
    if not stat.S_ISREG(found.st_mode):
        raise ModelFileError(f"{path.name} is no file but a folder, a link or a device. Give the file itself.")
    if not 0 < found.st_size <= most:
        raise ModelFileError(f"{path.name} has {found.st_size:,} bytes; 1 to {most:,} are possible.")
    return found.st_size
