"""The attentions of a Keras model, found by running it on a few texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.attention_search import search_attention
from attnviz.graph.model_inputs import explain, to_tensors
from attnviz.graph.restoring import all_layers
from attnviz.graph.traced import TracedModel
from attnviz.values.found_attention import FoundAttention

Tensor = Any
Spec = Any


def find_attention(model: keras.Model, x: Any) -> tuple[FoundAttention, ...]:
    """The attentions of `model`, in the order in which it computes them; none if it has no attention.

    Found are the weights of Keras' and keras-hub's attention layers wherever they sit, and in any other layer or `call`
    whatever behaves as attention weights: numbers that are not negative, sum to 1 over the steps, and differ from text
    to text. The model is left as it is; one that was never called is built from `x`.

    Args:
        model: any Keras model, functional, Sequential or subclassed.
        x: what the model takes, of two different texts or more: an array (batch, ...), or a list, tuple or dict of
            arrays for several inputs. Best are texts of a number of steps that equals no width of the model.

    Raises:
        SettingError: no Keras model, fewer than two different texts, or inputs that do not fit the model.
    """
    if not isinstance(model, keras.Model):
        raise SettingError(f"find_attention needs a Keras model, got {type(model).__name__}.")
    structure = to_tensors(x)
    tensors = keras.tree.flatten(structure)
    if isinstance(model, keras.Sequential) and not model.built and tf.is_tensor(structure):
        model.build((None, *structure.shape[1:]))
    return tuple(tensor.found for tensor in search_attention(_trace(model, structure, tensors), tensors).attentions)


def _trace(model: keras.Model, structure: Any, tensors: Sequence[Tensor]) -> TracedModel:
    """For any number of steps if the model lets itself be traced so; its layers are built for the number of `x`."""
    fixed = [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype) for tensor in tensors]
    traced = None if all(layer.built for layer in all_layers(model)) else _trace_with(model, structure, fixed)
    try:
        return TracedModel(model, keras.tree.pack_sequence_as(structure, [_open_steps(tensor) for tensor in tensors]))
    except Exception:  # whatever a `call` does with a size that it does not know
        return traced or _trace_with(model, structure, fixed)


def _trace_with(model: keras.Model, structure: Any, specs: Sequence[Spec]) -> TracedModel:
    try:
        return TracedModel(model, keras.tree.pack_sequence_as(structure, list(specs)))
    except (ValueError, TypeError, tf.errors.OpError) as error:
        shapes = [tuple(spec.shape) for spec in specs]
        raise SettingError(f"{model.name} cannot be called with x of {shapes}: {explain(error)}") from error


def _open_steps(tensor: Tensor) -> Spec:
    """The kind of a tensor with any number of texts, and of steps if it has an axis of them."""
    sizes = tuple(tensor.shape)
    steps = () if len(sizes) == 1 else (sizes[1],) if tensor.dtype == tf.string else (None,)
    return tf.TensorSpec((None, *steps, *sizes[2:]), tensor.dtype)
