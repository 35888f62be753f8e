"""A network as one file that the browser's own code reads: `attnviz/web/network.js`.

    8 bytes    MAGIC
    4 bytes    the length of the header, little-endian
    header     JSON in ASCII, filled with spaces to a multiple of 4 bytes in all
    weights    the tensors one after the other, little-endian, each at a multiple of 4 bytes

The header has `format`, `name`, `title`, `labels`, `target` (a number, or null for the most probable label), `steps`,
`unit` ('words' or 'characters', see text/reading_units.py),
`attention` (null, or the layer and the axes of its weights), `vocabulary` (the words by id), `layers` (each with name,
kind, inputs, settings and tensors; a tensor has its shape and the byte where it starts behind the header), `dtype`,
`bytes` (of the weights) and `sha256` (that of the weights in float32, whatever the file's dtype is).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.living.exported_layers import ExportedLayer, NotExportable, export_layers, refuse
from attnviz.living.saved_weights import Weights, read_saved
from attnviz.models.registry import ModelSpec
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import MODEL_FILE
from attnviz.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from attnviz.explain.classifier import TextClassifier

MAGIC, FORMAT = b"ATTNVIZN", 1
UNITS_IN_BROWSER = ("words", "characters")
"""What the browser's code can cut texts into."""

Dtype = Literal["float32", "float16"]
Parts = tuple[tuple[ExportedLayer, ...], Sequence[Weights]]

__all__ = ["FORMAT", "MAGIC", "Dtype", "NotExportable", "export_classifier", "export_model", "export_network"]


def export_network(checkpoint: Checkpoint, dtype: Dtype = "float32") -> bytes:
    """The network file of a checkpoint; needs no TensorFlow.

    Args:
        checkpoint: of the library. dtype: float16 halves the file and rounds the weights.

    Raises:
        NotExportable: the browser's code does not know a layer of it, or it reads no text.
        CheckpointError: its file is damaged.
    """
    if checkpoint.spec.task != "reviews":
        raise refuse(tr("it reads columns of numbers, not text"))
    if checkpoint.reads_padding:
        raise refuse(tr("as in its tutorial, it reads padding like words"))
    facts = _describe(checkpoint.spec, checkpoint.name)
    return _write(facts, checkpoint.vocabulary, read_saved(checkpoint.folder / MODEL_FILE), dtype)


def export_model(
    model: Any, vocabulary: Vocabulary, spec: ModelSpec, name: str = "", dtype: Dtype = "float32"
) -> bytes:
    """`export_network` for a Keras model in memory.

    Args:
        model: trained. vocabulary: the words that it knows.
        spec: its row of the table. name: what to call it, by default as there. dtype: as there.
    """
    return _write(_describe(spec, name or spec.name), vocabulary, _take_apart(model), dtype)


def export_classifier(classifier: TextClassifier, dtype: Dtype = "float32") -> bytes:
    """`export_network` for a classifier in memory, wherever it comes from.

    Raises:
        NotExportable: also if it reads texts in another way than the networks of the table, or its attention or answer
            are not the output of a layer of it.
    """
    vocabulary = getattr(getattr(classifier, "reader", None), "vocabulary", None)
    sources: Any = getattr(classifier, "attention", ())
    if not isinstance(vocabulary, Vocabulary) or not hasattr(classifier, "model"):
        raise refuse(tr("it reads texts in a way of its own"))
    if len(sources) > 1 or any(not hasattr(source, "layer") for source in sources):
        raise refuse(tr("its attention is not the output of one layer"))
    facts = {
        "name": classifier.name,
        "title": classifier.card.title,
        "labels": list(classifier.labels),
        "target": classifier.card.target,
        "steps": classifier.steps,
        "attention": {"layer": sources[0].layer, "axes": list(sources[0].axes)} if sources else None,
    }
    return _write(facts, vocabulary, _take_apart(classifier.model), dtype)


