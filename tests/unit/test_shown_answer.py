"""A network's answer as the browser draws it."""

from __future__ import annotations

from dataclasses import replace

from attnviz.render.shown_answer import build_answer
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from tests.made import explain_as

GOOD = explain_as("good", [Token("good", 0, 4, 3, True)], [1.0], 0.25)
FOUR = Prediction(("1–2 stars", "3–4 stars", "7–8 stars", "9–10 stars"), (0.1, 0.2, 0.4, 0.3))


def test_of_two_labels_the_explained_one_stands_for_the_answer() -> None:
    answer = build_answer(GOOD)
    assert (answer.texts, answer.predicted, answer.shown) == (("0.750", "0.250"), 0, 1)
    assert answer.name == "probability that the review is positive"
    assert build_answer(replace(GOOD, target=0)).shown == 0


def test_of_more_labels_the_most_probable_one_stands_for_the_answer() -> None:
    answer = build_answer(replace(GOOD, prediction=FOUR, target=3))
    assert (answer.target, answer.predicted, answer.shown) == (3, 2, 2)
    assert answer.texts == ("0.100", "0.200", "0.400", "0.300")
    assert answer.name == "probability of “7–8 stars”"
    assert answer.said == "9–10 stars with probability 0.300"


def test_of_unknown_words_only_there_is_no_verdict() -> None:
    words = [Token("zzyzx", 0, 5, 2, False), Token("good", 6, 10, 3, True)]
    assert build_answer(explain_as("zzyzx", words[:1], [1.0], 0.25)).unknown
    assert not build_answer(explain_as("zzyzx good", words, [0.5, 0.5], 0.25)).unknown
    assert not build_answer(explain_as("?!", (), (), None)).unknown


def test_without_a_word_there_is_no_answer() -> None:
    answer = build_answer(explain_as("?!", (), (), None))
    assert (answer.probabilities, answer.texts, answer.predicted) == (None, (), None)
    assert answer.said.startswith("no answer")
