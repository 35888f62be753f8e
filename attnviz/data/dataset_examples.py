"""A few test texts of a data set, to be shown as its examples."""

from __future__ import annotations

import numpy as np

from attnviz.data.datasets import OwnData

MOST, MAX_CHARACTERS = 5, 2_000
_LOOKED_AT = 50


def list_examples(data: OwnData) -> list[str]:
    """One test text of each of the first MOST classes: of a medium length, and not long enough to fill the page."""
    return [text for label in range(min(len(data.about.labels), MOST)) if (text := _pick(data, label))]


def _pick(data: OwnData, label: int) -> str | None:
    places = np.flatnonzero(data.test.labels == label)[:_LOOKED_AT].tolist()
    texts = sorted((data.test.texts[place] for place in places), key=len)
    fitting = [text for text in texts if len(text) <= MAX_CHARACTERS] or texts[:1]
    return fitting[len(fitting) // 2] if fitting else None
