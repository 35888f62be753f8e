"""A whole training run of a small Keras model as one compiled program.

`model.fit` spends most of its time between the steps: 20 epochs of the toy network take seconds, of which the
arithmetic is a hundredth. Here all epochs, steps and the measures after each epoch are loops inside one XLA program
around Keras' stateless calls of the model. The program is compiled at the first call for each shape; later calls with
other data, weights, batch order, learning rate or constants reuse it.

A step of a small model is so short that starting its operations is most of the work. So the weights travel through
the loops as one flat vector: one update by Adam instead of one for each weight. The result is that of `fit` with Keras'
Adam on the same batches, to float precision.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.training.adam import AdamState, Tensor, start_adam, step_adam
from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.history import History

Tensors = list[Tensor]

MEASURES = ("loss", "accuracy", "val_loss", "val_accuracy")
"""As `model.fit` reports them: the first two are means over the epoch's batches, measured before each update; the other
two are measured after the epoch."""


@dataclass(frozen=True, slots=True)
class CompiledRun:
    """What a run left.

    Attributes:
        history: the MEASURES of every epoch.
        probe: (epochs, ...) the probe's mean over the validation samples after every epoch.
        watched: (epochs, watch, ...) the probe's values for the first validation samples, one by one.
        weights: the final weights, in the model's order.
    """

    history: History
    probe: FloatArray
    watched: FloatArray
    weights: list[FloatArray]


def is_right_class(y: Tensor, predicted: Tensor) -> Tensor:
    """Whether each probability lies on its answer's side of a half."""
    return tf.equal(predicted > 0.5, y > 0.5)


