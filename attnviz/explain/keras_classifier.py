"""A Keras network that reads word ids, as a TextClassifier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.batching import run_batches
from attnviz.explain.classifier import Encoded
from attnviz.explain.classifier_graph import AttentionSource, ClassifierGraph
from attnviz.models.fused_lstm import fused_lstms
from attnviz.text.vocabulary import Tokens, Vocabulary
from attnviz.text.words import MAX_CHARACTERS
from attnviz.training.batches import Ids, pad, sorted_batches
from attnviz.values.arrays import FloatArray
from attnviz.values.prediction import SENTIMENT

BATCH = 64
"""How many texts go through a network at once."""


class KerasClassifier:
    """A Keras model from word ids (batch, steps), padded on the right with 0, to probabilities.

    The model is left as it is; its graph, in which LSTM layers have the fused kernel, is traced at the first use.

    Args:
        model: gives (batch, 1), the probability of the second of two labels, or (batch, k).
        vocabulary: the words that it knows.
        name: what its explanations call it.
        labels: the names of its classes.
        steps: how many last words it reads.
        attention: where its attention weights are; None if it has none.
        target: the label that is explained if nobody says which; None for the predicted one.
    """

    def __init__(
        self,
        model: keras.Model,
        vocabulary: Vocabulary,
        *,
        name: str,
        steps: int,
        labels: Sequence[str] = SENTIMENT,
        attention: AttentionSource | None = None,
        target: int | None = None,
    ) -> None:
        if steps < 1:
            raise SettingError(f"A classifier must read at least one word, got steps={steps}.")
        self.model, self.vocabulary, self.name, self.steps = model, vocabulary, name, steps
        self.labels, self.attention, self.target = tuple(labels), attention, target

    @cached_property
    def graph(self) -> ClassifierGraph:
        """Its inside."""
        return ClassifierGraph(self.model, len(self.labels), self.attention, fused_lstms(self.model))

    def supports(self, method: str) -> bool:
        """Every method but attention, where there is none."""
        return method != "attention" or self.attention is not None

    def encode(self, text: str) -> Encoded:
        """The last `steps` words of a text.

        Raises:
            SettingError: not a text, or one of more than MAX_CHARACTERS characters.
        """
        if not isinstance(text, str):
            raise SettingError(f"A text to explain must be a str, got {type(text).__name__}.")
        if len(text) > MAX_CHARACTERS:
            raise SettingError(f"A text may have at most {MAX_CHARACTERS:,} characters, this one has {len(text):,}.")
        words = self.vocabulary.encode(text)
        read = words[-self.steps :]
        return Encoded(Tokens(text, read), read, len(words) - len(read))

    def predict(self, inputs: Sequence[Ids]) -> FloatArray:
        """(texts, k) the probabilities of encoded texts.

        A text without words is read as one step of padding, which is as near to nothing as the network can read.
        """
        found = np.zeros((len(inputs), len(self.labels)), dtype=np.float32)
        lengths = np.array([len(row) for row in inputs], dtype=np.int64)
        graph = self.graph
        probabilities = graph.traced.function([graph.ids], [graph.probabilities])

        def run(batch: npt.NDArray[np.int64]) -> None:
            ids = pad([inputs[index] for index in batch], max(1, lengths[batch].max()))
            found[batch] = probabilities(tf.constant(ids))[0].numpy()

        run_batches(run, sorted_batches(lengths, BATCH))
        return found
