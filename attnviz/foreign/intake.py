"""What somebody's model takes: word ids, texts, ids with masks and segments, or what has no words to explain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.restoring import all_layers
from attnviz.languages import Message, keep, tr
from attnviz.values import finding_forms

Tensor = Any
Role = Literal["ids", "mask", "segments", "positions", "texts"]

_ROLES: Mapping[str, Role] = {
    **dict.fromkeys(("token_ids", "input_ids", "input_word_ids", "word_ids", "ids", "tokens", "input_tokens"), "ids"),
    **dict.fromkeys(("padding_mask", "attention_mask", "input_mask", "mask"), "mask"),
    **dict.fromkeys(("segment_ids", "token_type_ids", "input_type_ids"), "segments"),
    **dict.fromkeys(("position_ids", "positions"), "positions"),
}
"""What the inputs of text models are called, by keras-hub, TensorFlow Hub and Hugging Face."""


@dataclass(frozen=True)
class InputSlot:
    """One input of a model.

    Attributes:
        name: its name; '' if it has none.
        shape: after the batch; None where an axis has any size.
        dtype: its name.
        role: what it gets.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str
    role: Role


@dataclass(frozen=True)
class Intake:
    """What a model takes.

    Attributes:
        structure: InputSlots as the model takes its inputs: one, or a list, tuple or dict of them.
        notes: what was found, a sentence each.
    """

    structure: Any
    notes: tuple[Message, ...] = ()

    @property
    def slots(self) -> list[InputSlot]:
        """The inputs, flat."""
        return keras.tree.flatten(self.structure)

    @property
    def reads_texts(self) -> bool:
        """Whether the model takes texts, not ids."""
        return any(slot.role == "texts" for slot in self.slots)

    @property
    def steps(self) -> int | None:
        """How many ids it takes; None for any number."""
        sizes = [slot.shape[0] for slot in self.slots if slot.role == "ids" and slot.shape]
        return sizes[0] if sizes else None

    def build_feed(self, padding: int = 0) -> Callable[[Tensor], Any]:
        """What makes the model's inputs of ids (batch, steps)."""
        return lambda ids: keras.tree.map_structure(lambda slot: _fill(slot, ids, padding), self.structure)


def find_intake(model: Any) -> Intake:
    """What a model takes.

    Raises:
        SettingError: it is no Keras 3 model, or takes what has no words to explain; says what.
    """
    if not isinstance(model, keras.layers.Layer):
        raise SettingError(tr("attnviz.wrap takes a Keras 3 model, got {kind}.", kind=_describe(model)))
    inputs = getattr(model, "inputs", None)
    if not inputs:
        return _find_undeclared(model)
    symbols = getattr(model, "_inputs_struct", None) if not isinstance(model, keras.Sequential) else inputs[0]
    structure = inputs[0] if symbols is None and len(inputs) == 1 else inputs if symbols is None else symbols
    if len(inputs) == 1:
        return Intake(keras.tree.map_structure(_find_only_slot, structure))
    return _find_several(structure)


def count_parameters(model: Any) -> int:
    """How many numbers a model has learned or been given; 0 for one that has no weights yet."""
    return sum(math.prod(weight.shape) for weight in getattr(model, "weights", ()))


def _find_undeclared(model: Any) -> Intake:
    """A model whose inputs stand nowhere: it takes texts if a vectorizer is in it, or else ids."""
    reads_texts = any(isinstance(layer, keras.layers.TextVectorization) for layer in all_layers(model))
    if reads_texts or isinstance(model, keras.layers.TFSMLayer):
        return Intake(InputSlot("", (), "string", "texts"))
    return Intake(InputSlot("", (None,), "int32", "ids"), (finding_forms.UNDECLARED,))


def _find_only_slot(symbol: Any) -> InputSlot:
    name, shape, dtype = _read(symbol)
    if dtype == "string":
        return InputSlot(name, shape, dtype, "texts")
    _check_ids(name, shape, dtype)
    return InputSlot(name, shape, dtype, "ids")


