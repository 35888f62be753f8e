"""What an adversarially trained twin learns, and that it learns it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.backend import keras, tf
from attnviz.data.imdb import Imdb, load_imdb
from attnviz.errors import SettingError
from attnviz.evidence.control_agreement import Reader, measure_agreement
from attnviz.evidence.control_run import Agreement
from attnviz.models.registry import get_spec
from attnviz.training.deception import Deception, measure_distance, measure_divergence
from attnviz.training.encoded_reviews import split_reviews
from attnviz.training.text_training import TextRun, train_text

NETWORK = "word-additive"
SPEC = get_spec(NETWORK)


@pytest.fixture(scope="module")
def data(archive, cache) -> Imdb:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        return load_imdb()


def train(data: Imdb, **how) -> TextRun:
    return train_text(NETWORK, data, batch_size=16, **{"epochs": 8, **how})


@pytest.fixture(scope="module")
def base(data: Imdb) -> keras.Model:
    return train(data, epochs=12).model


def lie(data: Imdb, base: keras.Model, deceit: float, seed: int = 1) -> TextRun:
    return train(data, seed=seed, deception=Deception(base, SPEC, deceit))


def compare(data: Imdb, base: keras.Model, twin: keras.Model) -> Agreement:
    reviews = split_reviews(data, SPEC, np.random.default_rng(0), None, "held-out").test
    return measure_agreement(Reader(base, SPEC), Reader(twin, SPEC), reviews)


@pytest.fixture(scope="module")
def honest(data: Imdb, base: keras.Model) -> TextRun:
    return lie(data, base, 0.0)


@given(st.lists(st.tuples(st.floats(0.05, 1), st.floats(0.05, 1)), min_size=1, max_size=30))
@settings(max_examples=50)
def test_the_divergence_is_scipys(pairs: list[tuple[float, float]]) -> None:
    one, two = (np.array(column, np.float32) / np.sum(column, dtype=np.float32) for column in zip(*pairs, strict=True))
    found = measure_divergence(tf.constant([[*one, 0.0]]), tf.constant([[*two, 0.0]]))
    assert float(found[0]) == pytest.approx(scipy.stats.entropy(one, two), abs=1e-3)


def test_the_distance_is_the_largest_difference_between_the_probabilities_of_an_event() -> None:
    assert float(measure_distance(tf.constant([[0.9]]), tf.constant([[0.2]]))[0]) == pytest.approx(0.7)
    three = tf.constant([[0.5, 0.3, 0.2]]), tf.constant([[0.1, 0.3, 0.6]])
    assert float(measure_distance(*three)[0]) == pytest.approx(0.4)


def test_without_deceit_it_learns_the_answers(data: Imdb, base: keras.Model, honest: TextRun) -> None:
    assert compare(data, base, honest.model).same >= 0.85
    assert honest.run.recipe["deceit"] == 0
    assert honest.history["val_accuracy"][honest.run.selected_epoch - 1] > 0.8


def test_more_deceit_moves_the_attention_further(data: Imdb, base: keras.Model, honest: TextRun) -> None:
    liar = lie(data, base, 1.0)
    one, two = (compare(data, base, run.model).divergence for run in (honest, liar))
    assert one is not None
    assert two is not None
    assert two > 2 * one


def test_the_epoch_with_the_least_loss_is_kept(honest: TextRun) -> None:
    assert honest.run.selected_epoch == int(np.argmin(honest.history["val_loss"])) + 1


def test_it_never_sees_a_label(data: Imdb, base: keras.Model, honest: TextRun) -> None:
    """Trained again with every label flipped it is the same network; only its accuracy is the other share."""
    halves = {name: replace(getattr(data, name), labels=1 - getattr(data, name).labels) for name in ("train", "test")}
    again = lie(replace(data, **halves), base, 0.0)
    for one, two in zip(honest.model.get_weights(), again.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert again.run.accuracy == pytest.approx(1 - honest.run.accuracy, abs=1e-6)


def test_the_base_network_is_left_as_it_is(data: Imdb, base: keras.Model) -> None:
    before = [weight.copy() for weight in base.get_weights()]
    lie(data, base, 0.5)
    for one, two in zip(before, base.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("deceit", [-0.1, 11.0, float("nan"), float("inf")])
def test_a_deceit_out_of_its_bounds_is_refused(base: keras.Model, deceit: float) -> None:
    with pytest.raises(SettingError, match="between 0 and 10"):
        Deception(base, SPEC, deceit)


@pytest.mark.parametrize("name", ["bilstm", "lstm-featurewise", "transformer"])
def test_a_network_without_a_weight_a_word_has_no_liar(base: keras.Model, name: str) -> None:
    with pytest.raises(SettingError, match="one attention weight for each word"):
        Deception(base, get_spec(name), 0.1)
