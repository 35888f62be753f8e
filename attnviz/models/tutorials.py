"""What the tutorials did that the networks of the table come from, as far as it is known; needs no TensorFlow.

The protocol 'tutorial' of `train_text` follows this table, not the recipe of the registry. All of them read reviews
that were cut to their last words and filled up on the left (`pad_sequences` as it is by default), without a mask: the
padding is read like words and takes part of the attention. All of them keep the weights of the last epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.models.registry import ModelSpec, Recipe

_WORDS = mark(
    "The tutorial took the word ids that Keras prepared, with a sign at the start of each review; here attnviz cuts "
    "the words itself and sets no sign."
)
_SEED = mark("Its seed is not known, so the order of the reviews and the first weights are others.")


@dataclass(frozen=True, slots=True)
class Tutorial:
    """How a tutorial trained its network.

    Attributes:
        source: where that is known from, a message of the catalogues as the differences are.
        recipe: its epochs, batches and rate; Adam with Keras' defaults, the rate stays the same over the run.
        vector_dropout: share of the single numbers of word vectors that is set to 0 in training; none of them blanks
            whole words.
        held_out: share of the training reviews that it validates on; 0 where it validates on the test reviews.
        differences: what is not known, or is done in another way here, a sentence each.
    """

    source: str
    recipe: Recipe
    vector_dropout: float = 0.0
    held_out: float = 0.0
    differences: tuple[str, ...] = (_WORDS, _SEED)


def _repeat(epochs: int, batch_size: int) -> Recipe:
    return Recipe(epochs, batch_size, learning_rate=1e-3, cosine=False)


_BILSTM_SOURCE = mark(
    "the tutorial on the bidirectional LSTM with attention (10,000 words, 200 a review, batches of 128)"
)

TUTORIALS: Mapping[str, Tutorial] = {
    "luong": Tutorial(
        source="keras-attention-mechanism, examples/imdb.py, commit 59dc8de",
        recipe=_repeat(epochs=10, batch_size=64),
        vector_dropout=0.5,
        differences=(
            _WORDS,
            mark("Its published log is a user's; which version of the code and which seed is not known."),
        ),
    ),
    "bilstm": Tutorial(source=_BILSTM_SOURCE, recipe=_repeat(epochs=12, batch_size=128)),
    "bilstm-additive": Tutorial(
        source=_BILSTM_SOURCE,
        recipe=_repeat(epochs=12, batch_size=128),
        differences=(_WORDS, _SEED, mark("Whether its biases started at 0 or at random is not known; here at 0.")),
    ),
    "lstm-featurewise": Tutorial(
        source=mark("the tutorial on the LSTM with attention, published as code without figures"),
        recipe=_repeat(epochs=5, batch_size=32),
        held_out=0.2,
        differences=(
            _WORDS,
            _SEED,
            mark(
                "Keras held out the last 20\xa0% of its reviews, which it had shuffled once; here the seed chooses "
                "them."
            ),
            mark("Its optimizer and rate are not known; here Adam at 0.001, as the other tutorials have it."),
        ),
    ),
    "transformer": Tutorial(
        source="https://keras.io/examples/nlp/text_classification_with_transformer/",
        recipe=_repeat(epochs=2, batch_size=32),
        differences=(
            _WORDS,
            _SEED,
            mark("It has two outputs and a softmax; here one output, the probability of positive."),
        ),
    ),
}
"""By the name of the network."""


def get_tutorial(spec: ModelSpec) -> Tutorial:
    """How the tutorial of a network trained it.

    Raises:
        SettingError: none is known.
    """
    if spec.name not in TUTORIALS:
        raise SettingError(
            tr(
                "No tutorial of {network} is known that could be repeated; there is one of {networks}.",
                network=spec.name,
                networks=", ".join(TUTORIALS),
            )
        )
    return TUTORIALS[spec.name]
