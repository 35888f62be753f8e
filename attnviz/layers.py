"""The attention layers of attnviz, for models of one's own: they respect masks, and save and load with the model.

Importing this module loads TensorFlow. Every layer is registered with Keras, so that a model with them is loaded by
`keras.saving.load_model` once this module was imported.

`Attention` is the ready-made one: a sequence in, a vector out, as in the package `attention`. The others are its parts
in the four kinds of the shipped networks. Each returns the weights, which are then an ordinary activation of the model;
`WeightedSum` on [weights, states] makes the vector.

    | layer                  | takes            | weights                                            |
    |------------------------|------------------|----------------------------------------------------|
    | AdditiveAttention      | states           | softmax(tanh(states W + b)), a bias for each step  |
    | DotProductAttention    | [states, query]  | softmax(Q K / sqrt(d)), one query                  |
    | LuongAttention         | [states, query]  | softmax(states W query)                            |
    | FeaturewiseAttention   | states           | softmax over the steps, for each feature by itself |

States are (batch, steps, units), a query (batch, units); `LastState` makes one of the states. Weights are (batch,
steps), of FeaturewiseAttention (batch, steps, units).
"""

from __future__ import annotations

from attnviz.models.attention_layers import (
    AdditiveAttention,
    DotProductAttention,
    FeaturewiseAttention,
    LastState,
    LuongAttention,
    WeightedSum,
)
from attnviz.models.many_to_one import Attention, MaskedSoftmax

__all__ = [
    "AdditiveAttention",
    "Attention",
    "DotProductAttention",
    "FeaturewiseAttention",
    "LastState",
    "LuongAttention",
    "MaskedSoftmax",
    "WeightedSum",
]
