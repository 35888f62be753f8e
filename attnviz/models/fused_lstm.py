"""A faster kernel behind stock `keras.layers.LSTM` layers on CPU.

Keras runs an LSTM step by step in a loop of small operations. TensorFlow also has one operation for the whole
sequence, `BlockLSTM`, forward and gradient. `fuse_lstms` makes a model's LSTM layers call it; the layers' classes,
weights and saved form stay Keras' own. Version 1 of the operation is used: the registered gradient of `BlockLSTMV2`
is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    changed = [layer for layer in find_plain_lstms(model) if "inner_loop" not in vars(layer)]
    for layer in changed:
        layer.inner_loop = MethodType(_inner_loop, layer)
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
