"""How far scores name marked words: against scikit-learn where it is installed, SciPy, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.evidence.plausibility import measure_chance, measure_overlap, score_places


@st.composite
def marked_scores(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Scores with ties, and marks of which some are set and some are not."""
    words = draw(st.integers(2, 40))
    scores = draw(st.lists(st.integers(-5, 5), min_size=words, max_size=words))
    marked = draw(st.sets(st.integers(0, words - 1), min_size=1, max_size=words - 1))
    return np.array(scores, np.float64), np.isin(np.arange(words), list(marked))


@given(marked_scores())
def test_the_area_is_that_of_scikit_learn(made: tuple[np.ndarray, np.ndarray]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    scores, marks = made
    precision, recall, _ = metrics.precision_recall_curve(marks, np.abs(scores))
    assert measure_overlap(scores, marks).auprc == pytest.approx(metrics.auc(recall, precision))


@given(marked_scores())
def test_tau_is_that_of_scipy(made: tuple[np.ndarray, np.ndarray]) -> None:
    stats = pytest.importorskip("scipy.stats")
    scores, marks = made
    tau = measure_overlap(scores, marks).tau
    expected = stats.kendalltau(np.abs(scores), marks).statistic
    assert (tau is None) == bool(np.isnan(expected))
    assert tau is None or tau == pytest.approx(expected)


@given(marked_scores(), st.integers(0, 99))
def test_without_ties_precision_and_overlap_count_words(made: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    marks = made[1]
    scores = np.random.default_rng(seed).permutation(len(marks)) + 1.0
    highest = set(np.argsort(-scores)[: marks.sum()].tolist())
    own = set(np.flatnonzero(marks).tolist())
    found = measure_overlap(scores, marks)
    assert found.precision == pytest.approx(len(highest & own) / len(own))
    assert found.iou == pytest.approx(len(highest & own) / len(highest | own))


def test_equal_scores_get_what_chance_gets() -> None:
    marks = np.array([True, False, False, False])
    found = measure_overlap(np.ones(4), marks)
    assert (found.precision, found.tau) == (0.25, None)
    assert measure_chance(marks).precision == pytest.approx(0.25, abs=0.1)
    assert measure_chance(marks) == measure_chance(marks)


def test_the_sign_of_a_score_is_left_aside() -> None:
    marks = np.array([True, False, False])
    assert measure_overlap(np.array([-3.0, 1, 2]), marks) == measure_overlap(np.array([3.0, 1, 2]), marks)
    assert measure_overlap(np.array([-3.0, 1, 2]), marks).precision == 1


def test_late_marks_are_found_by_their_place_alone() -> None:
    marks = np.array([False] * 8 + [True] * 2)
    assert measure_overlap(score_places(10), marks).auprc == 1
    assert measure_overlap(score_places(10), marks[::-1]).precision == 0


@pytest.mark.parametrize("marks", [[False, False], [True, True]])
def test_with_nothing_to_find_there_is_no_overlap(marks: list[bool]) -> None:
    with pytest.raises(SettingError, match="Mark at least one word"):
        measure_overlap(np.ones(2), np.array(marks))


def test_scores_of_other_words_are_refused() -> None:
    with pytest.raises(SettingError, match="as many scores"):
        measure_overlap(np.ones(3), np.array([True, False]))
