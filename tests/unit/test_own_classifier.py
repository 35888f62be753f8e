"""A Keras model that is not of the table: its classes, its ids, its own weights, and nothing changed in it."""

from __future__ import annotations

import numpy as np
import pytest

from attnviz import Explainer
from attnviz.backend import keras, tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.attention_source import LayerAttention, from_maps, to_maps
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.keras_classifier import KerasClassifier
from attnviz.explain.text_reader import VocabularyReader
from attnviz.models.attention_layers import AdditiveAttention, WeightedSum
from attnviz.text.vocabulary import Vocabulary
from attnviz.values.attention import Reduction
from tests.unit.explained import list_numbers

LABELS = ("sport", "politics", "science")
WORDS = ("goal", "vote", "atom", "the", "of", "a")
VOCABULARY = Vocabulary(("<pad>", "<start>", "<unknown>", *WORDS))
TEXT = "The goal of a vote, the atom of a goal"


def build(outputs: int = 3, activation: str = "softmax") -> keras.Model:
    """An LSTM with additive attention whose answers differ a lot between texts."""
    keras.utils.set_random_seed(5)
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(len(VOCABULARY), 6, mask_zero=True, name="words")(ids)
    states = keras.layers.LSTM(5, return_sequences=True)(vectors)
    weights = AdditiveAttention(20, name="looks")(states)
    answer = keras.layers.Dense(outputs, activation=activation)(WeightedSum()([weights, states]))
    model = keras.Model(ids, answer)
    for weight in model.weights:
        weight.assign(weight * 6.0)
    return model


def wrap(model: keras.Model, **others: object) -> Explainer:
    settings = {"name": "own", "labels": LABELS, "attention": [LayerAttention("looks")]} | others
    return Explainer(KerasClassifier(model, VocabularyReader(VOCABULARY, 20), **settings))


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return build()


@pytest.fixture(scope="module")
def own(model: keras.Model) -> Explainer:
    return wrap(model)


def test_the_answer_is_the_model_s_own_for_its_own_classes(model: keras.Model, own: Explainer) -> None:
    explanation = own.explain(TEXT)
    expected = model.predict(VOCABULARY.encode(TEXT)[None], verbose=0)[0]
    assert explanation.prediction.labels == LABELS
    np.testing.assert_allclose(explanation.prediction.probabilities, expected, atol=1e-5)
    assert explanation.label == explanation.prediction.label == LABELS[int(expected.argmax())]
    assert explanation.probability == pytest.approx(expected.max(), abs=1e-5)


@pytest.mark.parametrize("target", [0, 1, 2, "politics"])
def test_each_class_can_be_explained(model: keras.Model, own: Explainer, target: int | str) -> None:
    index = LABELS.index(target) if isinstance(target, str) else target
    table, ids = model.get_layer("words").embeddings, VOCABULARY.encode("goal vote atom")[None]
    original, step = table.numpy(), 1e-2
    explained = own.explain("goal vote atom", "gradient", target)
    assert explained.target == index
    for place, word in enumerate(ids[0]):
        answers = []
        for sign in (1, -1):
            scaled = original.copy()
            scaled[word] *= 1 + sign * step
            table.assign(scaled)
            answers.append(float(model(ids, training=False)[0, index]))
        table.assign(original)
        assert explained.scores[place] == pytest.approx((answers[0] - answers[1]) / (2 * step), abs=5e-3)


def test_the_gradients_of_all_classes_cancel_and_integrated_ones_add_up(model: keras.Model, own: Explainer) -> None:
    gradients = [own.explain(TEXT, "gradient", target).scores for target in range(3)]
    np.testing.assert_allclose(np.sum(gradients, axis=0), 0, atol=1e-5)
    for target in range(3):
        explained = own.explain(TEXT, "integrated_gradients", target)
        assert abs(explained.gap) < 0.01
        assert np.abs(explained.scores).max() > 0.01


def test_occlusion_is_what_the_shortened_texts_get(own: Explainer) -> None:
    whole, without = own.explain("goal vote", "occlusion", 1), own.explain("vote", "gradient", 1)
    assert whole.scores[0] == pytest.approx(whole.probability - without.probability, abs=1e-5)


