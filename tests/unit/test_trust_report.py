"""The verdict on a highlight and its table, case by case."""

from __future__ import annotations

import re

import pytest

from attnviz.render.html import escape_text
from attnviz.render.trust_report import HELP, describe_trust, render_trust
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import TYPED_METHODS
from attnviz.values.prediction import Prediction
from tests.made import say

GOOD, POOR = Compared(0.5, 0.1, 0.1), Compared(0.2, 0.1, 0.1)
LITTLE, MUCH = Compared(0.1, 0.5, 0.1), Compared(0.4, 0.5, 0.1)


def measured(
    comprehensiveness: Compared, sufficiency: Compared, words: int = 30, **agreement: Compared
) -> Faithfulness:
    return Faithfulness("text", words, say(0.9), 1, "attention", "luong", comprehensiveness, sufficiency, agreement)


@pytest.mark.parametrize(
    ("comprehensiveness", "sufficiency", "verdict"),
    [
        (
            GOOD,
            LITTLE,
            "Yes, as far as these measures go: the answer needs the words with the highest scores, and they alone",
        ),
        (
            GOOD,
            MUCH,
            "Partly: the answer needs the words with the highest scores more than random ones, but they alone",
        ),
        (
            POOR,
            LITTLE,
            "Partly: the words with the highest scores carry the answer better than random ones, but",
        ),
        (
            POOR,
            MUCH,
            "No: for the answer to this text the words with the highest scores matter no more than",
        ),
        (Compared(0.105, 0.1, 0.0), MUCH, "No: "),
        (Compared(-0.5, 0.1, 0.1), Compared(0.9, 0.1, 0.1), "No: "),
    ],
)
def test_the_verdict_compares_with_chance(comprehensiveness: Compared, sufficiency: Compared, verdict: str) -> None:
    found = describe_trust(measured(comprehensiveness, sufficiency))
    assert found.startswith(verdict)
    assert found.endswith(".")


@pytest.mark.parametrize(
    ("agreement", "end"),
    [
        ({}, "random ones."),
        ({"gradient": GOOD, "occlusion": GOOD}, "agrees with that of ‘gradient × input’ and ‘leave a word out’."),
        (
            {"gradient": POOR, "occlusion": POOR},
            "with that of ‘gradient × input’ and ‘leave a word out’.",
        ),
        (
            {"gradient": POOR, "occlusion": GOOD},
            "agrees with that of ‘leave a word out’ but agrees no more than chance would with that of "
            "‘gradient × input’.",
        ),
    ],
)
def test_the_verdict_says_which_methods_agree(agreement: dict[str, Compared], end: str) -> None:
    assert describe_trust(measured(POOR, MUCH, **agreement)).endswith(end)


def test_an_order_that_nothing_else_confirms_is_trusted_in_part() -> None:
    found = describe_trust(measured(GOOD, LITTLE, gradient=POOR, occlusion=POOR))
    assert found.startswith("Partly: the answer needs the words with the highest scores, and they alone carry it")
    assert describe_trust(measured(GOOD, LITTLE, gradient=POOR, occlusion=GOOD)).startswith("Yes, as far as")


def test_a_short_text_is_told_to_be_short() -> None:
    assert describe_trust(measured(POOR, MUCH, words=5)).endswith("random scores often pick the same ones).")


@pytest.mark.parametrize(("words", "said"), [(0, "no word"), (1, "only one word")])
def test_without_two_words_there_is_nothing_to_compare(words: int, said: str) -> None:
    found = describe_trust(Faithfulness("", words, say(None), 1, "attention", "luong"))
    assert found == f"There is {said} to read here, so there is nothing to compare: this needs two words or more."
    assert render_trust(Faithfulness("", words, say(None), 1, "attention", "luong"), "attention") == ""


def test_the_table_has_each_number_beside_that_of_random_scores() -> None:
    html = render_trust(measured(GOOD, Compared(-0.00001, 0.25, 0.0625), gradient=Compared(-0.5, 0, 0.1)), "attention")
    for number in ("<b>0.500</b>", "0.100 ± 0.100", "<b>0.000</b>", "0.250 ± 0.062", "<b>−0.500</b>", ">–<"):
        assert number in html
    for sentence in HELP.values():
        assert escape_text(sentence) in html
    answers = re.findall(r">(yes|no)</td>", html)
    assert answers == ["yes", "yes", "no"], "needed, enough, and the order is another one"


@pytest.mark.parametrize("method", TYPED_METHODS)
def test_before_a_measurement_the_table_keeps_its_place(method: str) -> None:
    html = render_trust(None, method)
    assert html.count('scope="row"') == (4 if method in ("attention", "integrated_gradients") else 3)
    assert "opacity" not in html
    assert "opacity:.45" in render_trust(measured(GOOD, MUCH), method, stale=True)


def test_scores_for_another_label_than_the_answer_say_whose_probability_was_measured() -> None:
    prediction = Prediction(("bad", "fair", "good"), (0.7, 0.2, 0.1))
    found = Faithfulness("text", 30, prediction, 2, "gradient", "stars", GOOD, LITTLE)
    assert describe_trust(found).startswith(
        "Yes, as far as these measures go: the probability of “good” needs the words"
    )
