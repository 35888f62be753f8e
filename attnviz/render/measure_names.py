"""What the rows of the table of measures are called on a page; files and the command line keep the English names."""

from __future__ import annotations

from attnviz.languages import mark, tr

NAMED = frozenset(
    {
        *(mark("accuracy"), mark("accuracy lost"), mark("mean confidence"), mark("calibration error")),
        *(mark("same label"), mark("probability moved"), mark("largest divergence"), mark("Kendall's tau")),
        *(mark("strongest word over an even share"), mark("entropy over that of even weights")),
        *(mark("comprehensiveness"), mark("sufficiency")),
        *(mark("1 to 100 words"), mark("101 to 200 words"), mark("201 to 400 words"), mark("more than 400 words")),
        *(mark("predicted label, 10 bins of equal width"), mark("predicted label, 15 bins of equal width")),
        *(mark("second label, 10 bins of equal width"), mark("second label, 15 bins of equal width")),
        *(mark("even weights"), mark("shuffled weights"), mark("another text's weights"), mark("reversed weights")),
        *(mark("probability may move by 0.01"), mark("probability may move by 0.05")),
        *(mark("random"), mark("shifted")),
        *(mark("mean"), mark("median"), mark("error")),
    }
)
"""Measures, what they are of, and statistics; names of methods and F1 are the same in every language."""


def name_measured(text: str) -> str:
    """A measure, what it is of or its statistic in the reader's language, if attnviz named it."""
    return tr(text) if text in NAMED else text