def _describe(spec: ModelSpec, name: str) -> dict[str, Any]:
    attention = {"layer": spec.attention_layer, "axes": list(spec.attention_axes)} if spec.attention_layer else None
    return {
        "name": name,
        "title": spec.title,
        "labels": list(spec.labels),
        "target": spec.target,
        "steps": spec.steps,
        "attention": attention,
    }


def _take_apart(model: Any) -> Parts:
    layers = export_layers(json.loads(model.to_json()))
    return layers, [[weight.numpy() for weight in model.get_layer(layer.name).weights] for layer in layers]


def _write(facts: Mapping[str, Any], vocabulary: Vocabulary, parts: Parts, dtype: Dtype) -> bytes:
    if dtype not in ("float32", "float16"):
        raise SettingError(tr("A network file holds float32 or float16, not {dtype}.", dtype=repr(dtype)))
    layers, weights = parts
    _check(layers, weights)
    if vocabulary.unit not in UNITS_IN_BROWSER:
        raise refuse(tr("it reads the words that {unit} cuts", unit=vocabulary.unit))
    if len(vocabulary) != len(_find_table(layers, weights)):
        raise refuse(tr("its vocabulary is not that of its word vectors"))
    flat = [_pack(array, dtype) for arrays in weights for array in arrays]
    header = {
        "format": FORMAT,
        **facts,
        "unit": vocabulary.unit,
        "vocabulary": list(vocabulary),
        "layers": list(_list_layers(layers, weights, dtype)),
        "dtype": dtype,
        "bytes": sum(map(len, flat)),
        "sha256": hash_weights(weights),
    }
    return b"".join([*_frame(header), *flat])


def hash_weights(weights: Sequence[Weights]) -> str:
    """The sha256 of all weights in float32, in the order of the layers."""
    digest = hashlib.sha256()
    for array in (array for arrays in weights for array in arrays):
        digest.update(np.ascontiguousarray(array, "<f4").tobytes())
    return digest.hexdigest()


def _check(layers: Sequence[ExportedLayer], weights: Sequence[Weights]) -> None:
    for layer, arrays in zip(layers, weights, strict=True):
        if len(arrays) != len(layer.tensors):
            raise refuse(_count_wrong(layer, arrays))
        if not all(np.isfinite(array).all() for array in arrays):
            raise refuse(tr("weights of {layer} are not finite", layer=repr(layer.name)))


def _count_wrong(layer: ExportedLayer, arrays: Weights) -> str:
    return tr(
        "its layer {layer} has {count} tensors of weights, not {wanted}",
        layer=repr(layer.name),
        count=len(arrays),
        wanted=len(layer.tensors),
    )


def _find_table(layers: Sequence[ExportedLayer], weights: Sequence[Weights]) -> npt.NDArray[Any]:
    """(words, units) the word vectors."""
    tables = [arrays[0] for layer, arrays in zip(layers, weights, strict=True) if layer.kind == "embedding"]
    if len(tables) != 1:
        raise refuse(tr("it has {count} tables of word vectors", count=len(tables)))
    return tables[0]


def _pack(array: npt.NDArray[Any], dtype: Dtype) -> bytes:
    """Little-endian, filled to a multiple of 4 bytes."""
    data = np.ascontiguousarray(array, "<f4" if dtype == "float32" else "<f2").tobytes()
    return data + bytes(-len(data) % 4)


def _list_layers(layers: Sequence[ExportedLayer], weights: Sequence[Weights], dtype: Dtype) -> Iterator[dict[str, Any]]:
    start = 0
    for layer, arrays in zip(layers, weights, strict=True):
        tensors = {}
        for name, array in zip(layer.tensors, arrays, strict=True):
            tensors[name] = {"shape": list(array.shape), "start": start}
            start += len(_pack(array, dtype))
        yield {
            "name": layer.name,
            "kind": layer.kind,
            "inputs": list(layer.inputs),
            "settings": dict(layer.settings),
            "tensors": tensors,
        }


def _frame(header: Mapping[str, Any]) -> tuple[bytes, bytes, bytes]:
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()  # ASCII: a word may be half a pair
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % 4)
    return MAGIC, len(text).to_bytes(4, "little"), text
