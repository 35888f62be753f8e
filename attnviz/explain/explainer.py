"""From a text to an Explanation, with one trained network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.backend import keras, tf
from attnviz.checkpoints import Checkpoint, find_checkpoint, load_model
from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.attribution import ScoreFunction, attention_scores, gradient_scores
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import ModelSpec
from attnviz.results import Explanation, Token, frozen_array
from attnviz.text import Vocabulary
from attnviz.training.batches import pad, sorted_batches

MAX_CHARACTERS = 1_000_000
"""A longer text is refused; the longest review of the dataset has 14,000 characters."""

_BATCH = 64
_WINDOW = 4096
"""How many texts `explain_stream` holds at a time to sort them by length."""


def load(name_or_path: str | Path) -> Explainer:
    """The explainer of a trained text network.

    Args:
        name_or_path: a name in the library of checkpoints (`attnviz models` lists them) or a checkpoint's folder.

    Raises:
        UnknownNameError: no such checkpoint.
        CheckpointError: the checkpoint is damaged.
        SettingError: the network reads no text.
    """
    return load_explainer(find_checkpoint(name_or_path))


def load_explainer(checkpoint: Checkpoint) -> Explainer:
    """`load` for a checkpoint that has been found and checked."""
    if checkpoint.spec.task != "reviews":
        raise SettingError(
            f"{checkpoint.name} reads columns of numbers, not text. Use attnviz.train_column, or "
            "attnviz.checkpoints.load_model for the Keras model."
        )
    return Explainer(load_model(checkpoint), checkpoint.vocabulary, checkpoint.spec, checkpoint.name)


def _run_all(run: Callable[[npt.NDArray[np.int64]], None], batches: list[npt.NDArray[np.int64]]) -> None:
    """Run the batches that are not empty, several at a time: the fused LSTM uses one thread each."""
    batches = [batch for batch in batches if len(batch)]
    if len(batches) <= 1:
        for batch in batches:
            run(batch)
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(run, batches))  # the list meets what a batch raised


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

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that `explain` accepts."""
        return self.spec.methods

    def explain(self, text: str, method: str = "attention") -> Explanation:
        """The probability of a positive review and a score for each word.

        Args:
            text: any text; only its last `spec.steps` words are read.
            method: 'attention' (weights that sum to 1) or 'gradient' (gradient x input, signed, not normalised).

        Raises:
            UnknownNameError: a method that this network does not offer.
            SettingError: not a text, or one of more than MAX_CHARACTERS characters.
        """
        return self.explain_batch([text], method)[0]

    def explain_batch(self, texts: Sequence[str], method: str = "attention") -> list[Explanation]:
        """`explain` for each text, faster than one by one; the results do not depend on what is batched together."""
        score = self._compiled(method)
        read = [self._read(text) for text in texts]
        probabilities: list[float | None] = [None] * len(texts)
        scores: list[Any] = [()] * len(texts)
        rows = [np.array([token.id for token in tokens], dtype=np.int32) for tokens, _ in read]
        lengths = np.array([len(row) for row in rows], dtype=np.int64)

        def run(batch: npt.NDArray[np.int64]) -> None:
            ids = [rows[index] for index in batch]
            outputs = score(pad(ids, max(map(len, ids))))
            for index, probability, row in zip(batch, *(output.numpy() for output in outputs), strict=True):
                probabilities[index] = float(probability)
                scores[index] = row[: lengths[index]]

        # A text without words is not run: there is nothing to read.
        _run_all(run, [batch[lengths[batch] > 0] for batch in sorted_batches(lengths, _BATCH)])
        return [
            Explanation(text, tokens, frozen_array(row), probability, method, self.name, truncated)
            for text, (tokens, truncated), row, probability in zip(texts, read, scores, probabilities, strict=True)
        ]

    def explain_stream(self, texts: Iterable[str], method: str = "attention") -> Iterator[Explanation]:
        """`explain_batch` for a stream of any length in bounded memory; results come in the order of the texts."""
        texts = iter(texts)
        while window := list(islice(texts, _WINDOW)):
            yield from self.explain_batch(window, method)

    def _read(self, text: str) -> tuple[tuple[Token, ...], int]:
        """The tokens that the network reads, and how many words before them it does not."""
        if not isinstance(text, str):
            raise SettingError(f"A text to explain must be a str, got {type(text).__name__}.")
        if len(text) > MAX_CHARACTERS:
            raise SettingError(f"A text may have at most {MAX_CHARACTERS:,} characters, this one has {len(text):,}.")
        tokens = self.vocabulary.tokenize(text)
        truncated = max(len(tokens) - self.spec.steps, 0)
        return tokens[truncated:], truncated

    def _compile(self, method: str) -> ScoreFunction:
        if method not in self.methods:
            raise UnknownNameError(f"method of {self.name}", method, self.methods)
        if method == "attention":
            assert self.spec.attention_layer is not None  # 'attention' is offered only where there is one
            function = attention_scores(self.model, self.spec.attention_layer)
        else:
            function = gradient_scores(self.model)
        # One trace for every length and batch size, so that no text waits for a new one.
        return tf.function(function, input_signature=[tf.TensorSpec((None, None), tf.int32)])
