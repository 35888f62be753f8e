"""Parts of a trained text network as networks of their own; they share its weights."""

from __future__ import annotations

from attnviz.backend import keras
from attnviz.errors import SettingError

STATES = "hidden_states"
"""The layer that attention looks at, in every network of the table that has attention."""


def build_head(model: keras.Model) -> keras.Model:
    """A text network after its embedding: [vectors (batch, steps, units), mask (batch, steps)] to (batch, 1).

    The mask is an input of its own: cut at its vectors alone, a network with masking is not connected to its inputs.
    """
    vectors = find_embedding(model).output
    return keras.Model([vectors, vectors._keras_mask], model.output)


def find_embedding(model: keras.Model) -> keras.layers.Embedding:
    """The first embedding layer of a model.

    Raises:
        SettingError: it has none.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Embedding):
            return layer
    raise SettingError(f"The model {model.name} has no Embedding layer, so its input words have no gradient.")


def build_decision(model: keras.Model, attention_layer: str, last_layer: str | None = None) -> keras.Model:
    """A text network after its attention, so that other weights than its own can be put in.

    Args:
        model: a network of the table with attention.
        attention_layer: the layer whose output are the weights.
        last_layer: a layer after the attention; what goes into it is a second output.

    Returns:
        [hidden states (batch, steps, units), mask (batch, steps), weights] to the probability (batch, 1); the weights
        are as the layer gives them, (batch, steps) or (batch, steps, units). The inputs must carry no mask of Keras.
    """
    mask = find_embedding(model).output._keras_mask
    inputs = [model.get_layer(STATES).output, mask, model.get_layer(attention_layer).output]
    return keras.Model(inputs, [model.output, model.get_layer(last_layer).input] if last_layer else model.output)
