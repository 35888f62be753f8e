"""The verdict on a highlight: case by case, and that no part of it is contradicted by the numbers that it tells."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.render.verdict import NOT_SHOWN, PARTLY, TOO_SHORT, YES, describe_kept, describe_trust
from attnviz.values.faithfulness import Compared, Faithfulness, find_better
from attnviz.values.prediction import Prediction
from tests.made import say

GOOD, POOR = Compared(0.3, 0.1, 98, 99), Compared(0.2, 0.1, 60, 99)
LITTLE, MUCH = Compared(0.018, 0.2, 99, 99), Compared(0.36, 0.4, 70, 99)


def measured(
    comprehensiveness: Compared, sufficiency: Compared, words: int = 30, orders: int = 9_999, **agreement: Compared
) -> Faithfulness:
    erased = comprehensiveness, sufficiency
    return Faithfulness("text", words, say(0.9), 1, "attention", "luong", *erased, agreement, orders)


HIGHEST = "without the words with the highest scores the answer"
UNSURE = "which is not shown to be better than chance"


@pytest.mark.parametrize(
    ("needed", "enough", "said"),
    [
        (
            GOOD,
            LITTLE,
            f"{YES}: {HIGHEST} loses 30.0 percentage points, better than 98 of 99 random maps; "
            "they alone keep 98\xa0% of it, better than 99 of 99.",
        ),
        (
            GOOD,
            MUCH,
            f"{PARTLY}: {HIGHEST} loses 30.0 percentage points, better than 98 of 99 random maps; "
            f"they alone keep 60\xa0% of it, better than 70 of 99, {UNSURE}.",
        ),
        (
            POOR,
            LITTLE,
            f"{PARTLY}: {HIGHEST} loses 20.0 percentage points, better than 60 of 99 random maps, {UNSURE}; "
            "they alone keep 98\xa0% of it, better than 99 of 99.",
        ),
        (
            Compared(-0.02, 0.1, 0, 99),
            Compared(-0.02, 0.1, 80, 99),
            f"{NOT_SHOWN}: {HIGHEST} gains 2.0 percentage points, better than none of 99 random maps, and they alone "
            "keep all of it and add 2.0 percentage points, better than 80 of 99; neither is shown to be better than "
            "chance.",
        ),
        (
            Compared(0.004, 0.0, 99, 99),
            MUCH,
            f"{NOT_SHOWN}: {HIGHEST} loses 0.4 percentage points, better than 99 of 99 random maps, but that is "
            f"little; they alone keep 60\xa0% of it, better than 70 of 99, {UNSURE}.",
        ),
    ],
)
def test_the_verdict_tells_each_number_and_its_rank(needed: Compared, enough: Compared, said: str) -> None:
    assert describe_trust(measured(needed, enough)) == said


@pytest.mark.parametrize(
    ("agreement", "end"),
    [
        ({}, "neither is shown to be better than chance."),
        ({"gradient": GOOD, "occlusion": GOOD}, "agrees with that of ‘gradient × input’ and ‘leave a word out’."),
        (
            {"gradient": POOR, "occlusion": POOR},
            "is not shown to agree with that of ‘gradient × input’ and ‘leave a word out’.",
        ),
        (
            {"gradient": POOR, "occlusion": GOOD},
            "agrees with that of ‘leave a word out’ but is not shown to agree with that of ‘gradient × input’.",
        ),
    ],
)
def test_the_verdict_says_which_methods_agree(agreement: dict[str, Compared], end: str) -> None:
    assert describe_trust(measured(POOR, MUCH, **agreement)).endswith(end)


def test_an_order_that_nothing_else_confirms_is_trusted_in_part() -> None:
    assert describe_trust(measured(GOOD, LITTLE, gradient=POOR, occlusion=POOR)).startswith(f"{PARTLY}: without")
    assert describe_trust(measured(GOOD, LITTLE, gradient=POOR, occlusion=GOOD)).startswith(YES)
    occlusion = replace(measured(GOOD, LITTLE, gradient=POOR), method="occlusion")
    assert describe_trust(occlusion).startswith(YES), "it is what the tests do themselves"


def test_two_tests_are_corrected_for() -> None:
    third, fifth, sixth = (Compared(1.0, 0.0, 100 - place, 99) for place in (3, 5, 6))
    best = Compared(1.0, 0.0, 98, 99)
    assert find_better([best, fifth]) == [True, True], "0.02 of 0.025, then 0.05 of 0.05"
    assert find_better([sixth, best]) == [False, True]
    assert find_better([third, third]) == [False, False], "0.03 would be enough for a single test"
    assert find_better([third]) == [True]
    assert find_better([]) == []


def test_the_kind_of_map_that_is_hardest_to_beat_decides() -> None:
    assert Compared(1.0, 0.0, 98, 99, kinds=((49, 49), (49, 50))).chance == 2 / 51
    assert Compared(1.0, 0.0, 98, 99, kinds=((48, 49), (50, 50))).chance == 2 / 50
    assert Compared(1.0, 0.0, 98, 99, kinds=((29, 30), (69, 69))).chance == 0.02, "30 are too few for any test"


def test_a_text_with_few_orders_is_too_short_to_tell_even_if_it_beats_all() -> None:
    best = Compared(0.5, 0.1, 99, 99)
    found = describe_trust(measured(best, best, words=4, orders=12))
    assert found.startswith(f"{TOO_SHORT}: 4 words can be left out in only 12 different ways; without")
    assert found.endswith("neither can be told from chance.")
    assert "with 7 words random maps often pick the same ones" in describe_trust(measured(POOR, MUCH, words=7))


@pytest.mark.parametrize(("words", "said"), [(0, "no word"), (1, "only one word")])
def test_without_two_words_there_is_nothing_to_compare(words: int, said: str) -> None:
    found = describe_trust(Faithfulness("", words, say(None), 1, "attention", "luong"))
    assert found == f"There is {said} to read here, so there is nothing to compare: this needs two words or more."
    assert describe_kept(Faithfulness("", words, say(None), 1, "attention", "luong")) == ""


def test_scores_for_another_label_than_the_answer_say_whose_probability_was_measured() -> None:
    prediction = Prediction(("bad", "fair", "good"), (0.7, 0.2, 0.1))
    found = Faithfulness("text", 30, prediction, 2, "gradient", "stars", GOOD, Compared(0.05, 0.1, 99, 99), {}, 9_999)
    assert "the probability of “good” loses 30.0 percentage points" in describe_trust(found)
    assert "they alone keep 50\xa0% of it" in describe_trust(found)


def draw_numbers(lowest: float, highest: float) -> st.SearchStrategy[Compared]:
    numbers = st.floats(lowest, highest)
    return st.builds(Compared, numbers, numbers, st.integers(0, 99) | st.integers(93, 99), st.just(99))


@settings(max_examples=500)
@given(draw_numbers(-0.5, 0.5), draw_numbers(-0.5, 0.5), draw_numbers(-1, 1), st.sampled_from([12, 30, 120, 9_999]))
def test_no_part_of_a_verdict_is_contradicted_by_its_numbers(
    needed: Compared, enough: Compared, agreement: Compared, orders: int
) -> None:
    found = measured(needed, enough, 30, orders, gradient=agreement)
    said = describe_trust(found)
    ranks = [0 if rank == "none" else int(rank) for rank in re.findall(r"better than (none|\d+) of 99", said)]
    assert ranks == [needed.beaten, enough.beaten]
    assert "does not" not in said, "what was not shown is not denied"
    assert "don't" not in said
    doubted = "is not shown to be better" in said or "neither" in said or "but that is little" in said
    confirmed = "agrees with" in said
    assert said.startswith(YES) == (confirmed and not doubted)
    assert not (said.startswith((NOT_SHOWN, TOO_SHORT)) and not doubted)
    if said.startswith(YES):
        assert needed.value >= 0.01
        assert (min(ranks), max(ranks)) >= (95, 98)
    if kept := re.search(r"they alone keep (\d+)\xa0%", said):
        assert 0.9 - enough.value == pytest.approx(0.9 * int(kept[1]) / 100, abs=0.0091)
    else:
        assert enough.value < 0.0005
    if lost := re.search(r"the answer (loses|gains) ([\d.]+) percentage", said):
        assert needed.value * (1 if lost[1] == "loses" else -1) == pytest.approx(float(lost[2]) / 100, abs=0.00051)
    else:
        assert abs(needed.value) < 0.0005
