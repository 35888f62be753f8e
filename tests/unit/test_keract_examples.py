"""The networks of keract's own examples (https://github.com/philipperemy/keract), each layer against a sub-model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from attnviz import get_activations, get_gradients, plot_activations, plot_heatmap
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


def test_vgg16_its_first_convolution_and_the_heat_map_over_the_image() -> None:
    model = keras.applications.VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
    image = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3)).astype(np.float32)
    found = get_activations(model, image, "block1_conv1")
    np.testing.assert_allclose(found["block1_conv1"], model.get_layer("block1_conv1")(image), atol=1e-3)
    assert len(plot_heatmap(found, image[0])["block1_conv1"].layout.images) == 16


@pytest.mark.parametrize("make", EXAMPLES)
def test_every_layer_and_its_gradient_is_drawn(make: Callable[[], Made]) -> None:
    model, x = make()
    y = [np.zeros(output.shape) for output in keras.tree.flatten(model(x))]
    for arrays in (get_activations(model, x), get_gradients(model, x, y if len(y) > 1 else y[0], loss="mse")):
        drawn = {name.partition("[")[0] for name in plot_activations(arrays)}
        assert drawn == arrays.keys()
