"""How much of a stranger's file is read: some ten times what an honest text classifier needs."""

from __future__ import annotations

import stat
from pathlib import Path

from attnviz.errors import ModelFileError
from attnviz.languages import tr
from attnviz.render.numerals import format_count

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
        raise ModelFileError(tr("{path} cannot be read ({error}).", path=path.name, error=error.strerror)) from error
    if not stat.S_ISREG(found.st_mode):
        raise ModelFileError(
            tr("{name} is no file but a folder, a link or a device. Give the file itself.", name=path.name)
        )
    if not 0 < found.st_size <= most:
        sizes = {"n": format_count(found.st_size), "most": format_count(most)}
        raise ModelFileError(tr("{name} has {n} bytes; 1 to {most} are possible.", name=path.name, **sizes))
    return found.st_size
