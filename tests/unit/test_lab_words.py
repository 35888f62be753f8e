"""What the Column lab says of a run is what its figures say."""

from __future__ import annotations

import ast
import re
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.lab.lab_report import LabFigures, Verdict, describe_truth
from attnviz.lab.own_table import OwnTable
from attnviz.lab.repeats_report import describe_repeats
from attnviz.lab.run_script import write_script, write_table_script
from attnviz.lab.tasks import TASKS, TaskSettings
from attnviz.render.html import render_matrix
from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE

FIGURES = LabFigures(
    names=("column 0", "column 1", "column 2", "column 3"),
    answers=(1,),
    moves="",
    planted=True,
    needed=1,
    score=0.99,
    chance=0.25,
    accuracy=1.0,
    guess=0.5,
    attention=(0.1, 0.6, 0.2, 0.1),
    cost=(0.0, 0.5, 0.0, 0.0),
)
EVEN = (0.25, 0.25, 0.25, 0.25)


def describe(**figures: Any) -> Verdict:
    return describe_truth(replace(FIGURES, **figures))


@pytest.mark.parametrize(
    ("figures", "title"),
    [
        ({}, "Attention told the truth here"),
        ({"score": 0.7}, "Attention told half the truth here"),
        ({"score": 0.3, "attention": (0.4, 0.3, 0.2, 0.1)}, "Attention did not tell the truth here"),
        ({"attention": EVEN}, "Attention told half the truth here"),
        ({"accuracy": 0.51}, "The network did not learn the task"),
    ],
)
def test_the_verdict_follows_from_score_chance_attention_and_accuracy(figures: dict[str, Any], title: str) -> None:
    verdict = describe(**figures)
    assert verdict.title == title
    assert "(guessing: 25\xa0%)" in verdict.reason


def test_two_answers_of_which_one_gets_less_than_noise_are_half_the_truth() -> None:
    both = {"answers": (1, 2), "score": 1.0, "chance": 0.5}
    title, reason = describe(**both, attention=(0.12, 0.7, 0.08, 0.1), cost=(0.0, 0.5, 0.001, 0.0))
    assert title == "Attention told half the truth here"
    assert reason.endswith(
        "Column 2 holds the answer but gets only 8\xa0% of the attention (column 0, without the answer, gets 12\xa0%); "
        "shuffling column 2 costs 0.1 points of accuracy."
    )
    assert describe(**both, attention=(0.1, 0.5, 0.3, 0.1)).title == "Attention told the truth here"


@given(
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
    st.sets(st.integers(0, 3), min_size=1, max_size=3),
    st.floats(0, 1),
)
def test_the_truth_is_told_only_where_every_answer_stands_out(
    weights: list[float], answers: set[int], score: float
) -> None:
    attention = [weight / sum(weights) for weight in weights]
    title, _ = describe(attention=attention, answers=tuple(answers), score=score)
    noise = max(attention[place] for place in range(4) if place not in answers)
    if title == "Attention told the truth here":
        assert all(attention[place] > noise for place in answers)
    elif title == "Attention did not tell the truth here":
        assert not any(attention[place] > 1.2 * noise for place in answers)


def test_a_column_with_attention_and_no_use_is_named() -> None:
    said = describe(attention=(0.1, 0.55, 0.3, 0.05)).reason
    assert said.endswith("Column 2 gets 30\xa0% of the attention, but shuffling it changes nothing.")


def test_a_column_with_use_and_little_attention_is_named_first() -> None:
    said = describe(score=0.6, attention=(0.3, 0.5, 0.1, 0.1), cost=(0.0, 0.5, 0.48, 0.0)).reason
    assert said.endswith("Column 2 gets 10\xa0% of the attention, but shuffling it costs 48 points of accuracy.")


