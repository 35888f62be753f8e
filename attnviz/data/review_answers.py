"""The answers that a review of the dataset carries: its sentiment, and its stars in four bands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnviz.data.imdb import Split
from attnviz.data.labelled_texts import LabelledTexts
from attnviz.values.prediction import Answer

_HIGHEST = np.array([2, 4, 8, 10])
"""The most stars of each band of STARS."""


def get_answers(split: LabelledTexts, answer: Answer) -> npt.NDArray[np.int64]:
    """(n,) what each review of a split answers, as the index of its label.

    Args:
        split: the reviews.
        answer: 'sentiment' for 0 (negative) or 1 (positive), 'stars' for the place of its band in STARS.
    """
    import numpy as np  # the table of networks needs the names above, and nothing heavy

    if answer != "stars" or not isinstance(split, Split):
        return np.asarray(split.labels, dtype=np.int64)
    return np.searchsorted(_HIGHEST, split.ratings)
