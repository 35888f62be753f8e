"""From a text to an Explanation, and what else can be asked about it, with one classifier."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from attnviz.errors import SettingError
from attnviz.explain.adversarial import find_adversarial_attention
from attnviz.explain.arranging import get_ids
from attnviz.explain.attention_maps import KeptAttention, get_attending_graph, read_attention
from attnviz.explain.attribution import Found
from attnviz.explain.beginnings import measure_reading_curve
from attnviz.explain.classifier import TextClassifier, find_target
from attnviz.explain.cost_estimate import estimate_cost
from attnviz.explain.erasure_curve import measure_erasure_curve
from attnviz.explain.forward_trace import ForwardTrace, Tracer
from attnviz.explain.measures import REFERENCES, measure_faithfulness
from attnviz.explain.scoring import Scorer, get_methods
from attnviz.explain.text_reader import Encoded
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.arrays import FloatArray
from attnviz.values.attention import Attention, Reduction
from attnviz.values.cost import Cost
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve, Faithfulness
from attnviz.values.model_card import ModelCard
from attnviz.values.prediction import Prediction, find_predicted
from attnviz.values.reading_curve import ReadingCurve

_RECENT = 16
"""How many explanations are at hand for what is measured of them; one of 500 words takes about 100 KB."""

_WINDOW = 4096
"""How many texts `explain_stream` holds at a time to sort them by length."""


class Explainer:
    """Explains texts with one classifier; calls may come from several threads.

    Args:
        classifier: what is asked; it is left as it is.
    """

    def __init__(self, classifier: TextClassifier) -> None:
        self.classifier = classifier
        self._scorer = Scorer(classifier)
        self._tracer: Tracer | None = None
        self._attention = KeptAttention()
        self._recent: tuple[tuple[object, Explanation], ...] = ()

    @property
    def name(self) -> str:
        """What its explanations call the classifier."""
        return self.classifier.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.classifier.labels

    @property
    def card(self) -> ModelCard:
        """What there is to know of the classifier: labels, methods and why others are missing, what was assumed."""
        return self.classifier.card

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that `explain` accepts."""
        return get_methods(self.classifier)

    def explain(
        self,
        text: str,
        method: str | None = None,
        target: int | str | None = None,
        *,
        reduction: Reduction | None = None,
    ) -> Explanation:
        """The probability of each label, and a score for each word.

        Args:
            text: any text; a classifier may read only its last words.
            method: 'attention' (weights that sum to 1), 'gradient' (gradient x input), 'integrated_gradients',
                'occlusion' (leave a word out), and where the libraries are installed 'lime' and 'shap'; all but the
                first are signed and not normalised. By default attention, or the first that is offered where there is
                none.
            target: the label that the scores speak for or against, by name or index; by default the classifier's own
                choice, or else the predicted one.
            reduction: which of several attention weights of a word to take: of one map, one layer, the rollout, one
                query; by default the mean of all.

        Raises:
            UnknownNameError: a method or a label that this classifier does not have.
            SettingError: not a text, one that is too long, or a reduction that does not fit.
        """
        method = self._choose(method)
        if reduction is not None and reduction != Reduction():
            return self._reduce(text, method, target, reduction)
        (found,) = self.explain_batch([text], method, target)
        # A new tuple needs no lock: of two threads one may forget the other's, which is then computed again.
        self._recent = (*self._recent[1 - _RECENT :], ((text, method, target), found))
        return found

    def recall(self, text: str, method: str | None = None, target: int | str | None = None) -> Explanation:
        """`explain`, which is computed only if it is none of the last ones: all that is measured of a text needs it."""
        asked = (text, self._choose(method), target)
        found = next((one for key, one in reversed(self._recent) if key == asked), None)
        return found or self.explain(*asked)

    def explain_batch(
        self, texts: Sequence[str], method: str | None = None, target: int | str | None = None
    ) -> list[Explanation]:
        """`explain` for each text, faster than one by one; the results do not depend on what is batched together."""
        method, label = self._choose(method), find_target(self.classifier, target)
        encoded = [self.classifier.encode(text) for text in texts]
        found = self._scorer.score(method, [one.inputs for one in encoded], label)
        return [self._build(*parts, method, label) for parts in zip(texts, encoded, found, strict=True)]

    def explain_stream(
        self, texts: Iterable[str], method: str | None = None, target: int | str | None = None
    ) -> Iterator[Explanation]:
        """`explain_batch` for a stream of any length in bounded memory; results come in the order of the texts."""
        texts = iter(texts)
        while window := list(islice(texts, _WINDOW)):
            yield from self.explain_batch(window, method, target)

    def predict_texts(self, texts: Sequence[str]) -> FloatArray:
        """(number of texts, k) the probabilities of the labels, NaN for a text without words.

        The same answers as those of `explain_batch`, without scores and in less time.

        Raises:
            SettingError: as `explain`.
        """
        rows = [self.classifier.encode(text).inputs for text in texts]
        found = self.classifier.predict(rows)
        found[[len(get_ids(row)) == 0 for row in rows]] = np.nan
        return found

    def read_attention(self, text: str) -> Attention:
        """All attention weights of a text: (maps, queries, words).

        Raises:
            SettingError: a classifier without attention, or as `explain`.
        """
        return read_attention(self.classifier, self.classifier.encode(text).inputs)

    def recall_attention(self, text: str) -> Attention:
        """`read_attention`, which is computed only if the text is none of the last ones."""
        return self._attention.recall(text, self.read_attention)

    def estimate_cost(self, text: str, methods: Sequence[str]) -> Cost:
        """How often the classifier would read for some methods, and how long that takes; it is timed on this text.

        Raises:
            SettingError: as `explain`.
        """
        return estimate_cost(self.classifier, methods, text)

    def measure_faithfulness(
        self, text: str, method: str | None = None, target: int | str | None = None
    ) -> Faithfulness:
        """How far the scores of `explain(text, method)` can be trusted, beside 99 maps that know nothing of the words.

        Raises:
            as `explain`.
        """
        method = self._choose(method)
        others = [other for other in REFERENCES if other != method and self.classifier.supports(other)]
        references = [self.recall(text, other, target) for other in others]
        return measure_faithfulness(self.classifier, self.recall(text, method, target), references)

    def measure_erasure_curve(
        self, text: str, method: str | None = None, target: int | str | None = None
    ) -> ErasureCurve:
        """The probability while the words that speak most for the answer are taken away, or kept alone.

        Raises:
            as `explain`.
        """
        return measure_erasure_curve(self.classifier, self.recall(text, method, target))

    def measure_reading_curve(self, text: str, target: int | str | None = None) -> ReadingCurve:
        """The probability after each beginning of a text, read alone; of a long text, after 200 of them.

        Raises:
            as `explain`.
        """
        return measure_reading_curve(self.classifier, text, find_target(self.classifier, target))

    def find_adversarial_attention(
        self, text: str, largest_change: float = 0.01, target: int | str | None = None
    ) -> AdversarialAttention:
        """Attention weights as different as possible from the own ones that move the probability by `largest_change`.

        Raises:
            SettingError: a classifier without attention, a change that is not between 0 and 1, or as `explain`.
        """
        get_attending_graph(self.classifier)
        return find_adversarial_attention(self.classifier, self.recall(text, "attention", target), largest_change)

    def trace(self, text: str, temperature: float = 1.0, target: int | str | None = None) -> ForwardTrace:
        """Every activation on the way from a text to its probabilities.

        Args:
            text: as for `explain`.
            temperature: what the scores are divided by before the softmax; the network was trained with 1.
            target: the label whose sum before the last activation is shown.

        Raises:
            SettingError: as `explain`; a classifier whose attention has no such steps; a temperature out of range.
        """
        if self._tracer is None:
            self._tracer = Tracer(self.classifier)
        return self._tracer.trace(text, temperature, find_target(self.classifier, target))

    def warm_up(self, method: str = "attention", *, before_each: Callable[[], None] = lambda: None) -> None:
        """Compile programs for a few lengths of a single text, half a second each; `explain` is then twice as fast.

        Texts that come meanwhile are explained as before. Only attention gains, and only without a GPU: the gradient of
        the fused LSTM is as fast as a compiled one.

        Args:
            method: a method of this classifier.
            before_each: called before each program; it may wait for a quiet moment.

        Raises:
            UnknownNameError: a method that this classifier does not offer.
        """
        self._scorer.check(method)
        if method == "attention":
            self._scorer.warm_up(before_each)

    def walk(self, text: str, temperature: float = 1.0) -> ForwardTrace:
        """`trace` under its first name."""
        warnings.warn("Explainer.walk is called trace now", DeprecationWarning, stacklevel=2)
        return self.trace(text, temperature)

    def find_other_map(self, text: str, largest_change: float = 0.01) -> AdversarialAttention:
        """`find_adversarial_attention` under its first name."""
        warnings.warn(
            "Explainer.find_other_map is called find_adversarial_attention now", DeprecationWarning, stacklevel=2
        )
        return self.find_adversarial_attention(text, largest_change)

    def _choose(self, method: str | None) -> str:
        """Attention if nobody says which, or the best known of what is offered."""
        return method or next(iter(self.methods), "attention")

    def _build(self, text: str, encoded: Encoded, found: Found, method: str, target: int | None) -> Explanation:
        if target is None:
            target = 0 if found.probabilities is None else find_predicted(found.probabilities)
        return Explanation(
            text,
            encoded.tokens,
            found.scores,
            target,
            Prediction(self.labels, found.probabilities),
            method,
            self.name,
            encoded.truncated,
            found.gap,
            self.classifier.graph.reduction if method == "attention" and self.classifier.graph else "",
            encoded.truncated_end,
            found.outside,
            found.r_squared,
            found.readings,
        )

    def _reduce(self, text: str, method: str, target: int | str | None, how: Reduction) -> Explanation:
        """An explanation by one head, one layer, one query, or the rollout."""
        if method != "attention":
            raise SettingError(f"A reduction says which attention weights are shown; {method} has none.")
        explained, attention = self.recall(text, method, target), self.recall_attention(text)
        return replace(explained, scores=attention.reduce(how), reduction=attention.describe(how))
