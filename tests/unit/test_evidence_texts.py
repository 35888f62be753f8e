"""What is measured of each text, on small untrained networks, beside the same asked for one text alone."""

from __future__ import annotations

import numpy as np
import pytest

import attnviz
from attnviz.errors import UnknownNameError
from attnviz.evidence.attention_batches import PaddedBatch, SeparateTexts, read_batch
from attnviz.evidence.corpus_methods import CORPUS_METHODS, FIXED, choose_methods
from attnviz.evidence.corpus_part import NO_ANSWER, Part
from attnviz.evidence.erased_words import measure_erased
from attnviz.evidence.fixed_gradient import FixedGradient
from attnviz.evidence.part_reading import read_part
from attnviz.evidence.replaced_weights import make_even, reverse_ranks
from attnviz.evidence.text_measures import TextMeasures
from attnviz.evidence.word_use import split_columns
from attnviz.explain.agreement import compute_taus
from attnviz.explain.attention_maps import Intervention
from attnviz.explain.explainer import Explainer
from attnviz.explain.scoring import Scorer
from tests.conftest import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS

pytestmark = pytest.mark.usefixtures("library")
NETWORKS = ("luong", "lstm-featurewise")
METHODS = ("attention", "gradient", FIXED, "occlusion")


def make_texts(count: int, seed: int = 0) -> list[str]:
    random = np.random.default_rng(seed)
    words = (*POSITIVE_WORDS, *NEGATIVE_WORDS, *NEUTRAL_WORDS)
    return [" ".join(random.choice(words, size=random.integers(2, 40))) for _ in range(count)]


def make_part(texts: list[str], answer: int = 1) -> Part:
    count = len(texts)
    everything = np.ones(count, bool)
    return Part(0, np.arange(count) + 100, texts, np.full(count, answer), everything, np.arange(count) < 3)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_batch_with_other_weights_answers_as_each_text_alone(name: str) -> None:
    classifier = attnviz.load(name).classifier
    rows = [classifier.encode(text).inputs for text in make_texts(7)]
    batch, alone = read_batch(classifier, rows), SeparateTexts(classifier, rows)
    assert isinstance(batch, PaddedBatch)
    for replace in (lambda own: own, make_even, reverse_ranks):
        weights = [replace(own) for own in batch.own]
        np.testing.assert_allclose(batch.decide(weights), alone.decide(weights), atol=1e-6)
    np.testing.assert_allclose(batch.decide(batch.own), classifier.predict(rows), atol=1e-6)


def test_a_transformer_reads_a_batch_with_other_weights_as_each_text_alone() -> None:
    from attnviz.models.registry import MODELS
    from attnviz.runs.loading import build_classifier

    vocabulary = attnviz.load("luong").classifier.reader.vocabulary
    model = attnviz.build_model("transformer", vocabulary_size=len(vocabulary))
    classifier = build_classifier(model, vocabulary, MODELS["transformer"], "transformer")
    rows = [classifier.encode(text).inputs for text in make_texts(5)]
    batch = read_batch(classifier, rows)
    assert batch.own[0].shape[-2:] == (len(rows[0]), len(rows[0]))
    np.testing.assert_allclose(batch.decide(batch.own), classifier.predict(rows), atol=1e-6)
    even = [make_even(own) for own in batch.own]
    alone = [Intervention(classifier, row).decide(one[None])[0] for row, one in zip(rows, even, strict=True)]
    np.testing.assert_allclose(batch.decide(even), alone, atol=1e-6)


def test_the_fixed_gradient_is_that_of_the_answer_with_constant_weights() -> None:
    """A difference quotient of the answer of the weighted sum, along the words' vectors, with the weights kept."""
    classifier = attnviz.load("luong").classifier
    graph = classifier.graph
    row = classifier.encode(make_texts(1, seed=3)[0]).inputs
    (scores,) = FixedGradient(classifier).score([row])
    _, (ids,) = graph.arrange([row])
    vectors, weights = (
        value.numpy() for value in graph.traced.function([graph.ids], [graph.vectors, graph.attention])(ids)
    )
    answer = graph.traced.function([graph.ids, graph.vectors, graph.attention], [graph.probabilities])
    label = int(np.argmax(classifier.predict([row])[0]))

    def ask(place: int, by: float) -> float:
        moved = vectors.copy()
        moved[0, place] *= 1 + by
        return float(answer(ids, moved, weights)[0].numpy()[0, label])

    quotients = [(ask(place, 0.01) - ask(place, -0.01)) / 0.02 for place in range(len(row))]
    np.testing.assert_allclose(scores, quotients, rtol=0.05, atol=1e-4)
    whole = Scorer(classifier).score("gradient", [row], None)[0].scores
    assert abs(whole - scores).max() > 1e-4


@pytest.mark.parametrize("name", NETWORKS)
def test_every_measure_has_a_value_for_every_text(name: str) -> None:
    texts = make_texts(9)
    values, words = split_columns(TextMeasures(attnviz.load(name), METHODS).measure(make_part(texts)))
    assert words["count"].sum() == values["words"].sum()
    assert {"correct", "strongest", "entropy", "correct, even", "same, shuffled", "moved, another text's"} <= set(
        values
    )
    assert {"tau, attention, gradient", f"tau, attention, {FIXED}", "sufficiency, shifted"} <= set(values)
    assert {"divergence, 0.05", "divergence, 0.01"} <= set(values)
    for column, numbers in values.items():
        assert numbers.shape == (9,)
        assert np.isnan(numbers).sum() == (6 if column.startswith("divergence") else 0), column