def test_every_measure_works_for_three_classes(own: Explainer) -> None:
    for method in own.methods:
        assert np.isfinite(list_numbers(own.measure_faithfulness(TEXT, method).comprehensiveness)).all()
        curve = own.measure_erasure_curve(TEXT, method)
        assert (curve.flip_count is None) == (curve.flipped_to is None)
        assert curve.without[0] == pytest.approx(own.explain(TEXT, method).probability, abs=1e-5)
    found = own.find_adversarial_attention(TEXT)
    assert found.change <= 0.01
    assert found.other.prediction.label == found.own.prediction.label


def test_a_caller_s_model_stays_as_it_was() -> None:
    model = build()
    ids = VOCABULARY.encode(TEXT)[None]
    before = model.predict(ids, verbose=0)
    attributes = [sorted(vars(layer)) for layer in model._flatten_layers()]
    weights = [weight.numpy() for weight in model.weights]
    explainer = wrap(model)
    explainer.warm_up()
    for method in explainer.methods:
        explainer.explain(TEXT, method)
    explainer.find_adversarial_attention(TEXT)
    assert (model.predict(ids, verbose=0) == before).all()
    assert (build().predict(ids, verbose=0) == before).all(), "nor is another one"
    assert [sorted(vars(layer)) for layer in model._flatten_layers()] == attributes
    assert all((new.numpy() == old).all() for new, old in zip(model.weights, weights, strict=True))


def test_weights_that_are_trained_on_count_at_once() -> None:
    model = build()
    explainer = wrap(model)
    first = explainer.explain(TEXT).probability
    model.layers[-1].kernel.assign(model.layers[-1].kernel * 0.0)
    model.layers[-1].bias.assign(model.layers[-1].bias * 0.0)
    assert explainer.explain(TEXT).probability == pytest.approx(1 / 3, abs=1e-6)
    assert first != pytest.approx(1 / 3, abs=1e-3)


def test_one_sigmoid_speaks_for_the_second_of_two_labels() -> None:
    model = build(1, "sigmoid")
    explainer = wrap(model, labels=("ham", "spam"))
    probability = float(model.predict(VOCABULARY.encode(TEXT)[None], verbose=0)[0, 0])
    explained = explainer.explain(TEXT, target="ham")
    assert explained.prediction.probabilities == pytest.approx((1 - probability, probability), abs=1e-5)
    assert explained.probability == pytest.approx(1 - probability, abs=1e-5)
    np.testing.assert_allclose(
        explainer.explain(TEXT, "gradient", "ham").scores,
        -explainer.explain(TEXT, "gradient", "spam").scores,
        atol=1e-6,
    )


def test_as_many_labels_as_outputs_are_needed() -> None:
    with pytest.raises(SettingError, match=r"There are 2 labels, but the model gives 3 number"):
        wrap(build(), labels=("a", "b")).explain(TEXT)


@pytest.mark.parametrize(("target", "error"), [(3, SettingError), (-1, SettingError), ("art", UnknownNameError)])
def test_a_label_that_is_not_there_is_refused(own: Explainer, target: int | str, error: type) -> None:
    with pytest.raises(error, match="label"):
        own.explain(TEXT, "gradient", target)


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(model: keras.Model) -> None:
    with pytest.raises(UnknownNameError, match="words, "):
        wrap(model, attention=[LayerAttention("nope")]).explain(TEXT)


@pytest.mark.parametrize(
    "axes", [("tokens",), ("tokens", "features"), ("heads", "queries", "tokens"), ("queries", "tokens")]
)
def test_maps_come_back_as_the_layer_s_own_axes(axes: tuple[str, ...]) -> None:
    own = np.random.default_rng(0).random((2, *range(3, 3 + len(axes))))
    maps = to_maps(own, axes)
    assert maps.ndim == 4
    assert maps.shape[3] == own.shape[1 + axes.index("tokens")]
    np.testing.assert_array_equal(from_maps(maps, axes), own)


