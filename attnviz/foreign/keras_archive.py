"""A .keras file as an archive: which members it may have, and its JSON."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.bounded_json import parse_json

CONFIG, METADATA, WEIGHTS, ASSETS = "config.json", "metadata.json", "model.weights.h5", "assets/"
MAX_MEMBERS, MAX_RATIO, MAX_WEIGHT_BYTES, MAX_ASSET_BYTES = 200, 100, 600_000_000, 20_000_000
MAX_JSON_BYTES = {CONFIG: 20_000_000, METADATA: 100_000}
"""A configuration may hold the words of a TextVectorization layer."""

_SLACK = 10_000
"""Members smaller than this may be packed as well as they like."""


def read_archive(path: Path) -> tuple[Mapping[str, Any], str, int]:
    """The configuration, the version of Keras and the size of the weights.

    Raises:
        ModelFileError: it is no such archive, or holds something that no Keras model has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive)
            config = _read_object(archive, CONFIG)
            version = str(_read_object(archive, METADATA).get("keras_version", ""))[:20]
            return config, version, archive.getinfo(WEIGHTS).file_size
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise ModelFileError("This is no .keras file, or it is damaged: save it again with model.save().") from error


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(names) > MAX_MEMBERS or len({name.lower() for name in names}) != len(names):
        raise ModelFileError("The archive has too many members, or two of one name.")
    if missing := {CONFIG, METADATA, WEIGHTS} - set(names):
        raise ModelFileError(f"This is no .keras file: {', '.join(sorted(missing))} is not in it.")
    for info in infos:
        _check_member(info)
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise ModelFileError("Members of the archive lie over each other.")
    _check_start(path)


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if name not in (CONFIG, METADATA, WEIGHTS) and not _is_asset(name):
        raise ModelFileError(f"The archive holds {name[:80]!r}, which no Keras model has.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or info.flag_bits & 1:
        raise ModelFileError(f"{name[:80]!r} in the archive is a link or encrypted.")
    most = MAX_JSON_BYTES.get(name, MAX_WEIGHT_BYTES if name == WEIGHTS else MAX_ASSET_BYTES)
    if info.file_size > most or info.file_size > MAX_RATIO * info.compress_size + _SLACK:
        raise ModelFileError(
            f"{name[:80]!r} would unpack to {info.file_size:,} bytes from {info.compress_size:,}; that is too much."
        )


def _is_asset(name: str) -> bool:
    """A plain relative path under assets/, as Keras writes them for vocabularies."""
    parts = PurePosixPath(name).parts
    odd = "\\" in name or ":" in name or not name.isprintable() or ".." in parts
    return name.startswith(ASSETS) and not odd


def _check_start(path: Path) -> None:
    """An archive that is another kind of file as well (a page, a program) begins with that one."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise ModelFileError("The file is an archive and something else at the same time.")


def _read_object(archive: zipfile.ZipFile, name: str) -> Mapping[str, Any]:
    most = MAX_JSON_BYTES[name]
    with archive.open(name) as member:
        data = member.read(most + 1)
    return parse_json(data, most, name)
