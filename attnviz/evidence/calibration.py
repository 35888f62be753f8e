"""The expected calibration error: how far a network's confidence is from how often it is right.

The texts are put into bins of equal width by the probability of the label that the network predicts; the error is the
mean over the texts of the distance between a bin's mean confidence and its share of right answers. Of two labels the
probability of the second can be compared with how often that is right, too: there a leaning to one of them does not
cancel out. A finite sample has some error by chance even where the network is calibrated, and a resampled one more.
Source: Guo et al. 2017, 'On calibration of modern neural networks', arXiv:1706.04599, with 15 bins; 10 are as common.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnviz.values.arrays import FloatArray

BIN_COUNTS = (10, 15)
"""How many bins of equal width from 0 to 1."""


def find_bins(confidence: FloatArray, bins: int) -> npt.NDArray[np.int64]:
    """(texts,) the bin of each confidence: of (0, 1/bins], (1/bins, 2/bins] and so on; 0 is in the first one."""
    inside = np.ceil(np.asarray(confidence, np.float64) * bins).astype(np.int64) - 1
    return np.clip(inside, 0, bins - 1)


def tabulate_gaps(confidence: FloatArray, correct: FloatArray, bins: int) -> FloatArray:
    """(texts, bins): what each text adds to the gap of its bin, whether it is right minus its confidence.

    The calibration error of any texts is the sum over the bins of |the sum of their rows|, over their number.
    """
    table = np.zeros((len(confidence), bins))
    table[np.arange(len(confidence)), find_bins(confidence, bins)] = np.subtract(correct, confidence, dtype=np.float64)
    return table


def compute_calibration_error(confidence: FloatArray, correct: FloatArray, bins: int) -> float:
    """The expected calibration error, from 0 to 1.

    Args:
        confidence: (texts,) the probability of the predicted label.
        correct: (texts,) 1 where that label is right, else 0.
        bins: how many of equal width.
    """
    return float(np.abs(tabulate_gaps(confidence, correct, bins).sum(axis=0)).sum() / len(confidence))
