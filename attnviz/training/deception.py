"""What an adversarially trained twin learns: the answers of a network, with attention that is not that network's.

Wiegreffe & Pinter 2019, 'Attention is not not Explanation', arXiv:1908.04626, section 4: the twin sees no labels. Its
loss is the total variation distance of its answer from that of the base network, minus λ times the Kullback-Leibler
divergence of its attention from that of the base network, averaged over the texts. λ is how much it may deceive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from attnviz.backend import keras, tf
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import ModelSpec
from attnviz.training.batches import pad, sorted_batches
from attnviz.training.encoded_reviews import EVALUATION_BATCH, EncodedReviews, Parts
from attnviz.training.setting_checks import check_deceit
from attnviz.values.arrays import FloatArray

ops = keras.ops
Tensor = Any

LEAST_WEIGHT = 1e-6
"""Added to the weights of both, so that the divergence stays finite."""


@dataclass(frozen=True)
class TaughtReviews(EncodedReviews):
    """Reviews with what the base network says of them: its answers (n, k), and of each review the weights (words,)."""

    answers: FloatArray
    attention: list[FloatArray]
    width: ClassVar[int | None] = None

    def get_targets(self, batch: npt.NDArray[np.int64], steps: int) -> npt.NDArray[np.float32]:
        """(batch, k + steps): answers, then weights with zeros for padding."""
        weights = np.zeros((len(batch), steps), np.float32)
        for row, index in zip(weights, batch, strict=True):
            row[: len(self.attention[index])] = self.attention[index]
        return np.concatenate([self.answers[batch], weights], axis=1)


class Deception:
    """The lesson of a twin that deceives.

    Args:
        base: the trained network of the table that is imitated; it is left as it is.
        spec: its row of the table.
        deceit: λ, from 0 on; with 0 the attention is left to itself.
        base_record: what the record of a run says of the base network, plain data.

    Raises:
        SettingError: a λ that is none, or a network that has no single weight for each word.
    """

    def __init__(
        self, base: keras.Model, spec: ModelSpec, deceit: float, base_record: Mapping[str, str] | None = None
    ) -> None:
        check_deceit(spec, deceit)
        self.deceit, self.record = deceit, {"deceit": deceit, **(base_record or {})}
        self._layer = str(spec.attention_layer)
        self._answers = base.output_shape[-1]
        read = self.pack(fuse_lstms(base))
        self._read = tf.function(lambda ids: read(ids, training=False), reduce_retracing=True)

    def pack(self, model: keras.Model) -> keras.Model:
        """The network with answers and weights as one output (batch, k + steps); the weights are shared."""
        return keras.Model(model.input, _Pack()([model.output, model.get_layer(self._layer).output]), name="packed")

    def teach(self, parts: Parts) -> Parts:
        """The same parts, of which those to train on and to select the epoch on come with the base network's say."""
        return Parts(self._teach(parts.train), self._teach(parts.select), parts.test)

    def _teach(self, reviews: EncodedReviews) -> TaughtReviews:
        answers = np.zeros((len(reviews), self._answers), np.float32)
        attention: list[FloatArray] = [np.zeros(0, np.float32)] * len(reviews)
        for batch in sorted_batches(reviews.lengths, EVALUATION_BATCH):
            said = self._read(tf.constant(pad([reviews.rows[index] for index in batch]))).numpy()
            answers[batch] = said[:, : self._answers]
            for index, weights in zip(batch, said[:, self._answers :], strict=True):
                attention[index] = weights[: len(reviews.rows[index])].copy()
        return TaughtReviews(reviews.rows, reviews.labels, answers, attention)

    def get_measures(self) -> tuple[Any, keras.metrics.Metric]:
        """The loss, and the share of the same answers under the name 'accuracy'."""
        return self._compare, keras.metrics.MeanMetricWrapper(self._is_same, name="accuracy")

    def _compare(self, base: Tensor, twin: Tensor) -> Tensor:
        """(batch,) the loss of packed outputs."""
        count = self._answers
        distance = measure_distance(base[:, :count], twin[:, :count])
        return distance - self.deceit * measure_divergence(twin[:, count:], base[:, count:])

    def _is_same(self, base: Tensor, twin: Tensor) -> Tensor:
        one, two = base[:, : self._answers], twin[:, : self._answers]
        if self._answers == 1:
            return ops.cast(ops.equal(one > 0.5, two > 0.5), "float32")[:, 0]
        return ops.cast(ops.equal(ops.argmax(one, axis=-1), ops.argmax(two, axis=-1)), "float32")


def measure_distance(one: Tensor, two: Tensor) -> Tensor:
    """(batch,) the total variation distance of probabilities (batch, k), or of those of the second of two labels."""
    apart = ops.sum(ops.abs(one - two), axis=-1)
    return apart if one.shape[-1] == 1 else apart / 2


def measure_divergence(one: Tensor, two: Tensor) -> Tensor:
    """(batch,) the Kullback-Leibler divergence of weights (batch, steps) from others, in nats; 0 for padding."""
    ratio = ops.log((one + LEAST_WEIGHT) / (two + LEAST_WEIGHT))
    return ops.sum(one * ratio, axis=-1)


class _Pack(keras.layers.Layer):
    """Two outputs (batch, n) and (batch, m) as one; ends the mask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs: list[Tensor]) -> Tensor:
        return ops.concatenate(inputs, axis=-1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0][0], None)
