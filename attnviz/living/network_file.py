"""A network as one file that the browser's code opens: a header that says everything, then the numbers.

    8 bytes     MAGIC
    4 bytes     the length of the header, little endian
    header      JSON in UTF-8, filled up with blanks to a multiple of 4 bytes
    numbers     the tensors in the order of the header, each row by row, little endian, float32 or float16

It is made of what Keras saved, without Keras: of the description of the layers and the numbers in `model.keras`.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import h5py
import numpy as np

from attnviz.living.browser_layers import MASKS, NotExportable, find_kind
from attnviz.runs.checkpoint_files import MODEL_FILE
from attnviz.text.vocabulary import Vocabulary
from attnviz.text.words import describe_spelling

if TYPE_CHECKING:
    from attnviz.models.registry import ModelSpec
    from attnviz.runs.checkpoint import Checkpoint

MAGIC = b"ATTNVIZN"
VERSION = 1
Dtype = Literal["float32", "float16"]
__all__ = ["Dtype", "NotExportable", "Reads", "export_model", "export_network"]


@dataclass(frozen=True, slots=True)
class Reads:
    """What the layers don't say of a network.

    Attributes:
        name, title: what to call it.
        labels, target: its classes, and the one that is explained, an index; None for the predicted one.
        steps: how many last words of a text it reads.
        attention: the layer whose activation are the attention weights; None if it has none.
        reduction: in words, how several weights of a word become one; '' where it has one.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    target: int | None
    steps: int
    attention: str | None
    reduction: str = ""


def export_network(checkpoint: Checkpoint, dtype: Dtype = "float32") -> bytes:
    """The file of a trained network of the library.

    Raises:
        NotExportable: it does not run in the browser; says why.
    """
    if checkpoint.words is None:
        raise NotExportable("it reads columns of numbers, not text")
    reads = describe_reads(checkpoint.spec, checkpoint.name)
    return _pack((checkpoint.folder / MODEL_FILE).read_bytes(), checkpoint.words, reads, dtype)


def export_model(model: Any, vocabulary: Vocabulary, reads: Reads, dtype: Dtype = "float32") -> bytes:
    """The file of a Keras model in memory.

    Raises:
        NotExportable: it does not run in the browser; says why.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / MODEL_FILE
        model.save(file)
        return _pack(file.read_bytes(), vocabulary, reads, dtype)


def describe_reads(spec: ModelSpec, name: str) -> Reads:
    """What the table of networks says of one."""
    return Reads(name, spec.title, spec.labels, spec.target, spec.steps, spec.attention_layer, _name_reduction(spec))


def _name_reduction(spec: ModelSpec) -> str:
    if spec.attention_axes == ("tokens",):
        return ""
    kind = "heads" if "heads" in spec.attention_axes else "features"
    queries = ", received from all words" if "queries" in spec.attention_axes else ""
    return f"mean of {spec.attention_maps} {kind}{queries}"


def _pack(saved: bytes, vocabulary: Vocabulary, reads: Reads, dtype: Dtype) -> bytes:
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        model = json.loads(archive.read("config.json"))
        weights = archive.read("model.weights.h5")
    if model["class_name"] != "Functional":
        raise NotExportable(f"it is a {model['class_name']} model, and the browser's code reads functional ones")
    with h5py.File(io.BytesIO(weights)) as numbers:
        layers = list(_describe_layers(model["config"]["layers"], numbers))
    tensors = [tensor for _, found in layers for tensor in found]
    header = {
        "version": VERSION,
        "name": reads.name,
        "title": reads.title,
        "labels": reads.labels,
        "target": reads.target,
        "steps": reads.steps,
        "attention": reads.attention,
        "reduction": reads.reduction,
        "dtype": dtype,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "words": list(vocabulary),
        "layers": [row for row, _ in layers],
        "answer": _find_answer(model["config"]["output_layers"]),
        "spelling": describe_spelling(),
    }
    return _join(header, tensors, dtype)


def _join(header: Mapping[str, Any], tensors: Sequence[np.ndarray], dtype: Dtype) -> bytes:
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    little = np.dtype(dtype).newbyteorder("<")
    numbers = [np.ascontiguousarray(tensor, little).tobytes() for tensor in tensors]
    return b"".join([MAGIC, struct.pack("<I", len(text)), text, *numbers])


def _describe_layers(layers: Sequence[Any], numbers: Any) -> Iterator[tuple[dict[str, Any], list[np.ndarray]]]:
    """Each layer as the header has it, with its tensors; the file numbers the layers of a class in their order."""
    seen: Counter[str] = Counter()
    for layer in layers:
        place = _to_snake(layer["class_name"])
        number, seen[place] = seen[place], seen[place] + 1
        if layer["class_name"] not in MASKS:
            yield _describe_layer(layer, numbers, f"layers/{place}{f'_{number}' if number else ''}")


def _describe_layer(layer: Any, numbers: Any, place: str) -> tuple[dict[str, Any], list[np.ndarray]]:
    config, name = layer["config"], layer["name"]
    row = find_kind(layer["class_name"], config, layer.get("registered_name"))
    tensors = [np.asarray(numbers[f"{place}/{where}"]) for where in row.weights(config)]
    if not all(np.isfinite(tensor).all() for tensor in tensors):
        raise NotExportable(f"its layer {name} holds something that is no number")
    described = {
        "name": name,
        "kind": row.kind,
        "inputs": _find_inputs(layer["inbound_nodes"]),
        "settings": row.settings(config),
        "tensors": [tensor.shape for tensor in tensors],
    }
    return described, tensors


def _find_inputs(nodes: Sequence[Any]) -> list[str]:
    if len(nodes) > 1:
        raise NotExportable("one of its layers is used twice")
    return list(_find_sources(nodes[0]["args"])) if nodes else []


def _find_sources(argument: Any) -> Iterator[str]:
    """The layers whose outputs an argument holds, in order; masks come as keywords and are left out."""
    if isinstance(argument, list):
        for part in argument:
            yield from _find_sources(part)
    elif isinstance(argument, dict) and argument.get("class_name") == "__keras_tensor__":
        yield argument["config"]["keras_history"][0]


def _find_answer(outputs: Sequence[Any]) -> str:
    """The layer that gives the answer; Keras writes one output with brackets around it, or with two."""
    first = outputs[0]
    return first if isinstance(first, str) else first[0]


def _to_snake(name: str) -> str:
    """'MultiHeadSum' as 'multi_head_sum', 'LSTM' as 'lstm': what Keras calls a layer's place in the file."""
    words = "".join(f"_{letter}" if _begins_word(name, at) else letter for at, letter in enumerate(name))
    return words.lower()


def _begins_word(name: str, at: int) -> bool:
    if at == 0 or not name[at].isupper():
        return False
    return name[at - 1].islower() or name[at + 1 : at + 2].islower()
