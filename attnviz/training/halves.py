"""Both halves of each batch at the same time, on two threads."""

from __future__ import annotations

from typing import Any

from attnviz.backend import keras, tf

ops = keras.ops

Tensor = Any


def split_in_halves(model: keras.Model) -> keras.Model:
    """A model with the same weights that runs `model` on the two halves of each batch side by side.

    The fused LSTM uses one thread, and so do most other operations of a small network; two halves keep two cores busy
    from the embedding to its gradient. On a machine with a GPU the model is returned as it is.

    Args:
        model: a functional model with one input (batch, ...) and one output (batch, ...), whose rows do not depend on
            each other in training either.
    """
    if tf.config.list_physical_devices("GPU"):
        return model
    inputs = keras.Input(model.inputs[0].shape[1:], dtype=model.inputs[0].dtype, name="batch")
    halves = [
        model(_Half(second, name=name)(inputs)) for second, name in ((False, "first_half"), (True, "second_half"))
    ]
    return keras.Model(inputs, _Join()([*halves, inputs]), name=f"{model.name}_in_halves")


class _Half(keras.layers.Layer):
    """One half of a batch. A batch of a single row goes into both: the gradient of the fused LSTM on an empty batch is
    whatever was in memory."""

    def __init__(self, second: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.second = second

    def call(self, inputs: Tensor) -> Tensor:
        batch = ops.shape(inputs)[0]
        half = (batch + 1) // 2
        return inputs[ops.minimum(half, batch - 1) :] if self.second else inputs[:half]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape)


class _Join(keras.layers.Layer):
    """The outputs of both halves as one batch, as long as that of the inputs."""

    def call(self, inputs: list[Tensor]) -> Tensor:
        first, second, batch = inputs
        return ops.concatenate([first, second], axis=0)[: ops.shape(batch)[0]]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape[0])
