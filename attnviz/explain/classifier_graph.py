"""The traced graph of a text classifier, with names for the tensors that the methods ask for."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.traced import TracedModel
from attnviz.values.arrays import FloatArray
from attnviz.values.attention import Reduction, describe_reduction

Tensor = Any

IDS = tf.TensorSpec((None, None), tf.int32)
"""Of any batch size and length, so that a model is traced once and no text waits for a new trace."""

TARGETS = tf.TensorSpec((None,), tf.int32)
PREDICTED = -1
"""In place of a target: the label that the classifier predicts, the last of equally probable ones."""

_TOLERANCE = 1e-3
"""By how much probabilities may miss their sum of 1."""


class AttentionSource(NamedTuple):
    """Where a model's attention weights are.

    Attributes:
        layer: the path of the layer that returns them.
        axes: what its axes after the batch are, 'tokens' among them; the others are 'queries', and 'heads' or
            'features', which have maps of their own.
    """

    layer: str
    axes: tuple[str, ...] = ("tokens",)

    @property
    def kind(self) -> str:
        """What a map is called: 'head', 'feature', or 'attention' where there is one."""
        return next((axis[:-1] for axis in self.axes if axis in ("heads", "features")), "attention")

    def as_maps(self, weights: Any) -> Any:
        """(batch, maps, queries, tokens) from the layer's own axes; of TensorFlow or of NumPy."""
        places = [self.axes.index(axis) + 1 for axis in self._ordered()]
        ordered = _library(weights).transpose(weights, [0, *places])
        for place in self._missing():
            ordered = _library(ordered).expand_dims(ordered, place)
        return ordered

    def from_maps(self, maps: FloatArray) -> FloatArray:
        """The inverse of `as_maps`, of NumPy."""
        order = self._ordered()
        squeezed = np.squeeze(maps, axis=self._missing())
        return np.transpose(squeezed, [0, *(order.index(axis) + 1 for axis in self.axes)])

    def _ordered(self) -> list[str]:
        """The axes in the order of maps, queries, tokens."""
        return [axis for axis in ("heads", "features", "queries", "tokens") if axis in self.axes]

    def _missing(self) -> tuple[int, ...]:
        """Which axes of (batch, maps, queries, tokens) the layer does not have."""
        has_maps, has_queries = {"heads", "features"} & {*self.axes}, "queries" in self.axes
        return (*(() if has_maps else (1,)), *(() if has_queries else (2,)))


