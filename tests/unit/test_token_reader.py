"""Texts cut and padded as somebody's model reads them: the rows of pad_sequences and of TextVectorization."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import NO_WORD, WordSteps
from attnviz.foreign.readers import Layout, TokenReader
from attnviz.foreign.tokenizing import ReadWord, Tokenization
from attnviz.foreign.tokenizing_layer import read_text_vectorization

WORDS = st.lists(st.sampled_from(["film", "bad", "a", "plot"]), max_size=9)
IDS = {"film": 3, "bad": 4, "a": 5, "plot": 6}


def split(text: str, pieces: int = 1) -> list[ReadWord]:
    """Words at single spaces; every word has that many ids, all the same."""
    words = []
    for word in text.split():
        start = words[-1].end + 1 if words else 0
        words.append(ReadWord(word, start, start + len(word), (IDS[word],) * pieces))
    return words


WHOLE = Tokenization("words", split, 7)


@given(words=WORDS, side=st.sampled_from(["left", "right"]), cut=st.sampled_from(["start", "end"]))
def test_rows_are_those_of_pad_sequences(words: list[str], side: str, cut: str) -> None:
    reader = TokenReader(WHOLE, Layout(side, 5, True, 1, cut))
    encoded = reader.encode(" ".join(words))
    expected = keras.utils.pad_sequences(
        [[IDS[word] for word in words]],
        5,
        padding={"left": "pre", "right": "post"}[side],
        truncating={"start": "pre", "end": "post"}[cut],
    )
    arranged = reader.arrange([encoded.inputs])
    np.testing.assert_array_equal(arranged.ids, expected)
    assert len(encoded.tokens) + encoded.truncated + encoded.truncated_end == len(words)
    read = [place for place in arranged.places[0].tolist() if place != NO_WORD]
    assert read == list(range(len(encoded.tokens)))
    assert [token.id for token in encoded.tokens] == [id for id in arranged.ids[0].tolist() if id]


@given(words=WORDS)
def test_rows_are_those_of_a_vectorizer_with_a_length(words: list[str]) -> None:
    layer = keras.layers.TextVectorization(output_sequence_length=4, vocabulary=list(IDS))
    found = read_text_vectorization(layer)
    reader = TokenReader(found, Layout(found.side, found.length, True, 1, found.cut))
    text = " ".join(words)
    np.testing.assert_array_equal(reader.arrange([reader.encode(text).inputs]).ids, layer(tf.constant([text])))


def test_rows_of_any_length_are_as_long_as_the_longest() -> None:
    reader = TokenReader(WHOLE, Layout("left"))
    rows = [reader.encode(text).inputs for text in ("film", "a bad plot", "")]
    assert reader.arrange(rows).ids.tolist() == [[0, 0, 3], [5, 4, 6], [0, 0, 0]]
    assert reader.arrange(rows[:1], 2).ids.tolist() == [[0, 3]]
    assert reader.arrange([rows[2]]).ids.shape == (1, 1)
    assert TokenReader(WHOLE, Layout(least=4)).arrange(rows[:1]).ids.tolist() == [[3, 0, 0, 0]]


def test_special_steps_stay_around_what_is_left_of_a_text() -> None:
    tokenization = Tokenization("pieces", partial(split, pieces=2), 10, before=(8,), after=(9,), whole=False)
    reader = TokenReader(tokenization, Layout("right", 7, True))
    encoded = reader.encode("film bad plot a")
    assert isinstance(encoded.inputs, WordSteps)
    assert encoded.inputs.counts.tolist() == [2, 2, 1]  # of a word at the edge the pieces that fit
    assert encoded.truncated_end == 1
    arranged = reader.arrange([encoded.inputs, encoded.inputs[np.array([1])]])
    assert arranged.ids.tolist() == [[8, 3, 3, 4, 4, 6, 9], [8, 4, 4, 9, 0, 0, 0]]
    assert arranged.places.tolist() == [[-1, 0, 0, 1, 1, 2, -1], [-1, 0, 0, -1, -1, -1, -1]]


def test_a_start_that_is_part_of_the_text_is_cut_with_it() -> None:
    """As keras.datasets.imdb and pad_sequences do."""
    tokenization = Tokenization("imdb", split, 7, cut="start", before=(1,), keeps_before=False)
    reader = TokenReader(tokenization, Layout("left", 3, True, 1, "start"))
    rows = [reader.encode(text).inputs for text in ("film", "film bad", "film bad plot", "film bad plot a")]
    assert reader.arrange(rows).ids.tolist() == [[0, 1, 3], [1, 3, 4], [3, 4, 6], [4, 6, 5]]


@pytest.mark.parametrize("text", [None, 3, b"film", "a" * 1_000_001])
def test_what_is_no_text_is_refused(text: object) -> None:
    with pytest.raises(SettingError):
        TokenReader(WHOLE, Layout()).encode(text)  # type: ignore[arg-type]