def test_values_do_not_depend_on_the_other_texts() -> None:
    texts = make_texts(12)
    measures = TextMeasures(attnviz.load("luong"), METHODS)
    whole, _ = split_columns(measures.measure(make_part(texts)))
    few, _ = split_columns(measures.measure(make_part(texts[:4])))
    for name in whole.keys() - {f"{what}, another text's" for what in ("correct", "same", "moved")}:
        allowed = 0.02 if name.startswith("tau") else 1e-5  # rounding may swap two words of nearly the same score
        np.testing.assert_allclose(few[name], whole[name][:4], atol=allowed, err_msg=name)


def test_random_numbers_depend_on_the_seed() -> None:
    part, explainer = make_part(make_texts(6)), attnviz.load("luong")
    one, two = (TextMeasures(explainer, ("attention",), seed).measure(part) for seed in (0, 1))
    np.testing.assert_array_equal(one["strongest"], two["strongest"])
    assert (one["moved, shuffled"] != two["moved, shuffled"]).any()
    assert (one["comprehensiveness, random"] != two["comprehensiveness, random"]).any()


def test_agreement_is_scipys_kendalltau() -> None:
    stats = pytest.importorskip("scipy.stats")
    explainer, part = attnviz.load("luong"), make_part(make_texts(100, seed=5))
    found = TextMeasures(explainer, ("attention", "gradient")).measure(part)["tau, attention, gradient"]
    rows = [explainer.classifier.encode(text).inputs for text in part.texts]
    scores = [Scorer(explainer.classifier).score(method, rows, None) for method in ("attention", "gradient")]
    for tau, attention, gradient in zip(found, *scores, strict=True):
        theirs = stats.kendalltau(attention.scores, np.abs(gradient.scores)).statistic
        assert tau == pytest.approx(theirs, abs=1e-6)
    assert compute_taus(np.array([[1.0, 1.0], [1.0, 2.0]]))[0][1] is None


def test_erasure_is_that_of_the_paper() -> None:
    """The words of the text are taken out of the text itself, one share after the other, and it is read again."""
    explainer, part = attnviz.load("luong"), make_part(make_texts(10, seed=7))
    found = TextMeasures(explainer, ("attention",)).measure(part)
    for place, text in enumerate(part.texts):
        words, scores = text.split(), explainer.explain(text).scores
        label = int(np.argmax(explainer.explain(text).prediction.probabilities))
        order = sorted(range(len(words)), key=lambda at, scores=scores: -scores[at])
        drops: dict[str, list[float]] = {"comprehensiveness": [], "sufficiency": []}
        for percent in (1, 5, 10, 20, 50):
            top = set(order[: int(np.ceil(len(words) * percent / 100))])
            left = [" ".join(w for at, w in enumerate(words) if (at in top) == alone) for alone in (False, True)]
            full, without, alone = explainer.predict_texts([text, *left])[:, label]
            drops["comprehensiveness"].append(full - without)
            drops["sufficiency"].append(full - alone)
        for name, values in drops.items():
            assert found[f"{name}, attention"][place] == pytest.approx(np.mean(values), abs=1e-5)


def test_texts_without_words_and_answers_are_left_out() -> None:
    part = make_part(["", "great", "a great film"], answer=NO_ANSWER)
    values = TextMeasures(attnviz.load("luong"), ("attention",)).measure(part)
    assert np.isnan(values["correct"]).all()
    assert np.isnan(values["predicted"]).tolist() == [True, False, False]
    assert np.isnan(values["strongest"]).tolist() == [True, True, False]


def test_a_part_of_nothing_readable_has_no_more_than_its_answers() -> None:
    values = TextMeasures(attnviz.load("luong"), ("attention",)).measure(make_part(["", "!"]))
    assert "strongest" not in values
    assert np.isnan(values["confidence"]).all()


def test_a_network_without_attention_is_measured_by_its_gradient() -> None:
    explainer: Explainer = attnviz.load("bilstm")
    methods = choose_methods(explainer.methods, None, ())
    assert methods == ("gradient", "occlusion")
    values = TextMeasures(explainer, methods).measure(make_part(make_texts(4)))
    assert "tau, gradient, occlusion" in values
    assert not any("even" in name or "divergence" in name for name in values)


def test_methods_are_chosen_in_one_order() -> None:
    everything = ("occlusion", "integrated_gradients", "gradient", "attention", "lime")
    assert choose_methods(everything, None, ()) == CORPUS_METHODS[:-1]
    assert choose_methods(everything, None, ["occlusion"]) == ("attention", "gradient", FIXED)
    assert choose_methods(everything, ["integrated_gradients", "attention"], ()) == ("attention", CORPUS_METHODS[-1])
    with pytest.raises(UnknownNameError, match="lime"):
        choose_methods(everything, ["lime"], ())
    with pytest.raises(UnknownNameError, match="nonsense"):
        choose_methods(everything, None, ["nonsense"])


def test_nobody_chosen_for_erasure_gives_no_columns() -> None:
    explainer, texts = attnviz.load("luong"), make_texts(2)
    nobody = np.zeros(2, bool)
    part = Part(0, np.arange(2), texts, np.ones(2, np.int64), nobody, nobody)
    assert list(measure_erased(read_part(explainer.classifier, part))) == []
