"""A faster kernel behind stock `keras.layers.LSTM` layers on CPU.

Keras runs an LSTM step by step in a loop of small operations. TensorFlow also has one operation for the whole
sequence, `BlockLSTM`, forward and gradient. `fuse_lstms` makes a model's LSTM layers call it; the layers' classes,
weights and saved form stay Keras' own. Version 1 of the operation is used: the registered gradient of `BlockLSTMV2`
is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any

from attnviz.backend import keras, tf

Tensor = Any


def fuse_lstms(model: keras.Model) -> keras.Model:
    """Let the LSTM layers of `model` use the fused kernel where it computes the same.

    Layers with another activation, without bias, with recurrent dropout, stateful or unrolled keep Keras' path, and
    so does everything on a machine with a GPU, where Keras uses cuDNN. Input must be padded on the right; the
    outputs of padded steps differ from Keras' and are to be masked, as every layer of attnviz does.

    Args:
        model: changed in place; call before it is compiled or traced.

    Returns:
        The same model.
    """
    for layer in find_plain_lstms(model):
        layer.inner_loop = MethodType(_inner_loop, layer)
    return model


@contextmanager
def fused_lstms(model: keras.Model) -> Iterator[None]:
    """`fuse_lstms` for as long as the context lasts: what is traced in it keeps the kernel, the model does not."""
    with _replaced(find_plain_lstms(model), _inner_loop):
        yield


@contextmanager
def exact_lstms(model: keras.Model) -> Iterator[None]:
    """As `fused_lstms`, for any model: padding on either side, and what a padded step gives is what Keras gives.

    Where a mask has holes, Keras' own loop runs.
    """
    with _replaced([layer for layer in find_plain_lstms(model) if _ends_as_keras(layer)], _exact_loop):
        yield


@contextmanager
def _replaced(layers: Iterable[keras.layers.LSTM], loop: Callable[..., Any]) -> Iterator[None]:
    changed = [layer for layer in layers if "inner_loop" not in vars(layer)]
    for layer in changed:
        layer.inner_loop = MethodType(loop, layer)
    try:
        yield
    finally:
        for layer in changed:
            del layer.inner_loop


def find_plain_lstms(model: keras.Model) -> list[keras.layers.LSTM]:
    """The LSTM layers of a model, at any depth, that the kernel computes alike; none on a machine with a GPU."""
    if tf.config.list_physical_devices("GPU"):
        return []
    return [layer for layer in model._flatten_layers() if type(layer) is keras.layers.LSTM and _is_plain(layer)]


def fused_lstm(
    sequences: Tensor, hidden: Tensor, cell: Tensor, kernel: Tensor, recurrent_kernel: Tensor, bias: Tensor
) -> Tensor:
    """Hidden states (batch, steps, units) of an LSTM with Keras' weights.

    Args:
        sequences: (batch, steps, inputs). hidden, cell: (batch, units), the initial state.
        kernel: (inputs, 4 * units). recurrent_kernel: (units, 4 * units). bias: (4 * units,). The gates are ordered
            i, f, c, o as in Keras.
    """
    time_major = tf.transpose(sequences, [1, 0, 2])
    peephole = tf.zeros(recurrent_kernel.shape[:1], sequences.dtype)
    states = tf.raw_ops.BlockLSTM(
        seq_len_max=tf.cast(tf.shape(time_major)[0], tf.int64),
        x=time_major,
        cs_prev=cell,
        h_prev=hidden,
        w=_reorder_gates(tf.concat([kernel, recurrent_kernel], axis=0)),
        wci=peephole,
        wcf=peephole,
        wco=peephole,
        b=_reorder_gates(bias),
        forget_bias=0.0,
        cell_clip=-1.0,
        use_peephole=False,
    )
    return tf.transpose(states.h, [1, 0, 2])


def _reorder_gates(weights: Tensor) -> Tensor:
    """Keras orders the gates i, f, c, o; BlockLSTM i, c, f, o."""
    i, f, c, o = tf.split(weights, 4, axis=-1)
    return tf.concat([i, c, f, o], axis=-1)


def _is_plain(layer: keras.layers.LSTM) -> bool:
    return (
        layer.activation is keras.activations.tanh
        and layer.recurrent_activation is keras.activations.sigmoid
        and layer.use_bias
        and not (layer.recurrent_dropout or layer.dropout)
        and not (layer.stateful or layer.unroll or layer.return_state)
        and layer.compute_dtype == "float32"
    )


def _inner_loop(
    self: keras.layers.LSTM, sequences: Tensor, initial_state: Any, mask: Tensor | None, training: bool = False
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """What `keras.layers.RNN.call` expects: last output, all outputs, states (unused: no return_state).

    Last output (batch, units) and all outputs (batch, steps, units) are in the order in which Keras returns them.
    """
    batch, steps = tf.unstack(tf.shape(sequences)[:2])
    lengths = tf.fill([batch], steps) if mask is None else tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
    if self.go_backwards:  # start at the last real step, not in the padding
        sequences = tf.reverse_sequence(sequences, lengths, seq_axis=1)
    weights = (self.cell.kernel, self.cell.recurrent_kernel, self.cell.bias)
    outputs = fused_lstm(sequences, *initial_state, *(tf.convert_to_tensor(weight) for weight in weights))
    last = tf.gather(outputs, tf.maximum(lengths - 1, 0), batch_dims=1)
    if self.go_backwards and self.return_sequences:
        outputs = tf.reverse(tf.reverse_sequence(outputs, lengths, seq_axis=1), [1])
    return last, outputs, [last, last]


def _ends_as_keras(layer: keras.layers.LSTM) -> bool:
    """Keras gives 0 as the last output where padding is on the right and padded steps give 0; that is left to Keras."""
    return bool(layer.return_sequences or not layer.zero_output_for_mask)


def _exact_loop(
    self: keras.layers.LSTM, sequences: Tensor, initial_state: Any, mask: Tensor | None, training: bool = False
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """As `_inner_loop`, with the fused kernel on the stretch of steps that the mask leaves."""

    def fused() -> tuple[Tensor, Tensor]:
        return _run_stretch(self, sequences, initial_state, mask)

    def usual() -> tuple[Tensor, Tensor]:
        last, outputs, _ = keras.layers.LSTM.inner_loop(self, sequences, initial_state, mask, training)
        return last, outputs if self.return_sequences else last[:, None]

    last, outputs = fused() if mask is None else tf.cond(_is_stretch(mask), fused, usual)
    return last, outputs, [last, last]


def _is_stretch(mask: Tensor) -> Tensor:
    """Whether the steps of every row that count are next to each other."""
    return tf.reduce_all(mask == _in_stretch(mask, *_find_stretch(mask)))


def _find_stretch(mask: Tensor) -> tuple[Tensor, Tensor]:
    """(batch, 1) where the steps that count begin, and how many they are."""
    starts = tf.argmax(tf.cast(mask, tf.int32), axis=1, output_type=tf.int32)
    return starts[:, None], tf.reduce_sum(tf.cast(mask, tf.int32), axis=1, keepdims=True)


def _in_stretch(like: Tensor, starts: Tensor, lengths: Tensor) -> Tensor:
    """(batch, steps) whether a step counts."""
    places = tf.range(tf.shape(like)[1])[None]
    return (places >= starts) & (places < starts + lengths)


def _run_stretch(
    layer: keras.layers.LSTM, sequences: Tensor, initial_state: Any, mask: Tensor | None
) -> tuple[Tensor, Tensor]:
    """(batch, units) the last output and (batch, steps, units) all of them, as Keras gives them."""
    mask = tf.ones(tf.shape(sequences)[:2], tf.bool) if mask is None else mask
    if layer.go_backwards:
        sequences, mask = tf.reverse(sequences, [1]), tf.reverse(mask, [1])
    (starts, lengths), places = _find_stretch(mask), tf.range(tf.shape(sequences)[1])[None]
    moved = tf.gather(sequences, tf.minimum(places + starts, tf.shape(sequences)[1] - 1), batch_dims=1)
    weights = (layer.cell.kernel, layer.cell.recurrent_kernel, layer.cell.bias)
    outputs = fused_lstm(moved, *initial_state, *(tf.convert_to_tensor(weight) for weight in weights))
    final = tf.maximum(lengths - 1, 0)
    last = tf.where(lengths > 0, tf.gather(outputs, final[:, 0], batch_dims=1), 0.0)
    if not layer.return_sequences:
        return last, last[:, None]
    # A step behind the stretch repeats the last output, unless it is to give 0; one before it gives 0.
    seen = mask if layer.zero_output_for_mask else (places >= starts) & (lengths > 0)
    back = tf.gather(outputs, tf.clip_by_value(places - starts, 0, final), batch_dims=1)
    return last, tf.where(seen[:, :, None], back, 0.0)