class CompiledTrainer:
    """Trains copies of one small network with Adam; construct once, call `train` for each run.

    Args:
        model: a built functional model with outputs (batch, 1) that computes the same in training and afterwards. Its
            own weights are not changed.
        probe: the name of a layer whose output is averaged over the validation samples after every epoch.
        loss: a Keras loss function of (y_true, y_pred), e.g. `keras.losses.binary_crossentropy`.
        right: a function of (y_true, y_pred) that says which answers are right; the accuracy is their share.
        watch: of how many validation samples the probe's values are kept one by one.
    """

    def __init__(
        self,
        model: keras.Model,
        probe: str,
        loss: Callable[[Tensor, Tensor], Tensor] = keras.losses.binary_crossentropy,
        right: Callable[[Tensor, Tensor], Tensor] = is_right_class,
        watch: int = 0,
    ) -> None:
        self._model = keras.Model(model.input, [model.output, model.get_layer(probe).output])
        self._loss, self._right, self._watch = loss, right, watch
        self._program = tf.function(self._run, jit_compile=True)
        self._forward = tf.function(self._call, jit_compile=True)

    def draw_weights(self, seed: int) -> list[FloatArray]:
        """The initial weights that a model built anew after `keras.utils.set_random_seed(seed)` has.

        Building the model takes longer than training it does; drawing from the layers' initializers, in the order in
        which they were built, does not.
        """
        seeds = random.Random(seed)  # as Keras draws the seeds of initializers, but without its global state
        return [_draw(layer, variable, seeds) for layer in self._model.layers for variable in layer.trainable_variables]

    def train(
        self,
        weights: Sequence[npt.ArrayLike],
        x: FloatArray,
        y: FloatArray,
        x_val: FloatArray,
        y_val: FloatArray,
        batches: npt.NDArray[np.int32],
        *,
        learning_rate: float,
        constants: Mapping[str, float] | None = None,
    ) -> CompiledRun:
        """One run from the given initial weights.

        Args:
            weights: the values of the model's trainable weights, in its order.
            x, y: (n, ...) and (n, 1) to train on; x_val, y_val to validate on.
            batches: (epochs, steps, batch_size) indices into x and y: the order of training.
            learning_rate: of Adam.
            constants: other values for weights that are not trained, by the weight's name.

        Raises:
            SettingError: the batches are not three-dimensional or empty.
        """
        if batches.ndim != 3 or 0 in batches.shape:
            raise SettingError(f"batches must have the shape (epochs, steps, batch size), got {batches.shape}.")
        data = [tf.convert_to_tensor(array) for array in (x, y, x_val, y_val, batches)]
        rate = tf.constant(learning_rate, tf.float32)
        trained, measures, probe = self._program(_tensors(weights), self._constants(constants), rate, *data)
        history = History(dict(zip(MEASURES, measures.numpy().T, strict=True)))
        mean, watched = np.split(probe.numpy(), [1], axis=1)
        return CompiledRun(
            history, frozen_array(mean[:, 0]), frozen_array(watched), [weight.numpy() for weight in trained]
        )

    def predict(
        self, weights: Sequence[npt.ArrayLike], x: FloatArray, constants: Mapping[str, float] | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """The outputs (n, 1) and the probe's values (n, ...) for x (n, ...)."""
        answers, probe = self._forward(_tensors(weights), self._constants(constants), x)
        return answers.numpy(), probe.numpy()

    def _constants(self, values: Mapping[str, float] | None) -> Tensors:
        given = {name: tf.constant(value, tf.float32) for name, value in (values or {}).items()}
        variables = self._model.non_trainable_variables
        return [given.get(variable.name, tf.convert_to_tensor(variable.value)) for variable in variables]

    def _run(
        self, weights: Tensors, constants: Tensors, rate: Tensor, x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor,
        batches: Tensor,
    ) -> tuple[Tensors, Tensor, Tensor]:  # fmt: skip
        """Trained weights, measures (epochs, 4) and probe (epochs, 1 + watch, ...), its mean first."""

        def epoch(index: Tensor, state: AdamState, measures: Tensor, probes: Tensor) -> tuple[Any, ...]:
            state, means = self._train_epoch(state, constants, rate, x, y, batches[index])
            validated, probe = self._validate(self._unflatten(state.weights), constants, x_val, y_val)
            measures = _write_row(measures, index, tf.concat([means, validated], axis=0))
            return index + 1, state, measures, _write_row(probes, index, probe)

        epochs = batches.shape[0]
        measures = tf.zeros((epochs, len(MEASURES)))
        probes = tf.zeros((epochs, 1 + self._watch, *self._model.outputs[1].shape[1:]))
        start = (0, start_adam(_flatten(weights)), measures, probes)
        _, state, measures, probes = tf.while_loop(lambda index, *_: index < epochs, epoch, start)
        return self._unflatten(state.weights), measures, probes

    def _train_epoch(
        self, state: AdamState, constants: Tensors, rate: Tensor, x: Tensor, y: Tensor, batches: Tensor
    ) -> tuple[AdamState, Tensor]:
        """The state after all batches (steps, batch_size), and the mean of their measures."""

        def step(index: Tensor, state: AdamState, sums: Tensor) -> tuple[Tensor, AdamState, Tensor]:
            rows = batches[index]
            measures, gradient = self._differentiate(state.weights, constants, tf.gather(x, rows), tf.gather(y, rows))
            return index + 1, step_adam(state, gradient, rate), sums + measures

        steps = batches.shape[0]
        _, state, sums = tf.while_loop(lambda index, *_: index < steps, step, (0, state, tf.zeros(2)))
        return state, sums / steps

    def _differentiate(self, flat: Tensor, constants: Tensors, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and accuracy of a batch, and the gradient of the loss."""
        with tf.GradientTape() as tape:
            tape.watch(flat)
            measures = self._compare(self._call(self._unflatten(flat), constants, x)[0], y)
        return tf.stack(measures), tape.gradient(measures[0], flat)

    def _validate(self, weights: Tensors, constants: Tensors, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and accuracy as one tensor; the probe's mean followed by its watched values."""
        answers, probe = self._call(weights, constants, x)
        mean = tf.reduce_mean(probe, axis=0, keepdims=True)
        return tf.stack(self._compare(answers, y)), tf.concat([mean, probe[: self._watch]], axis=0)

    def _call(self, weights: Tensors, constants: Tensors, x: Tensor) -> Tensors:
        """The model's outputs and the probe's values."""
        return self._model.stateless_call(weights, constants, x, training=False)[0]

    def _compare(self, predicted: Tensor, y: Tensor) -> Tensors:
        """Mean loss and accuracy."""
        right = tf.cast(self._right(y, predicted), tf.float32)
        return [tf.reduce_mean(self._loss(y, predicted)), tf.reduce_mean(right)]

    def _unflatten(self, flat: Tensor) -> Tensors:
        shapes = [variable.shape for variable in self._model.trainable_variables]
        parts = tf.split(flat, [math.prod(shape) for shape in shapes])
        return [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]


def get_batches(n: int, epochs: int, batch_size: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """(epochs, steps, batch_size): a new random order of all n samples each epoch; a last part batch is left out."""
    if not 1 <= batch_size <= n or epochs < 1:
        raise SettingError(f"{epochs} epochs of batches of {batch_size} cannot be cut from {n} samples.")
    steps = n // batch_size
    order = rng.permuted(np.tile(np.arange(n, dtype=np.int32), (epochs, 1)), axis=1)
    return order[:, : steps * batch_size].reshape(epochs, steps, batch_size)


def _tensors(values: Sequence[npt.ArrayLike]) -> Tensors:
    return [tf.convert_to_tensor(value) for value in values]


def _flatten(weights: Tensors) -> Tensor:
    return tf.concat([tf.reshape(weight, [-1]) for weight in weights], axis=0)


def _write_row(table: Tensor, index: Tensor, row: Tensor) -> Tensor:
    return tf.tensor_scatter_nd_update(table, [[index]], row[None])


def _draw(layer: Any, variable: Any, seeds: random.Random) -> FloatArray:
    """A new initial value; a weight that does not start at random keeps its start."""
    names = (variable.name, variable.name.removesuffix("_kernel"))  # an LSTM's recurrent_kernel is its exception
    initializer = next(getattr(layer, f"{name}_initializer") for name in names if hasattr(layer, f"{name}_initializer"))
    if "seed" not in initializer.get_config():
        return variable.numpy()
    return _seeded(initializer, seeds)(variable.shape).numpy()


def _seeded(initializer: Any, seeds: random.Random) -> Any:
    """The same initializer with the next seed, as Keras draws it, unless it has one or needs none."""
    config = initializer.get_config()
    if config.get("seed", 0) is None:
        config["seed"] = seeds.randint(1, int(1e9))
    return type(initializer).from_config(config)
