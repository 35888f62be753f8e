"""From a text to an Explanation, with one trained network."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.adversarial import compute_divergence, find_other_mix, mean_weights, put_mix, shuffle_weights
from attnviz.explain.attribution import (
    FINE_IG_STEPS,
    LARGEST_GAP,
    ScoreFunction,
    Scores,
    attention_scores,
    gradient_scores,
    integrated_gradient_scores,
    occlusion_scores,
)
from attnviz.explain.decision import Decision
from attnviz.explain.forward_trace import Walk, WalkFunction, build_walk
from attnviz.explain.measures import (
    DRAWS,
    RANDOM_ORDERS,
    REFERENCES,
    compare,
    compare_orders,
    compute_erasure_curve,
    draw_scores,
    find_support,
    find_turn,
    measure_erasure,
    order_words,
)
from attnviz.models.architectures import build_model
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import ModelSpec
from attnviz.text.vocabulary import Tokens, Vocabulary
from attnviz.text.words import MAX_CHARACTERS
from attnviz.training.batches import Ids, pad, sorted_batches
from attnviz.values.adversarial_attention import OtherMap
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve, Faithfulness

_BATCH = 64
"""How many texts go through a network at once."""

_TEXTS = {"attention": _BATCH, "gradient": _BATCH, "integrated_gradients": 4, "occlusion": 8}
"""How many texts are explained at once: integrated gradients runs each of them 34 times in one batch."""

_IDS = tf.TensorSpec((None, None), tf.int32)
"""Of any batch size and length, so that a compiled function is traced once and no text waits for a new trace."""

_LENGTHS = (50, 100, 150, 200, 300, 400, 500)
"""Single texts are padded to one of these for the compiled programs; each takes half a second and 10 MB to compile."""

_RECENT = 16
"""How many explanations are at hand for what is measured of them; one of 500 words takes about 100 KB."""

_WINDOW = 4096
"""How many texts `explain_stream` holds at a time to sort them by length."""


def _run_all(
    run: Callable[[npt.NDArray[np.int64]], None], batches: Iterable[npt.NDArray[np.int64]], threads: int | None
) -> None:
    """Run the batches that are not empty, several at a time: the fused LSTM uses one thread each."""
    batches = [batch for batch in batches if len(batch)]
    if len(batches) <= 1 or threads == 1:
        for batch in batches:
            run(batch)
        return
    with ThreadPoolExecutor(max_workers=threads) as pool:
        list(pool.map(run, batches))  # the list meets what a batch raised


def _as_arrays(scores: Scores) -> Scores:
    return Scores(*(None if tensor is None else tensor.numpy() for tensor in scores))


class Explainer:
    """Explains texts with one trained text network; calls may come from several threads.

    Args:
        model: a network of the table, trained; its LSTM layers get the fused kernel.
        vocabulary: the words that it knows.
        spec: its row of the model table.
        name: what its explanations call it.
    """

    def __init__(self, model: keras.Model, vocabulary: Vocabulary, spec: ModelSpec, name: str) -> None:
        self.model = fuse_lstms(model)
        self.vocabulary = vocabulary
        self.spec = spec
        self.name = name
        self._compiled = cache(self._compile)
        self._programs: dict[tuple[str, int | None], ScoreFunction] = {}
        self._recent: tuple[Explanation, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that `explain` accepts."""
        return self.spec.methods

    def explain(self, text: str, method: str = "attention") -> Explanation:
        """The probability of a positive review and a score for each word.

        Args:
            text: any text; only its last `spec.steps` words are read.
            method: 'attention' (weights that sum to 1), 'gradient' (gradient x input), 'integrated_gradients' or
                'occlusion' (leave a word out); all but the first are signed and not normalised.

        Raises:
            UnknownNameError: a method that this network does not offer.
            SettingError: not a text, or one of more than MAX_CHARACTERS characters.
        """
        (found,) = self.explain_batch([text], method)
        # A new tuple needs no lock: of two threads one may forget the other's, which is then computed again.
        self._recent = (*self._recent[1 - _RECENT :], found)
        return found

    def recall(self, text: str, method: str = "attention") -> Explanation:
        """`explain`, which is computed only if it is none of the last ones: all that is measured of a text needs it.

        Raises:
            as `explain`.
        """
        recent = reversed(self._recent)
        found = next((one for one in recent if one.method == method and one.text == text), None)
        return found or self.explain(text, method)

    def explain_batch(self, texts: Sequence[str], method: str = "attention") -> list[Explanation]:
        """`explain` for each text, faster than one by one; the results do not depend on what is batched together."""
        score = self._find_score(method)
        words = [self._read(text) for text in texts]
        rows = [ids[-self.spec.steps :] for ids in words]
        found: list[tuple[Any, float | None, float | None]] = [((), None, None)] * len(texts)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)

        def run(batch: npt.NDArray[np.int64]) -> None:
            probabilities, values, gaps = score([rows[index] for index in batch])
            for place, index in enumerate(batch):
                gap = None if gaps is None else float(gaps[place])
                found[index] = np.asarray(values[place])[: lengths[index]], float(probabilities[place]), gap

        # A text without words is not run: there is nothing to read.
        batches = [batch[lengths[batch] > 0] for batch in sorted_batches(lengths, _TEXTS[method])]
        # Occlusion makes so many rows of each text that `predict` has batches of its own to spread.
        _run_all(run, batches, threads=1 if method == "occlusion" else os.cpu_count())
        return [
            Explanation(text, Tokens(text, ids), values, answer, method, self.name, len(all) - len(ids), gap)
            for text, all, ids, (values, answer, gap) in zip(texts, words, rows, found, strict=True)
        ]

    def measure_faithfulness(self, text: str, method: str = "attention") -> Faithfulness:
        """How far the scores of `explain(text, method)` can be trusted, beside random scores on the same text.

        What it means stands with `measure_erasure` and `compute_taus`. The random scores depend on the text alone.

        Raises:
            as `explain`.
        """
        explained = self.recall(text, method)
        ids = self._read(text)[-self.spec.steps :]
        if len(ids) < 2:
            return Faithfulness(text, len(ids), explained.probability, method, self.name)
        drawn = draw_scores(len(ids), seed=zlib.crc32(ids.tobytes()))
        order = order_words(explained.scores, explained.signed, (explained.probability or 0) >= 0.5)
        orders = np.vstack([order[None], order_words(drawn, signed=False, positive=True)])
        comprehensiveness, sufficiency = measure_erasure(ids, orders, self.predict)
        agreement = {
            other: compare_orders(explained.scores, self.recall(text, other).scores, drawn)
            for other in REFERENCES
            if other != method
        }
        return Faithfulness(
            text,
            len(ids),
            explained.probability,
            method,
            self.name,
            compare(comprehensiveness[0], comprehensiveness[1:]),
            compare(sufficiency[0], sufficiency[1:]),
            {other: numbers for other, numbers in agreement.items() if numbers},
        )

    def measure_erasure_curve(self, text: str, method: str = "attention") -> ErasureCurve:
        """The probability while the words that speak most for the answer are taken away, or kept alone.

        The words are ordered by the scores of `explain(text, method)`; beside them stand random orders.

        Raises:
            as `explain`.
        """
        explained = self.recall(text, method)
        ids = self._read(text)[-self.spec.steps :]
        if explained.probability is None:
            return ErasureCurve(text, None, method, self.name)
        order = order_words(explained.scores, explained.signed, explained.probability >= 0.5)
        drawn = draw_scores(len(ids), seed=zlib.crc32(ids.tobytes()))[:RANDOM_ORDERS]
        counts, without, alone, random_without, random_alone = compute_erasure_curve(
            ids, order, order_words(drawn, False, True), self.predict
        )
        return ErasureCurve(
            text,
            explained.probability,
            method,
            self.name,
            order=tuple(order.tolist()),
            counts=tuple(counts),
            without=tuple(without.tolist()),
            alone=tuple(alone.tolist()),
            random_without=tuple(random_without.mean(axis=0).tolist()),
            random_alone=tuple(random_alone.mean(axis=0).tolist()),
            turn=find_turn(counts, without),
            support=find_support(counts, alone),
            random_turns=tuple(find_turn(counts, curve) for curve in random_without),
            random_supports=tuple(find_support(counts, curve) for curve in random_alone),
        )

    def find_other_map(self, text: str, largest_change: float = 0.01) -> OtherMap:
        """Attention weights as different as possible from the own ones that move the probability by `largest_change`.

        How they are found stands with `explain.other_map`. Their probability is that of the whole network, run again
        with them in place of its own; shuffled weights, which depend on the text alone, are there to compare.

        Raises:
            SettingError: a network without attention, a change that is not between 0 and 1, or as `explain`.
        """
        if self.spec.attention_layer is None:
            raise SettingError(f"{self.name} has no attention, so there is no other attention map to search for.")
        if not 0 < largest_change < 1:
            raise SettingError(f"largest_change must be between 0 and 1, got {largest_change}.")
        explained = self.recall(text)
        ids = self._read(text)[-self.spec.steps :]
        if len(ids) < 2 or explained.probability is None:
            return OtherMap(explained, None, largest_change)
        states, own = self._decision.read(ids)
        mix = find_other_mix(own, lambda mixes: self._decision.decide(states, put_mix(mixes, own)), largest_change)
        weights = put_mix(mix[None], own)[0]
        shuffled = shuffle_weights(own, DRAWS, seed=zlib.crc32(ids.tobytes()))
        changes = np.abs(self._decision.decide(states, shuffled) - explained.probability)
        other = replace(explained, scores=mean_weights(weights), probability=self._decision.run_again(ids, weights))
        divergence = float(compute_divergence(mean_weights(own), mean_weights(weights)))
        return OtherMap(explained, other, largest_change, divergence, float(changes.mean()), float(changes.std()))

    def explain_stream(self, texts: Iterable[str], method: str = "attention") -> Iterator[Explanation]:
        """`explain_batch` for a stream of any length in bounded memory; results come in the order of the texts."""
        texts = iter(texts)
        while window := list(islice(texts, _WINDOW)):
            yield from self.explain_batch(window, method)

    def predict(self, rows: Sequence[Ids]) -> FloatArray:
        """The probabilities (number of texts,) of texts as word ids, each (number of words,) up to `spec.steps`.

        A text without words is read as one step of padding, which is as near to nothing as the network can read.
        """
        found = np.zeros(len(rows), dtype=np.float32)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)

        def run(batch: npt.NDArray[np.int64]) -> None:
            longest = max(1, lengths[batch].max())
            found[batch] = self._probability(pad([rows[index] for index in batch], longest)).numpy()

        _run_all(run, sorted_batches(lengths, _BATCH), threads=os.cpu_count())
        return found

    def predict_texts(self, texts: Sequence[str]) -> FloatArray:
        """The probabilities (number of texts,) that texts are positive, NaN for one without words.

        The same answers as those of `explain_batch`, without scores and in less time.

        Raises:
            SettingError: as `explain`.
        """
        rows = [self._read(text)[-self.spec.steps :] for text in texts]
        found = self.predict(rows)
        found[[len(row) == 0 for row in rows]] = np.nan
        return found

    def walk(self, text: str, temperature: float = 1.0) -> Walk:
        """Every activation on the way from a text to its probability.

        Args:
            text: as for `explain`.
            temperature: what the scores are divided by before the softmax; the network was trained with 1.

        Raises:
            SettingError: as `explain`; a network without attention; a temperature out of range.
        """
        return self._walk(text, self._read(text), temperature)

    def warm_up(self, method: str = "attention", *, before_each: Callable[[], None] = lambda: None) -> None:
        """Compile programs for a few lengths of a single text, half a second each; `explain` is then twice as fast.

        Texts that come meanwhile are explained as before. Only attention gains, and only without a GPU: the gradient of
        the fused LSTM is as fast as a compiled one.

        Args:
            method: a method of this network.
            before_each: called before each program; it may wait for a quiet moment.

        Raises:
            UnknownNameError: a method that this network does not offer.
        """
        self._check(method)
        if method != "attention" or tf.config.list_physical_devices("GPU"):
            return
        twin = build_model(self.spec.name, vocabulary_size=len(self.vocabulary))  # stock LSTMs: XLA has no fused one
        twin.set_weights(self.model.get_weights())
        score = tf.function(self._score_function(twin, method), jit_compile=True)
        for steps in (length for length in _LENGTHS if length <= self.spec.steps):
            before_each()
            program = score.get_concrete_function(tf.TensorSpec((1, steps), tf.int32))
            program(tf.ones((1, steps), tf.int32))  # the first call compiles
            self._programs[method, steps] = program

    @cached_property
    def _walk(self) -> WalkFunction:
        return build_walk(self.model, self.spec, self.name)

    def _read(self, text: str) -> Ids:
        """The ids of all words of a text."""
        if not isinstance(text, str):
            raise SettingError(f"A text to explain must be a str, got {type(text).__name__}.")
        if len(text) > MAX_CHARACTERS:
            raise SettingError(f"A text may have at most {MAX_CHARACTERS:,} characters, this one has {len(text):,}.")
        return self.vocabulary.encode(text)

    def _find_score(self, method: str) -> Callable[[list[Ids]], Scores]:
        """Word ids of some texts to their probabilities and scores, the fastest way that is ready."""
        self._check(method)
        if method == "occlusion":
            return lambda rows: occlusion_scores(rows, self.predict)
        general = self._compiled(method)

        def score(rows: list[Ids]) -> Scores:
            longest = max(map(len, rows))
            steps = next((length for length in _LENGTHS if length >= longest), None)
            if len(rows) == 1 and (program := self._programs.get((method, steps))):
                return _as_arrays(program(tf.constant(pad(rows, steps))))
            return self._refine(rows, _as_arrays(general(pad(rows, longest))))

        return score

    def _refine(self, rows: list[Ids], found: Scores) -> Scores:
        """What a method found in some texts; integrated gradients that miss more than LARGEST_GAP get more points.

        They are computed one text at a time, which takes as much memory as several texts with the usual points.
        """
        values, gaps = found.values, found.gap
        if gaps is not None:
            for place in np.flatnonzero(np.abs(gaps) > LARGEST_GAP):
                finer = self._fine_integrated_gradients(rows[place][None])
                values[place, : len(rows[place])], gaps[place] = finer.values[0], finer.gap[0]  # type: ignore[index]
        return found

    def _check(self, method: str) -> None:
        if method not in self.methods:
            raise UnknownNameError(f"method of {self.name}", method, self.methods)

    def _compile(self, method: str) -> ScoreFunction:
        return tf.function(self._score_function(self.model, method), input_signature=[_IDS])

    @cached_property
    def _fine_integrated_gradients(self) -> ScoreFunction:
        return tf.function(integrated_gradient_scores(self.model, FINE_IG_STEPS), input_signature=[_IDS])

    @cached_property
    def _probability(self) -> Callable[[Ids], Any]:
        """Word ids (batch, steps) to probabilities (batch,)."""
        return tf.function(lambda ids: self.model(ids, training=False)[:, 0], input_signature=[_IDS])

    @cached_property
    def _decision(self) -> Decision:
        """The network's halves before and after its attention, which it has."""
        return Decision(self.model, str(self.spec.attention_layer))

    def _score_function(self, model: keras.Model, method: str) -> ScoreFunction:
        if method == "attention":
            assert self.spec.attention_layer is not None  # 'attention' is offered only where there is one
            return attention_scores(model, self.spec.attention_layer)
        return integrated_gradient_scores(model) if method == "integrated_gradients" else gradient_scores(model)
