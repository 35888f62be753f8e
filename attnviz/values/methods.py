"""The methods that explain a text: one table, from which everything else that is known of a method derives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import MappingProxyType
from typing import NamedTuple

from attnviz.languages import Message, keep, mark, tr

EXTRAS = "attnviz[extras]"
"""What pip installs the libraries of other authors by."""


class Wording(NamedTuple):
    """What is said of a method, in English.

    Attributes:
        title: what the pages call it.
        score_name: what one of its scores is called.
        help: in a sentence or two, what its scores mean.
        cost: in words, how often the classifier reads the text.
    """

    title: str
    score_name: str
    help: str
    cost: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method that gives each word of a text a score.

    Attributes:
        name: what it is called in code, links and files.
        wording: what is said of it; its parts are attributes of the method, too, in the reader's language.
        signed: whether a score may speak against the label; the scores of the others are shares that sum to 1.
        count_readings: from the number of words to how many texts the classifier reads at most for their scores.
        live: whether it keeps up with somebody who types.
        black_box: whether the classifier's answers are all that it needs, with no look inside.
        needs: the module of the library that computes it; '' for a method of attnviz' own.
    """

    name: str
    wording: Wording
    signed: bool
    count_readings: Callable[[int], int] = lambda words: 1
    live: bool = True
    black_box: bool = False
    needs: str = ""

    @property
    def title(self) -> str:
        """What the pages call it."""
        return tr(self.wording.title)

    @property
    def score_name(self) -> str:
        """What one of its scores is called."""
        return tr(self.wording.score_name)

    @property
    def help(self) -> str:
        """In a sentence or two, what its scores mean."""
        return tr(self.wording.help)

    @property
    def cost(self) -> str:
        """In words, how often the classifier reads the text."""
        return tr(self.wording.cost)

    @property
    def phrase(self) -> str:
        """The title inside a sentence: without a capital letter, but where it is an abbreviation."""
        return self.title if self.title.isupper() else self.title.lower()

    @property
    def is_installed(self) -> bool:
        """Whether the library that it needs is here."""
        return not self.needs or _is_installed(self.needs)

    @property
    def missing(self) -> Message:
        """Why it is not offered, in words that `tr` tells; '' if nothing is in the way."""
        if self.is_installed:
            return Message("")
        return keep("{method} needs the extra: pip install {extra}", method=keep(self.wording.title), extra=EXTRAS)


@cache
def _is_installed(module: str) -> bool:
    return find_spec(module) is not None


LIME_SAMPLES = 1_000
"""How many texts LIME reads, the whole one included; the library's own default of 5,000 takes five times as long."""

SHAP_READINGS = 4_000
"""How many texts SHAP reads at most: enough to share everything out to the single words of a text of some 70."""

_ROWS = (
    Method(
        "attention",
        Wording(
            mark("Attention weights"),
            mark("attention weight"),
            mark("How much of each word was passed on to the decision; the weights of a review sum to 1."),
            mark("reads the text once"),
        ),
        signed=False,
    ),
    Method(
        "gradient",
        Wording(
            mark("Gradient × input"),
            mark("gradient × input"),
            mark(
                "What each word adds to the probability, to first order: the probability's slope at the word's vector, "
                "times that vector. Blue words speak for the label, orange ones against it (Shrikumar et al. 2016)."
            ),
            mark("reads the text once, forwards and backwards"),
        ),
        signed=True,
    ),
    Method(
        "integrated_gradients",
        Wording(
            mark("Integrated gradients"),
            mark("integrated gradient"),
            mark(
                "Each word's share of the probability: its slopes are summed up on the way from a text of "
                "blank words to this one, so the shares add up to the whole difference (Sundararajan et al. 2017)."
            ),
            mark("reads the text 34 times, forwards and backwards"),
        ),
        signed=True,
        count_readings=lambda words: 34,
    ),
    Method(
        "occlusion",
        Wording(
            mark("Leave a word out"),
            mark("change by the word"),
            mark(
                "By how much the probability falls when the network reads the text without this one word; a word "
                "whose meaning others repeat gets little (Li et al. 2016)."
            ),
            mark("reads the text once, and once more for each word"),
        ),
        signed=True,
        count_readings=lambda words: words + 1,
        black_box=True,
    ),
    Method(
        "lime",
        Wording(
            "LIME",
            mark("LIME weight"),
            mark(
                "The weights of a linear model that imitates the network on this text with words left out at random; "
                "how well it does so is said beside them (Ribeiro et al. 2016)."
            ),
            mark("reads the text 1,000 times, with words left out at random"),
        ),
        signed=True,
        count_readings=lambda words: LIME_SAMPLES,
        live=False,
        black_box=True,
        needs="lime",
    ),
    Method(
        "shap",
        Wording(
            "SHAP",
            mark("SHAP value"),
            mark(
                "Each word's share of the difference between the probability with all words and with none: halves of "
                "the text, quarters and ever smaller groups are left out (Lundberg & Lee 2017, partition explainer)."
            ),
            mark("reads the text up to 4,000 times, with groups of words left out"),
        ),
        signed=True,
        count_readings=lambda words: min(SHAP_READINGS, words * (words - 1) + 3),
        live=False,
        black_box=True,
        needs="shap",
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({row.name: row for row in _ROWS})
"""Every method by its name, the best known first, whether its library is here or not."""

SIGNED_METHODS = frozenset(row.name for row in _ROWS if row.signed)
"""Methods whose scores carry a sign; the scores of all others are shares that sum to 1."""

TYPED_METHODS = tuple(row.name for row in _ROWS if row.live)
"""Methods that keep up with typing."""


BLACK_BOX_METHODS = tuple(row.name for row in _ROWS if row.black_box)
"""Methods that any text classifier offers: its answers are all that they need."""


def pick_typed(methods: Iterable[str]) -> tuple[str, ...]:
    """Those of some methods that keep up with typing."""
    return tuple(name for name in methods if name in TYPED_METHODS)


def list_methods(*, attention: bool) -> tuple[str, ...]:
    """The methods that are here for a classifier that can be differentiated, the best known first.

    Args:
        attention: whether it has any.
    """
    return tuple(row.name for row in _ROWS if row.is_installed and (attention or row.name != "attention"))
