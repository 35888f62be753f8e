"""A TextVectorization layer read word by word: the same ids as the layer's, whatever the text."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import Tokenization
from attnviz.foreign.tokenizing_layer import read_text_vectorization

TEXTS = [
    "The film's great, don't miss it! <br />A well-made film_noir",
    "Één ÉCOLE café naïve straße ΑΣΣ İstanbul",
    "电影 很 好看 a\u00a0b a\u2028b",
    "the the film is a bad bad plot.",
]
STRANGE = st.text(st.sampled_from("aAéÉİßΣ电影'!.,<br/> _-\t\n\r\v\f\x1c\x85\xa0\u2028\u3000\ufeff\U0001f600 thefilm"))


def make_layer(**settings: object) -> keras.layers.TextVectorization:
    layer = keras.layers.TextVectorization(**settings)
    layer.adapt(TEXTS)
    return layer


def own_ids(tokenization: Tokenization, text: str) -> list[int]:
    return [id for word in tokenization.split(text) for id in word.ids]


def layer_ids(layer: keras.layers.TextVectorization, text: str) -> list[int]:
    return layer(tf.constant([text])).numpy()[0].tolist()


@keras.saving.register_keras_serializable("tests")
def without_breaks(texts: tf.Tensor) -> tf.Tensor:
    """keras.io, 'Text classification from scratch'."""
    plain = tf.strings.regex_replace(tf.strings.lower(texts), "<br />", " ")
    return tf.strings.regex_replace(plain, f"[{re.escape('!?.,;:-')}]", "")


LAYERS = {
    "default": make_layer(),
    "lower": make_layer(standardize="lower"),
    "strip": make_layer(standardize="strip_punctuation"),
    "as it is": make_layer(standardize=None),
    "characters": make_layer(split="character"),
    "all characters": make_layer(split="character", standardize=None),
    "few words": make_layer(max_tokens=5),
    "a function": make_layer(standardize=without_breaks),
}


@pytest.mark.parametrize("name", LAYERS)
@given(text=STRANGE)
@example("The Film's <br /> GREAT_noir")
@example("!!! ... '")
@example("")
def test_the_ids_are_those_of_the_layer(name: str, text: str) -> None:
    layer = LAYERS[name]
    assert own_ids(read_text_vectorization(layer), text) == layer_ids(layer, text)


@given(text=st.text())
def test_any_text_is_read_as_by_the_layer(text: str) -> None:
    layer = LAYERS["default"]
    assert own_ids(read_text_vectorization(layer), text) == layer_ids(layer, text)


def test_a_word_stands_where_it_is_without_the_punctuation_around_it() -> None:
    text = "  (Don't) miss -- 'the FILM'!"
    words = read_text_vectorization(LAYERS["default"]).split(text)
    assert [(word.text, text[word.start : word.end]) for word in words] == [
        ("dont", "Don't"),
        ("miss", "miss"),
        ("the", "the"),
        ("film", "FILM"),
    ]
    assert [word.known for word in words] == [True, True, True, True]


def test_words_of_a_function_are_found_in_the_original() -> None:
    text = "A <br />Well-Made film.<br />Bad!"
    words = read_text_vectorization(LAYERS["a function"]).split(text)
    assert [text[word.start : word.end] for word in words] == ["A", "Well-Made", "film", "Bad"]


def test_the_length_and_the_side_are_the_layer_s() -> None:
    found = read_text_vectorization(make_layer(output_sequence_length=7))
    assert (found.length, found.side, found.cut, found.padding) == (7, "right", "end", 0)
    assert found.size == len(make_layer().get_vocabulary())
    np.testing.assert_array_equal(
        own_ids(found, "the film is a unheard"), layer_ids(LAYERS["default"], "the film is a unheard")
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"output_mode": "multi_hot"}, "bag of words"),
        ({"output_mode": "tf_idf"}, "bag of words"),
        ({"ngrams": 2}, "n-grams"),
        ({"split": None}, "one word"),
    ],
)
def test_a_layer_that_gives_no_words_with_places_is_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        read_text_vectorization(make_layer(**settings))


def test_a_layer_without_words_is_refused() -> None:
    with pytest.raises(SettingError, match="adapt"):
        read_text_vectorization(keras.layers.TextVectorization())
