"""A .keras file as an archive: which members it may have, and its JSON."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.archive_door import check_members
from attnviz.foreign.bounded_json import parse_json
from attnviz.languages import mark, tr

CONFIG, METADATA, WEIGHTS, ASSETS = "config.json", "metadata.json", "model.weights.h5", "assets/"
MAX_WEIGHT_BYTES, MAX_ASSET_BYTES = 600_000_000, 20_000_000
MAX_JSON_BYTES = {CONFIG: 20_000_000, METADATA: 100_000}
"""A configuration may hold the words of a TextVectorization layer."""


def read_archive(path: Path) -> tuple[Mapping[str, Any], str, int]:
    """The configuration, the version of Keras and the size of the weights.

    Raises:
        ModelFileError: it is no such archive, or holds something that no Keras model has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if missing := {CONFIG, METADATA, WEIGHTS} - set(archive.namelist()):
                raise ModelFileError(
                    tr("This is no .keras file: {names} is not in it.", names=", ".join(sorted(missing)))
                )
            check_members(archive, _get_limit, mark("Keras model"))
            config = _read_object(archive, CONFIG)
            version = str(_read_object(archive, METADATA).get("keras_version", ""))[:20]
            return config, version, archive.getinfo(WEIGHTS).file_size
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise ModelFileError(
            tr("This is no .keras file, or it is damaged: save it again with model.save().")
        ) from error


def _get_limit(name: str) -> int | None:
    if name == WEIGHTS:
        return MAX_WEIGHT_BYTES
    return MAX_JSON_BYTES.get(name, MAX_ASSET_BYTES if _is_asset(name) else None)


def _is_asset(name: str) -> bool:
    """A plain relative path under assets/, as Keras writes them for vocabularies."""
    parts = PurePosixPath(name).parts
    odd = "\\" in name or ":" in name or not name.isprintable() or ".." in parts
    return name.startswith(ASSETS) and not odd


def _read_object(archive: zipfile.ZipFile, name: str) -> Mapping[str, Any]:
    most = MAX_JSON_BYTES[name]
    with archive.open(name) as member:
        data = member.read(most + 1)
    return parse_json(data, most, name)
