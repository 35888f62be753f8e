"""The door for archives: names, kinds and sizes of the members of a stranger's .zip, before any of them is unpacked."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable

from attnviz.errors import ModelFileError
from attnviz.languages import tr
from attnviz.render.numerals import format_count

MAX_MEMBERS, MAX_RATIO = 200, 100

_SLACK = 10_000
"""Members smaller than this may be packed as well as they like."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def check_members(archive: zipfile.ZipFile, get_limit: Callable[[str], int | None], what: str) -> None:
    """Look at the list of members.

    Args:
        get_limit: how many bytes a member of this name may have; None for a name that is not expected.
        what: the archive should be, a marked name as 'Keras model'.

    Raises:
        ModelFileError: there is a member that no such archive has, a link, an encrypted one, two of one name, one that
            would unpack to too much, or the file is something else at the same time.
    """
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS or len({info.filename.lower() for info in infos}) != len(infos):
        raise ModelFileError(tr("The archive has too many members, or two of one name."))
    for info in infos:
        _check_member(info, get_limit(info.filename), what)
    _check_whole(archive, sum(info.compress_size for info in infos))


def _check_member(info: zipfile.ZipInfo, most: int | None, what: str) -> None:
    name = info.filename[:80]
    if most is None:
        raise ModelFileError(tr("The archive holds {name}, which no {what} has.", name=repr(name), what=tr(what)))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or info.flag_bits & 1:
        raise ModelFileError(tr("{name} in the archive is a link or encrypted.", name=repr(name)))
    if info.compress_type not in _PACKINGS:
        raise ModelFileError(tr("{name} in the archive is packed in an unknown way.", name=repr(name)))
    if info.file_size > most or info.file_size > MAX_RATIO * info.compress_size + _SLACK:
        raise ModelFileError(
            tr(
                "{name} would unpack to {n} bytes from {packed}; that is too much.",
                name=repr(name),
                n=format_count(info.file_size),
                packed=format_count(info.compress_size),
            )
        )


def _check_whole(archive: zipfile.ZipFile, packed: int) -> None:
    """Members lie one after the other; another kind of file (a page, a program) would begin with that one."""
    file = archive.fp
    assert file is not None  # as long as the archive is open
    if packed > file.seek(0, 2):
        raise ModelFileError(tr("Members of the archive lie over each other."))
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise ModelFileError(tr("The file is an archive and something else at the same time."))
