"""The door for the state of a run from elsewhere: numpy makes room for what a file says before it reads it."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

from numpy.lib import format as npy

from attnviz.errors import CheckpointError
from attnviz.languages import tr
from attnviz.training.epoch_state import FILE, EpochState, read_state


def check_state(folder: Path) -> EpochState | None:
    """The state in a folder, whose arrays are as large as they say, hold numbers only and are not packed.

    Raises:
        CheckpointError: they do not, or it is no state.
    """
    if not (folder / FILE).is_file():
        return None
    try:
        with zipfile.ZipFile(folder / FILE) as archive:
            whole = all(_is_whole(archive, info) for info in archive.infolist())
        if whole:
            return read_state(folder)
    except Exception as error:  # numpy and zipfile raise whatever the parts of the file raise
        raise CheckpointError(tr("{path} is damaged ({error}).", path=folder / FILE, error=error)) from error
    raise CheckpointError(
        tr("{path} is damaged: an array in it is not as large as it says, or no array.", path=folder / FILE)
    )


def _is_whole(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        return False
    with archive.open(info) as member:
        if npy.read_magic(member) != (1, 0):  # what np.savez writes of arrays with short headers
            return False
        shape, _, dtype = npy.read_array_header_1_0(member)
        return not dtype.hasobject and math.prod(shape) * dtype.itemsize == info.file_size - member.tell()
