"""Filters and orders over reviews that a network has read, on five reviews worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.data.browsing import (
    ORDERS,
    Filter,
    ReviewTable,
    compute_accuracy,
    find_read_word,
    find_reviews,
    find_words,
)
from attnviz.data.imdb import Split, Texts, load_imdb
from attnviz.data.review_answers import get_answers
from attnviz.errors import UnknownNameError
from attnviz.text.vocabulary import Vocabulary
from attnviz.text.words import words
from attnviz.values.prediction import SENTIMENT, STARS


def build_table(labels: tuple[str, ...], true_labels: list[int], probabilities: list) -> ReviewTable:
    """Five reviews at most."""
    count = len(true_labels)
    return ReviewTable(
        labels=labels,
        true_labels=np.array(true_labels, dtype=np.int8),
        ratings=np.array([10, 7, 1, 4, 9], dtype=np.int8)[:count],
        lengths=np.array([120, 50, 300, 50, 0])[:count],
        probabilities=np.array(probabilities, dtype=np.float32),
    )


def with_rest(positive: list[float]) -> list[list[float]]:
    return [[1 - probability, probability] for probability in positive]


TABLE = build_table(SENTIMENT, [1, 1, 0, 0, 1], with_rest([0.9, 0.25, 0.5, 0.0, np.nan]))
"""Right, wrong, wrong (0.5 counts as positive), right and certain, and one without a word."""


def find(order: str = "Order of the data set", **chosen: object) -> list[int]:
    return find_reviews(TABLE, Filter(**chosen), order).tolist()


def test_loss_is_minus_the_logarithm_of_what_the_right_answer_got() -> None:
    expected = [-np.log(0.9), -np.log(0.25), -np.log(0.5), 0.0]
    np.testing.assert_allclose(TABLE.loss[:4], expected, atol=1e-7)


def test_the_loss_of_a_certain_wrong_answer_is_finite() -> None:
    table = build_table(SENTIMENT, [1, 0], with_rest([0.0, 1.0]))
    np.testing.assert_allclose(table.loss, [-np.log(1e-7)] * 2)


def test_confidence_is_the_distance_from_undecided() -> None:
    np.testing.assert_allclose(TABLE.confidence[:4], [0.8, 0.5, 0.0, 1.0], atol=1e-6)


STARS_TABLE = build_table(
    STARS,
    [3, 0, 1, 2],
    [[0.1, 0.1, 0.2, 0.6], [0.25, 0.25, 0.25, 0.25], [0.0, 1.0, 0.0, 0.0], [0.4, 0.4, 0.2, 0.0]],
)
"""Right; undecided, so that the last label counts; right and certain; wrong, and two labels before the right one."""


def test_of_several_labels_the_most_probable_one_is_the_answer() -> None:
    assert STARS_TABLE.predicted.tolist() == [3, 3, 1, 1]
    assert STARS_TABLE.right.tolist() == [True, False, True, False]
    assert compute_accuracy(STARS_TABLE, np.arange(4)) == 0.5


def test_confidence_and_loss_of_several_labels() -> None:
    np.testing.assert_allclose(STARS_TABLE.confidence, [(0.6 - 0.25) / 0.75, 0, 1, (0.4 - 0.25) / 0.75], atol=1e-6)
    np.testing.assert_allclose(STARS_TABLE.loss, -np.log([0.6, 0.25, 1.0, 0.2]), atol=1e-6)


def test_reviews_are_filtered_by_any_label() -> None:
    assert find_reviews(STARS_TABLE, Filter(label="1-2 stars")).tolist() == [1]
    assert find_reviews(STARS_TABLE, Filter(label="9-10 stars", answer="right")).tolist() == [0]
    with pytest.raises(UnknownNameError, match=r"'positive'\. Valid names: all, 1-2 stars, 3-4 stars"):
        find_reviews(STARS_TABLE, Filter(label="positive"))


def test_each_review_has_its_label_by_sentiment_or_stars(archive: Path) -> None:
    split = replace(load_imdb(download=False).test, ratings=np.arange(1, 11), labels=np.arange(10) > 5)
    assert get_answers(split, "stars")[[0, 1, 2, 3, 6, 7, 8, 9]].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert get_answers(split, "sentiment").tolist() == [0] * 6 + [1] * 4


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=5))
def test_for_two_labels_confidence_is_the_distance_from_a_half(positive: list[float]) -> None:
    table = build_table(SENTIMENT, [1] * len(positive), with_rest(positive))
    np.testing.assert_allclose(table.confidence, np.abs(np.array(positive) - 0.5) * 2, atol=1e-6)
    assert table.right.tolist() == [probability >= np.float32(1 - probability) for probability in positive]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"answer": "right"}, [0, 3]),
        ({"answer": "wrong"}, [1, 2]),
        ({"label": "positive"}, [0, 1]),
        ({"label": "negative"}, [2, 3]),
        ({"answer": "wrong", "label": "negative"}, [2]),
        ({"confidence": (0.0, 0.5)}, [1, 2]),
        ({"confidence": (0.5, 1.0)}, [0, 1, 3]),
        ({"lengths": (50, 120)}, [0, 1, 3]),
        ({"lengths": (121, 299)}, []),
        ({"ratings": (1, 7)}, [1, 2]),
    ],
)
def test_each_filter_lists_what_it_says(chosen: dict[str, object], expected: list[int]) -> None:
    assert find(**chosen) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("Loss, highest first", [1, 2, 0, 3]),
        ("Loss, lowest first", [3, 0, 2, 1]),
        ("Most confident first", [3, 0, 1, 2]),
        ("Least confident first", [2, 1, 0, 3]),
        ("Longest first", [2, 0, 1, 3]),
        ("Shortest first", [1, 3, 0, 2]),
        ("Order of the data set", [0, 1, 2, 3]),
    ],
)
def test_each_order_puts_them_as_it_says(order: str, expected: list[int]) -> None:
    assert find(order) == expected


def test_every_order_was_tried() -> None:
    assert len(ORDERS) == 7


def test_a_further_condition_is_met_too() -> None:
    also = np.array([True, False, True, True, True])
    assert find_reviews(TABLE, Filter(answer="wrong"), also=also).tolist() == [2]


@pytest.mark.parametrize("wrong", [{"answer": "maybe"}, {"label": "maybe"}, {"order": "maybe"}])
def test_an_unknown_name_lists_those_that_there_are(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownNameError, match="'maybe'"):
        find(**wrong)


def test_accuracy_is_that_of_the_chosen_reviews() -> None:
    assert compute_accuracy(TABLE, np.array([0, 1, 2, 3])) == 0.5
    assert compute_accuracy(TABLE, np.array([1])) == 0.0
    assert compute_accuracy(TABLE, np.array([], dtype=np.int64)) is None


def build_split(texts: list[str], vocabulary: Vocabulary) -> Split:
    """A split of these texts as the cache would hold it."""
    encoded, ids = [text.encode() for text in texts], [vocabulary.encode(text) for text in texts]
    return Split(
        Texts(
            np.frombuffer(b"".join(encoded), dtype=np.uint8),
            np.cumsum([0, *map(len, encoded)]),
        ),
        np.ones(len(texts), dtype=np.int8),
        np.full(len(texts), 10, dtype=np.int8),
        np.concatenate([np.zeros(0, dtype=np.int32), *ids]),
        np.cumsum([0, *map(len, ids)]),
    )


VOCABULARY = Vocabulary(("<pad>", "<start>", "<unknown>", "great", "film", "don't"))
TEXTS = [
    "A GREAT film<br />",
    "greatly filmed",
    "",
    "Don't; great!",
    "ein schöner Film",
    "SCHÖNER film, great",
    "Isn’t it a scho\u0308ner…",
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("great", [0, 3, 5]),
        ("Great,", [0, 3, 5]),
        ("don't", [3]),
        ("film", [0, 4, 5]),
        ("Schöner", [4, 5, 6]),
        ("isn't", [6]),
        ("isn’t", [6]),
        ("greatly", [1]),
        ("great film", [0, 5]),
        ("schöner great", [5]),
        ("br", []),
        ("absent", []),
        (" ?! ", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_reviews_are_found_by_whole_words_in_any_case(query: str, expected: list[int]) -> None:
    assert np.flatnonzero(find_words(build_split(TEXTS, VOCABULARY), VOCABULARY, query)).tolist() == expected


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=6), st.text(max_size=5))
def test_a_search_finds_what_reading_every_word_would(texts: list[str], query: str) -> None:
    asked = set(words(query))
    expected = [asked <= set(words(text)) for text in texts]
    assert find_words(build_split(texts, VOCABULARY), VOCABULARY, query).tolist() == expected


def test_the_small_archive_is_searched_by_its_word_ids(archive: Path) -> None:
    data = load_imdb(download=False)
    expected = ["wonderful" in words(text) for text in data.test.texts]
    assert 0 < sum(expected) < len(expected)
    assert find_words(data.test, data.vocabulary, "Wonderful").tolist() == expected


def test_a_word_is_found_where_a_network_reads_it() -> None:
    split = build_split(TEXTS, VOCABULARY)
    for word in VOCABULARY[3:]:
        for steps in (1, 2, 100):
            expected = [index for index, text in enumerate(TEXTS) if word in words(text)[-steps:]]
            assert np.flatnonzero(find_read_word(split, VOCABULARY, word, steps)).tolist() == expected
