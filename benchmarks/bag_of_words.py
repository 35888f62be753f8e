"""How good a bag of words is on the reviews that the networks were trained and tested on.

`python -m benchmarks.bag_of_words [REVIEWS]` prints it in Markdown: logistic regression (scikit-learn, which is needed
for this alone) on the words that a network reads, each by whether it occurs, weighted by how much rarer it is in
reviews of the other kind (the log-count ratio of Wang & Manning 2012, 'Baselines and bigrams'). It learns from the
22,500 training reviews of seed 0; the regularisation is chosen on the 2,500 that are held out; the 25,000 test reviews
are read once a row. REVIEWS uses fewer of each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from attnviz.data.imdb import Imdb, load_imdb
from attnviz.models.registry import get_spec
from attnviz.training.encoded_reviews import Parts, split_reviews

NETWORKS = ("bilstm", "luong")
"""Networks whose words are taken: the last 200 of 10,000 different ones, and the last 500 of 5,000."""

REGULARISATIONS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def measure(data: Imdb, network: str, longest: int, limit: int | None) -> tuple[float, float, int]:
    """Test accuracy, the regularisation (C) that was chosen, and how many features there are.

    Args:
        network: whose words are read.
        longest: 1 for words alone, 2 for words and pairs of neighbours.
        limit: at most so many reviews of each half.
    """
    parts = split_reviews(data, get_spec(network), np.random.default_rng(0), limit, "held-out")
    train, select, test = count_words(parts, longest)
    ratio = weigh(train, parts.train.labels)
    rows = [part.multiply(ratio).tocsr() for part in (train, select, test)]
    fits = [LogisticRegression(C=c, max_iter=300).fit(rows[0], parts.train.labels) for c in REGULARISATIONS]
    best = max(fits, key=lambda fit: fit.score(rows[1], parts.select.labels))
    return float(best.score(rows[2], parts.test.labels)), best.C, train.shape[1]


def count_words(parts: Parts, longest: int) -> list[sparse.csr_matrix]:
    """Whether each word (or pair of words that two training reviews have) occurs in each review of each part."""
    counter = CountVectorizer(
        analyzer=lambda row: list(list_runs(row, longest)), binary=True, min_df=2, dtype=np.float64
    )
    counter.fit(parts.train.rows)
    return [counter.transform(part.rows) for part in parts]


def list_runs(row: Sequence[int], longest: int) -> Iterator[tuple[int, ...]]:
    """The words of a review, and where wanted each two that follow each other."""
    words = [int(word) for word in row]
    for length in range(1, longest + 1):
        yield from zip(*(words[start:] for start in range(length)), strict=False)


def weigh(train: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """(features,) the log-count ratio of each: how much more often it is in positive reviews than in negative ones."""
    positive, negative = (1 + np.asarray(train[labels == label].sum(axis=0)).ravel() for label in (1, 0))
    return np.log((positive / positive.sum()) / (negative / negative.sum()))


if __name__ == "__main__":
    most = int(sys.argv[1]) if len(sys.argv) > 1 else None
    reviews = load_imdb()
    print("| words read | features | different ones | C | test accuracy |\n|---|---|---:|---:|---:|")
    for name in NETWORKS:
        spec = get_spec(name)
        for longest, what in ((1, "words"), (2, "words and pairs")):
            accuracy, c, features = measure(reviews, name, longest, most)
            read = f"last {spec.steps} of {spec.vocabulary_size:,}"
            print(f"| {read} | {what} | {features:,} | {c} | {accuracy:.2%} |", flush=True)
