"""The traced graph of a text classifier, with names for the tensors that the methods ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, partial
from typing import Any

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import Arranged, Row, pad_right
from attnviz.explain.attention_source import AttentionSource
from attnviz.explain.label_output import check_label_count, find_label_output, get_output_names
from attnviz.explain.row_batches import RowBatches
from attnviz.explain.shown_attention import ShownAttention
from attnviz.explain.text_reader import TextReader, VocabularyReader
from attnviz.explain.word_vectors import find_vectors
from attnviz.graph.traced import TracedModel
from attnviz.languages import Message, tr
from attnviz.values.arrays import FloatArray
from attnviz.values.attention import Reduction, describe_reduction

Tensor = Any
Feed = Callable[[Tensor], Any]
"""Word ids (batch, steps) to what a model takes."""

TARGETS = tf.TensorSpec((None,), tf.int32)
PREDICTED = -1
"""In place of a target: the label that the classifier predicts, the last of equally probable ones."""

PROBES = (
    "This is a very good film, and I really liked the story.",
    "The worst product that I have ever bought: it broke on the second day!",
    "The government said on Monday that 25 people won.",
)
"""Texts that tell what a model gives; of three lengths, so that padding shows."""

LARGE = 1_000
"""Graphs of more operations are those of many layers: their batches are small, and nothing is compiled ahead."""

_STEADY = 5e-3
"""Answers that differ by more are not the model's answer to the text alone; 16 bits may differ by less."""

_UNCHANGED = 5e-6
"""Answers that differ by less are the same, whatever was padded."""


