"""A model that takes texts and makes words of them where nobody can follow: it is asked with words left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import Row, WordSteps, get_ids
from attnviz.explain.label_output import find_label_output, get_output_names, name_labels
from attnviz.explain.text_reader import Encoded, check_text
from attnviz.foreign.intake import count_parameters
from attnviz.graph.model_inputs import explain
from attnviz.graph.traced import TracedModel
from attnviz.languages import Message, keep, tr
from attnviz.text.unspaced_scripts import MARKS, UNSPACED
from attnviz.values import finding_forms
from attnviz.values.arrays import FloatArray
from attnviz.values.methods import BLACK_BOX_METHODS, METHODS
from attnviz.values.model_card import ModelCard
from attnviz.values.tokens import Token

BATCH = 32

_CHUNK = re.compile(rf"[{UNSPACED}][{MARKS}]*\s*|[^\s{UNSPACED}]+\s*")
"""What is left out at once: a word, or a character of a script without blanks, with what stands behind it."""

_SAMPLES = ("a", "this is good", "this is bad and it is long", "")


class StringClassifier:
    """A Keras model from texts (batch,) or (batch, 1) to labels; it can be explained by leaving words out.

    Args:
        model: left as it is.
        shape: of a text in a batch, () or (1,).
        reason: why no more can be seen of it, a sentence.
        name, labels, target: as of a KerasClassifier.

    Raises:
        SettingError: it cannot be called with texts, or is no classifier.
    """

    graph = None
    steps = None

    def __init__(
        self,
        model: Any,
        shape: Sequence[int | None],
        *,
        reason: Message,
        name: str,
        labels: Sequence[str] | None = None,
        target: int | None = None,
    ) -> None:
        self.name, self.target, self._reason, self._shape = name, target, reason, tuple(shape)
        traced = self._trace(model)
        self._parameters = count_parameters(model)
        values = [value.numpy() for value in traced.function(traced.inputs, traced.outputs)(self._give(_SAMPLES))]
        output = find_label_output(
            traced.outputs, values, names=get_output_names(model), labels=None if labels is None else len(labels)
        )
        self.labels = name_labels(output.labels) if labels is None else tuple(labels)
        self._notes = output.notes
        self._ask = traced.function(traced.inputs, [traced.extend(lambda: output(traced.outputs))])

    @cached_property
    def card(self) -> ModelCard:
        """What there is to know of it."""
        methods = tuple(name for name in BLACK_BOX_METHODS if METHODS[name].is_installed)
        return ModelCard(
            name=self.name,
            title=self.name,
            summary=keep(finding_forms.SUMMARY_OF_TEXTS, n=self._parameters),
            origin="yours",
            labels=self.labels,
            target=self.target,
            methods=methods,
            missing={name: row.missing or self._reason for name, row in METHODS.items() if name not in methods},
            parameters=self._parameters,
            notes=(self._reason, finding_forms.BETWEEN_SPACES, *self._notes),
        )

    def encode(self, text: str) -> Encoded:
        """All words of a text.

        Raises:
            SettingError: not a text, or one that is too long.
        """
        matches = list(_CHUNK.finditer(check_text(text)))
        chunks = [match[0].encode("utf-8", "replace") for match in matches]
        starts = np.concatenate([[0], np.cumsum([len(chunk) for chunk in chunks])])
        row = WordSteps(np.frombuffer(b"".join(chunks), np.uint8).astype(np.int32), starts)
        return Encoded(tuple(map(_as_token, matches)), row, 0)

    def predict(self, inputs: Sequence[Row]) -> FloatArray:
        """(texts, k) the probabilities of encoded texts, whose rows hold the bytes of the words."""
        texts = [bytes(get_ids(row).tolist()).decode("utf-8", "replace") for row in inputs]
        parts = [self._ask(self._give(texts[at : at + BATCH]))[0].numpy() for at in range(0, len(texts), BATCH)]
        return np.concatenate([np.zeros((0, len(self.labels)), np.float32), *parts])

    def supports(self, method: str) -> bool:
        """Leaving words out only, by whatever method."""
        return method in BLACK_BOX_METHODS

    def _trace(self, model: Any) -> TracedModel:
        """The model's graph; where nothing says whether a text is an axis of its own, both are tried."""
        try:
            return TracedModel(model, tf.TensorSpec((None, *self._shape), tf.string))
        except SettingError:
            raise
        except Exception as error:  # a model's own code raises whatever it likes
            if self._shape:
                raise SettingError(tr("The model can't be called with texts: {error}", error=explain(error))) from error
        self._shape = (1,)
        return self._trace(model)

    def _give(self, texts: Sequence[str]) -> Any:
        return tf.reshape(tf.constant(list(texts)), [-1, *(1 for _ in self._shape)])


def _as_token(match: re.Match[str]) -> Token:
    """The word without the punctuation around it, unless it is nothing else."""
    inner = re.search(r"\w(?:.*\w)?", match[0], re.DOTALL)
    word, start = (inner[0], match.start() + inner.start()) if inner else (match[0].rstrip(), match.start())
    return Token(word.lower(), start, start + len(word), -1, True)
