"""Files of models with which somebody might mean harm, and honest ones beside them.

Every one is harmless: what it would call or read is nothing of importance.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py

from tests.made_models import (
    Config,
    build_config,
    build_weights,
    change,
    describe,
    describe_function,
    write_archive,
    write_legacy,
)


def nest(depth: int) -> Config:
    """A model in a model in a model."""
    config = build_config()
    for _ in range(depth):
        config = describe("Sequential", "keras", name="outer", layers=[config])
    return config


def link_out(file: h5py.File) -> None:
    file["stolen"] = h5py.ExternalLink("/etc/hostname", "/")


def link_softly(file: h5py.File) -> None:
    file["again"] = h5py.SoftLink("/")


def store_outside(file: h5py.File) -> None:
    file.create_dataset("stolen", (10,), "u1", external=[("/etc/hostname", 0, 10)])


def map_outside(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((10,), "u1")
    layout[:] = h5py.VirtualSource("/etc/hostname", "data", (10,))
    file.create_virtual_dataset("stolen", layout)


def blow_up(file: h5py.File) -> None:
    file.create_dataset("zeros", (100_000_000, 40), "f8", chunks=(1000, 40), compression="gzip")


def point_around(file: h5py.File) -> None:
    file.create_dataset("pointers", (1,), h5py.ref_dtype)


def sink_deep(file: h5py.File) -> None:
    file.create_group("/".join(["deeper"] * 60))


def make_link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def write_locked(path: Path) -> Path:
    """An archive whose members say that they are encrypted."""
    data = bytearray(write_archive(path).read_bytes())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + place] |= 1
    path.write_bytes(data)
    return path


def write_polyglot(path: Path) -> Path:
    """A page that a browser shows, and an archive."""
    archive = write_archive(path).read_bytes()
    path.write_bytes(b"<html><script>alert(1)</script>" + archive)
    return path


def write_bytes(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def of(config: Config | bytes) -> Callable[[Path], Path]:
    return lambda path: write_archive(path, config)


def with_layer(name: str, module: str = "keras.layers", /, **config: Any) -> Callable[[Path], Path]:
    return of(build_config(describe(name, module, **config)))


def with_member(name: str | zipfile.ZipInfo) -> Callable[[Path], Path]:
    return lambda path: write_archive(path, more=[(name, b"x")])


def spoiled(spoil: Callable[[h5py.File], None]) -> Callable[[Path], Path]:
    return lambda path: write_legacy(path, build_config(), spoil)


def typed(name: str) -> Config:
    """A class under another package's registered name."""
    return {**describe("Dense", name="evil", units=1), "registered_name": name}


WORDS = ("config", "layers", 1, "config")
ANSWER = ("config", "layers", 3, "config")
SWITCH = {
    **describe("Switch", "keras.src.ops.core", name="dead"),
    "inbound_nodes": [{"args": [0, [describe_function("set_dtype_policy", "keras.config")], "mixed_float16"]}],
}
SPEC = {"class_name": "__typespec__", "spec_name": "TensorSpec", "module": "os", "registered_name": None, "config": []}

