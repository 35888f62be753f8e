"""Activations and gradients in files: `.npz`, a NumPy archive, or `.json`. What comes back is exactly what was saved.

Both kinds hold one description: {"format", "version", "layers": {name: array, or a list of arrays}}, where an array is
{"dtype", "shape", "values"}. In JSON `values` is a flat list, in which "NaN", "Infinity" and "-Infinity" stand for the
numbers that JSON does not have. In an archive it is the name of a member, `<name>.npy` or `<name>[0].npy`, so that
`numpy.load(path)["name"]` works without attnviz, and the description is the member `attnviz.npy`. Texts are kept in the
description, as bytes in Latin-1. Nothing is ever pickled or unpickled.
"""

from __future__ import annotations

import io
import json
import math
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from attnviz.errors import DataError, SettingError

Array = np.ndarray[Any, Any]
Description = dict[str, Any]

FORMAT, VERSION = "attnviz activations", 1
SUFFIXES = (".npz", ".json")
MEMBER = "attnviz"
"""The member of an archive that holds the description."""

LONGEST_KEY = 1000
"""Characters of a member's name; a layer whose name is longer, or holds what cannot be printed, has a number."""

TEXT = "bytes"
NUMBERS = ("bool", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)), "float16", "float32")
DTYPES = (*NUMBERS, "float64", "bfloat16")
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def save_activations(path: str | os.PathLike[str], activations: Mapping[str, Any]) -> None:
    """Write what `get_activations` or `get_gradients` returned; a file of that name is replaced when all is written.

    Args:
        path: ends with '.npz' or '.json'. JSON takes about five times the space and can be read anywhere.
        activations: {name: array, or a list of arrays}; names may be any text.

    Raises:
        SettingError: another suffix, or something in it is no array of numbers or texts.
        DataError: the file cannot be written.
    """
    file = _check_suffix(path)
    write = _write_archive if file.suffix == ".npz" else _write_json
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        write(partial, activations)
        partial.replace(file)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def load_activations(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a file of `save_activations`, or the JSON file of keract's `persist_to_json_file`.

    Returns:
        {name: array, or a list of arrays} with the dtypes and shapes that were saved. keract keeps no dtypes: its
        numbers come back as float64 or int64. Texts come back as an object array of bytes, as activations have them.

    Raises:
        SettingError: another suffix than '.npz' or '.json'.
        DataError: there is no such file, or it is damaged or something else; says what.
    """
    file = _check_suffix(path)
    try:
        return _read_archive(file) if file.suffix == ".npz" else _read_json(file)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {file}.") from error
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # whatever a file made by others brings NumPy, zipfile or json to raise
        raise DataError(f"{file} holds no activations: {_explain(error)}.") from error


def _check_suffix(path: str | os.PathLike[str]) -> Path:
    file = Path(path)
    if file.suffix not in SUFFIXES:
        raise SettingError(f"Activations are kept in .npz and .json files, not in {file.name!r}.")
    return file


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error).rstrip(".") or f"it is too large or too deep ({type(error).__name__})"


# Writing


def _describe(activations: Mapping[str, Any], keep: Callable[[str, Array], Any]) -> Description:
    """The description; `keep` gives the values of an array, whose key it gets."""
    layers = {}
    for name, value in activations.items():
        if not isinstance(name, str):
            raise SettingError(f"The names of activations are texts, got {name!r}.")
        layers[name] = _describe_value(name, name, value, keep)
    return {"format": FORMAT, "version": VERSION, "layers": layers}


def _describe_value(name: str, key: str, value: Any, keep: Callable[[str, Array], Any]) -> Any:
    if isinstance(value, (list, tuple)):
        return [_describe_value(name, f"{key}[{place}]", item, keep) for place, item in enumerate(value)]
    array = np.asarray(value)
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype.kind in "OSU":
        return {"dtype": TEXT, "shape": list(array.shape), "values": _write_texts(name, array)}
    if array.dtype.name not in DTYPES:
        raise SettingError(f"The values of {name!r} are {array.dtype.name}, which no file of activations holds.")
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": keep(key, array)}


def _write_texts(name: str, array: Array) -> list[str]:
    texts = [item.encode() if isinstance(item, str) else item for item in array.ravel().tolist()]
    if not all(isinstance(item, bytes) for item in texts):
        raise SettingError(f"The values of {name!r} are neither numbers nor texts.")
    return [item.decode("latin-1") for item in texts]


def _write_json(path: Path, activations: Mapping[str, Any]) -> None:
    description = _describe(activations, lambda _, array: [_write_number(item) for item in array.ravel().tolist()])
    path.write_text(json.dumps(description, allow_nan=False), encoding="utf-8")


def _write_number(number: Any) -> Any:
    if not isinstance(number, float) or math.isfinite(number):
        return number
    return next(name for name, value in NOT_FINITE.items() if value == number or number != number)


def _write_archive(path: Path, activations: Mapping[str, Any]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        taken = {MEMBER}

        def keep(key: str, array: Array) -> str:
            key = key if key.isprintable() and len(key) < LONGEST_KEY else f"layer {len(taken)}"
            while key in taken:
                key += "_"
            taken.add(key)
            _write_member(archive, key, _to_plain(array))
            return key

        description = _describe(activations, keep)
        _write_member(archive, MEMBER, np.array(json.dumps(description)))


def _write_member(archive: zipfile.ZipFile, key: str, array: Array) -> None:
    with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


def _to_plain(array: Array) -> Array:
    """NumPy's own formats do not know bfloat16: its bits as whole numbers."""
    return array.view(np.uint16) if array.dtype.name == "bfloat16" else array


# Reading


def _read_json(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(data, dict) and "format" not in data:
        return {name: _read_keract(name, values) for name, values in data.items()}
    return _read_layers(data, lambda values, dtype: _read_numbers(values, dtype))


def _read_keract(name: str, values: Any) -> Array:
    array = np.array(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"the values of {name!r} are no numbers")
    return array


def _read_numbers(values: Any, dtype: np.dtype[Any]) -> Array:
    return np.array([NOT_FINITE[item] if isinstance(item, str) else item for item in values], dtype)


def _read_archive(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        size = path.stat().st_size
        if any(item.compress_type != zipfile.ZIP_STORED for item in archive.infolist()):
            raise ValueError("its members are compressed")
        if sum(item.file_size for item in archive.infolist()) > size:
            raise ValueError("its members are larger than the file")
        members = {item.filename for item in archive.infolist()}  # each is read once, so that no file grows in memory

        def read(key: str, dtype: np.dtype[Any]) -> Array:
            members.remove(f"{key}.npy")
            return _from_plain(_read_member(archive, key), dtype)

        return _read_layers(json.loads(read(MEMBER, np.dtype(str)).item()), read)


def _read_member(archive: zipfile.ZipFile, key: str) -> Array:
    data = archive.read(f"{key}.npy")
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read_header(stream)
    if math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
        raise ValueError(f"{key!r} has not as many values as it says")
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False)


def _from_plain(array: Array, dtype: np.dtype[Any]) -> Array:
    return array.view(dtype) if dtype.name == "bfloat16" and array.dtype == np.uint16 else array


def _read_layers(description: Any, read: Callable[[Any, np.dtype[Any]], Array]) -> dict[str, Any]:
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise ValueError("it does not say that it does")
    if description["version"] != VERSION:
        raise ValueError(f"it is of version {description['version']!r}, and this is version {VERSION}")
    return {name: _read_value(name, value, read) for name, value in description["layers"].items()}


def _read_value(name: str, value: Any, read: Callable[[Any, np.dtype[Any]], Array]) -> Any:
    if isinstance(value, list):
        return [_read_value(name, item, read) for item in value]
    dtype, shape, values = value["dtype"], tuple(value["shape"]), value["values"]
    array = _read_texts(values) if dtype == TEXT else read(values, _get_dtype(dtype))
    if dtype != TEXT and array.dtype != _get_dtype(dtype):
        raise ValueError(f"{name!r} is {array.dtype.name}, and should be {dtype}")
    if math.prod(shape) != array.size:
        raise ValueError(f"{name!r} has {array.size} values, and should have the shape {shape}")
    return array.reshape(shape)


def _read_texts(values: Any) -> Array:
    texts = np.empty(len(values), object)
    texts[:] = [item.encode("latin-1") for item in values]
    return texts


def _get_dtype(name: Any) -> np.dtype[Any]:
    if name not in DTYPES:
        raise ValueError(f"{name!r} is no kind of number that activations have")
    if name == "bfloat16":
        import ml_dtypes  # comes with Keras; NumPy learns the name from it

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)
