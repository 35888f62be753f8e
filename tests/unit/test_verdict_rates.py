"""How often maps pass the verdict that should, or should not, over many texts of a network that adds up its words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np

from attnviz.explain.measures import measure_faithfulness
from attnviz.render.verdict import NOT_SHOWN, YES, describe_trust, judge
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import Faithfulness
from attnviz.values.tokens import Token
from tests.made import Rule, explain_as

TEXTS, WORDS, KNOWN = 150, 40, 500
WEIGHTS = np.random.default_rng(1).standard_normal(KNOWN) ** 3


def add_up(row: np.ndarray) -> float:
    return 1 / (1 + np.exp(-WEIGHTS[row].sum() / 5))


class Adder(Rule):
    """Reads a text whose words are numbers."""

    def encode(self, text: str) -> SimpleNamespace:
        return SimpleNamespace(inputs=np.array(text.split(), dtype=np.int32))


ADDER = Adder(add_up)


def measure(explained: Explanation) -> Faithfulness:
    return measure_faithfulness(ADDER, explained, [])


def explain(row: np.ndarray) -> Explanation:
    """By the weights themselves, which is as good as a method can be here."""
    tokens = [Token(str(word), 0, 0, int(word), True) for word in row]
    return explain_as(" ".join(map(str, row)), tokens, WEIGHTS[row], add_up(row), "occlusion")


@cache
def measure_all() -> dict[str, list[Faithfulness]]:
    random = np.random.default_rng(2)
    found: dict[str, list[Faithfulness]] = {"own": [], "reversed": [], "random": [], "shifted": []}
    for row in random.integers(0, KNOWN, (TEXTS, WORDS)):
        own = explain(row)
        moved = np.roll(own.scores, random.integers(1, WORDS))
        for name, scores in zip(found, (own.scores, -own.scores, random.random(WORDS), moved), strict=True):
            found[name].append(measure(replace(own, scores=scores)))
    return found


def count(name: str, *starts: str) -> int:
    return sum(judge(one) in starts for one in measure_all()[name])


def test_maps_that_know_nothing_seldom_pass() -> None:
    for name in ("random", "shifted"):
        assert count(name, YES) <= 0.02 * TEXTS
        assert TEXTS - count(name, NOT_SHOWN) <= 0.08 * TEXTS, "0.05, and what 150 texts leave to chance"


def test_the_best_map_passes_and_its_reverse_does_not() -> None:
    assert count("own", YES) >= 0.9 * TEXTS
    assert count("reversed", NOT_SHOWN) == TEXTS


def test_what_is_said_to_be_kept_and_lost_is_what_was_measured() -> None:
    for one in (one for found in measure_all().values() for one in found):
        said = describe_trust(one)
        assert f"better than {one.comprehensiveness.beaten or 'none'} of 99 random maps" in said
        assert ("alone keep all of it" in said) == (one.sufficiency.value < 0.0005)
        assert ("the answer gains" in said) == (one.comprehensiveness.value <= -0.0005)