def _find_several(structure: Any) -> Intake:
    """Ids with masks and segments, each told by its name: the key of a dict, or else the name of the input."""
    keys = _find_keys(structure)
    slots = [_find_slot(key, symbol) for key, symbol in zip(keys, keras.tree.flatten(structure), strict=True)]
    ids = [slot for slot in slots if slot.role == "ids"]
    if len(ids) != 1:
        raise SettingError(
            tr(
                "The model takes {n} texts at once ({names}); only one can be explained.",
                n=len(ids),
                names=", ".join(keys),
            )
        )
    names = ", ".join(f"{slot.name} ({slot.role})" for slot in slots)
    return Intake(keras.tree.pack_sequence_as(structure, slots), (keep(finding_forms.TAKES, names=names),))


def _find_slot(key: str, symbol: Any) -> InputSlot:
    name, shape, dtype = _read(symbol)
    role = _ROLES.get(key.lower()) or _ROLES.get(name.lower())
    if role is None and dtype == "string":
        raise SettingError(
            tr("The model takes several texts or a text beside other things (input {name}).", name=repr(key))
        )
    if role is None:
        _check_ids(key, shape, dtype)
        if shape and shape[0] is not None and dtype.startswith("float"):
            raise SettingError(
                tr(
                    "The model takes several things at once; input {name} is a second text, or numbers beside the "
                    "text. Only models of one text can be explained.",
                    name=repr(key),
                )
            )
    return InputSlot(key or name, shape, dtype, role or "ids")


def _check_ids(name: str, shape: Sequence[int | None], dtype: str) -> None:
    values = {"name": repr(name), "shape": _list(shape)}
    if len(shape) >= 3:
        raise SettingError(
            tr("The model takes images or the like (input {name}: batch, {shape}), not texts.", **values)
        )
    if len(shape) == 2:
        raise SettingError(
            tr(
                "The model takes a vector for each word (input {name}: batch, {shape} of {dtype}), such as one-hot or "
                "ready word vectors; a model that takes word ids can be explained.",
                dtype=dtype,
                **values,
            )
        )
    if len(shape) == 0:
        raise SettingError(tr("The model takes one number a text (input {name}), not a row of word ids.", **values))


def _find_keys(structure: Any) -> list[str]:
    """The key of each input in a dict; the input's own name elsewhere."""
    if isinstance(structure, Mapping):
        return [str(key) for key in sorted(structure)]
    return [symbol.name for symbol in keras.tree.flatten(structure)]


def _read(symbol: Any) -> tuple[str, tuple[int | None, ...], str]:
    return symbol.name, tuple(symbol.shape[1:]), keras.backend.standardize_dtype(symbol.dtype)


def _fill(slot: InputSlot, ids: Tensor, padding: int) -> Tensor:
    if slot.role == "ids":
        return tf.cast(ids, slot.dtype)
    if slot.role == "mask":
        return tf.cast(tf.not_equal(ids, padding), slot.dtype)
    if slot.role == "positions":
        return tf.cast(tf.zeros_like(ids) + tf.range(tf.shape(ids)[1]), slot.dtype)
    return tf.cast(tf.zeros_like(ids), slot.dtype)


def _list(shape: Sequence[int | None]) -> str:
    return ", ".join(tr("any") if size is None else str(size) for size in shape)


def _describe(model: Any) -> str:
    kind = type(model)
    name = f"{kind.__module__.split('.')[0]}'s {kind.__name__}" if kind.__module__ != "builtins" else kind.__name__
    if isinstance(model, str) or hasattr(model, "__fspath__"):
        return f"{name}; load the file with keras.saving.load_model first"
    if hasattr(model, "get_weights") and hasattr(model, "layers"):
        return f"{name} of Keras 2; save its weights and load them into the same network in Keras 3"
    return name
