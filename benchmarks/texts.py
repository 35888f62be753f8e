"""Reviews of random words, as long as real ones are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from attnviz.text.vocabulary import Vocabulary


def draw_lengths(count: int, seed: int = 0) -> list[int]:
    """Numbers of words like those of the IMDB reviews: median about 180, mean about 225, 10 to 2,500."""
    lengths = np.random.default_rng(seed).lognormal(5.2, 0.65, size=count)
    return np.clip(lengths, 10, 2_500).astype(int).tolist()


def draw_ids(lengths: Iterable[int], vocabulary_size: int, seed: int = 0) -> list[np.ndarray]:
    """Random known words."""
    rng = np.random.default_rng(seed)
    return [rng.integers(3, vocabulary_size, size=length).astype(np.int32) for length in lengths]


def draw_texts(lengths: Iterable[int], vocabulary: Vocabulary, seed: int = 0) -> list[str]:
    """The same as raw text."""
    return [" ".join(vocabulary[index] for index in row) for row in draw_ids(lengths, len(vocabulary), seed)]
