"""The door before Keras: a model's file is looked at without anything of it being built. No TensorFlow here.

It says no to what would run code, read other files, or take more memory than a text classifier needs, and thereby keeps
honest files from failing later and most hostile ones from Keras. It does not make loading safe by itself: that is done
in a process of its own with limits (attnviz.engine.own_process).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.keras_archive import read_archive
from attnviz.foreign.limits import MAX_MODEL_BYTES, check_size
from attnviz.foreign.model_config import check_config
from attnviz.foreign.parameter_count import check_parameters, count_parameters
from attnviz.foreign.weights_file import read_legacy_file
from attnviz.languages import tr


@dataclass(frozen=True, slots=True)
class ModelParts:
    """What a model's file holds, read but not built.

    Attributes:
        config: the configuration, plain data.
        keras_version: what wrote it, '' if it does not say.
        weight_bytes: how many bytes its weights take.
    """

    config: Mapping[str, Any]
    keras_version: str
    weight_bytes: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a model's file says of itself.

    Attributes:
        keras_version: what wrote it, '' if it does not say.
        classes: the classes of Keras that it names, in order.
        parameters: how many parameters its layers state at least.
        bytes: the size of the file.
    """

    keras_version: str
    classes: tuple[str, ...]
    parameters: int
    bytes: int


_READERS: Mapping[str, Callable[[Path], tuple[Mapping[str, Any], str, int]]] = {
    ".keras": read_archive,
    ".h5": read_legacy_file,
}


def check_model_file(path: Path) -> FileReport:
    """Check a model's file, .keras or .h5.

    Raises:
        ModelFileError: it is not opened; one sentence says why, and what to do where there is something.
    """
    size = check_size(path, MAX_MODEL_BYTES)
    if path.suffix not in _READERS:
        raise ModelFileError(tr("{name} is no model's file: that ends in .keras or .h5.", name=repr(path.name)))
    parts = ModelParts(*_READERS[path.suffix](path))
    classes = check_config(parts.config)
    parameters = count_parameters(parts.config)
    check_parameters(parameters, parts.weight_bytes)
    return FileReport(parts.keras_version, classes, parameters, size)