class ClassifierGraph:
    """A text classifier that was traced: word ids (batch, steps) of any batch, to its tensors.

    Args:
        model: from word ids to something that speaks for labels; see `label_output`.
        reader: of its texts.
        sources: where its attention weights are; none if it has none.
        labels: how many labels there must be; None for as many as the model has.
        output: what makes probabilities (batch, k) of its flat outputs; None to find out.
        feed: what makes its inputs of the ids; None if it takes the ids.
        around: for `TracedModel`.

    Attributes:
        traced: the graph.
        rows: which texts go through it together, and as what.
        fixed: how many steps it reads, if no other number.
        plain: whether every step is a word and padding changes nothing.
        ids, targets: what is given; a target is a label's index or PREDICTED.
        places: (batch, steps) the word that each step belongs to, -1 for none; given as well where it is not plain.
        probabilities: (batch, k). chosen: (batch,) those of the targets; resolved: (batch,) the targets' indices.
        build_plain: traces the same model without `around`, for XLA, which has no fused LSTM.
        notes: what was found out of the outputs, a sentence each.
        shown: the attention; None without sources.

    Raises:
        SettingError: what the model gives are no labels, or not so many, or not the text's alone.
    """

    def __init__(
        self,
        model: keras.Model,
        reader: TextReader,
        sources: Sequence[AttentionSource] = (),
        *,
        labels: int | None = None,
        output: Callable[[list[Tensor]], Tensor] | None = None,
        feed: Feed | None = None,
        around: AbstractContextManager[Any] | None = None,
    ) -> None:
        self.build_plain = partial(ClassifierGraph, model, reader, sources, labels=labels, output=output, feed=feed)
        self.fixed = find_fixed_steps(model)
        spec = tf.TensorSpec((None, self.fixed), tf.int32)
        self.traced = TracedModel(model, spec, around, feed or _take_ids(model))
        (self.ids,) = self.traced.inputs
        self.probabilities, self.notes = self._find_answers(model, reader, labels, output)
        self._check_steady(reader)
        self.plain = self._is_plain(reader)
        self.rows = RowBatches(reader, self.fixed, self.plain)
        self.targets, self.resolved, self.chosen = self.traced.extend(self._build_targets)
        self.places = None if self.plain else self.traced.extend(self._build_places)
        self.shown = ShownAttention(self.traced, sources, self.ids, self.places) if sources else None

    @property
    def given(self) -> list[Tensor]:
        """What is given for each text."""
        return [self.ids] if self.places is None else [self.ids, self.places]

    @property
    def labels(self) -> int:
        """How many labels it has."""
        return int(self.probabilities.shape[1])

    @cached_property
    def is_large(self) -> bool:
        """Whether its model has so many layers that memory and time must be saved."""
        return len(self.ids.graph.get_operations()) > LARGE

    @property
    def reduction(self) -> str:
        """In words, how `received` is made; '' where a word has a single weight."""
        if self.shown is None:
            return ""
        return describe_reduction(self.shown.names, self.shown.is_matrix, Reduction(), self.shown.layers)

    @cached_property
    def vectors(self) -> Tensor:
        """(batch, steps, units) the words' vectors: what the first lookup of the ids gives.

        Raises:
            SettingError: there is none, so that the words have no gradient.
        """
        return find_vectors(self.traced, self.ids)

    @property
    def attention(self) -> Tensor:
        """The weights of the only source, as the model has them."""
        assert self.shown is not None
        (tensor,) = self.shown.tensors
        return tensor

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
        """(batch, steps) gradient x input: the slope at each step's vector, times that vector."""
        return self.traced.extend(lambda: tf.reduce_sum(in_32_bits(self.slope) * in_32_bits(self.vectors), axis=-1))

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> tuple[Arranged, list[tf.Tensor]]:
        """Rows as the model reads them, and as the values of `given`."""
        arranged = self.rows.arrange(rows, steps)
        return arranged, [tf.constant(part) for part in arranged[: len(self.given)]]

    def predict(self, rows: Sequence[Row]) -> Any:
        """(rows, k) the probabilities of rows that go together."""
        answer = self.traced.function([self.ids], [self.probabilities])
        return answer(tf.constant(self.rows.arrange(rows).ids))[0].numpy()

    def _find_answers(
        self,
        model: keras.Model,
        reader: TextReader,
        labels: int | None,
        output: Callable[[list[Tensor]], Tensor] | None,
    ) -> tuple[Tensor, tuple[Message, ...]]:
        """The probabilities, and what is to be said of them."""
        notes: tuple[Message, ...] = ()
        if output is None:
            names, loss = get_output_names(model), getattr(model, "loss", None)
            values = self._probe(reader, self.traced.outputs)
            output = found = find_label_output(self.traced.outputs, values, names=names, labels=labels, loss=loss)
            notes = found.notes
        probabilities = self.traced.extend(lambda: tf.cast(output(self.traced.outputs), tf.float32))
        check_label_count(probabilities, labels)
        return probabilities, notes

    def _probe(self, reader: TextReader, wanted: list[Tensor]) -> list[Any]:
        """The values of some tensors for PROBES, which go through the model one by one."""
        read, rows = self.traced.function([self.ids], wanted), RowBatches(reader, self.fixed, plain=False)
        found = [read(tf.constant(rows.arrange([reader.encode(text).inputs]).ids)) for text in PROBES]
        return [_join([value.numpy() for value in values]) for values in zip(*found, strict=True)]

    def _check_steady(self, reader: TextReader) -> None:
        """Refuse answers that chance, or the other texts of a batch, have a part in; a graph may draw once for all.

        Raises:
            SettingError: they have.
        """
        rows = RowBatches(reader, self.fixed, plain=False)
        ids = rows.arrange([reader.encode(PROBES[0]).inputs]).ids
        read = self.traced.function([self.ids], [self.probabilities])
        if any("Random" in kind for kind in self.traced.list_operations(self.probabilities)):
            raise SettingError(
                tr("The model draws random numbers for each answer, so a text has no answer of its own.")
            )
        batches = (ids, np.concatenate([ids, ids[:, ::-1]]))  # alone, and with another text
        alone, together = (read(tf.constant(batch))[0].numpy()[0] for batch in batches)
        if (abs(together - alone) > _STEADY).any():
            raise SettingError(tr("What the model says of a text depends on which other texts it gets with it."))

    def _is_plain(self, reader: TextReader) -> bool:
        """Whether texts may be padded to each other's length: the reader says so by its kind, and the answers agree."""
        if self.fixed is not None or not isinstance(reader, VocabularyReader):
            return False
        (alone,) = self._probe(reader, [self.probabilities])
        rows = [reader.encode(text).inputs for text in PROBES]
        padded = pad_right(rows, max(map(len, rows)) + 1)
        (together,) = self.traced.function([self.ids], [self.probabilities])(tf.constant(padded.ids))
        return bool((abs(together.numpy() - alone) <= _UNCHANGED).all())

    def _build_places(self) -> Tensor:
        return tf.compat.v1.placeholder(tf.int32, (None, self.fixed), name="places")

    def _build_targets(self) -> tuple[Tensor, Tensor, Tensor]:
        targets = tf.compat.v1.placeholder(tf.int32, (None,), name="targets")
        count = tf.shape(self.probabilities)[1]
        last_largest = count - 1 - tf.argmax(self.probabilities[:, ::-1], axis=1, output_type=tf.int32)
        resolved = tf.where(targets >= 0, targets, last_largest)
        return targets, resolved, tf.gather(self.probabilities, resolved, batch_dims=1)


def _join(values: Sequence[FloatArray]) -> FloatArray:
    """The answers to several texts as one batch; where they have no common size, as one for each word, the first."""
    same = len({value.shape[1:] for value in values}) == 1
    return np.concatenate(values) if same else values[0]


def find_fixed_steps(model: keras.Model) -> int | None:
    """How many steps a model reads, if its inputs say so; None for any number."""
    shapes = [tensor.shape for tensor in getattr(model, "inputs", None) or ()]
    sizes = {shape[1] for shape in shapes if len(shape) == 2 and shape[1] is not None}
    return sizes.pop() if len(sizes) == 1 else None


def in_32_bits(tensor: Tensor) -> Tensor:
    """The tensor itself, unless it has fewer bits."""
    return tf.cast(tensor, tf.float32)


def _take_ids(model: keras.Model) -> Feed:
    """The ids as they are, which Keras casts as a model's input asks.

    Raises:
        SettingError: the model has several inputs.
    """
    inputs = getattr(model, "inputs", None) or [None]
    if len(inputs) > 1:
        names = ", ".join(tensor.name for tensor in inputs)
        raise SettingError(
            tr("The model takes several inputs ({names}): what makes them of word ids must be given.", names=names)
        )
    return lambda ids: ids
