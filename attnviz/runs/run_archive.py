"""A run as one file, NAME.attnviz.zip: the files of its folder, and attnviz-run.json with the sha256 of each of them.

    attnviz-run.json        format, the run's name, the version of attnviz that wrote it, and `files`, a sha256 each
    settings.json status.json epochs.csv steps.csv snapshots.jsonl       as in run_files.py
    model.keras vocabulary.txt history.csv examples.json run.json        as in checkpoint.py, if an epoch is pinned
    state/epoch.npz         what training needs to go on, if it was taken along (epoch_state.py)

run_export.py writes it and run_import.py lets it in. What training printed (log.txt) stays where it is.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from attnviz import __version__
from attnviz.data import snapshots
from attnviz.errors import ModelFileError, SettingError
from attnviz.foreign.archive_door import check_members
from attnviz.languages import mark, tr
from attnviz.runs import checkpoint_files, run_files
from attnviz.runs.checkpoint_files import MODEL_FILE, describe, parse_record
from attnviz.training.epoch_state import FILE
from attnviz.values.plain import from_plain, to_plain

ENDING = ".attnviz.zip"
MANIFEST_FILE, FORMAT = "attnviz-run.json", 1
STATE_FILE = f"{run_files.STATE_FOLDER}/{FILE}"
MAX_BYTES: Mapping[str, int] = {
    **run_files.MAX_BYTES,
    **checkpoint_files.MAX_BYTES,
    run_files.SNAPSHOTS_FILE: snapshots.MAX_BYTES,
    STATE_FILE: 200_000_000,
}
"""What a run may consist of: the largest size of each file."""
MAX_MANIFEST_BYTES = 100_000
MAX_ARCHIVE_BYTES = sum(MAX_BYTES.values())

_CHUNK_BYTES = 1_000_000
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError)
_BROKEN = mark("This is no file of a run, or it is damaged: take the run along again.")


@dataclass(frozen=True, slots=True)
class Manifest:
    """attnviz-run.json.

    Attributes:
        format: FORMAT. name: of the run. attnviz: the version that wrote it.
        files: the sha256 of each file by its name.
    """

    format: int
    name: str
    attnviz: str
    files: Mapping[str, str]


def write_archive(stream: IO[bytes], name: str, files: Mapping[str, bytes | Path]) -> None:
    """Write the file of a run.

    Args:
        stream: where to. name: of the run.
        files: what is in each file, or where it is.

    Raises:
        OSError: the disk refuses.
    """
    with zipfile.ZipFile(stream, "w") as archive:
        digests = {file: _add(archive, file, content) for file, content in files.items()}
        manifest = to_plain(Manifest(FORMAT, name, __version__, digests))
        _add(archive, MANIFEST_FILE, json.dumps(manifest, indent=2).encode())


def unpack(stream: IO[bytes], folder: Path) -> Manifest:
    """Unpack the file of a run into an empty folder; names, sizes and digests were right then.

    Raises:
        ModelFileError: it is no such file, of another version, or damaged; one sentence says what.
        OSError: the disk refuses.
    """
    with _reading():
        archive = zipfile.ZipFile(stream)
    with archive:
        with _reading():
            if MANIFEST_FILE not in archive.namelist():
                raise ModelFileError(tr("This is no file of a run: {file} is not in it.", file=MANIFEST_FILE))
            check_members(archive, _get_limit, mark("run"))
            manifest = _read_manifest(archive)
        for name, digest in manifest.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            if _extract(archive, name, folder / name) != digest:
                raise ModelFileError(
                    tr(
                        "{name} is damaged: its sha256 is not the one that {file} states.",
                        name=name,
                        file=MANIFEST_FILE,
                    )
                )
    return manifest


@contextmanager
def _reading() -> Iterator[None]:
    """What `zipfile` raises at a damaged file, as a sentence."""
    try:
        yield
    except (ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, ValueError, *_DAMAGED) as error:
        raise ModelFileError(tr(_BROKEN)) from error


def _get_limit(name: str) -> int | None:
    return MAX_MANIFEST_BYTES if name == MANIFEST_FILE else MAX_BYTES.get(name)


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        record = parse_record(archive.read(MANIFEST_FILE))
        if record.get("format") != FORMAT:
            found = record.get("format")
            raise SettingError(
                tr(
                    "it has format {found}; this version of attnviz reads format {format}",
                    found=repr(found),
                    format=FORMAT,
                )
            )
        manifest = from_plain(Manifest, record, "record of a run's file")
    except SettingError as error:
        raise ModelFileError(
            describe(tr("{file} is damaged: {error}.", file=MANIFEST_FILE, error=str(error).rstrip(".")))
        ) from error
    _check_names(set(manifest.files), set(archive.namelist()) - {MANIFEST_FILE})
    return manifest


def _check_names(stated: set[str], there: set[str]) -> None:
    if missing := sorted(stated - there):
        raise ModelFileError(
            describe(tr("The file of the run is not whole: {files} is missing.", files=", ".join(missing)))
        )
    if more := sorted(there - stated):
        raise ModelFileError(tr("{file} states no sha256 of {files}.", file=MANIFEST_FILE, files=", ".join(more)))


def _extract(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Write a member to the disk; its sha256. No more comes out of it than it declared."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in _read_chunks(archive, name):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _read_chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with _reading(), archive.open(name) as member:
        while chunk := member.read(_CHUNK_BYTES):
            yield chunk


def _add(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> str:
    """Add a file; its sha256. What is packed already, or numbers, is stored as it is."""
    packing = zipfile.ZIP_STORED if name in (MODEL_FILE, STATE_FILE) else zipfile.ZIP_DEFLATED
    info = zipfile.ZipInfo(name, date_time=_LONG_AGO)  # the same run makes the same file
    info.compress_type, info.external_attr = packing, 0o600 << 16
    digest = hashlib.sha256()
    source = content.open("rb") if isinstance(content, Path) else io.BytesIO(content)
    with source, archive.open(info, "w") as member:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            member.write(chunk)
    return digest.hexdigest()
