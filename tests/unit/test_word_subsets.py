"""LIME and SHAP on the words that a classifier reads: what must come out where the answer is known."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attnviz
from attnviz.errors import SettingError
from attnviz.explain.arranging import WordSteps
from attnviz.explain.lime_scores import lime_scores
from attnviz.explain.scoring import Scorer
from attnviz.explain.shap_scores import build_halves, shap_scores
from attnviz.explain.word_subsets import WordSubsets
from attnviz.values.methods import LIME_SAMPLES, METHODS, SHAP_READINGS, TYPED_METHODS, list_methods
from tests.made import Rule

WEIGHTS = np.random.default_rng(3).normal(scale=0.01, size=200)
needs_lime = pytest.mark.skipif(not METHODS["lime"].is_installed, reason=METHODS["lime"].missing)
needs_shap = pytest.mark.skipif(not METHODS["shap"].is_installed, reason=METHODS["shap"].missing)
needs_both = pytest.mark.skipif(
    not (METHODS["lime"].is_installed and METHODS["shap"].is_installed), reason="LIME and SHAP need the extras"
)


def add_up(row: np.ndarray) -> float:
    return 0.5 + WEIGHTS[row].sum()


def ask(words: int, positive: Callable[[np.ndarray], float] = add_up, target: int | None = 1) -> WordSubsets:
    """A text of different words, of which a rule makes a probability."""
    return WordSubsets(np.arange(words, dtype=np.int32), Rule(positive).predict, target)


def test_a_classifier_reads_exactly_the_words_that_are_kept() -> None:
    words = ask(4)
    kept = np.array([[True, False, True, False], [False] * 4])
    np.testing.assert_allclose(words.read(kept), [add_up(np.array([0, 2])), 0.5])
    assert words.readings == 3
    assert words.probabilities[1] == pytest.approx(add_up(np.arange(4)))


def test_the_predicted_label_is_explained_if_none_is_named() -> None:
    assert ask(3, lambda row: 0.9, None).target == 1
    assert ask(3, lambda row: 0.1, None).target == 0


@pytest.mark.parametrize("words", [1, 2, 3, 7, 8, 20, 200])
def test_each_group_of_neighbours_joins_two_earlier_ones_and_the_last_is_the_text(words: int) -> None:
    members = {place: [place] for place in range(words)}
    for number, (one, two, _, size) in enumerate(build_halves(words)):
        joined = members.pop(int(one)) + members.pop(int(two))
        assert joined == list(range(joined[0], joined[-1] + 1)), "in the order of the text"
        assert len(joined) == size
        members[words + number] = joined
    assert list(members.values()) == [list(range(words))]


def test_an_answer_that_is_no_number_is_refused_in_words() -> None:
    words = ask(3, lambda row: 0.5 if len(row) else float("nan"))
    with pytest.raises(SettingError, match="without some of its words with what is no number"):
        words.read(np.zeros((1, 3), dtype=bool))


@needs_shap
def test_words_of_several_steps_are_left_out_as_a_whole() -> None:
    row = WordSteps([1, 2, 3, 4, 5], [0, 2, 2, 5])
    found = shap_scores(WordSubsets(row, Rule(lambda steps: 0.1 * len(steps.ids)).predict, 1))
    np.testing.assert_allclose(found.scores, [0.2, 0.0, 0.3], atol=1e-6)


@needs_shap
@pytest.mark.parametrize("words", [1, 2, 5, 31, 64])
def test_shap_gives_each_word_of_a_sum_exactly_its_own_part(words: int) -> None:
    found = shap_scores(ask(words))
    np.testing.assert_allclose(found.scores, WEIGHTS[:words], atol=1e-7)
    assert abs(found.gap) < 1e-9
    assert found.readings < SHAP_READINGS - 1


@needs_shap
def test_shap_values_of_a_long_text_add_up_although_not_all_groups_are_taken_apart() -> None:
    found = shap_scores(ask(200))
    assert found.scores.sum() == pytest.approx(WEIGHTS.sum(), abs=1e-6)
    assert SHAP_READINGS - 1 <= found.readings <= SHAP_READINGS


@needs_shap
def test_two_words_that_only_work_together_share_what_they_do_and_the_others_get_nothing() -> None:
    found = shap_scores(ask(6, lambda row: 0.9 if {1, 4} <= set(row) else 0.3))
    np.testing.assert_allclose(found.scores, [0, 0.3, 0, 0, 0.3, 0], atol=1e-6)


@needs_shap
@settings(max_examples=30)
@given(st.lists(st.floats(0, 1, width=32), min_size=4, max_size=4))
def test_shap_values_of_two_words_are_means_over_both_orders(values: list[float]) -> None:
    none, first, second, both = values
    table = {(): none, (0,): first, (1,): second, (0, 1): both}
    found = shap_scores(ask(2, lambda row: table[tuple(row.tolist())]))
    expected = [(first - none + both - second) / 2, (second - none + both - first) / 2]
    np.testing.assert_allclose(found.scores, expected, atol=1e-6)


@needs_lime
@pytest.mark.parametrize("words", [8, 20, 200])
def test_lime_comes_close_to_the_parts_of_a_sum(words: int) -> None:
    found = lime_scores(ask(words))
    np.testing.assert_allclose(found.scores, WEIGHTS[:words], atol=0.05 * np.abs(WEIGHTS[:words]).max())
    assert 0.99 < found.r_squared <= 1
    assert found.readings == LIME_SAMPLES


@needs_lime
def test_lime_says_when_no_sum_imitates_the_classifier() -> None:
    assert lime_scores(ask(12, lambda row: float(len(row) % 2))).r_squared < 0.3


@needs_both
@pytest.mark.parametrize("score", [lime_scores, shap_scores])
def test_scores_are_the_same_each_time_and_nobody_else_s_random_numbers_change(score: Callable) -> None:
    np.random.seed(4)
    expected = np.random.random(3)
    np.random.seed(4)
    first = score(ask(90))
    assert np.random.random(3).tolist() == expected.tolist()
    np.testing.assert_array_equal(score(ask(90)).scores, first.scores)


@needs_both
@pytest.mark.parametrize("score", [lime_scores, shap_scores])
def test_a_repeated_word_is_told_apart_by_its_place(score: Callable) -> None:
    words = WordSubsets(
        np.array([7, 8, 7], np.int32), Rule(lambda row: 0.9 if row[:2].tolist() == [7, 8] else 0.2).predict, 1
    )
    found = score(words)
    assert found.scores[0] > found.scores[2] + 0.1


@needs_both
@pytest.mark.parametrize("method", ["lime", "shap"])
def test_what_speaks_for_one_of_two_labels_speaks_against_the_other(method: str) -> None:
    classifier = Rule(add_up)
    classifier.supports = lambda name: True
    rows = [np.arange(9, dtype=np.int32), np.zeros(0, np.int32)]
    (for_it, empty), (against, _) = (Scorer(classifier).score(method, rows, target) for target in (1, 0))
    np.testing.assert_allclose(for_it.scores, -against.scores, atol=1e-9)
    assert (empty.probabilities, len(empty.scores), empty.readings) == (None, 0, None)


def test_a_method_whose_library_is_not_here_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attnviz.values.methods._is_installed", lambda module: False)
    scorer = Scorer(Rule(add_up))
    with pytest.raises(SettingError, match=r"^SHAP needs the extra: pip install attnviz\[extras\]\.$"):
        scorer.check("shap")
    assert list_methods(attention=True) == TYPED_METHODS


@needs_both
def test_a_network_is_explained_by_both_in_what_it_says_of_shortened_texts(tiny_library: Path) -> None:
    explainer = attnviz.load(tiny_library / "bilstm")
    assert explainer.methods == ("gradient", "integrated_gradients", "occlusion", "lime", "shap")
    words = random.Random(1).sample(["the", "great", "film", "was", "dull", "and", "lovely", "story"], 8)
    text = " ".join(words)
    lime, shap = explainer.explain(text, "lime"), explainer.explain(text, "shap")
    probabilities = explainer.predict_texts([text])[0]
    assert lime.prediction.probabilities == pytest.approx(probabilities, abs=1e-6)
    blank = explainer.classifier.predict([np.zeros(0, np.int32)])[0, 1]
    assert shap.scores.sum() == pytest.approx(probabilities[1] - blank, abs=1e-5)
    assert shap.gap == pytest.approx(0, abs=1e-5)
    assert 0 < lime.r_squared <= 1
    assert attnviz.Explanation.from_dict(lime.to_dict()).to_dict() == lime.to_dict()
