"""LIME's weights, computed by the `lime` library on the words that the classifier reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnviz.explain.attribution import Found
from attnviz.explain.word_subsets import Masks, WordSubsets, load_library
from attnviz.values.methods import LIME_SAMPLES


def lime_scores(words: WordSubsets) -> Found:
    """The weights of a ridge regression that imitates the classifier on texts with words left out at random.

    All settings are the library's own: how many words are left out is drawn evenly from 1 to all, a drawn text counts
    the less the farther it is from the whole one (cosine distance, width 0.25), and no word is selected. Each place of
    the text is a feature of its own. Source: Ribeiro, Singh & Guestrin 2016, 'Why should I trust you?',
    arXiv:1602.04938.
    """
    library, count = load_library("lime.lime_text"), len(words)
    explainer = library.LimeTextExplainer(split_expression=str.split, feature_selection="none", random_state=words.seed)
    # LIME takes texts apart by itself and knows a word by its spelling; in a text of numbers each place is a word.
    fitted = explainer.explain_instance(
        " ".join(map(str, range(count))),
        lambda texts: words.read(_find_kept(texts, count))[:, None],
        labels=(0,),
        num_features=count,
        num_samples=LIME_SAMPLES - words.readings,
    )
    values = np.zeros(count, np.float32)
    for place, weight in fitted.as_list(label=0):
        values[int(place)] = weight
    return Found(tuple(words.probabilities.tolist()), values, r_squared=fitted.score, readings=words.readings)


def _find_kept(texts: Sequence[str], count: int) -> Masks:
    kept = np.zeros((len(texts), count), dtype=np.bool_)
    for mask, text in zip(kept, texts, strict=True):
        mask[[int(place) for place in text.split()]] = True
    return kept
