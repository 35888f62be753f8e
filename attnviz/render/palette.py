"""The two colour scales, the same on every page and in every figure.

Unsigned scores use one hue; signed scores go from orange (toward negative) through neutral to blue (toward positive),
a pair that stays apart for colour-blind eyes. A background's opacity is linear in the score, and its largest value
leaves the text on it a contrast of more than 4.5 in the light and the dark theme.
"""

from __future__ import annotations

ATTENTION = "#7c5cff"
POSITIVE = "#3b82f6"
NEGATIVE = "#f2851d"

TRAINING = "#8a8f98"
VALIDATION = ATTENTION
PUBLISHED = "#d0812b"

MAX_OPACITY = 0.5
MAX_UNDERLINE = 4
"""Pixels: the second cue, for eyes that do not see the hue."""


def strength(score: float, largest: float) -> float:
    """0 to 1: how strong a score is, as a share of the largest absolute score."""
    return min(abs(score) / largest, 1.0) if largest > 0 else 0.0


def hue(score: float, signed: bool) -> str:
    """The colour of a score's scale."""
    if not signed:
        return ATTENTION
    return POSITIVE if score >= 0 else NEGATIVE
