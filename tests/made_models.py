"""Files of small models as Keras writes them, made without Keras, so that any part of them can be something else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]
VOCABULARY = b"<pad>\n<start>\n<unknown>\ngood\nbad\nfilm\n"
WIDTH = 4


def describe(name: str, module: str = "keras.layers", /, **config: Any) -> Config:
    """An object as Keras writes it into a configuration."""
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def describe_function(name: str, module: str = "builtins") -> Config:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def build_config(*more: Config) -> Config:
    """A Sequential model that reads word ids: Embedding(6, 4), GlobalAveragePooling1D, Dense(1), and more layers."""
    layers = [
        describe("InputLayer", batch_shape=[None, None], dtype="float32", name="ids"),
        describe("Embedding", name="words", input_dim=6, output_dim=WIDTH),
        describe("GlobalAveragePooling1D", name="mean"),
        describe("Dense", name="answer", units=1, activation="sigmoid"),
    ]
    return describe("Sequential", "keras", name="made", layers=[*layers, *more])


def change(path: Sequence[Any], **values: Any) -> Config:
    """The configuration with a part of it changed."""
    config: Any = build_config()
    part = config
    for step in path:
        part = part[step]
    part.update(values)
    return config


def build_weights(fill: float = 0.1) -> bytes:
    """The weights of `build_config`, as Keras lays them out in model.weights.h5."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        shapes = {
            "layers/embedding": [(6, WIDTH)],
            "layers/dense": [(WIDTH, 1), (1,)],
            "layers/global_average_pooling1d": [],
            "layers/input_layer": [],
        }
        for place, arrays in shapes.items():
            group = file.create_group(f"{place}/vars")
            for index, shape in enumerate(arrays):
                group.create_dataset(str(index), data=np.full(shape, fill, dtype="float32"))
    return data.getvalue()


def write_archive(
    path: Path,
    config: Config | bytes | None = None,
    weights: bytes | None = None,
    more: Sequence[tuple[str | zipfile.ZipInfo, bytes]] = (),
    packing: int = zipfile.ZIP_STORED,
) -> Path:
    """A .keras file; everything that is not given is honest."""
    written = config if isinstance(config, bytes) else json.dumps(config or build_config()).encode()
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", written)
        archive.writestr("model.weights.h5", build_weights() if weights is None else weights)
        for name, data in more:
            archive.writestr(name, data)
    return path


def write_legacy(path: Path, config: Config, spoil: Callable[[h5py.File], None] = lambda file: None) -> Path:
    """An .h5 file of a whole model, as Keras 2 and 3 write it."""
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "3.15.1"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(config)
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = np.array([b"words", b"mean", b"answer"])
        for layer, arrays in {"words": {"e": (6, WIDTH)}, "mean": {}, "answer": {"k": (WIDTH, 1), "b": (1,)}}.items():
            group = weights.create_group(layer)
            group.attrs["weight_names"] = np.array([name.encode() for name in arrays], dtype="S")
            for name, shape in arrays.items():
                group.create_dataset(name, data=np.full(shape, 0.1, dtype="float32"))
        spoil(file)
    return path


def spoil_weights(spoil: Callable[[h5py.File], None]) -> bytes:
    data = io.BytesIO(build_weights())
    with h5py.File(data, "a") as file:
        spoil(file)
    return data.getvalue()
