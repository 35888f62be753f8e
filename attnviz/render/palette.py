"""The colour scales, the same on every page and in every figure.

Unsigned scores use one hue; signed scores go from orange (toward negative) through neutral to blue (toward positive),
a pair that stays apart for colour-blind eyes. Raw numbers, which speak for no label, have a pair of their own: teal
above 0 and rose below it. A background's opacity is linear in the score, and its largest value
leaves the text on it a contrast of more than 4.5 in the light and the dark theme.
"""

from __future__ import annotations

from attnviz.values.explanation import Explanation

ATTENTION = "#7c5cff"
POSITIVE = "#3b82f6"
NEGATIVE = "#f2851d"

ABOVE = "#0e9384"
BELOW = "#d6417b"

TRAINING = "#8a8f98"
VALIDATION = ATTENTION
PUBLISHED = "#d0812b"

SERIES = (ATTENTION, PUBLISHED, ABOVE, BELOW, POSITIVE, TRAINING)
"""Curves of several runs; a dash and a mark of its own go with each colour."""

HUES = {
    "unsigned": ATTENTION,
    "toward": POSITIVE,
    "against": NEGATIVE,
    "above": ABOVE,
    "below": BELOW,
    "training": TRAINING,
    "validation": VALIDATION,
}
"""The colours as scales.js knows them."""

KEPT = "forced-color-adjust:preserve-parent-color"
"""The style of what means something by its colour: it stays where the system chooses colours, but its text follows."""

MAX_OPACITY = 0.5
MAX_UNDERLINE = 4
"""Pixels: the second cue, for eyes that do not see the hue."""


EVEN_SHARES = 3
"""Attention has its full colour from so many times an even share of it on."""


def get_full_score(explanation: Explanation) -> float:
    """The score that has the full colour: the largest one, and for attention at least EVEN_SHARES times an even share.

    Otherwise weights that hardly differ would look as strong as weights that single out a word.
    """
    largest = float(abs(explanation.scores).max(initial=0.0))
    if explanation.signed or largest == 0:
        return largest
    return max(largest, min(EVEN_SHARES / len(explanation.scores), 1.0))


def get_even_share(explanation: Explanation) -> float | None:
    """What each word would get of attention that prefers none; None of signed scores, which share out nothing."""
    return None if explanation.signed or not explanation.tokens else 1 / len(explanation.tokens)


def strength(score: float, full: float) -> float:
    """0 to 1: how strong a score is, as a share of the one that has the full colour."""
    return min(abs(score) / full, 1.0) if full > 0 else 0.0


def hue(score: float, signed: bool) -> str:
    """The colour of a score's scale."""
    if not signed:
        return ATTENTION
    return POSITIVE if score >= 0 else NEGATIVE
