"""Models of many kinds, wrapped: what is told of each, and what is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import attnviz
from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.values.methods import BLACK_BOX_METHODS, METHODS, pick_typed
from tests.tutorial_models import TEXTS, VOCABULARY, TokenAndPositionEmbedding

layers = keras.layers

WORDS = sorted(set(" ".join(TEXTS).split()))
INDEX = {word: id for id, word in enumerate(["", "[UNK]", *WORDS, *(f"w{n}" for n in range(VOCABULARY - 40))])}
RANKS = {word: id for id, word in enumerate([*WORDS, *(f"w{n}" for n in range(VOCABULARY - 40))], start=1)}
CHINESE = ["电影很好看", "这部电影不好", "好"]


def words(length: int | None = None, mask_zero: bool = False, **settings: Any) -> tuple[Any, Any]:
    """An input of ids and their vectors."""
    inputs = keras.Input((length,), **{"dtype": "int32", **settings})
    return inputs, layers.Embedding(VOCABULARY, 8, mask_zero=mask_zero)(inputs)


def answer(inputs: Any, states: Any, labels: int = 1) -> keras.Model:
    activation = "sigmoid" if labels == 1 else "softmax"
    return keras.Model(inputs, layers.Dense(labels, activation=activation)(states))


def vectorizer(texts: Any = TEXTS, **settings: Any) -> keras.layers.TextVectorization:
    layer = layers.TextVectorization(**settings)
    layer.adapt(list(texts))
    return layer


def as_texts(texts: Any) -> Any:
    return tf.constant([[text] for text in texts])


def spread(answers: np.ndarray) -> np.ndarray:
    return np.concatenate([1 - answers, answers], axis=1) if answers.shape[1] == 1 else answers


def has_note(explainer: attnviz.Explainer, *parts: str) -> bool:
    return any(all(part in note for part in parts) for note in explainer.card.notes)


def test_characters_of_chinese_are_words() -> None:
    texts = keras.Input((1,), dtype="string")
    ids = vectorizer(CHINESE, split="character", output_sequence_length=9)(texts)
    model = answer(texts, layers.GlobalMaxPooling1D()(layers.Conv1D(8, 3)(layers.Embedding(50, 8)(ids))), labels=3)
    explainer = attnviz.wrap(model)
    np.testing.assert_allclose(explainer.predict_texts(CHINESE), model.predict(as_texts(CHINESE), verbose=0), atol=1e-5)
    explanation = explainer.explain(CHINESE[0], "gradient")
    assert [CHINESE[0][token.start : token.end] for token in explanation.tokens] == list(CHINESE[0])


def test_a_model_behind_a_vectorizer_in_a_pipeline_is_entered_behind_it() -> None:
    """keras.io exports its text classifiers so."""
    inputs, vectors = words()
    inner = answer(inputs, layers.GlobalAveragePooling1D()(layers.Attention(name="att")([vectors, vectors])))
    model = keras.Sequential([keras.Input((1,), dtype="string"), vectorizer(output_sequence_length=21), inner])
    explainer = attnviz.wrap(model)
    expected = spread(model.predict(as_texts(TEXTS), verbose=0))
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), expected, atol=1e-5)
    assert [found.kind for found in explainer.card.attention] == ["Attention"]
    attention = explainer.read_attention(TEXTS[0])
    assert attention.outside is not None  # padding has no mask and takes its share


class Subclassed(keras.Model):
    """Takes texts without saying so."""

    def __init__(self) -> None:
        super().__init__()
        self.vectorize = vectorizer(output_sequence_length=11)
        self.embedding, self.states = layers.Embedding(VOCABULARY, 8, mask_zero=True), layers.GRU(6)
        self.answer = layers.Dense(1, activation="sigmoid")

    def call(self, texts: Any) -> Any:
        return self.answer(self.states(self.embedding(self.vectorize(texts))))


def test_a_subclassed_model_of_texts_has_gradients() -> None:
    model = Subclassed()
    explainer = attnviz.wrap(model)
    expected = spread(model.predict(tf.constant(TEXTS), verbose=0))
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), expected, atol=1e-5)
    assert pick_typed(explainer.methods) == ("gradient", "integrated_gradients", "occlusion")


def build_bag_of_words() -> keras.Model:
    texts = keras.Input((1,), dtype="string")
    return answer(texts, vectorizer(output_mode="multi_hot")(texts))


def test_a_bag_of_words_inside_is_explained_by_leaving_words_out() -> None:
    model = build_bag_of_words()
    explainer = attnviz.wrap(model, labels=["bad", "good"])
    text = "A truly wonderful  film, bad!"
    expected = spread(model.predict(as_texts([text, "a truly film, bad!"]), verbose=0))
    explanation = explainer.explain(text, "occlusion", target="good")
    np.testing.assert_allclose(explanation.prediction.probabilities, expected[0], atol=1e-6)
    assert [text[token.start : token.end] for token in explanation.tokens] == ["A", "truly", "wonderful", "film", "bad"]
    assert explanation.scores[2] == pytest.approx(expected[0, 1] - expected[1, 1], abs=1e-6)
    assert explainer.methods == tuple(name for name in BLACK_BOX_METHODS if METHODS[name].is_installed)
    assert "bag of words" in explainer.card.missing["gradient"]


def test_texts_of_any_script_go_through_a_model_of_texts_unchanged() -> None:
    explainer = attnviz.wrap(build_bag_of_words())
    for text in ("电影 很好看", " \n", "", "naïve \ud800 a", "İ. …!"):
        encoded = explainer.classifier.encode(text)
        expected = text.lstrip().encode("utf-8", "replace").decode()
        assert bytes(encoded.inputs.ids.tolist()).decode() == expected
        assert np.isfinite(explainer.classifier.predict([encoded.inputs])).all()


def test_padding_goes_where_the_answers_differ_more() -> None:
    inputs, vectors = words(40)
    explainer = attnviz.wrap(answer(inputs, layers.LSTM(8)(vectors)), RANKS)
    assert explainer.classifier.reader.layout.side == "left"  # on the right the state forgets the words
    assert has_note(explainer, "left", "differ")


def test_padding_that_is_masked_goes_anywhere() -> None:
    inputs, vectors = words(40, mask_zero=True)
    explainer = attnviz.wrap(answer(inputs, layers.GRU(4)(vectors)), RANKS)
    assert has_note(explainer, "same answers")


def test_padding_that_nobody_knows_is_assumed_and_said() -> None:
    inputs, vectors = words(20)
    explainer = attnviz.wrap(answer(inputs, layers.Flatten()(vectors), 4), RANKS)
    assert has_note(explainer, "assumed", "pad='right'")


def test_the_least_number_of_steps_is_found() -> None:
    """The pretrained word embeddings example of keras.io, without a length."""
    inputs, states = words()
    for _ in range(2):
        states = layers.MaxPooling1D(5)(layers.Conv1D(8, 5)(states))
    model = answer(inputs, layers.GlobalMaxPooling1D()(layers.Conv1D(8, 3)(states)), 3)
    explainer = attnviz.wrap(model, RANKS)
    assert explainer.classifier.reader.layout.least == 99
    assert np.isfinite(explainer.explain(TEXTS[0], "gradient").scores).all()


def test_the_most_steps_are_found_by_the_positions_of_a_model() -> None:
    inputs = keras.Input((None,))
    vectors = TokenAndPositionEmbedding(64, VOCABULARY, 8)(inputs)
    model = answer(inputs, layers.GlobalAveragePooling1D()(vectors), 2)
    explainer = attnviz.wrap(model, INDEX)
    assert explainer.card.steps == 64
    assert explainer.explain("film " * 70, "gradient").truncated_end == 6


def build_unlike_inputs(kind: str) -> keras.Model:
    first, second = keras.Input((None,), name="question"), keras.Input((None,), name="answer")
    numbers = keras.Input((3,), name="meta")
    embedding, pool = layers.Embedding(VOCABULARY, 4), layers.GlobalAveragePooling1D()
    if kind == "numbers":
        return answer([first, numbers], layers.concatenate([pool(embedding(first)), numbers]))
    return answer([first, second], layers.concatenate([pool(embedding(first)), pool(embedding(second))]))


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a file": (lambda: "model.keras", "load_model first"),
    "nothing": (lambda: None, "Keras 3 model"),
    "a class": (lambda: keras.Model, "Keras 3 model"),
    "a pipeline": (lambda: pytest.importorskip("sklearn.pipeline").make_pipeline(None), "sklearn's Pipeline"),
    "two texts": (lambda: build_unlike_inputs("texts"), "2 texts at once"),
    "numbers beside": (lambda: build_unlike_inputs("numbers"), "'meta'"),
    "images": (lambda: answer(i := keras.Input((8, 8, 1)), layers.Flatten()(i)), "images"),
    "one-hot": (lambda: answer(i := keras.Input((9, 5)), layers.Flatten()(i)), "vector for each word"),
    "a bag of words": (lambda: answer(i := keras.Input((99,)), layers.Dense(4)(i)), "bag of words"),
    "one number": (lambda: answer(i := keras.Input(()), layers.Embedding(9, 4)(i)), "one number a text"),
    "a word's answer": (lambda: answer(*words()), "answer for each word"),
    "a failing call": (lambda: Failing(), "can't be called with word ids"),
}


class Failing(keras.Model):
    def call(self, inputs: Any) -> Any:
        raise RuntimeError("no way")


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_words_to_explain_is_refused(name: str) -> None:
    make, message = REFUSED[name]
    with pytest.raises(SettingError, match=message):
        attnviz.wrap(make(), INDEX)


def test_a_tokenizer_for_a_model_of_texts_is_refused() -> None:
    with pytest.raises(SettingError, match="leave tokenizer out"):
        attnviz.wrap(build_bag_of_words(), INDEX)


def test_ids_of_a_function_that_the_model_does_not_know_are_refused() -> None:
    inputs, vectors = words()
    model = answer(inputs, layers.GlobalAveragePooling1D()(vectors))
    explainer = attnviz.wrap(model, lambda text: [(len(text), 0, len(text))] if text else [])
    assert explainer.explain("a film", "gradient").tokens[0][:3] == ("a film", 0, 6)
    with pytest.raises(SettingError, match="the model knows 200"):
        explainer.explain("a" * 200, "gradient")


def test_weights_that_are_a_second_output_do_not_hinder() -> None:
    inputs, vectors = words(mask_zero=True)
    attended, weights = layers.Attention()([vectors, vectors], return_attention_scores=True)
    states = layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling1D()(attended))
    explainer = attnviz.wrap(keras.Model(inputs, [states, weights]), INDEX)
    assert explainer.methods[0] == "attention"
    assert has_note(explainer, "2 outputs")


def test_a_model_of_texts_that_needs_a_fixed_length_is_read_at_it() -> None:
    texts = keras.Input((1,), dtype="string")
    vectors = layers.Embedding(VOCABULARY, 8)(vectorizer(output_sequence_length=11)(texts))
    model = answer(texts, layers.Flatten()(vectors), 3)
    explainer = attnviz.wrap(model)
    np.testing.assert_allclose(explainer.predict_texts(TEXTS), model.predict(as_texts(TEXTS), verbose=0), atol=1e-5)
    assert explainer.explain(TEXTS[0], "gradient").scores.any()


class Flattening(keras.Model):
    """Reads 15 steps without saying so."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.flat = layers.Embedding(VOCABULARY, 8), layers.Flatten()
        self.answer = layers.Dense(2, activation="softmax")

    def call(self, ids: Any) -> Any:
        return self.answer(self.flat(self.embedding(ids)))


@pytest.mark.parametrize("length", ["auto", 15])
def test_the_only_number_of_steps_that_a_model_reads_is_found(length: Any) -> None:
    model = Flattening()
    model(np.ones((1, 15), np.int32))
    explainer = attnviz.wrap(model, INDEX, length=length)
    assert explainer.card.steps == 15
    expected = model.predict(np.array([[INDEX["bad"]] + [0] * 14]), verbose=0)
    np.testing.assert_allclose(explainer.predict_texts(["bad"]), expected, atol=1e-6)
