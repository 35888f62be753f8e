"""The texts that a search for attention asks about: other words in the same places, and shares of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from attnviz.errors import SettingError
from attnviz.graph.distributions import are_choices, are_shares, measure_entropy
from attnviz.graph.text_variants import shorten, to_arrays, with_other_words


@given(arrays(np.int32, (3, 7), elements=st.integers(0, 9)))
def test_other_words_leave_the_padding_where_it_was(ids: np.ndarray) -> None:
    (changed,) = with_other_words([ids])
    followed = np.roll(ids, -1, axis=0)
    for row, other, new in zip(ids, followed, changed, strict=True):
        if (other != 0).any():
            np.testing.assert_array_equal(new != 0, row != 0)
            assert set(new[new != 0]) <= set(other[other != 0])
        else:
            np.testing.assert_array_equal(new, row)


@given(st.lists(st.text(), min_size=2, max_size=4), st.booleans())
def test_other_texts_are_as_long(texts: list[str], as_bytes: bool) -> None:
    given_texts = np.array([text.encode("utf-8", "replace") if as_bytes else text for text in texts], object)[:, None]
    (changed,) = with_other_words([given_texts])
    for text, other, new in zip(given_texts[:, 0], np.roll(given_texts[:, 0], -1), changed[:, 0], strict=True):
        assert type(new) is type(text)
        assert len(new.split()) == len(text.split()) or not other.split()


def test_vectors_come_from_the_next_text_and_only_numbers_are_shortened() -> None:
    vectors, texts = np.random.default_rng(0).random((2, 5, 3)), np.array([["a b"], ["c"]], object)
    changed, _ = with_other_words([vectors, texts])
    np.testing.assert_array_equal(changed, vectors[::-1])
    assert [array.shape for array in shorten([vectors, texts, np.ones((2, 1))])] == [(2, 4, 3), (2, 1), (2, 1)]


@pytest.mark.parametrize("x", [[], [np.ones((1, 3))], [np.ones(()), np.ones(())], [np.ones((2, 3)), np.ones((3, 3))]])
def test_two_texts_are_needed(x: list[Any]) -> None:
    with pytest.raises(SettingError, match="two texts or more"):
        to_arrays(x)


@given(arrays(np.float64, (2, 3, 5), elements=st.floats(-20, 20)))
def test_a_softmax_is_shares_and_its_entropy_is_between_0_and_1(scores: np.ndarray) -> None:
    shares = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    assert are_shares(shares, 2, 1e-3)
    assert -1e-9 <= measure_entropy(shares, 2) <= 1 + 1e-9
    assert not are_shares(shares * 1.1, 2, 1e-3)
    assert not are_shares(-shares, 2, 1e-3)


def test_the_entropy_of_even_weights_is_1_whatever_a_mask_leaves() -> None:
    even = np.array([[0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0, 0]])
    assert measure_entropy(even, 1) == pytest.approx(1)
    assert measure_entropy(np.eye(4)[:2], 1) == 0
    assert are_choices(np.eye(4))
    assert not are_choices(even)


def test_queries_of_padding_may_have_no_weights() -> None:
    weights = np.array([[[0.2, 0.8], [0, 0]], [[0.5, 0.5], [1, 0]]])
    assert are_shares(weights, 2, 1e-3)
    assert not are_shares(np.zeros((2, 2)), 1, 1e-3)
    assert not are_shares(np.zeros((2, 0)), 1, 1e-3)