def test_without_a_signal_nothing_is_scored() -> None:
    title, reason = describe(answers=(), score=None, chance=None, accuracy=0.498, guess=0.51)
    assert title == "There is no truth to find here"
    assert "the network gets 50\xa0% right, and always the same answer gets 51\xa0%" in reason
    assert reason.endswith("column 1, with 60\xa0% (an even share: 25\xa0%).")


def test_of_a_sequence_is_said_what_moves() -> None:
    moves = TASKS["addition"].moves
    title, reason = describe(answers=(), moves=moves, needed=2, cost=None, chance=0.2)
    assert title == "Attention told the truth here"
    assert reason == (
        "The two marked numbers stand at another step in each sample. Its 2 largest weights stand there in 99\xa0% of "
        "the cases (guessing: 20\xa0%)."
    )


def test_of_a_table_the_use_is_compared() -> None:
    table = {"planted": False, "answers": (), "chance": 0.5, "cost": (0.02, 0.0, 0.3, 0.0)}
    title, reason = describe(**table, score=0.4, attention=(0.1, 0.5, 0.15, 0.25))
    assert title == "Attention did not tell the truth here"
    assert reason == (
        "The network uses column 2 most: shuffling it costs 30 points of accuracy. It gets 15\xa0% of the attention, "
        "rank 3 of 4. Of the pairs of columns that clearly differ in use, attention has 40\xa0% in the right order "
        "(guessing: 50\xa0%)."
    )
    assert describe(**table, score=None).title == "There is nothing to compare here"
    assert describe(**table, score=1.0, accuracy=0.5).title == "The network did not learn the task"


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (0.0004, "changes nothing"),
        (-0.02, "costs no accuracy"),
        (0.004, "costs 0.4 points"),
        (0.48, "costs 48 points"),
    ],
)
def test_a_cost_is_said_as_it_is(cost: float, said: str) -> None:
    assert said in describe(planted=False, answers=(), cost=(cost, -1.0, -1.0, -1.0)).reason


def test_repeats_are_a_mean_and_a_deviation() -> None:
    said = describe_repeats([0.8, 1.0], [0.9, 1.0], 1.24)
    assert said.startswith("2 seeds in 1.2 s: truth score 0.90 ± 0.10 (lowest 0.80), accuracy 95.0\xa0%.")
    assert describe_repeats([None], [0.5], 1.0).startswith("1 seed in 1.0 s: accuracy 50.0\xa0%.")


def test_the_script_names_every_setting() -> None:
    settings = TaskSettings("xor", seed=9, temperature=0.5)
    call = next(node for node in ast.walk(ast.parse(write_script(settings.to_dict()))) if isinstance(node, ast.Call))
    given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert ast.literal_eval(call.args[0]) == "xor"
    assert given | {"task": "xor"} == settings.to_dict()


def test_the_script_of_a_table_names_what_was_read() -> None:
    table = OwnTable("my 'own'.csv", ("a", 'b"'), "kind", "yes\n", 0, b64encode(b"").decode())
    settings = TaskSettings("table", 0, 2, learning_rate=0.01)
    tree = ast.parse(write_table_script(settings.to_dict(), table))
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
    assert [ast.literal_eval(argument) for argument in call.args] == ["my 'own'.csv", "kind"]
    given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert (given["yes"], given["columns"], given["learning_rate"]) == ("yes\n", ["a", 'b"'], 0.01)


def test_a_matrix_is_a_table_whose_strength_is_linear_in_the_number() -> None:
    html = render_matrix([[2.0, -1.0, 0.0]], ["<row>"], ["a", "b", "c"])
    assert re.findall(r"background:(#\w{6})(\w\w);[^\"]*\">([−\d.]+)<", html) == [
        (POSITIVE, "80", "2.000"),
        (NEGATIVE, "40", "−1.000"),
        (POSITIVE, "00", "0.000"),
    ]
    assert "&lt;row&gt;" in html
    assert ATTENTION in render_matrix([[0.5]], [""], signed=False)
    assert "-0.000" not in render_matrix([[-0.00001]], [""])
