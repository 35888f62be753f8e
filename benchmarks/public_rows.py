"""The work that two checkouts are compared in: `python public_rows.py FOLDER` serves that of the checkout FOLDER.

Everything comes from there and is called as users call it, by the public API, which stays while the modules move. Only
the training step is none of it: that is the checkout's own benchmark.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

CHECKOUT = Path(sys.argv[1]).resolve()
sys.path[0] = str(CHECKOUT)

import numpy as np

import attnviz
from benchmarks import __main__ as own
from benchmarks.serve import Prepared, serve


def explain(network: str, method: str, words: int) -> Prepared:
    """Raw text to probability and scores, in a warm process."""
    explainer = attnviz.load(network)
    explainer.warm_up()
    (text,) = draw_texts(network, [words])
    return lambda: explainer.explain(text, method)


def explain_stream(network: str, lengths: list[int]) -> Prepared:
    """Raw texts to probabilities and scores."""
    explainer, texts = attnviz.load(network), draw_texts(network, lengths)
    return lambda: sum(1 for _ in explainer.explain_stream(texts))


def train_column() -> Prepared:
    """20 epochs of the toy."""
    return lambda: attnviz.train_column(seed=0)


def train_step(network: str, batch_size: int) -> Prepared:
    """A training step of a text network."""
    return own._train(network, batch_size)


def activations(network: str, words: int) -> Prepared:
    """Every layer's output for one review."""
    model = attnviz.build_model(network)
    ids = np.random.default_rng(0).integers(3, 5_000, size=(1, words)).astype(np.int32)
    return lambda: attnviz.get_activations(model, ids)


def draw_texts(network: str, lengths: list[int]) -> list[str]:
    """Reviews of so many random words that the network knows."""
    known = (CHECKOUT / "checkpoints" / network / "vocabulary.txt").read_text("utf-8").splitlines()[3:]
    rng = np.random.default_rng(0)
    return [" ".join(known[index] for index in rng.integers(0, len(known), size=length)) for length in lengths]


if __name__ == "__main__":
    assert Path(attnviz.__file__).is_relative_to(CHECKOUT), "another attnviz is installed before the checkout's"
    own.prepare_training_process()
    gc.freeze()
    serve(
        {
            "explain": explain,
            "explain_stream": explain_stream,
            "train_column": train_column,
            "train_step": train_step,
            "activations": activations,
        }
    )