class ClassifierGraph:
    """A text classifier that was traced: word ids (batch, steps), padded on the right with 0, to its tensors.

    Args:
        model: from word ids to (batch, 1), the probability of the second of two labels, or (batch, k).
        labels: how many labels it has.
        attention: where its attention weights are; None if it has none.
        around: for `TracedModel`.

    Attributes:
        traced: the graph.
        ids, targets: what is given; a target is a label's index or PREDICTED.
        probabilities: (batch, k). chosen: (batch,) those of the targets; resolved: (batch,) the targets' indices.
        build_plain: traces the same model without `around`, for XLA, which has no fused LSTM.
        attention: the weights as their layer gives them; maps: (batch, maps, queries, tokens); received: (batch,
            tokens), their mean over maps and over the queries of real words.

    Raises:
        SettingError: what the model gives are no probabilities of so many labels.
    """

    def __init__(
        self,
        model: keras.Model,
        labels: int,
        attention: AttentionSource | None,
        around: AbstractContextManager[Any] | None = None,
    ) -> None:
        self.traced = TracedModel(model, IDS, around)
        self.source = attention
        self.build_plain = partial(ClassifierGraph, model, labels, attention)
        (self.ids,) = self.traced.inputs
        self.probabilities = self.traced.extend(lambda: _as_probabilities(self.traced.outputs, labels))
        self._check(labels)
        self.targets, self.resolved, self.chosen = self.traced.extend(self._build_targets)
        if attention is not None:
            self.attention = self.traced.find(attention.layer)
            self.maps = self.traced.extend(lambda: attention.as_maps(self.attention))
            self.received = self.traced.extend(lambda: _receive(self.maps, self.ids))

    @property
    def reduction(self) -> str:
        """In words, how `received` is made; '' where a word has a single weight."""
        if self.source is None:
            return ""
        return describe_reduction(self.names, self.maps.shape[2] != 1, Reduction())

    @property
    def names(self) -> tuple[str, ...]:
        """What each attention map is called."""
        if self.source is None or self.maps.shape[1] == 1:
            return ("attention",)
        return tuple(f"{self.source.kind} {number}" for number in range(1, self.maps.shape[1] + 1))

    @cached_property
    def vectors(self) -> Tensor:
        """(batch, steps, units) the words' vectors: what the first embedding of the ids gives.

        Raises:
            SettingError: there is none, so that the words have no gradient.
        """
        for call in self.traced.calls:
            if isinstance(call.layer, keras.layers.Embedding) and _is(call.inputs, self.ids):
                return call.outputs
        raise SettingError("The model has no Embedding of its word ids, so its words have no gradient.")

    @cached_property
    def beside(self) -> list[Tensor]:
        """What the probabilities need beside the attention; see `TracedModel.find_beside`."""
        return self.traced.find_beside(self.probabilities, self.attention)

    @cached_property
    def slope(self) -> Tensor:
        """(batch, steps, units) the gradient of the chosen probabilities with respect to the vectors."""
        return self.traced.differentiate(self.chosen, self.vectors)

    @cached_property
    def products(self) -> Tensor:
        """(batch, steps) gradient x input: the slope at each word's vector, times that vector."""
        return self.traced.extend(lambda: tf.reduce_sum(self.slope * self.vectors, axis=-1))

    def _build_targets(self) -> tuple[Tensor, Tensor, Tensor]:
        targets = tf.compat.v1.placeholder(tf.int32, (None,), name="targets")
        count = tf.shape(self.probabilities)[1]
        last_largest = count - 1 - tf.argmax(self.probabilities[:, ::-1], axis=1, output_type=tf.int32)
        resolved = tf.where(targets >= 0, targets, last_largest)
        return targets, resolved, tf.gather(self.probabilities, resolved, batch_dims=1)

    def _check(self, labels: int) -> None:
        """A model that gives logits, or several answers at once, would be shown with wrong numbers."""
        (found,) = self.traced.function([self.ids], [self.probabilities])(tf.constant([[2, 3, 2]], tf.int32))
        rows = found.numpy()
        if (rows < 0).any() or (rows > 1).any() or (abs(rows.sum(axis=1) - 1) > _TOLERANCE).any():
            raise SettingError(
                f"The model must end in the probabilities of {labels} labels (a sigmoid for two, or a softmax), but it "
                f"gave {rows[0].round(3).tolist()}."
            )


def _is(value: Any, tensor: Tensor) -> bool:
    """Keras casts ids to what it looks up, which is another tensor made of the same one."""
    return value is tensor or (isinstance(value, tf.Tensor) and tensor in value.op.inputs) or False


def _as_probabilities(outputs: list[Tensor], labels: int) -> Tensor:
    shapes = [tuple(output.shape) for output in outputs]
    if shapes not in ([(None, labels)], [(None, 1 if labels == 2 else labels)]):
        raise SettingError(f"A classifier of {labels} labels gives (batch, {labels}) probabilities, this one {shapes}.")
    (answer,) = outputs
    return tf.concat([1 - answer, answer], axis=1) if answer.shape[1] == 1 else answer


def _receive(maps: Tensor, ids: Tensor) -> Tensor:
    """The mean over maps and queries; a padded query, if every token has one, does not count."""
    if maps.shape[2] == 1:
        return tf.reduce_mean(maps[:, :, 0], axis=1)
    real = tf.cast(tf.not_equal(ids, 0), maps.dtype)
    rows = tf.reduce_sum(tf.reduce_mean(maps, axis=1) * real[:, :, None], axis=1)
    return rows / tf.maximum(tf.reduce_sum(real, axis=1, keepdims=True), 1)


def _library(values: Any) -> Any:
    return np if isinstance(values, np.ndarray) else tf
