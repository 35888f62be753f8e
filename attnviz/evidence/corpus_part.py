"""A part of a corpus, and the values that are measured of its texts. TensorFlow is not needed to hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attnviz.values.arrays import FloatArray

NO_ANSWER = -1
"""In place of a right answer that is not known, or of a label where nothing is predicted."""

Values = dict[str, FloatArray]
"""By name of a measure one value a text, NaN where there is none; columns of `word_use` have one a word and label."""


@dataclass(frozen=True)
class Part:
    """Some texts of a corpus, measured together.

    Attributes:
        number: which part of the corpus.
        ids: (n,) what tells a text from the others of the corpus; a row of its file.
        texts: n of them.
        answers: (n,) the right labels, indices, NO_ANSWER where none is known.
        erased: (n,) of which texts words are left out. attacked: (n,) for which other attention is searched.
    """

    number: int
    ids: npt.NDArray[np.int64]
    texts: Sequence[str]
    answers: npt.NDArray[np.int64]
    erased: npt.NDArray[np.bool_]
    attacked: npt.NDArray[np.bool_]
