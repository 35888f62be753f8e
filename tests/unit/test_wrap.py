"""The models of the tutorials, wrapped: their own answers, the methods that they allow, and nothing changed in them."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

import attnviz
from attnviz import Explainer
from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.languages import Message
from attnviz.values import finding_forms
from attnviz.values.methods import pick_typed
from tests.tutorial_models import ATTENTION, LENGTH, MODELS, TEXTS, VOCABULARY, build, make_inputs

WORDS = sorted(set(" ".join(TEXTS).split()))
INDEX = {word: id for id, word in enumerate(["", "[UNK]", *WORDS, *(f"w{n}" for n in range(VOCABULARY - 40))])}
LONG = " ".join([*TEXTS, *TEXTS])
SIGNED = ("gradient", "integrated_gradients", "occlusion")


class Wrapped(NamedTuple):
    """A model, what it was before it was wrapped, and its explainer."""

    model: Any
    answers: np.ndarray
    weights: list[np.ndarray]
    attributes: list[list[str]]
    explainer: Explainer


@cache
def wrapped(name: str) -> Wrapped:
    model = build(name)
    answers, weights = model.predict(make_inputs(name), verbose=0), [weight.numpy() for weight in model.weights]
    attributes = list_attributes(model)
    return Wrapped(model, answers, weights, attributes, attnviz.wrap(model, choose_tokenizer(name)))


def choose_tokenizer(name: str) -> dict[str, int] | None:
    return None if name == "text-vectorization" else INDEX


def list_attributes(model: Any) -> list[list[str]]:
    return [sorted(vars(layer)) for layer in model._flatten_layers()]


@cache
def simple() -> Any:
    """A model of 3 labels that is traced in no time."""
    inputs = keras.Input((None,), dtype="int32")
    states = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(VOCABULARY, 4)(inputs))
    return keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(states))


def predict_by_hand(name: str, model: Any, text: str) -> np.ndarray:
    """(k,) what the model itself says of a text whose ids are written down here."""
    if name == "text-vectorization":
        return spread(model.predict(tf.constant([[text]]), verbose=0)[0])
    ids = [INDEX.get(word, 1) for word in text.split()]
    fixed = getattr(model, "inputs", None) is not None and model.inputs[0].shape[1]
    if fixed:
        ids = (ids + [0] * LENGTH)[:LENGTH]
    return spread(model.predict(np.array([ids], np.int32), verbose=0)[0])


def spread(answer: np.ndarray) -> np.ndarray:
    return np.array([1 - answer[0], answer[0]]) if len(answer) == 1 else answer


@pytest.mark.parametrize("name", MODELS)
def test_the_answers_are_the_model_s_own(name: str) -> None:
    model, *_, explainer = wrapped(name)
    texts = [text for text in (*TEXTS, LONG) if name != "conv1d" or len(text.split()) >= 5]
    found = explainer.predict_texts(texts)
    np.testing.assert_allclose(found, [predict_by_hand(name, model, text) for text in texts], rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_the_methods_are_those_that_the_model_allows(name: str) -> None:
    explainer = wrapped(name).explainer
    expected = ("attention", *SIGNED) if name in ATTENTION else SIGNED
    assert explainer.methods == explainer.card.methods
    assert pick_typed(explainer.methods) == expected
    assert {*pick_typed(explainer.card.missing)} == {"attention", *SIGNED} - set(expected)
    for method in expected:
        explanation = explainer.explain(TEXTS[2], method)
        assert len(explanation.tokens) == len(explanation.scores) == 10
        assert np.isfinite(explanation.scores).all()
    if name in ATTENTION:
        assert explainer.explain(TEXTS[2]).scores.sum() == pytest.approx(1, abs=1e-5)


def is_known(finding: str) -> bool:
    """Whether other languages can tell it."""
    return isinstance(finding, Message) and finding.form in vars(finding_forms).values()


@pytest.mark.parametrize("name", MODELS)
def test_the_card_says_what_was_found(name: str) -> None:
    model, *_, explainer = wrapped(name)
    card = explainer.card
    assert (card.origin, card.parameters) == ("yours", model.count_params())
    assert card.labels == tuple(f"class {number}" for number in range(explainer.predict_texts(["a"]).shape[1]))
    assert all(note.endswith((".", ")")) for note in card.notes)
    assert [note for note in (card.summary, *card.notes) if not is_known(note)] == []
    assert [found.reaches_output for found in card.attention] == [True] * len(card.attention)
    assert bool(card.attention) == (name in ATTENTION)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_bit_for_bit_as_before(name: str) -> None:
    model, before, weights, attributes, explainer = wrapped(name)
    for method in pick_typed(explainer.methods):
        explainer.explain(TEXTS[2], method)
    np.testing.assert_array_equal(model.predict(make_inputs(name), verbose=0), before)
    for variable, weight in zip(model.weights, weights, strict=True):
        np.testing.assert_array_equal(variable.numpy(), weight)
    assert list_attributes(model) == attributes


@pytest.mark.parametrize("name", MODELS)
def test_integrated_gradients_are_complete_and_occlusion_is_as_by_hand(name: str) -> None:
    model, *_, explainer = wrapped(name)
    assert abs(explainer.explain(TEXTS[2], "integrated_gradients").gap or 0) < 0.01
    found, words = explainer.explain(TEXTS[2], "occlusion"), TEXTS[2].split()
    shorter = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
    whole, *without = (predict_by_hand(name, model, text)[found.target] for text in (TEXTS[2], *shorter))
    np.testing.assert_allclose(found.scores, whole - np.array(without), rtol=0, atol=1e-5)


def test_gradients_reach_the_words_through_a_vectorizer_inside() -> None:
    explainer = wrapped("text-vectorization").explainer
    found = explainer.explain(TEXTS[0], "integrated_gradients")
    assert abs(found.gap or 0) < 0.01
    assert (found.scores != 0).all()


def test_labels_name_and_target_are_given() -> None:
    explainer = attnviz.wrap(simple(), INDEX, ["sport", "politics", "science"], name="mine", target="science")
    assert (explainer.name, explainer.labels) == ("mine", ("sport", "politics", "science"))
    assert explainer.explain(TEXTS[0], "gradient").target == explainer.card.target == 2


@pytest.mark.parametrize("attention", [None, ()])
def test_attention_is_left_out_if_asked(attention: Any) -> None:
    card = attnviz.wrap(build("attention"), INDEX, attention=attention).card
    assert "attention" not in card.methods
    assert "as was asked" in card.missing["attention"]


def test_attention_is_chosen_by_name() -> None:
    model = build("tutorial-attention")
    assert [found.name for found in attnviz.wrap(model, INDEX, attention="att").card.attention] == ["att"]
    with pytest.raises(UnknownNameError, match="att"):
        attnviz.wrap(model, INDEX, attention="nothing")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tokenizer": None}, "say how texts become ids"),
        ({"tokenizer": {f"w{n}": n for n in range(500)}}, "the model knows 200"),
        ({"labels": ["a", "b"]}, "2 labels, but the model gives 3"),
        ({"labels": ["a", "a", "b"]}, "different names"),
        ({"labels": "abc"}, "different names"),
        ({"pad": "middle"}, "'left' or 'right'"),
        ({"length": 0}, "number of steps"),
        ({"length": True}, "number of steps"),
        ({"target": "nothing"}, "Unknown label"),
        ({"target": 3}, "no label 3"),
        ({"attention": 3}, "names of attentions"),
    ],
)
def test_what_does_not_fit_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        attnviz.wrap(simple(), **{"tokenizer": INDEX, **settings})


def test_a_length_that_the_model_does_not_read_is_refused() -> None:
    with pytest.raises(SettingError, match="reads 13 steps, but length gives 20"):
        attnviz.wrap(build("tutorial-attention"), INDEX, length=20)


def test_a_length_and_a_side_that_are_given_are_kept_to() -> None:
    model = build("bilstm")
    explainer = attnviz.wrap(model, INDEX, pad="left", length=20)
    ids = [INDEX[word] for word in TEXTS[0].split()]
    expected = model.predict(np.array([[0] * (20 - len(ids)) + ids], np.int32), verbose=0)[0, 0]
    assert explainer.predict_texts([TEXTS[0]])[0, 1] == pytest.approx(expected, abs=1e-6)
    assert "Padding goes to the left, as was said." in explainer.card.notes
