"""What the lessons say of a check, and which prediction it bears out."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import attnviz
from attnviz.lab.lab_results import LabResult, WatchedSamples
from attnviz.lab.lab_run import run_task
from attnviz.lessons.lesson_table import LESSONS, Case, ColumnCase, WordCase
from attnviz.lessons.outcomes import Outcome, judge_column, judge_other_map, judge_word
from attnviz.models.registry import MODELS
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.history import History
from tests.conftest import ROOT
from tests.unit.explained import explain

TEXT = "good film good"


def make_result(weights: list[float]) -> LabResult:
    nothing = np.zeros((0, len(weights)))
    samples = WatchedSamples(nothing, np.zeros(0), nothing.astype(bool))
    history = History({"val_accuracy": [0.5, 0.875]})
    return LabResult(history, np.array([weights[::-1], weights]), nothing, samples, 1.0, 0.25, 0.5, None, 0.25)


def test_the_last_epoch_says_where_the_attention_went() -> None:
    found = judge_column(make_result([0.1, 0.6, 0.2, 0.1]), 1)
    assert found.right == 0
    assert "87.5\xa0% of the held-out samples right" in found.said
    assert "column 1 got 60\xa0% of the attention, the most of all; an even share is 25\xa0%" in found.said


def test_a_column_that_gets_more_than_the_answer_is_named() -> None:
    found = judge_column(make_result([0.1, 0.3, 0.5, 0.1]), 1)
    assert found.right == 1
    assert "column 2 got more, 50\xa0%" in found.said


@pytest.mark.parametrize(("moved", "right"), [(-0.3, 0), (0.3, 0), (0.05, 1)])
def test_a_word_decides_where_the_answer_moves_without_it_either_way(moved: float, right: int) -> None:
    found = judge_word(explain(TEXT, [0.2, 0.7, 0.1]), explain(TEXT, [0.01, moved, 0.02], "occlusion"))
    assert found.right == right
    assert found.said == f"Without “film” the probability moves by {abs(moved):.3f}. No other word moves it by more."


def test_the_word_that_moves_more_is_named() -> None:
    found = judge_word(explain(TEXT, [0.2, 0.7, 0.1]), explain(TEXT, [-0.4, 0.2, 0.02], "occlusion"))
    assert found.said == (
        "Without “film” the probability moves by 0.200. The word that moves it most is “good”, by 0.400."
    )


@pytest.mark.parametrize(("divergence", "right"), [(0.6, 0), (0.2, 1)])
def test_another_map_is_one_that_differs_by_more_than_half_of_what_is_possible(divergence: float, right: int) -> None:
    own = explain(TEXT)
    found = judge_other_map(AdversarialAttention(own, replace(own), 0.01, divergence, (0.2, 0.3, 0.4)))
    assert found.right == right
    assert f"{divergence:.3f} of at most" in found.said


def test_a_single_word_has_no_other_map() -> None:
    assert judge_other_map(AdversarialAttention(explain("good"), None, 0.01)).right == 1


def test_every_case_is_about_a_network_that_ships_and_every_column_case_plants_its_column() -> None:
    for lesson in LESSONS.values():
        for case in lesson.cases:
            if isinstance(case, ColumnCase):
                assert f"olumn {case.settings.attention_column} " in case.said
            else:
                assert "attention" in MODELS[case.model].methods


def test_what_the_teachers_table_says_the_checks_find_is_what_they_find_in_the_networks_that_ship() -> None:
    plan = (ROOT / "docs" / "guides" / "classroom.md").read_text("utf-8")
    for name, lesson in LESSONS.items():
        (cases,) = re.findall(rf"^\| .* \| `/lessons\?lesson={name}` \| (.*) \|$", plan, re.MULTILINE)
        said = re.findall(r": (yes|no)\b", cases)
        assert said == [("yes", "no")[check_shipped(case).right] for case in lesson.cases], name


def check_shipped(case: Case) -> Outcome:
    if isinstance(case, ColumnCase):
        return judge_column(run_task(case.settings), case.settings.attention_column)
    explainer = attnviz.load(case.model)
    if isinstance(case, WordCase):
        return judge_word(explainer.explain(case.text), explainer.explain(case.text, "occlusion"))
    return judge_other_map(explainer.find_adversarial_attention(case.text))
