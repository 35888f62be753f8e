"""What is said of a liar and of the network that it imitates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from attnviz.render.liar_report import ControlPoint, describe_liars, describe_pair, measure_moved, plot_controls
from attnviz.values.explanation import Explanation
from attnviz.values.prediction import SENTIMENT, Prediction
from attnviz.values.tokens import Token

WORDS = ("a", "fine", "film")
OWN = Explanation(
    text=" ".join(WORDS),
    tokens=[Token(word, 0, len(word), number + 3, True) for number, word in enumerate(WORDS)],
    scores=np.array([0.2, 0.5, 0.3]),
    target=1,
    prediction=Prediction(SENTIMENT, (0.1, 0.9)),
    method="attention",
    model="word-additive",
)
LIAR = replace(OWN, model="liar", scores=np.array([0.6, 0.1, 0.3]), prediction=Prediction(SENTIMENT, (0.2, 0.8)))
SEED = ControlPoint("another seed", False, 0.02, 0.95, 0.886, 2)


def test_the_moved_share_is_what_would_have_to_be_put_on_other_words() -> None:
    assert measure_moved(OWN, LIAR) == pytest.approx(0.4)
    assert measure_moved(OWN, OWN) == 0


def test_the_sentence_has_both_answers_and_the_moved_share() -> None:
    said = describe_pair(OWN, LIAR)
    assert "word-additive: positive with probability 0.90" in said
    assert "That is the same answer, and 40\xa0% of the attention lies on other words." in said
    other = replace(LIAR, prediction=Prediction(SENTIMENT, (0.7, 0.3)))
    assert "another answer" in describe_pair(OWN, other)


def test_a_text_without_words_is_told() -> None:
    nothing = replace(OWN, tokens=[], scores=np.zeros(0), prediction=Prediction(SENTIMENT, None))
    assert describe_pair(nothing, nothing) == "There is no word to read here."


def test_the_liar_with_the_most_answers_and_the_one_furthest_away_are_named() -> None:
    liars = [ControlPoint("λ 0.1", True, 0.17, 0.92, 0.85, 3), ControlPoint("λ 1", True, 0.2, 0.8, 0.76, 3)]
    said = describe_liars("word-additive", [SEED, *liars])
    assert "With another seed, word-additive gives 95.0\xa0% of the test reviews the same answer" in said
    assert (
        "λ 0.1 gives 92.0\xa0% the same answer with weights 0.170 apart; λ 1 gets 0.200 apart, but only 80.0\xa0%"
        in said
    )


def test_liars_that_stay_near_are_said_to() -> None:
    near = ControlPoint("λ 0", True, 0.01, 0.97, 0.88, 3)
    assert describe_liars("word-additive", [SEED, near]).endswith("No liar gets further away.")
    assert describe_liars("word-additive", [near]) == ""


def test_the_figure_has_every_point_at_its_place() -> None:
    liars = [ControlPoint("λ 0.1", True, 0.17, 0.92, 0.85, 3), ControlPoint("λ 1", True, 0.2, 0.8, 0.76, 3)]
    one, two = plot_controls([SEED, *liars]).data
    assert (list(one.x), list(one.y), list(one.text)) == ([0.17, 0.2], [92, 80], ["λ 0.1", "λ 1"])
    assert (list(two.x), list(two.text)) == ([0.02], ["another seed"])
