"""An HDF5 file of weights, looked at object by object through h5py's low-level functions before Keras reads it.

HDF5 may point to other files (external links, external storage, virtual datasets) and may unpack to any size; Keras
follows all of them. Nothing of the numbers is read here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
from h5py import h5a, h5d, h5f, h5g, h5l, h5o, h5p, h5t, h5z

from attnviz.errors import ModelFileError
from attnviz.foreign.bounded_json import parse_json
from attnviz.foreign.keras_archive import MAX_WEIGHT_BYTES, WEIGHTS
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count

MAX_OBJECTS, MAX_DEPTH, MAX_ATTRIBUTE_BYTES = 20_000, 40, 20_000_000
MAX_RATIO = 100
_SLACK = 1_000_000
_KINDS = {h5t.INTEGER, h5t.FLOAT, h5t.STRING, h5t.ENUM}
_FILTERS = {h5z.FILTER_DEFLATE, h5z.FILTER_SHUFFLE, h5z.FILTER_FLETCHER32}


def check_weights_file(path: Path) -> int:
    """How many bytes the weights of an HDF5 file take in memory.

    Raises:
        ModelFileError: it is damaged, points to another file, or holds what no weights need.
    """
    return _open(path, lambda file: _measure(file, path))


def check_archived_weights(path: Path, scratch: Path) -> int:
    """`check_weights_file` for the weights in a .keras file that passed the door; they are unpacked into a folder.

    Raises:
        ModelFileError: as there.
    """
    with zipfile.ZipFile(path) as archive:
        unpacked = Path(archive.extract(WEIGHTS, scratch))
    try:
        return check_weights_file(unpacked)
    finally:
        unpacked.unlink()


def read_legacy_file(path: Path) -> tuple[Mapping[str, Any], str, int]:
    """The configuration, the version of Keras and the size of the weights of a model's .h5 file.

    Raises:
        ModelFileError: as `check_weights_file`; or it holds weights alone.
    """
    return _open(path, lambda file: _read_model(file, path))


def _refuse(why: str) -> ModelFileError:
    """The error that says a marked reason and what to do."""
    return ModelFileError(tr("{what} Save the model again with model.save('name.keras').", what=tr(why)))


def _open(path: Path, read: Any) -> Any:
    access = h5p.create(h5p.FILE_ACCESS)
    access.set_fclose_degree(h5f.CLOSE_STRONG)
    try:
        file = h5f.open(bytes(path), h5f.ACC_RDONLY, fapl=access)
        try:
            return read(file)
        finally:
            file.close()
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, UnicodeError) as error:
        raise _refuse(mark("The file's HDF5 is damaged or of an unknown kind.")) from error


def _read_model(file: h5f.FileID, path: Path) -> tuple[Mapping[str, Any], str, int]:
    size = _measure(file, path)
    root = h5g.open(file, b"/")
    if not h5a.exists(root, b"model_config"):
        raise ModelFileError(tr("The .h5 file holds weights alone, no model: save the whole model with model.save()."))
    config = parse_json(_read_attribute(root, b"model_config"), MAX_ATTRIBUTE_BYTES, mark("The configuration"))
    version = _read_attribute(root, b"keras_version") if h5a.exists(root, b"keras_version") else b""
    return config, version.decode()[:20], size


def _measure(file: h5f.FileID, path: Path) -> int:
    total = sum(_check_object(one) for one in _walk(h5g.open(file, b"/"), {}, 0))
    if total > min(MAX_WEIGHT_BYTES, MAX_RATIO * path.stat().st_size + _SLACK):
        raise ModelFileError(
            tr("The weights would take {n} bytes; that is too much for this file.", n=format_count(total))
        )
    return total


def _walk(group: h5g.GroupID, seen: dict[Any, None], depth: int) -> Iterator[Any]:
    """The group and everything in it, each object once however many names it has."""
    info = h5o.get_info(group)
    if (key := (info.fileno, info.addr)) in seen:
        return
    seen[key] = None
    if depth > MAX_DEPTH or len(seen) > MAX_OBJECTS:
        raise _refuse(mark("The file's HDF5 is nested too deep or has too many parts."))
    yield group
    for name in [] if not isinstance(group, h5g.GroupID) else list(group):
        if group.links.get_info(name).type != h5l.TYPE_HARD:
            raise _refuse(mark("The file's HDF5 points to another place or another file."))
        yield from _walk(h5o.open(group, name), seen, depth + 1)


def _check_object(item: Any) -> int:
    for index in range(h5a.get_num_attrs(item)):
        attribute = h5a.open(item, index=index)
        kind = attribute.get_type()
        _check_type(kind)
        if attribute.get_space().get_simple_extent_npoints() * kind.get_size() > MAX_ATTRIBUTE_BYTES:
            raise _refuse(mark("The file's HDF5 has an attribute that is too large."))
    if isinstance(item, h5d.DatasetID):
        return _check_dataset(item)
    if not isinstance(item, h5g.GroupID):
        raise _refuse(mark("The file's HDF5 holds something else than weights."))
    return 0


def _check_dataset(dataset: h5d.DatasetID) -> int:
    made = dataset.get_create_plist()
    layout = made.get_layout()
    if layout not in (h5d.COMPACT, h5d.CONTIGUOUS, h5d.CHUNKED) or made.get_external_count():
        raise _refuse(mark("The file's weights lie in another file."))
    if any(made.get_filter(index)[0] not in _FILTERS for index in range(made.get_nfilters())):
        raise _refuse(mark("The file's weights are packed in an unknown way."))
    kind = dataset.get_type()
    _check_type(kind)
    return dataset.get_space().get_simple_extent_npoints() * kind.get_size()


def _check_type(kind: h5t.TypeID) -> None:
    if kind.get_class() not in _KINDS and not (
        kind.get_class() == h5t.VLEN and h5t.check_dtype(vlen=kind.dtype) is str
    ):
        raise _refuse(mark("The file's HDF5 holds something else than numbers and names."))


def _read_attribute(item: Any, name: bytes) -> bytes:
    """The text of an attribute: h5py knows the several ways to write one."""
    value = h5py.AttributeManager(h5py.Group(item))[name.decode()]
    return value.encode() if isinstance(value, str) else bytes(value)
