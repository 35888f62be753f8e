"""The words that a network lives on, added up over texts and parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from attnviz.evidence.corpus_part import Part
from attnviz.evidence.part_reading import PartReading
from attnviz.evidence.word_use import PREFIX, add_up, measure_words, split_columns
from attnviz.explain.text_reader import Encoded

VOCABULARY = ("<pad>", "<start>", "<unknown>", "good", "film", "bad")


def read(rows: list[list[int]], predicted: list[int], scores: dict[str, list[list[float]]]) -> PartReading:
    encoded = [Encoded((), np.array(row, np.int32), 0) for row in rows]
    part = Part(0, np.arange(len(rows)), [""] * len(rows), np.zeros(len(rows)), np.array([]), np.array([]))
    arrays = {name: [np.array(one) for one in found] for name, found in scores.items()}
    places = np.array([index for index, row in enumerate(rows) if len(row) > 1])
    return PartReading(None, part, encoded, np.zeros((len(rows), 2)), np.array(predicted), places, arrays)  # type: ignore[arg-type]


def frame(reading: PartReading) -> pd.DataFrame:
    texts, words = split_columns(dict(measure_words(reading)))
    assert texts == {}
    return pd.DataFrame(words)


@pytest.fixture
def reading() -> PartReading:
    attention = [[0.5, 0.25, 0.25], [0.9, 0.1]]
    effects = [[0.2, -0.1, 0.3], [-0.4, 0.4]]
    return read([[3, 4, 3], [4], [5, 4]], [1, 1, 0], {"attention": attention, "gradient": effects})


def test_a_word_is_counted_under_the_label_that_was_answered(reading: PartReading) -> None:
    found = add_up([frame(reading)], VOCABULARY).set_index(["label", "word"])
    assert found["count"].to_dict() == {(1, "good"): 2, (1, "film"): 1, (0, "film"): 1, (0, "bad"): 1}


def test_attention_is_in_even_shares_and_the_effect_as_it_is(reading: PartReading) -> None:
    found = add_up([frame(reading)], VOCABULARY).set_index(["label", "word"])
    assert found.loc[(1, "good"), "attention"] == pytest.approx(3 * 0.5 + 3 * 0.25)
    assert found.loc[(0, "bad"), "attention"] == pytest.approx(2 * 0.9)
    assert found.loc[(1, "good"), "effect"] == pytest.approx(0.2 + 0.3)
    assert found["attention"].sum() == pytest.approx(5), "weights of a text sum to 1, so shares to its words"


def test_parts_add_up_to_the_whole(reading: PartReading) -> None:
    once, twice = (add_up([frame(reading)] * times, VOCABULARY) for times in (1, 2))
    assert twice["word"].tolist() == once["word"].tolist()
    np.testing.assert_allclose(twice[["count", "attention", "effect"]], 2 * once[["count", "attention", "effect"]])


def test_a_network_without_attention_has_no_column_of_it(reading: PartReading) -> None:
    plain = read([[3, 4, 3]], [1], {"gradient": [[0.2, -0.1, 0.3]]})
    assert set(dict(measure_words(plain))) == {f"{PREFIX}{name}" for name in ("label", "id", "count", "effect")}
