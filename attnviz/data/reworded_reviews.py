"""Reviews with the words of another vocabulary than that of their training half."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from attnviz.data.imdb import Imdb
from attnviz.text.vocabulary import UNKNOWN, Vocabulary


def use_vocabulary(data: Imdb, vocabulary: Vocabulary) -> Imdb:
    """The same reviews with the words of a vocabulary, which may be shorter; the other words become UNKNOWN.

    A network that is compared with another one has to read the same ids as that.
    """
    ids = np.array([*range(UNKNOWN + 1), *map(vocabulary.id, list(data.vocabulary)[UNKNOWN + 1 :])], dtype=np.int32)
    train, test = (replace(half, word_ids=ids[half.word_ids]) for half in (data.train, data.test))
    return Imdb(train, test, vocabulary, data.digest)
