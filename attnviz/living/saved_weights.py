"""The configuration and the weights in a .keras file, read without TensorFlow.

The file is checked before anything of it is opened, as one that somebody brings.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from attnviz.errors import CheckpointError, ModelFileError
from attnviz.foreign.keras_archive import WEIGHTS, read_archive
from attnviz.foreign.weights_file import check_weights_file
from attnviz.languages import tr
from attnviz.living.exported_layers import ExportedLayer, export_layers

Weights = Sequence[npt.NDArray[Any]]


def read_saved(path: Path) -> tuple[tuple[ExportedLayer, ...], list[Weights]]:
    """The layers of a .keras file and the weights of each, in Keras' order.

    Raises:
        NotExportable: a layer is outside the table.
        CheckpointError: the file is damaged or no such file.
    """
    try:
        layers = export_layers(read_archive(path)[0])
        return layers, _read_weights(path, layers)
    except (ModelFileError, KeyError, TypeError, OSError, ValueError, zipfile.BadZipFile) as error:
        why = tr("{path} holds no weights that can be read ({error}).", path=path, error=error)
        raise CheckpointError(why) from error


def _read_weights(path: Path, layers: Sequence[ExportedLayer]) -> list[Weights]:
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(path) as archive:
        unpacked = Path(archive.extract(WEIGHTS, scratch))
        check_weights_file(unpacked)
        with h5py.File(unpacked, "r") as file:
            return [[array for group in layer.groups for array in _read_group(file, group)] for layer in layers]


def _read_group(file: Mapping[str, Any], name: str) -> Weights:
    group = file.get(name, {})
    return [np.asarray(group[str(number)]) for number in range(len(group))]
