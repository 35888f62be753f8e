"""The networks of keract's own examples (https://github.com/philipperemy/keract), each layer against a sub-model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attnviz import get_activations
from attnviz.backend import keras

layers = keras.layers
random = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    return random.normal(size=shape).astype(np.float32)


def mnist() -> tuple[keras.Model, Any]:
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu", name="conv2d_1"),
            layers.Conv2D(8, 3, activation="relu", name="conv2d_2"),
            layers.MaxPooling2D(2, name="max_pooling2d_1"),
            layers.Dropout(0.25, name="dropout_1"),
            layers.Flatten(name="flatten_1"),
            layers.Dense(10, activation="softmax", name="dense_2"),
        ]
    )
    return model, floats(2, 28, 28, 1)


def multi_inputs() -> tuple[keras.Model, Any]:
    inputs = [keras.Input((10,), name=f"input_{i}") for i in range(3)]
    hidden = [layers.Dense(1, name=f"dense_{i}")(x) for i, x in enumerate(inputs)]
    return keras.Model(inputs, layers.Concatenate(name="concatenate")(hidden)), [floats(4, 10) for _ in range(3)]


def recurrent() -> tuple[keras.Model, Any]:
    model = keras.Sequential(
        [
            layers.Embedding(20, 4, name="embedding"),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="lstm"), name="bidirectional"),
            layers.GRU(3, name="gru"),
            layers.Dense(1, activation="sigmoid", name="dense"),
        ]
    )
    model.build((None, 6))
    return model, random.integers(0, 20, (3, 6))


def residual() -> tuple[keras.Model, Any]:
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(3, 3, padding="same", name="conv")(image)
    x = layers.Add(name="add")([layers.BatchNormalization(name="norm")(x), image])
    return keras.Model(image, layers.GlobalAveragePooling2D(name="pool")(layers.ReLU(name="relu")(x))), floats(
        2, 8, 8, 3
    )


def attention() -> tuple[keras.Model, Any]:
    sequence = keras.Input((5, 4), name="sequence")
    attended, scores = layers.MultiHeadAttention(2, 3, name="heads")(sequence, sequence, return_attention_scores=True)
    return keras.Model(sequence, [layers.LayerNormalization(name="norm")(attended), scores]), floats(2, 5, 4)


def siamese() -> tuple[keras.Model, Any]:
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = layers.Dense(3, name="shared")
    return keras.Model([left, right], layers.Dot(1, name="dot")([shared(left), shared(right)])), [
        floats(2, 4),
        floats(2, 4),
    ]


def nested() -> tuple[keras.Model, Any]:
    image = keras.Input((8, 8, 3), name="inner_image")
    inner = keras.Model(image, layers.Flatten(name="flat")(layers.Conv2D(2, 3, name="conv")(image)), name="vgg")
    outer = keras.Input((8, 8, 3), name="image")
    return keras.Model(outer, layers.Dense(2, name="dense")(inner(outer))), floats(2, 8, 8, 3)


def time_distributed() -> tuple[keras.Model, Any]:
    video = keras.Input((3, 8, 8, 1), name="video")
    frames = layers.TimeDistributed(layers.Conv2D(2, 3, name="conv"), name="frames")(video)
    return keras.Model(video, layers.Dense(1, name="dense")(layers.Flatten(name="flat")(frames))), floats(2, 3, 8, 8, 1)


EXAMPLES = (mnist, multi_inputs, recurrent, residual, attention, siamese, nested, time_distributed)


@pytest.mark.parametrize("make", EXAMPLES)
def test_every_layer_is_that_of_a_sub_model(make: Callable[[], tuple[keras.Model, Any]]) -> None:
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
        (attention, ["heads/query", "heads/key", "heads/value", "heads/attention_output"]),
    ],
)
def test_what_is_inside_has_the_names_of_both(make: Callable[[], tuple[keras.Model, Any]], inside: list[str]) -> None:
    model, x = make()
    assert set(inside) <= {name for name in get_activations(model, x, nested=True) if "/" in name}
    assert list(get_activations(model, x, inside, nested=True)) == inside
