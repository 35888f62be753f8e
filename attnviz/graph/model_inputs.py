"""What people give to a model, as the structure of tensors that it takes."""

from __future__ import annotations

import re
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError

Tensor = Any


def to_tensors(x: Any) -> Any:
    """`x` with a tensor (batch, ...) in place of each array.

    Args:
        x: an array, or a list, tuple or dict of arrays for several inputs. A list of numbers or strings, nested or not,
            is one array.

    Raises:
        SettingError: something in it is no dense array with a batch axis.
    """
    return _to_tensor(x) if _is_written_out(x) else keras.tree.map_structure(_to_tensor, x)


def prepare(model: Any, x: Any, asked: str) -> Any:
    """The tensors of `x`, and a Sequential model that was never called built for them.

    Args:
        model: what should be a Keras model.
        x: as `to_tensors` takes it.
        asked: the function whose argument `model` is, for the message.

    Raises:
        SettingError: no Keras model, or no dense arrays.
    """
    if not isinstance(model, keras.Model):
        raise SettingError(f"{asked} needs a Keras model, got {type(model).__name__}.")
    inputs = to_tensors(x)
    if isinstance(model, keras.Sequential) and not model.built and tf.is_tensor(inputs):
        model.build((None, *inputs.shape[1:]))
    return inputs


def as_fed(array: Any, like: Tensor) -> Tensor:
    """A NumPy array as what is fed to a tensor of a graph."""
    return tf.cast(array, like.dtype) if array.dtype.kind in "biuf" else tf.constant(array, like.dtype)


def explain(error: Exception | None) -> str:
    """What an error of Keras or TensorFlow says, in one line."""
    text = re.sub(r"\x1b\[\d*m", "", str(error)).partition("Arguments received by")[0]
    return " ".join(re.sub(r"Exception encountered when calling \S+\.", "", text).split())


def _is_written_out(x: Any) -> bool:
    """Whether it is an array written as lists: nothing in it is an array."""
    items = keras.tree.flatten(x) if isinstance(x, (list, tuple)) else []
    return bool(items) and all(isinstance(item, (str, bytes, bool, int, float)) for item in items)


def _to_tensor(array: Any) -> Tensor:
    if isinstance(array, (tf.RaggedTensor, tf.SparseTensor, keras.KerasTensor)):
        raise SettingError(f"x must be made of dense arrays, got a {type(array).__name__}.")
    try:
        tensor = tf.convert_to_tensor(array)
    except (ValueError, TypeError) as error:
        raise SettingError(f"x must be made of arrays, got {type(array).__name__}: {explain(error)}") from error
    if not tensor.shape.rank or tf.is_symbolic_tensor(tensor):
        raise SettingError(f"x must be made of arrays (batch, ...), got {array!r}.")
    return tensor
