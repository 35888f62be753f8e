"""The colours of numbers in a figure: linear, with its ends written beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE

NEUTRAL = "#f2f2f5"

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class LinearScale:
    """From `low` to `high`: numbers of both signs symmetrical around 0, others from 0 on.

    Attributes:
        low, high: the numbers that have the colours at the ends.
        signed: whether it diverges from a neutral 0.
    """

    low: float
    high: float
    signed: bool

    @classmethod
    def of(cls, values: Numbers, signed: bool | None = None) -> LinearScale:
        """The scale that holds the finite ones of `values`, of any shape.

        Args:
            signed: whether it diverges, also where nothing is below 0; None: if something is.
        """
        finite = np.asarray(values, np.float64)
        finite = finite[np.isfinite(finite)]
        largest = float(np.abs(finite).max(initial=0.0)) or 1.0
        diverges = bool((finite < 0).any()) if signed is None else signed
        return cls(-largest if diverges else 0.0, largest, diverges)

    def color(self, value: float) -> str:
        """The colour at the end of the scale on the side of `value`."""
        return (POSITIVE if value >= 0 else NEGATIVE) if self.signed else ATTENTION

    def axis(self, title: str = "") -> dict[str, Any]:
        """The scale as Plotly's `coloraxis`, with a labelled bar."""
        ends = [NEGATIVE, NEUTRAL, POSITIVE] if self.signed else [NEUTRAL, ATTENTION]
        places = np.linspace(0, 1, len(ends)).tolist()
        return {
            "cmin": self.low,
            "cmax": self.high,
            "colorscale": list(zip(places, ends, strict=True)),
            "colorbar": {"title": {"text": title, "side": "right"}, "outlinewidth": 0},
        }
