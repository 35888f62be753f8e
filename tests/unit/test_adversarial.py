"""Adversarial attention: the divergence by hand, the search where the best map is known, and networks run again."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attnviz
from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.explain.adversarial import compute_divergence, find_mix, mean_weights, put_mix, shuffle_weights
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.explanation import Explanation
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.prediction import Prediction
from tests.made import explain_as

NAMES = ("luong", "lstm-featurewise")
LN2 = np.log(2)


@pytest.mark.parametrize(
    ("one", "two", "divergence"),
    [
        ([0.2, 0.8], [0.2, 0.8], 0.0),
        ([1, 0], [0, 1], LN2),
        ([0.5, 0.5, 0, 0], [0, 0, 0.1, 0.9], LN2),
        ([1, 0], [0.5, 0.5], 0.5 * np.log(4 / 3) + 0.5 * (0.5 * np.log(2 / 3) + 0.5 * np.log(2))),
    ],
)
def test_the_divergence_by_hand(one: list[float], two: list[float], divergence: float) -> None:
    one, two = np.array(one, float), np.array(two, float)
    assert compute_divergence(one, two) == pytest.approx(divergence, abs=1e-12)
    assert compute_divergence(two, one) == pytest.approx(divergence, abs=1e-12)
    np.testing.assert_allclose(compute_divergence(one, np.stack([one, two])), [0, divergence], atol=1e-12)


class LinearNetwork:
    """A network whose logit is the weighted sum of one value a word, or of one a map and word."""

    rows = 64

    def __init__(self, values: np.ndarray, own: np.ndarray) -> None:
        self.values, self.own = values, own.reshape(-1, 1, own.shape[-1])

    def decide(self, weights: np.ndarray) -> np.ndarray:
        logits = (weights[:, :, 0] * self.values).sum(axis=(1, 2))
        return np.stack([1 / (1 + np.exp(logits)), 1 / (1 + np.exp(-logits))], axis=1)

    def find(self, change: float) -> np.ndarray:
        """The weights (maps, words) that are found, as the networks' own ones are."""
        answer = float(self.decide(self.own[None])[0, 1])
        explained = explain_as("", (), [], answer)
        return put_mix(find_mix(self, explained, change)[None], self.own)[0, :, 0]


@given(
    st.integers(2, 12), st.integers(0, 10_000), st.sampled_from([0.3, 1.0, 4.0]), st.sampled_from([0.001, 0.01, 0.2])
)
def test_no_weights_that_keep_the_answer_differ_more(words: int, seed: int, scale: float, change: float) -> None:
    random = np.random.default_rng(seed)
    own, values = random.dirichlet(np.full(words, scale)), random.normal(0, 2, words)
    (weights,) = LinearNetwork(values, own).find(change)
    answer = 1 / (1 + np.exp(-own @ values))
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    assert abs(1 / (1 + np.exp(-weights @ values)) - answer) <= change
    assert (weights @ values > 0) == (own @ values > 0), "the label stays"
    found = compute_divergence(own, weights)
    # The best among random maps, sparse and dense, that keep the answer.
    others = np.vstack([random.dirichlet(np.full(words, shape), 2000) for shape in (0.05, 0.3, 1.0)])
    kept = np.abs(1 / (1 + np.exp(-others @ values)) - answer) <= min(change * 0.98, abs(answer - 0.5))
    assert found >= compute_divergence(own, others[kept]).max(initial=0) - 1e-6 or abs(answer - 0.5) < change


def test_two_words_by_hand() -> None:
    # Alone the words give 0.9 and 0.1, the own map 0.55. A probability of 0.56 has the logit ln(0.56 / 0.44), so its
    # share of the first word is (that + ln 9) / (2 ln 9); the allowed change is used but for a margin.
    own_share = (np.log(0.55 / 0.45) + np.log(9)) / (2 * np.log(9))
    (weights,) = LinearNetwork(np.array([np.log(9), -np.log(9)]), np.array([own_share, 1 - own_share])).find(0.01)
    shares = [(np.log(p / (1 - p)) + np.log(9)) / (2 * np.log(9)) for p in (0.54, 0.56)]
    assert min(abs(weights[0] - share) for share in shares) < 1e-4
    assert shares[0] <= weights[0] <= shares[1]


def test_a_word_that_gives_the_answer_alone_gets_everything() -> None:
    (weights,) = LinearNetwork(np.array([1.0, 1.0, 1.0]), np.array([0.6, 0.3, 0.1])).find(0.01)
    np.testing.assert_allclose(weights, [0, 0, 1], atol=1e-12)


def test_where_every_word_alone_changes_the_answer_the_own_map_is_mixed_in() -> None:
    own = np.array([[1.0, 0.0], [0.0, 1.0]])  # a feature a word; no map that is the same for both has its answer
    network = LinearNetwork(np.array([[3.0, -3.0], [-3.0, 3.0]]), own)
    weights = network.find(0.01)
    assert (np.diag(weights) > 0.5).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert np.ptp(network.decide(np.stack([weights[:, None], network.own]))[:, 1]) <= 0.01
    assert compute_divergence(mean_weights(network.own), mean_weights(weights[:, None])) > 0


