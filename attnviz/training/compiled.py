"""A whole training run of a small Keras model as one compiled program.

`model.fit` spends most of its time between the steps: 20 epochs of the toy network take seconds, of which the
arithmetic is a hundredth. Here all epochs, steps and the measures after each epoch are loops inside one XLA program,
written with Keras' own stateless interface, so that any small functional model and any common Keras optimizer works.
The program is compiled at the first call for each shape; later calls with other data, weights or batch order reuse it.

A step of a small model is so short that starting its operations is most of the work. So the weights travel through
the loops as one flat vector where the optimizer allows it: one update instead of one for each weight.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from keras.src.optimizers.base_optimizer import BaseOptimizer

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.history import History

Tensor = Any
Tensors = list[Tensor]

MEASURES = ("loss", "accuracy", "val_loss", "val_accuracy")
"""As `model.fit` reports them: the first two are means over the epoch's batches, measured before each update; the other
two are measured after the epoch."""

_ELEMENTWISE = ("SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Nadam", "Ftrl", "Lion")
"""Optimizers that treat every number of the weights by itself."""


@dataclass(frozen=True, slots=True)
class CompiledRun:
    """What a run left: a History of MEASURES, the probe's values (epochs, ...), and the final weights.

    `watched` (epochs, watch, ...) are the probe's values for the first validation samples, one by one. Without a
    probe, `probe` has the shape (epochs, 0).
    """

    history: History
    probe: FloatArray
    watched: FloatArray
    weights: list[FloatArray]


def is_right_class(y: Tensor, predicted: Tensor) -> Tensor:
    """Whether each probability lies on its answer's side of a half."""
    return tf.equal(predicted > 0.5, y > 0.5)


class CompiledTrainer:
    """Trains copies of one small network; construct once, call `train` for each run.

    Args:
        model: a built functional model with outputs (batch, 1). Its own weights are not changed.
        optimizer: any Keras optimizer with a constant learning rate.
        loss: a Keras loss function of (y_true, y_pred), e.g. `keras.losses.binary_crossentropy`.
        probe: a layer whose output is averaged over the validation samples after every epoch.
        right: a function of (y_true, y_pred) that says which answers are right; the accuracy is their share.
        watch: of how many validation samples the probe's values are kept one by one.
    """

    def __init__(
        self,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        loss: Callable[[Tensor, Tensor], Tensor] = keras.losses.binary_crossentropy,
        probe: str | None = None,
        right: Callable[[Tensor, Tensor], Tensor] = is_right_class,
        watch: int = 0,
    ) -> None:
        outputs = [model.output] if probe is None else [model.output, model.get_layer(probe).output]
        self._model = keras.Model(model.input, outputs)
        self._optimizer = _stateless(optimizer)
        self._flat = _is_elementwise(optimizer)
        variables = self._model.trainable_variables
        size = sum(math.prod(variable.shape) for variable in variables)
        self._optimizer.build([keras.Variable(np.zeros(size, np.float32))] if self._flat else variables)
        self._start = [variable.numpy() for variable in self._optimizer.variables]
        self._rate = [variable.name for variable in self._optimizer.variables].index("learning_rate")
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
        constants: Mapping[str, float] | None = None,
        learning_rate: float | None = None,
    ) -> CompiledRun:
        """One run from the given initial weights.

        Args:
            weights: the values of the model's trainable weights, in its order.
            x, y: (n, ...) and (n, 1) to train on; x_val, y_val to validate on.
            batches: (epochs, steps, batch_size) indices into x and y: the order of training.
            constants: other values for weights that are not trained, by the weight's name.
            learning_rate: if not the optimizer's own. Neither of the two compiles the program again.

        Raises:
            SettingError: the batches are not three-dimensional or empty.
        """
        if batches.ndim != 3 or 0 in batches.shape:
            raise SettingError(f"batches must have the shape (epochs, steps, batch size), got {batches.shape}.")
        slots = [tf.convert_to_tensor(value) for value in self._start]
        if learning_rate is not None:
            slots[self._rate] = tf.constant(learning_rate, tf.float32)
        trained, (measures, *probe) = self._program(
            [tf.convert_to_tensor(weight) for weight in weights],
            self._constants(constants),
            slots,
            *(tf.convert_to_tensor(array) for array in (x, y, x_val, y_val, batches)),
        )
        history = History(dict(zip(MEASURES, measures.numpy().T, strict=True)))
        values = probe[0].numpy() if probe else np.zeros((len(batches), 1, 0))
        return CompiledRun(
            history, frozen_array(values[:, 0]), frozen_array(values[:, 1:]), [weight.numpy() for weight in trained]
        )

    def predict(
        self, weights: Sequence[npt.ArrayLike], x: FloatArray, constants: Mapping[str, float] | None = None
    ) -> list[FloatArray]:
        """The outputs (n, 1) for x (n, ...), then the probe's values (n, ...) if there is a probe."""
        outputs = self._forward([tf.convert_to_tensor(w) for w in weights], self._constants(constants), x)
        return [output.numpy() for output in outputs]

    def _constants(self, values: Mapping[str, float] | None) -> Tensors:
        given = {name: tf.constant(value, tf.float32) for name, value in (values or {}).items()}
        variables = self._model.non_trainable_variables
        return [given.get(variable.name, tf.convert_to_tensor(variable.value)) for variable in variables]

    def _call(self, weights: Tensors, constant: Tensors, x: Tensor) -> Tensors:
        return _list(self._model.stateless_call(weights, constant, x, training=False)[0])

    def _run(
        self, weights: Tensors, constant: Tensors, slots: Tensors, x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor,
        batches: Tensor,
    ) -> tuple[Tensors, Tensors]:  # fmt: skip
        epochs, steps, _ = batches.shape

        def step(i: Tensor, epoch: Tensor, sums: Tensor, *state: Tensors) -> tuple[Any, ...]:
            rows = batches[epoch, i]
            packed, constant, slots = state
            measures, *new = self._step(packed, constant, slots, tf.gather(x, rows), tf.gather(y, rows))
            return i + 1, epoch, sums + measures, *new

        def epoch(e: Tensor, packed: Tensors, constant: Tensors, slots: Tensors, log: Tensors) -> tuple[Any, ...]:
            start = (0, e, tf.zeros(2), packed, constant, slots)
            _, _, sums, *state = tf.while_loop(lambda i, *_: i < steps, step, start)
            measures, *probe = self._measure(state[0], state[1], x_val, y_val)
            row = [tf.concat([sums / steps, measures], axis=0), *probe]
            log = [tf.tensor_scatter_nd_update(all, [[e]], value[None]) for all, value in zip(log, row, strict=True)]
            return e + 1, *state, log

        log = [tf.zeros((epochs, len(MEASURES)))]
        log += [tf.zeros((epochs, 1 + self._watch, *output.shape[1:])) for output in self._model.outputs[1:]]
        start = (0, self._pack(weights), constant, slots, log)
        _, packed, _, _, log = tf.while_loop(lambda e, *_: e < epochs, epoch, start)
        return self._unpack(packed), log

    def _step(
        self, packed: Tensors, constant: Tensors, slots: Tensors, x: Tensor, y: Tensor
    ) -> tuple[Tensor, Tensors, Tensors, Tensors]:
        """One update: loss and accuracy of the batch before it, and the new state."""
        with tf.GradientTape() as tape:
            tape.watch(packed)
            outputs, constant = self._model.stateless_call(self._unpack(packed), constant, x, training=True)
            measures = self._compare(_list(outputs)[0], y)
            loss = measures[0]
        packed, slots = self._optimizer.stateless_apply(slots, tape.gradient(loss, packed), packed)
        return tf.stack(measures), list(packed), list(constant), list(slots)

    def _measure(self, packed: Tensors, constant: Tensors, x: Tensor, y: Tensor) -> Tensors:
        """Loss and accuracy as one tensor; if there is a probe, its mean followed by its watched values."""
        answers, *probes = self._call(self._unpack(packed), constant, x)
        values = [tf.concat([tf.reduce_mean(probe, axis=0)[None], probe[: self._watch]], axis=0) for probe in probes]
        return [tf.stack(self._compare(answers, y)), *values]

    def _compare(self, predicted: Tensor, y: Tensor) -> Tensors:
        """Mean loss and accuracy."""
        right = tf.cast(self._right(y, predicted), tf.float32)
        return [tf.reduce_mean(self._loss(y, predicted)), tf.reduce_mean(right)]

    def _pack(self, weights: Tensors) -> Tensors:
        return [tf.concat([tf.reshape(weight, [-1]) for weight in weights], axis=0)] if self._flat else weights

    def _unpack(self, packed: Tensors) -> Tensors:
        if not self._flat:
            return packed
        shapes = [variable.shape for variable in self._model.trainable_variables]
        parts = tf.split(packed[0], [math.prod(shape) for shape in shapes])
        return [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]


