"""The door for archives: names, kinds and sizes of the members of a stranger's .zip, before any of them is unpacked."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable

from attnviz.errors import ModelFileError

MAX_MEMBERS, MAX_RATIO = 200, 100

_SLACK = 10_000
"""Members smaller than this may be packed as well as they like."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def check_members(archive: zipfile.ZipFile, get_limit: Callable[[str], int | None], what: str) -> None:
    """Look at the list of members.

    Args:
        get_limit: how many bytes a member of this name may have; None for a name that is not expected.
        what: the archive should be, as in 'Keras model'.

    Raises:
        ModelFileError: there is a member that no such archive has, a link, an encrypted one, two of one name, one that
            would unpack to too much, or the file is something else at the same time.
    """
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS or len({info.filename.lower() for info in infos}) != len(infos):
        raise ModelFileError("The archive has too many members, or two of one name.")
    for info in infos:
        _check_member(info, get_limit(info.filename), what)
    _check_whole(archive, sum(info.compress_size for info in infos))


def _check_member(info: zipfile.ZipInfo, most: int | None, what: str) -> None:
    name = info.filename[:80]
    if most is None:
        raise ModelFileError(f"The archive holds {name!r}, which no {what} has.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or info.flag_bits & 1:
        raise ModelFileError(f"{name!r} in the archive is a link or encrypted.")
    if info.compress_type not in _PACKINGS:
        raise ModelFileError(f"{name!r} in the archive is packed in an unknown way.")
    if info.file_size > most or info.file_size > MAX_RATIO * info.compress_size + _SLACK:
        raise ModelFileError(
            f"{name!r} would unpack to {info.file_size:,} bytes from {info.compress_size:,}; that is too much."
        )


def _check_whole(archive: zipfile.ZipFile, packed: int) -> None:
    """Members lie one after the other; another kind of file (a page, a program) would begin with that one."""
    file = archive.fp
    assert file is not None  # as long as the archive is open
    if packed > file.seek(0, 2):
        raise ModelFileError("Members of the archive lie over each other.")
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise ModelFileError("The file is an archive and something else at the same time.")
