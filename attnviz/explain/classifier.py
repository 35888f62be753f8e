"""What the explaining side asks of a text classifier; the networks of the table are one implementation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.arranging import Row
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.text_reader import Encoded
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray
from attnviz.values.model_card import ModelCard


class TextClassifier(Protocol):
    """Anything that gives each of k labels a probability from the words of a text.

    Explainer, methods, measures, engine and pages speak to this and to nothing more special. What needs more than a
    classifier offers is not offered: `supports` says so.
    """

    @property
    def name(self) -> str:
        """What its explanations call it."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the k >= 2 classes."""

    @property
    def target(self) -> int | None:
        """The label that is explained if nobody says which, an index; None for the predicted one."""

    @property
    def steps(self) -> int | None:
        """How many steps it reads at most, which are words unless it has sub-words; None for any number."""

    @property
    def card(self) -> ModelCard:
        """What there is to know of it without asking it."""

    @property
    def graph(self) -> ClassifierGraph | None:
        """Its inside, where there is one to look at."""

    def encode(self, text: str) -> Encoded:
        """The text as it is read.

        Raises:
            SettingError: not a text, or one that is too long.
        """

    def predict(self, inputs: Sequence[Row]) -> FloatArray:
        """(texts, k) the probabilities of encoded texts; of one without words what the classifier makes of a blank.

        Of a text that it answers with something that is no number, NaN.
        """

    def supports(self, method: str) -> bool:
        """Whether a method of `METHODS` can explain it."""


def find_target(classifier: TextClassifier, target: int | str | None) -> int | None:
    """The index of a label that is given by name or index; the classifier's own choice if none is given.

    Raises:
        UnknownNameError, SettingError: it has no such label.
    """
    if target is None:
        return classifier.target
    if isinstance(target, str):
        if target not in classifier.labels:
            raise UnknownNameError(tr("label of {model}", model=classifier.name), target, classifier.labels)
        return classifier.labels.index(target)
    if not 0 <= target < len(classifier.labels):
        raise SettingError(
            tr(
                "{model} has {n} labels, so there is no label {label}.",
                model=classifier.name,
                n=len(classifier.labels),
                label=repr(target),
            )
        )
    return target
