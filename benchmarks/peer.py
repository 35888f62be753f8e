"""What the tutorials use, on legacy tf_keras: the `attention` layer, the tutorials' own layer, and keract.

It runs in an environment of its own and so imports nothing of attnviz.
"""

from __future__ import annotations

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keract
import numpy as np
import tensorflow as tf
from attention import Attention
from serve import Prepared, make_step_clock, serve

keras = tf.keras
K = keras.backend


class TutorialAttention(keras.layers.Layer):
    """Additive attention as tutorials write it: one weight vector, a bias a position, padding attended to."""

    def build(self, input_shape):
        self.kernel = self.add_weight(name="att_weight", shape=(input_shape[-1], 1), initializer="normal")
        self.bias = self.add_weight(name="att_bias", shape=(input_shape[1], 1), initializer="zeros")

    def call(self, states):
        weights = K.softmax(K.squeeze(K.tanh(K.dot(states, self.kernel) + self.bias), axis=-1))
        return K.sum(states * K.expand_dims(weights, axis=-1), axis=1)


def build_luong() -> keras.Model:
    """The published example of `attention`: 248,929 parameters, padded to 500."""
    inputs = keras.Input((500,))
    x = keras.layers.Embedding(5000, 32)(inputs)
    x = keras.layers.Dropout(0.5)(x)
    x = keras.layers.LSTM(100, return_sequences=True)(x)
    x = Attention(units=128)(x)
    x = keras.layers.Dropout(0.5)(x)
    return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(x))


def build_bilstm_additive() -> keras.Model:
    """The tutorial's network: 1,379,273 parameters, padded to 200."""
    inputs = keras.Input((200,))
    x = keras.layers.Embedding(10000, 128)(inputs)
    x = keras.layers.Bidirectional(keras.layers.LSTM(64, return_sequences=True))(x)
    x = TutorialAttention()(x)
    x = keras.layers.Dropout(0.5)(x)
    return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(x))


NETWORKS = {"luong": (build_luong, 500, 5000), "bilstm-additive": (build_bilstm_additive, 200, 10000)}


def train(network: str, batch_size: int, batches: int) -> Prepared:
    """A step of `fit` on batches padded to the network's length, as the tutorials do."""
    build, steps, words = NETWORKS[network]
    model = build()
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(0)
    ids = rng.integers(3, words, size=(batches * batch_size, steps)).astype(np.int32)
    labels = rng.integers(0, 2, size=(len(ids), 1)).astype(np.float32)
    clock = make_step_clock(keras)

    def step() -> float:
        model.fit(ids, labels, batch_size=batch_size, verbose=0, callbacks=[clock])
        return clock.seconds_a_step

    return step


def activations(network: str) -> Prepared:
    """All activations of one review, by keract."""
    build, steps, words = NETWORKS[network]
    model = build()
    model.compile("adam", "binary_crossentropy")
    ids = np.random.default_rng(0).integers(3, words, size=(1, steps)).astype(np.int32)
    return lambda: keract.get_activations(model, ids)


if __name__ == "__main__":
    serve({"train": train, "activations": activations})
