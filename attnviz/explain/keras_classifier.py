"""A Keras network that reads word ids, as a TextClassifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import numpy as np

from attnviz.backend import keras
from attnviz.explain.arranging import Row
from attnviz.explain.attention_source import AttentionSource
from attnviz.explain.batching import Indices, run_batches
from attnviz.explain.classifier_card import describe_classifier
from attnviz.explain.classifier_graph import ClassifierGraph, Feed, find_fixed_steps
from attnviz.explain.label_output import name_labels
from attnviz.explain.text_reader import Encoded, TextReader, VocabularyReader
from attnviz.models.fused_lstm import exact_lstms, fused_lstms
from attnviz.processes import warn_of_onednn
from attnviz.values.arrays import FloatArray
from attnviz.values.model_card import ModelCard

BATCH, LARGE_BATCH = 64, 8
"""How many texts go through a network at once; the second if it has many layers."""


class KerasClassifier:
    """A Keras model from word ids (batch, steps) to probabilities, or logits, of labels.

    The model is left as it is; its graph is traced at the first use.

    Args:
        model: gives (batch, 1), the probability of the second of two labels, or (batch, k); see `label_output`.
        reader: what makes ids of texts.
        name: what its explanations call it.
        labels: the names of its classes; None for 'class 0', 'class 1' and so on.
        attention: where its attention weights are; none if it has none.
        target: the label that is explained if nobody says which; None for the predicted one.
        output: from its flat outputs to probabilities (batch, k); None to find out.
        feed: from ids (batch, steps) to what it takes; None if it takes them as they are.
        card: what to say of it; None to find out.
        fuse: whether LSTM layers may use the fused kernel, which computes the same in less time.
    """

    def __init__(
        self,
        model: keras.Model,
        reader: TextReader,
        *,
        name: str,
        labels: Sequence[str] | None = None,
        attention: Sequence[AttentionSource] = (),
        target: int | None = None,
        output: Callable[[list[Any]], Any] | None = None,
        feed: Feed | None = None,
        card: ModelCard | None = None,
        fuse: bool = True,
    ) -> None:
        self.model, self.reader, self.name, self.target = model, reader, name, target
        self.attention = tuple(attention)
        self._labels = None if labels is None else tuple(labels)
        self._output, self._feed, self._fuse = output, feed, fuse
        if card is not None:
            self.card = card
        if any("queries" in source.axes for source in attention) and find_fixed_steps(model) is None:
            warn_of_onednn(name)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self._labels or name_labels(self.graph.labels)

    @property
    def steps(self) -> int | None:
        """How many steps it reads at most; None for any number."""
        return self.reader.steps

    @cached_property
    def card(self) -> ModelCard:
        """What there is to know of it."""
        return describe_classifier(self)

    @cached_property
    def graph(self) -> ClassifierGraph:
        """Its inside."""
        return ClassifierGraph(
            self.model,
            self.reader,
            self.attention,
            labels=None if self._labels is None else len(self._labels),
            output=self._output,
            feed=self._feed,
            around=self._choose_kernel(),
        )

    def _choose_kernel(self) -> AbstractContextManager[None] | None:
        """The fastest for LSTM layers; what it gives for padding is hidden in the networks of the table."""
        if not self._fuse:
            return None
        hidden = isinstance(self.reader, VocabularyReader) and find_fixed_steps(self.model) is None
        return fused_lstms(self.model) if hidden else exact_lstms(self.model)

    def supports(self, method: str) -> bool:
        """Whether its card offers a method."""
        return method in self.card.methods

    def encode(self, text: str) -> Encoded:
        """The words of a text that are read.

        Raises:
            SettingError: not a text, or one that is too long.
        """
        return self.reader.encode(text)

    def predict(self, inputs: Sequence[Row]) -> FloatArray:
        """(texts, k) the probabilities of encoded texts.

        A text without words is read as padding, at least one step, which is as near to nothing as the network can read.
        """
        graph = self.graph
        found = np.zeros((len(inputs), graph.labels), dtype=np.float32)

        def run(batch: Indices) -> None:
            found[batch] = graph.predict([inputs[index] for index in batch])

        run_batches(run, graph.rows.split(inputs, LARGE_BATCH if graph.is_large else BATCH))
        return found
