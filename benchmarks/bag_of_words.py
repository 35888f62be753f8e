"""How good a bag of words is on the reviews that the networks were trained and tested on.

`python -m benchmarks.bag_of_words [--limit REVIEWS] [--record FILE]` prints it in Markdown: logistic regression
(scikit-learn, which is needed for this alone) on the words that a network reads, each by whether it occurs, weighted by
how much rarer it is in reviews of the other kind (the log-count ratio of Wang & Manning 2012, 'Baselines and bigrams').
It learns from the 22,500 training reviews of seed 0; the regularisation is chosen on the 2,500 that are held out. Then
it learns again from all 25,000, with the same regularisation and features, as the tutorials' networks did. The 25,000
test reviews are read once a row. The record is what attnviz/evidence/word_bag.py reads.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from attnviz.data.imdb import Imdb, load_imdb
from attnviz.evidence.word_bag import WordBag, WordBags
from attnviz.models.registry import get_spec
from attnviz.training.encoded_reviews import Parts, split_reviews
from attnviz.values.plain import to_plain

NETWORKS = ("bilstm", "luong")
"""Networks whose words are taken: the last 200 of 10,000 different ones, and the last 500 of 5,000."""

REGULARISATIONS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Words:
    """The features (reviews, features) of some reviews, and their labels (reviews,)."""

    features: sparse.csr_matrix
    labels: np.ndarray


def measure(data: Imdb, network: str, longest: int, limit: int | None) -> Iterator[WordBag]:
    """The regression on all training reviews but the held-out ones, and then on all of them.

    Args:
        network: whose words are read.
        longest: 1 for words alone, 2 for words and pairs of neighbours.
        limit: at most so many reviews of each half.
    """
    parts = split_reviews(data, get_spec(network), np.random.default_rng(0), limit, "held-out")
    train, select, test = count_words(parts, longest)
    fits = [fit(train, c) for c in REGULARISATIONS]
    best = max(fits, key=lambda one: one.score(select))
    yield _describe(best, network, longest, train, test)
    every = Words(sparse.vstack([train.features, select.features]).tocsr(), np.append(train.labels, select.labels))
    yield _describe(fit(every, best.regularisation), network, longest, every, test)


@dataclass(frozen=True)
class Fit:
    """A regression, with what its features are weighted by."""

    regularisation: float
    ratio: np.ndarray
    model: LogisticRegression

    def score(self, words: Words) -> float:
        """The accuracy."""
        return float(self.model.score(words.features.multiply(self.ratio).tocsr(), words.labels))


def fit(words: Words, regularisation: float) -> Fit:
    """Logistic regression with that C."""
    ratio = weigh(words)
    model = LogisticRegression(C=regularisation, max_iter=300)
    return Fit(regularisation, ratio, model.fit(words.features.multiply(ratio).tocsr(), words.labels))


def _describe(found: Fit, network: str, longest: int, train: Words, test: Words) -> WordBag:
    spec, features = get_spec(network), train.features.shape[1]
    sizes = (features, found.regularisation, len(train.labels), len(test.labels))
    return WordBag(network, spec.steps, spec.vocabulary_size, longest, *sizes, round(found.score(test), 6))


def count_words(parts: Parts, longest: int) -> list[Words]:
    """Whether each word (or pair of words that two training reviews have) occurs in each review of each part."""
    counter = CountVectorizer(
        analyzer=lambda row: list(list_runs(row, longest)), binary=True, min_df=2, dtype=np.float64
    )
    counter.fit(parts.train.rows)
    return [Words(counter.transform(part.rows), part.labels) for part in parts]


def list_runs(row: Sequence[int], longest: int) -> Iterator[tuple[int, ...]]:
    """The words of a review, and where wanted each two that follow each other."""
    words = [int(word) for word in row]
    for length in range(1, longest + 1):
        yield from zip(*(words[start:] for start in range(length)), strict=False)


def weigh(words: Words) -> np.ndarray:
    """(features,) the log-count ratio of each: how much more often it is in positive reviews than in negative ones."""
    counts = [words.features[words.labels == label].sum(axis=0) for label in (1, 0)]
    positive, negative = (1 + np.asarray(count).ravel() for count in counts)
    return np.log((positive / positive.sum()) / (negative / negative.sum()))


def main() -> None:
    """Measure, print, and write the record where one is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, metavar="REVIEWS", help="use at most so many of each half")
    parser.add_argument("--record", type=Path, metavar="FILE", help="where to write it; JSON")
    options = parser.parse_args()
    data, rows = load_imdb(), []
    print(
        "| words read | features | different ones | C | learned from | test accuracy |\n|---|---|---:|---:|---:|---:|"
    )
    for name in NETWORKS:
        for longest in (1, 2):
            for row in measure(data, name, longest, options.limit):
                rows.append(row)
                print(_format(row), flush=True)
    if options.record:
        options.record.write_text(json.dumps(to_plain(_record(rows, data, options.limit)), indent=1) + "\n")


def _format(row: WordBag) -> str:
    read, what = f"last {row.steps} of {row.vocabulary:,}", "words" if row.longest == 1 else "words and pairs"
    numbers = f"{row.features:,} | {row.regularisation} | {row.train:,} | {row.accuracy:.2%}"
    return f"| {read} | {what} | {numbers} |"


def _record(rows: Sequence[WordBag], data: Imdb, limit: int | None) -> WordBags:
    command = "python -m benchmarks.bag_of_words --record FILE" + (f" --limit {limit}" if limit else "")
    versions = {name: version(name) for name in ("scikit-learn", "scipy", "numpy")}
    return WordBags(
        tuple(rows), command, data.digest, datetime.now(timezone.utc).isoformat(timespec="seconds"), versions
    )


if __name__ == "__main__":
    main()
