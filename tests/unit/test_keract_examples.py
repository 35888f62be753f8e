"""The networks of keract's own examples (https://github.com/philipperemy/keract), each layer against a sub-model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from attnviz import get_activations
from attnviz.backend import keras
from tests.keract_networks import (
    EXAMPLES,
    Made,
    attention,
    mnist,
    nested,
    recurrent,
    subclassed_parts,
    time_distributed,
)


@pytest.mark.parametrize("make", EXAMPLES)
def test_every_layer_is_that_of_a_sub_model(make: Callable[[], Made]) -> None:
    model, x = make()
    found = get_activations(model, x)
    assert list(found) == [layer.name for layer in model.layers]
    inputs = model.inputs if isinstance(x, list) else model.inputs[0]
    for layer in model.layers:
        symbols = [node.output_tensors for node in layer._inbound_nodes if node.output_tensors]
        symbols = symbols[-1:] if isinstance(layer, keras.Model) else symbols  # a model's first call is its own
        expected = keras.Model(inputs, [tensor for tensors in symbols for tensor in tensors])(x)
        arrays = keras.tree.flatten(found[layer.name])
        assert len(arrays) == len(keras.tree.flatten(expected))
        for array, tensor in zip(arrays, keras.tree.flatten(expected), strict=True):
            np.testing.assert_allclose(array, tensor, atol=1e-5)


@pytest.mark.parametrize(
    ("make", "inside"),
    [
        (mnist, []),
        (recurrent, ["bidirectional/forward_lstm", "bidirectional/backward_lstm"]),
        (nested, ["vgg/inner_image", "vgg/conv", "vgg/flat"]),
        (time_distributed, ["frames/conv"]),
        (subclassed_parts, ["model/fc1", "model/relu", "block/fc1", "block/relu"]),
        (attention, ["heads/query", "heads/key", "heads/value", "heads/attention_output"]),
    ],
)
def test_what_is_inside_has_the_names_of_both(make: Callable[[], Made], inside: list[str]) -> None:
    model, x = make()
    assert set(inside) <= {name for name in get_activations(model, x, nested=True) if "/" in name}
    assert list(get_activations(model, x, inside, nested=True)) == inside