def test_of_several_labels_the_answer_stays_and_the_explained_one_hardly_moves() -> None:
    class Three:
        rows, own = 8, np.full((1, 1, 4), 0.25)

        def decide(self, weights: np.ndarray) -> np.ndarray:
            logits = weights[:, 0, 0] @ np.array([[2.0, 0, 0], [0, 2, 0], [0, 0, 2], [1.0, 0.5, 0.6]])
            return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    network = Three()
    prediction = Prediction(("a", "b", "c"), tuple(network.decide(network.own[None])[0].tolist()))
    mix = find_mix(network, Explanation("", (), [], 0, prediction, "attention", "three"), 0.01)
    before, after = (network.decide(weights[None])[0] for weights in (network.own, put_mix(mix[None], network.own)[0]))
    assert abs(after[0] - before[0]) <= 0.01
    assert after.argmax() == before.argmax() == 0
    assert mix[-1] < 1, "another map was found"


def test_shuffling_deals_the_same_weights_out() -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(6), (3, 1))
    shuffled = shuffle_weights(weights, 20, seed=1)
    assert shuffled.shape == (20, 3, 1, 6)
    for rows in shuffled:
        assert {tuple(column) for column in rows[:, 0].T} == {tuple(column) for column in weights[:, 0].T}
    assert (shuffle_weights(weights, 20, seed=1) == shuffled).all()
    assert (shuffled[0] != shuffled[1]).any()


def travel(found: AdversarialAttention) -> AdversarialAttention:
    """What comes out of a journey as JSON."""
    return from_plain(AdversarialAttention, json.loads(json.dumps(to_plain(found), allow_nan=False)))


@pytest.fixture(scope="module", params=NAMES)
def explainer(tiny_library: Path, request: pytest.FixtureRequest) -> attnviz.Explainer:
    return attnviz.load(tiny_library / request.param)


def run_with(explainer: attnviz.Explainer, text: str, scores: np.ndarray) -> float:
    """The probability of a network in which a layer of fixed weights stands in place of the attention."""
    model = explainer.classifier.model
    layer = model.get_layer("attention_weights")

    class Fixed(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.supports_masking = True

        def compute_mask(self, *inputs, **settings) -> None:
            return None

        def call(self, *inputs, **settings):
            weights = scores[None].astype("float32")
            return keras.ops.convert_to_tensor(weights if len(layer.output.shape) == 2 else weights[..., None])

        def compute_output_shape(self, *shapes, **settings):
            return layer.output.shape

    twin = keras.models.clone_model(
        explainer.classifier.model, clone_function=lambda old: Fixed() if old is layer else old
    )
    return float(twin(explainer.classifier.reader.vocabulary.encode(text)[None])[0, 0])


def test_the_network_says_the_same_with_the_other_weights(explainer: attnviz.Explainer) -> None:
    text = "a great, lovely film with a dull story, and the end was brilliant. 😀"
    found = explainer.find_adversarial_attention(text)
    assert found.own.to_dict() == explainer.explain(text).to_dict()
    assert found.other.scores.sum() == pytest.approx(1, abs=1e-5)
    assert found.other.scores.min() >= 0
    assert found.other.probability == pytest.approx(run_with(explainer, text, found.other.scores), abs=1e-5)
    assert found.change <= 0.01
    assert found.divergence == pytest.approx(compute_divergence(found.own.scores, found.other.scores), abs=1e-5)
    assert 0.5 < found.divergence <= LN2
    assert len(found.shuffled) == 99
    assert min(found.shuffled) >= 0
    assert to_plain(
        from_plain(AdversarialAttention, json.loads(json.dumps(to_plain(found), allow_nan=False)))
    ) == to_plain(found)
    assert to_plain(explainer.find_adversarial_attention(text)) == to_plain(found)


def test_a_larger_change_allows_a_larger_difference(explainer: attnviz.Explainer) -> None:
    text = "the story was great and the film was dull"
    found = [explainer.find_adversarial_attention(text, change) for change in (1e-4, 0.01, 0.3)]
    assert all(one.change <= one.largest_change for one in found)
    assert found[0].divergence <= found[1].divergence + 1e-6 <= found[2].divergence + 2e-6


@pytest.mark.parametrize("text", ["", "?!", "great!"])
def test_a_text_of_less_than_two_words_has_no_other_map(explainer: attnviz.Explainer, text: str) -> None:
    found = explainer.find_adversarial_attention(text)
    assert (found.other, found.divergence, found.change) == (None, 0.0, 0.0)
    assert to_plain(
        from_plain(AdversarialAttention, json.loads(json.dumps(to_plain(found), allow_nan=False)))
    ) == to_plain(found)


load_once = cache(attnviz.load)


@settings(max_examples=15)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from(["great", "dull", "שלום", "<b>", "😀", "film film"])).map(" ".join)
)
def test_no_text_is_too_strange(tiny_library: Path, text: str) -> None:
    found = load_once(tiny_library / "luong").find_adversarial_attention(text)
    assert found.change <= 0.01
    json.dumps(to_plain(found), allow_nan=False)


def test_a_long_text_is_read_as_far_as_the_network_reads(tiny_library: Path) -> None:
    found = attnviz.load(tiny_library / "lstm-featurewise").find_adversarial_attention("great dull film " * 100)
    assert (len(found.other.tokens), found.own.truncated, found.change <= 0.01) == (200, 100, True)


def test_a_network_without_attention_says_so(tiny_library: Path) -> None:
    with pytest.raises(SettingError, match="bilstm has no attention"):
        attnviz.load(tiny_library / "bilstm").find_adversarial_attention("great film")


@pytest.mark.parametrize("change", [0, 1, -0.1, float("nan")])
def test_a_senseless_change_is_refused(tiny_library: Path, change: float) -> None:
    with pytest.raises(SettingError, match="between 0 and 1"):
        attnviz.load(tiny_library / "luong").find_adversarial_attention("great film", change)
