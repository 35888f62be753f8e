"""The networks of keract's own examples and tests (https://github.com/philipperemy/keract), smaller, with inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from attnviz.backend import keras

Made = tuple[keras.Model, Any]

layers = keras.layers
random = np.random  # seeded with Keras by `keras.utils.set_random_seed`


def floats(*shape: int) -> np.ndarray:
    return random.normal(size=shape).astype(np.float32)


def mnist() -> Made:
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


def multi_inputs() -> Made:
    inputs = [keras.Input((10,), name=f"input_{i}") for i in range(3)]
    hidden = [layers.Dense(1, name=f"dense_{i}")(x) for i, x in enumerate(inputs)]
    return keras.Model(inputs, layers.Concatenate(name="concatenate")(hidden)), [floats(4, 10) for _ in range(3)]


def recurrent() -> Made:
    model = keras.Sequential(
        [
            layers.Embedding(20, 4, name="embedding"),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="lstm"), name="bidirectional"),
            layers.GRU(3, name="gru"),
            layers.Dense(1, activation="sigmoid", name="dense"),
        ]
    )
    model.build((None, 6))
    return model, random.randint(0, 20, (3, 6))


def residual() -> Made:
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(3, 3, padding="same", name="conv")(image)
    x = layers.Add(name="add")([layers.BatchNormalization(name="norm")(x), image])
    return keras.Model(image, layers.GlobalAveragePooling2D(name="pool")(layers.ReLU(name="relu")(x))), floats(
        2, 8, 8, 3
    )


def attention() -> Made:
    sequence = keras.Input((5, 4), name="sequence")
    attended, scores = layers.MultiHeadAttention(2, 3, name="heads")(sequence, sequence, return_attention_scores=True)
    return keras.Model(sequence, [layers.LayerNormalization(name="norm")(attended), scores]), floats(2, 5, 4)


def siamese() -> Made:
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = layers.Dense(3, name="shared")
    return keras.Model([left, right], layers.Dot(1, name="dot")([shared(left), shared(right)])), [
        floats(2, 4),
        floats(2, 4),
    ]


def nested() -> Made:
    image = keras.Input((8, 8, 3), name="inner_image")
    inner = keras.Model(image, layers.Flatten(name="flat")(layers.Conv2D(2, 3, name="conv")(image)), name="vgg")
    outer = keras.Input((8, 8, 3), name="image")
    return keras.Model(outer, layers.Dense(2, name="dense")(inner(outer))), floats(2, 8, 8, 3)


def time_distributed() -> Made:
    video = keras.Input((3, 8, 8, 1), name="video")
    frames = layers.TimeDistributed(layers.Conv2D(2, 3, name="conv"), name="frames")(video)
    return keras.Model(video, layers.Dense(1, name="dense")(layers.Flatten(name="flat")(frames))), floats(2, 3, 8, 8, 1)


def multi_outputs() -> Made:
    inputs = [keras.Input((10,), name="i1"), keras.Input((10,), name="i2")]
    added = layers.Add(name="add")(inputs)
    outputs = [layers.Dense(units, activation="sigmoid", name=f"o{units}")(added) for units in (1, 2)]
    return keras.Model(inputs, outputs), [floats(5, 10), floats(5, 10)]


def autoencoder() -> Made:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, padding="same", activation="tanh", name="encode"),
            layers.AveragePooling2D(2, name="code"),
            layers.UpSampling2D(2, name="wider"),
            layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid", name="decode"),
        ],
        name="autoencoder",
    )
    return model, floats(2, 8, 8, 1)


def mnist_rows() -> Made:
    model = keras.Sequential([layers.LSTM(4, name="lstm"), layers.Dense(10, activation="softmax", name="dense")])
    return model, floats(2, 28, 28)


class InnerModel(keras.Model):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fc, self.relu = layers.Dense(10, name="fc1"), layers.ReLU(name="relu")

    def call(self, x: Any) -> Any:
        return self.relu(self.fc(x))


class InnerLayer(layers.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fc, self.relu = layers.Dense(10, name="fc1"), layers.ReLU(name="relu")

    def call(self, x: Any) -> Any:
        return self.relu(self.fc(x))


def subclassed_parts() -> Made:
    x = keras.Input((10,), name="i1")
    return keras.Model(x, layers.Dense(1, name="fc1")(InnerLayer(name="block")(InnerModel(name="model")(x)))), floats(
        4, 10
    )


EXAMPLES = (
    *(mnist, multi_inputs, multi_outputs, recurrent, mnist_rows, residual, attention, siamese, nested),
    *(time_distributed, autoencoder, subclassed_parts),
)