def build_heads() -> keras.Model:
    """Two heads of self-attention that return their weights, (batch, heads, queries, keys)."""

    class Look(keras.layers.Layer):
        supports_masking = True

        def build(self, shape: tuple) -> None:
            self.kernels = self.add_weight(shape=(2, shape[-1], shape[-1]), initializer="random_normal")

        def call(self, vectors: object, mask: object = None) -> object:
            scores = keras.ops.einsum("bqe,hef,bkf->bhqk", vectors, self.kernels, vectors)
            scores = keras.ops.where(mask[:, None, None, :], scores, -1e9)
            return keras.ops.softmax(scores, axis=-1)

        def compute_output_shape(self, shape: tuple) -> tuple:
            return (shape[0], 2, shape[1], shape[1])

        def compute_mask(self, vectors: object, mask: object = None) -> None:
            return None

    class Read(keras.layers.Layer):
        supports_masking = True

        def call(self, inputs: list, mask: list | None = None) -> object:
            weights, vectors = inputs
            real = keras.ops.cast(mask[1], "float32")
            read = keras.ops.einsum("bhqk,bke->bqe", weights, vectors) * real[:, :, None]
            return keras.ops.sum(read, axis=1) / keras.ops.sum(real, axis=1, keepdims=True)

        def compute_mask(self, inputs: list, mask: object = None) -> None:
            return None

        def compute_output_shape(self, shapes: list) -> tuple:
            return (shapes[1][0], shapes[1][2])

    keras.utils.set_random_seed(6)
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(len(VOCABULARY), 6, mask_zero=True)(ids)
    weights = Look(name="looks")(vectors)
    model = keras.Model(ids, keras.layers.Dense(3, activation="softmax")(Read()([weights, vectors])))
    for weight in model.weights:
        weight.assign(weight * 20.0)
    return model


@pytest.fixture(scope="module")
def heads() -> Explainer:
    return wrap(build_heads(), attention=[LayerAttention("looks", ("heads", "queries", "tokens"))])


def test_the_attention_that_a_word_receives_is_the_mean_over_heads_and_queries(heads: Explainer) -> None:
    attention, explained = heads.read_attention(TEXT), heads.explain(TEXT)
    assert attention.names == ("head 1", "head 2")
    assert attention.weights.shape == (2, 10, 10)
    np.testing.assert_allclose(attention.weights.sum(axis=2), 1, atol=1e-5)
    np.testing.assert_allclose(explained.scores, attention.weights.mean(axis=(0, 1)), atol=1e-6)
    assert explained.reduction == "mean of 2 heads, received from all words"


def test_one_head_and_one_query_can_be_looked_at(heads: Explainer) -> None:
    weights = heads.read_attention(TEXT).weights
    explained = heads.explain(TEXT, reduction=Reduction(map=1, query=3))
    np.testing.assert_allclose(explained.scores, weights[1, 3], atol=1e-6)
    assert explained.reduction == "head 2, from word 4"
    with pytest.raises(SettingError, match="map must lie between 0 and 1, got 2"):
        heads.explain(TEXT, reduction=Reduction(map=2))


def test_padded_queries_do_not_count(heads: Explainer) -> None:
    together = heads.explain_batch([TEXT, "goal vote"])
    np.testing.assert_allclose(together[1].scores, heads.explain("goal vote").scores, atol=1e-5)


def test_other_matrices_with_the_same_answer_are_found(heads: Explainer) -> None:
    found = heads.find_adversarial_attention(TEXT)
    assert found.change <= 0.01
    assert found.other.scores.sum() == pytest.approx(1, abs=1e-5)
    own = found.own.prediction.probabilities
    assert heads.classifier.predict([VOCABULARY.encode(TEXT)])[0] == pytest.approx(own, abs=1e-5)


def test_own_weights_fed_back_give_the_same_answer(own: Explainer) -> None:
    graph: ClassifierGraph = own.classifier.graph
    ids = tf.constant(VOCABULARY.encode(TEXT)[None])
    attention, answer = graph.traced.function([graph.ids], [graph.attention, graph.probabilities])(ids)
    (again,) = graph.traced.function([graph.ids, graph.attention], [graph.probabilities])(ids, attention)
    assert (again.numpy() == answer.numpy()).all()