def get_batches(n: int, epochs: int, batch_size: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """(epochs, steps, batch_size): a new random order of all n samples each epoch; a last part batch is left out."""
    if not 1 <= batch_size <= n or epochs < 1:
        raise SettingError(f"{epochs} epochs of batches of {batch_size} cannot be cut from {n} samples.")
    steps = n // batch_size
    order = rng.permuted(np.tile(np.arange(n, dtype=np.int32), (epochs, 1)), axis=1)
    return order[:, : steps * batch_size].reshape(epochs, steps, batch_size)


def _list(outputs: Any) -> list[Tensor]:
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


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


def _is_elementwise(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether it does the same to one flat vector as to the weights that the vector is made of."""
    whole = (optimizer.clipnorm, optimizer.weight_decay)  # these look at each weight as a whole, or at its name
    return type(optimizer).__name__ in _ELEMENTWISE and not any(whole)


def _stateless(optimizer: keras.optimizers.Optimizer) -> Any:
    """The same optimizer with a `stateless_apply` that works on TensorFlow.

    Keras' TensorFlow optimizers assign through `tf.Variable`s and so refuse the stateless interface. This subclass
    puts back the backend-neutral methods, in which a variable is whatever `StatelessScope` says it is.
    """

    class Stateless(type(optimizer)):  # type: ignore[misc]
        stateless_apply = BaseOptimizer.stateless_apply
        _apply_weight_decay = BaseOptimizer._apply_weight_decay

        def _var_key(self, variable: Any) -> Any:
            return id(variable)

        def assign(self, variable: Any, value: Any) -> None:
            variable.assign(value)

        def assign_add(self, variable: Any, value: Any) -> None:
            variable.assign(variable.value + value)

        def assign_sub(self, variable: Any, value: Any) -> None:
            variable.assign(variable.value - value)

        def _backend_update_step(self, grads: Any, trainable_variables: Any, learning_rate: Any) -> None:
            for gradient, variable in zip(grads, trainable_variables, strict=True):
                self.update_step(gradient, variable, learning_rate)

    return Stateless.from_config(optimizer.get_config())
