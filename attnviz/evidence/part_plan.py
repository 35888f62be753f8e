"""Which texts of a corpus are measured, in which parts, and what is measured of which of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.evidence.corpus import Corpus
from attnviz.evidence.corpus_part import Part

PART = 500
"""How many texts are measured together; a part that is broken off is measured again."""

ERASED, ATTACKED = 1_000, 100
"""Of how many texts words are left out, each of them read 10 times a method, and for how many other attention is
searched, which takes as long as 100 texts."""


@dataclass(frozen=True)
class Plan:
    """What is measured.

    Attributes:
        methods: as `choose_methods` gives them.
        texts: how many, drawn from the corpus; None for all.
        seed: of that and of all else that is drawn at random.
        erased, attacked: of how many of them words are left out, and for how many other attention is searched.
        part: how many texts are measured together.
    """

    methods: tuple[str, ...]
    texts: int | None = None
    seed: int = 0
    erased: int = ERASED
    attacked: int = ATTACKED
    part: int = PART

    def __post_init__(self) -> None:
        smallest = {"texts": self.texts, "part": self.part, "seed": self.seed + 1}
        for name, value in smallest.items():
            if value is not None and value < 1:
                raise SettingError(f"{name} must be {0 if name == 'seed' else 1} or more, got {getattr(self, name)}.")


class Parts(Sequence[Part]):
    """The parts of a corpus, made when they are asked for. The order of the texts is drawn at random.

    Args:
        corpus: the texts. plan: how many of them, and so on.
    """

    def __init__(self, corpus: Corpus, plan: Plan) -> None:
        self._corpus, self._size = corpus, plan.part
        count = min(len(corpus), plan.texts or len(corpus))
        self.order: npt.NDArray[np.int64] = np.random.default_rng(plan.seed).permutation(len(corpus))[:count]
        self._erased = spread_evenly(count, plan.erased)
        self._attacked = spread_evenly(count, plan.attacked)

    def __len__(self) -> int:
        return -(-len(self.order) // self._size)

    def __getitem__(self, number):  # type: ignore[no-untyped-def]  # slices are not needed
        number = range(len(self))[number]
        here = slice(number * self._size, (number + 1) * self._size)
        places = self.order[here]
        texts = [self._corpus.texts[place] for place in places]
        answers = self._corpus.answers[places]
        return Part(number, self._corpus.ids[places], texts, answers, self._erased[here], self._attacked[here])

    def count_texts(self, number: int) -> int:
        """How many texts a part has."""
        return min(self._size, len(self.order) - number * self._size)

    def count_all(self, numbers: Iterable[int]) -> int:
        """How many texts some parts have; a number of no part has none."""
        return sum(self.count_texts(number) for number in numbers if number < len(self))


def spread_evenly(count: int, chosen: int) -> npt.NDArray[np.bool_]:
    """(count,) which ones are chosen, as many in each part; all of them if there are not more."""
    mask = np.zeros(count, bool)
    chosen = min(count, chosen)
    mask[np.arange(chosen) * count // max(1, chosen)] = True
    return mask
