"""What the Column lab says of a run is what its figures say."""

from __future__ import annotations

import ast
import re

import pytest

from attnviz.lab.lab_report import describe_repeats, describe_truth, write_script
from attnviz.lab.tasks import TaskSettings
from attnviz.render.html import render_matrix
from attnviz.render.palette import ATTENTION, NEGATIVE, POSITIVE

EVEN = [0.25] * 4
NO_COST = [0.0] * 4


@pytest.mark.parametrize(
    ("score", "accuracy", "said"),
    [
        (0.99, 1.0, "Attention told the truth here: its largest weights stand on the answer in 99% of the cases"),
        (0.70, 1.0, "Attention told half the truth here"),
        (0.30, 1.0, "Attention did not tell the truth here"),
        (0.99, 0.51, "Attention has nothing to tell here: the network did not learn the task (51% right"),
    ],
)
def test_the_verdict_follows_from_score_chance_and_accuracy(score: float, accuracy: float, said: str) -> None:
    sentence = describe_truth("column", score, 0.25, accuracy, 0.5, EVEN, None)
    assert sentence.startswith(said)
    assert "where guessing gives 25%" in sentence


def test_a_column_with_attention_and_no_use_is_named() -> None:
    sentence = describe_truth("column", 1.0, 0.25, 1.0, 0.5, [0.1, 0.55, 0.3, 0.05], [0.0, 0.5, 0.0, 0.0])
    assert sentence.endswith(
        "yet column 2 gets 30% of the attention, although shuffling it costs 0 points of accuracy."
    )


def test_a_column_with_use_and_little_attention_is_named_first() -> None:
    sentence = describe_truth("column", 0.6, 0.5, 1.0, 0.5, [0.3, 0.4, 0.1, 0.2], [0.0, 0.5, 0.48, 0.0])
    assert sentence.endswith(
        "but column 2 gets only 10% of the attention, although shuffling it costs 48 points of accuracy."
    )


def test_repeats_are_a_mean_and_a_deviation() -> None:
    said = describe_repeats([0.8, 1.0], [0.9, 1.0], 1.24)
    assert said.startswith("2 seeds in 1.2 s: truth score 0.90 ± 0.10 (lowest 0.80), accuracy 95.0%.")


def test_the_script_names_every_setting() -> None:
    settings = TaskSettings("xor", seed=9, temperature=0.5)
    call = next(node for node in ast.walk(ast.parse(write_script(settings.to_dict()))) if isinstance(node, ast.Call))
    given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert ast.literal_eval(call.args[0]) == "xor"
    assert given | {"task": "xor"} == settings.to_dict()


def test_a_matrix_is_a_table_whose_strength_is_linear_in_the_number() -> None:
    html = render_matrix([[2.0, -1.0, 0.0]], ["<row>"], ["a", "b", "c"])
    assert re.findall(r"background:(#\w{6})(\w\w)\">([-\d.]+)<", html) == [
        (POSITIVE, "80", "2.000"),
        (NEGATIVE, "40", "-1.000"),
        (POSITIVE, "00", "0.000"),
    ]
    assert "&lt;row&gt;" in html
    assert ATTENTION in render_matrix([[0.5]], [""], signed=False)
    assert "-0.000" not in render_matrix([[-0.00001]], [""])