HOSTILE: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "a Lambda layer": (".keras", with_layer("Lambda", name="l", function=["4wEA", None, None]), "Python code"),
    "a Lambda layer that names os.getcwd": (
        ".keras",
        with_layer("Lambda", name="l", function=describe_function("getcwd", "os"), arguments={}),
        "Python code",
    ),
    "a lambda as initializer": (
        ".keras",
        of(change(WORDS, embeddings_initializer={"class_name": "__lambda__", "config": {"value": "4wEA"}})),
        "Python code",
    ),
    "an unused Switch that changes the number format": (".keras", of(build_config(SWITCH)), "calls functions"),
    "a Map": (".keras", with_layer("Map", "keras.src.ops.core"), "calls functions"),
    "a SavedModel elsewhere": (".keras", with_layer("TFSMLayer", filepath="/tmp"), "loads another file"),
    "a pickled PyTorch module": (".keras", with_layer("TorchModuleWrapper", module="gASV"), "PyTorch"),
    "a JAX layer": (".keras", with_layer("JaxLayer", call_fn="4wEA"), "Python code"),
    "a class of a module of its own": (".keras", with_layer("Evil", "evil.layers"), "no class of Keras"),
    "a class of Python itself": (".keras", with_layer("Popen", "subprocess", args="id"), "no class of Keras"),
    "a known class of a wrong module": (".keras", with_layer("Dense", "os", units=1), "no class of Keras"),
    "another class under a known name": (".keras", of(build_config(typed("evil>Dense"))), "no class of Keras"),
    "a callback": (".keras", with_layer("BackupAndRestore", "keras.callbacks", backup_dir="."), "no class of Keras"),
    "a type of TensorFlow": (".keras", of(change(ANSWER, dtype=SPEC)), "no class of Keras"),
    "a class that is no text": (".keras", of(change((), class_name=["Dense"])), "no text"),
    "a function that downloads": (
        ".keras",
        of(change(ANSWER, activation=describe_function("get_file", "keras.utils"))),
        "no activation",
    ),
    "a function that switches safe mode off": (
        ".keras",
        of(change(ANSWER, activation=describe_function("enable_unsafe_deserialization", "keras.config"))),
        "no activation",
    ),
    "an activation that there is not": (".keras", of(change(ANSWER, activation="evil>run")), "Keras lacks"),
    "words in a file of this machine": (
        ".keras",
        with_layer("TextVectorization", name="v", vocabulary="/etc/hostname"),
        "names another file",
    ),
    "2,000,000,000 units": (".keras", of(change(ANSWER, units=2_000_000_000)), "at most"),
    "19,000,000 x 19,000,000 units": (
        ".keras",
        of(build_config(describe("LSTM", name="l", units=19_000_000))),
        "parameters",
    ),
    "more words than weights": (".keras", of(change(WORDS, input_dim=9_000_000, output_dim=16)), "holds only"),
    "a word repeated 1,000,000,000 times": (".keras", with_layer("RepeatVector", n=1_000_000_000), "at most"),
    "100,000 lists in each other": (".keras", of(b"[" * 100_000 + b"]" * 100_000), "nested too deep"),
    "500,000 empty lists": (".keras", of(b'{"a": [' + b"[]," * 500_000 + b"[]]}"), "too many parts"),
    "models in models": (".keras", of(nest(60)), "nested too deep"),
    "a list as configuration": (".keras", of(b"[]"), "no JSON object"),
    "no JSON as configuration": (".keras", of(b'{"class_name": NaN}'), "no JSON"),
    "no model as configuration": (".keras", of({"a": 1}), "names no model"),
    "200 MB from 0.2 MB": (
        ".keras",
        lambda path: write_archive(path, weights=b"\0" * 200_000_000, packing=zipfile.ZIP_DEFLATED),
        "would unpack",
    ),
    "a path that leaves the archive": (".keras", with_member("assets/../../evil.txt"), "no Keras model has"),
    "an absolute path": (".keras", with_member("/tmp/evil.txt"), "no Keras model has"),
    "a path of Windows": (".keras", with_member("assets/c:\\evil.txt"), "no Keras model has"),
    "a program in the archive": (".keras", with_member("evil.py"), "no Keras model has"),
    "a symbolic link in the archive": (".keras", with_member(make_link("assets/words")), "a link or encrypted"),
    "a name twice but for its letters' case": (".keras", with_member("CONFIG.json"), "two of one name"),
    "members that are encrypted": (".keras", write_locked, "encrypted"),
    "a page and an archive": (".keras", write_polyglot, "something else at the same time"),
    "half an archive": (".keras", write_bytes(b"PK\x03\x04" + b"\0" * 100), "damaged"),
    "an archive without weights": (".keras", write_bytes(b"PK\x05\x06" + b"\0" * 18), "is not in it"),
    "a pickle": (".keras", write_bytes(b"\x80\x04\x95cos\nsystem\n(S'id'\ntR."), "no .keras file"),
    "nothing": (".keras", write_bytes(b""), "0 bytes"),
    "a Lambda layer, old format": (
        ".h5",
        lambda path: write_legacy(
            path, build_config({"class_name": "Lambda", "config": {"function_type": "lambda", "function": ["4wEA"]}})
        ),
        "Python code",
    ),
    "a link to another file": (".h5", spoiled(link_out), "another file"),
    "a link to itself": (".h5", spoiled(link_softly), "another place"),
    "weights stored in another file": (".h5", spoiled(store_outside), "another file"),
    "weights mapped from another file": (".h5", spoiled(map_outside), "another file"),
    "32 GB of packed zeros": (".h5", spoiled(blow_up), "too much for this file"),
    "pointers": (".h5", spoiled(point_around), "something else than numbers"),
    "60 groups in each other": (".h5", spoiled(sink_deep), "nested too deep"),
    "weights alone": (".h5", write_bytes(build_weights()), "weights alone"),
    "no HDF5": (".h5", write_bytes(b"\x89HDF\r\n\x1a\n" + b"\xff" * 500), "damaged"),
}
"""What is wrong: the ending of the file, what writes it, and a part of what is said of it at the door."""

HONEST: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "of Keras 3": (".keras", write_archive),
    "packed": (".keras", lambda path: write_archive(path, packing=zipfile.ZIP_DEFLATED)),
    "old format": (".h5", lambda path: write_legacy(path, build_config())),
}


def spoil_weights_with_nan(path: Path) -> Path:
    """A file that passes the door; its training went wrong."""
    return write_archive(path, weights=build_weights(float("nan")))
