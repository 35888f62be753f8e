"""From a text to an explanation, on the tiny library."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import attnviz
from attnviz import Explainer, Explanation
from attnviz.backend import tf
from attnviz.data.examples import EXAMPLES
from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.attribution import as_targets, integrated_gradient_scores
from attnviz.explain.explainer import _RECENT
from attnviz.explain.scoring import _LENGTHS
from attnviz.models.registry import MODELS
from attnviz.text.vocabulary import UNKNOWN
from attnviz.text.words import MAX_CHARACTERS
from attnviz.values.methods import TYPED_METHODS, pick_typed
from tests.made import UNUSUAL

KNOWN = "The film was GREAT,<br />and a lovely story."


@pytest.fixture(scope="module")
def explainers(tiny_library: Path) -> dict[str, Explainer]:
    return {name: attnviz.load(tiny_library / name) for name in ("luong", "bilstm", "lstm-featurewise")}


@pytest.fixture(params=["luong", "lstm-featurewise"])
def attentive(request: pytest.FixtureRequest, explainers: dict[str, Explainer]) -> Explainer:
    return explainers[request.param]


@pytest.fixture
def luong(explainers: dict[str, Explainer]) -> Explainer:
    return explainers["luong"]


def assert_close(one: Explanation, two: Explanation) -> None:
    assert (one.text, one.tokens, one.truncated, one.method) == (two.text, two.tokens, two.truncated, two.method)
    np.testing.assert_allclose(one.scores, two.scores, atol=1e-5)
    for answer in ("probability", "gap"):
        ours, theirs = getattr(one, answer), getattr(two, answer)
        assert ours == (None if theirs is None else pytest.approx(theirs, abs=1e-5))


def test_attention_scores_are_shares_that_sum_to_1(attentive: Explainer) -> None:
    explanation = attentive.explain(KNOWN)
    assert len(explanation.tokens) == len(explanation.scores) == 8
    assert (explanation.scores >= 0).all()
    assert explanation.scores.sum() == pytest.approx(1.0, abs=1e-5)
    assert 0 < explanation.probability < 1
    assert np.ptp(explanation.scores) > 1e-4


def test_tokens_stand_at_their_place_in_the_untouched_text(luong: Explainer) -> None:
    explanation = luong.explain(KNOWN)
    assert [KNOWN[token.start : token.end] for token in explanation.tokens] == [
        *("The", "film", "was", "GREAT", "and", "a", "lovely", "story"),
    ]
    assert all(token.known for token in explanation.tokens)
    assert explanation.text == KNOWN


def test_probability_and_weights_are_those_of_the_keras_model(luong: Explainer) -> None:
    explanation = luong.explain(KNOWN)
    ids = np.array([[token.id for token in explanation.tokens]])
    found = attnviz.get_activations(luong.classifier.model, ids, ["probability", "attention_weights"])
    np.testing.assert_allclose(explanation.scores, found["attention_weights"][0], atol=1e-5)
    assert explanation.probability == pytest.approx(float(found["probability"][0, 0]), abs=1e-5)


@pytest.mark.parametrize("method", TYPED_METHODS)
def test_a_batch_gives_what_each_text_gets_alone(attentive: Explainer, method: str) -> None:
    texts = [KNOWN, "", "dull", "boring story " * 20, *UNUSUAL.values(), KNOWN, "?!"]
    alone = [attentive.explain(text, method) for text in texts]
    for one, two in zip(attentive.explain_batch(texts, method), alone, strict=True):
        assert_close(one, two)


def test_probabilities_alone_are_those_of_the_explanations(attentive: Explainer) -> None:
    texts = [KNOWN, "", "dull " * 700, *UNUSUAL.values(), "?!"]
    expected = [item.prediction.probabilities for item in attentive.explain_batch(texts)]
    found = attentive.predict_texts(texts)
    np.testing.assert_allclose(found, [(np.nan,) * 2 if value is None else value for value in expected], atol=1e-5)
    assert attentive.predict_texts([]).shape == (0, 2)


def test_a_stream_gives_what_a_batch_gives_in_the_same_order(luong: Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attnviz.explain.explainer._WINDOW", 3)
    texts = ["great film " * count + "!" for count in range(8)]
    stream = luong.explain_stream(iter(texts))
    assert iter(stream) is stream, "results come one by one"
    for one, two in zip(stream, luong.explain_batch(texts), strict=True):
        assert_close(one, two)


def test_more_texts_than_one_batch_keep_their_order(luong: Explainer) -> None:
    texts = [f"{'great ' * (index % 7)}film" for index in range(150)]
    results = luong.explain_batch(texts)
    assert [result.text for result in results] == texts
    assert [len(result.tokens) for result in results] == [index % 7 + 1 for index in range(150)]
    by_text = {}
    for result in results:
        assert_close(result, by_text.setdefault(result.text, result))


@pytest.mark.parametrize("name", ["luong", "bilstm-additive"])
def test_warming_up_changes_no_answer(name: str) -> None:
    # The networks that ship: the tiny ones have large weights, which blow up the rounding of 500 steps.
    plain, warm = attnviz.load(name), attnviz.load(name)
    warm.warm_up()
    assert set(warm._scorer._programs) == {length for length in _LENGTHS if length <= warm.classifier.steps}
    for count in (1, 49, 50, 51, 199, 200, 201, 499, 500, 600):
        text = "a great dull film of quuxes " * (count // 6) + "great " * (count % 6)
        assert_close(warm.explain(text), plain.explain(text))
    texts = ["great film", "dull " * 70]
    for one, two in zip(warm.explain_batch(texts), plain.explain_batch(texts), strict=True):
        assert_close(one, two)


def test_warming_up_a_method_that_gains_nothing_compiles_nothing(explainers: dict[str, Explainer]) -> None:
    explainers["bilstm"].warm_up("gradient")
    assert not explainers["bilstm"]._scorer._programs
    with pytest.raises(UnknownNameError, match="attention"):
        explainers["bilstm"].warm_up("attention")


def test_no_text_gives_no_explanation(luong: Explainer) -> None:
    assert luong.explain_batch([]) == []
    assert list(luong.explain_stream([])) == []


@pytest.mark.parametrize("extra", [0, 1, 37])
def test_only_the_last_words_of_a_long_text_are_read(attentive: Explainer, extra: int) -> None:
    steps = attentive.classifier.steps
    end = "great film " * (steps // 2)
    text = "dull, " * extra + end
    explanation, expected = attentive.explain(text), attentive.explain(end)
    assert (explanation.truncated, len(explanation.tokens)) == (extra, steps)
    assert {text[token.start : token.end] for token in explanation.tokens} == {"great", "film"}
    assert explanation.tokens[0].start == len("dull, ") * extra
    np.testing.assert_allclose(explanation.scores, expected.scores, atol=1e-6)
    assert explanation.probability == pytest.approx(expected.probability, abs=1e-6)


def test_unknown_words_are_marked_and_read_as_one_placeholder(luong: Explainer) -> None:
    explanation = luong.explain("xylophone film")
    assert [(token.id == UNKNOWN, token.known) for token in explanation.tokens] == [(True, False), (False, True)]
    assert explanation.probability == luong.explain("quux film").probability


@pytest.mark.parametrize("method", TYPED_METHODS[1:])
def test_a_network_without_attention_has_the_other_methods(explainers: dict[str, Explainer], method: str) -> None:
    assert pick_typed(explainers["bilstm"].methods) == TYPED_METHODS[1:]
    explanation = explainers["bilstm"].explain(KNOWN, method)
    assert explanation.signed
    assert np.abs(explanation.scores).max() > 1e-5


@pytest.mark.parametrize("name", ["luong", "bilstm", "lstm-featurewise"])
def test_occlusion_is_what_explaining_the_shortened_texts_one_by_one_gives(explainers, name: str) -> None:
    words = ["great", "dull", "film", "xylophone", "film"]
    explanation = explainers[name].explain(" ".join(words), "occlusion")
    shortened = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
    without = [explainers[name].explain(text, "gradient").probability for text in shortened]
    np.testing.assert_allclose(explanation.scores, explanation.probability - np.array(without), atol=1e-5)


def test_what_is_not_read_is_not_read_when_a_word_is_left_out_either(explainers: dict[str, Explainer]) -> None:
    end = "great film " * 100
    long, short = (explainers["bilstm"].explain(text, "occlusion") for text in (f"dull {end}", end))
    assert (long.truncated, len(long.scores)) == (1, 200)
    np.testing.assert_allclose(long.scores, short.scores, atol=1e-6)


@pytest.mark.parametrize("name", [name for name, spec in MODELS.items() if spec.task == "reviews"])
def test_integrated_gradients_of_the_shipped_networks_share_out_the_whole_difference(name: str) -> None:
    for explanation in attnviz.load(name).explain_batch(list(EXAMPLES.values()), "integrated_gradients"):
        assert abs(explanation.gap) < 0.01
        assert np.abs(explanation.scores).max() > 0.01


def test_integrated_gradients_of_a_network_that_jumps_on_the_way_get_more_points() -> None:
    explainer = attnviz.load("bilstm-additive")
    turning = "the film was awful " * 30 + "the story was great " * 30
    ids = explainer.classifier.encode(turning).inputs[None]
    coarse = integrated_gradient_scores(explainer.classifier.graph)(tf.constant(ids), as_targets(1, 1))
    assert abs(coarse.gap[0]) > 0.05, "the usual points miss this text"
    longer, turned, shorter = explainer.explain_batch([KNOWN * 30, turning, KNOWN], "integrated_gradients")
    assert abs(turned.gap) < 0.001
    assert turned.scores.sum() - turned.gap == pytest.approx(float(sum(coarse.values[0]) - coarse.gap[0]), abs=1e-4)
    assert_close(turned, explainer.explain(turning, "integrated_gradients"))
    assert_close(longer, explainer.explain(KNOWN * 30, "integrated_gradients"))
    assert_close(shorter, explainer.explain(KNOWN, "integrated_gradients"))


def test_predicting_does_not_depend_on_what_is_predicted_together(explainers: dict[str, Explainer]) -> None:
    rows = [np.arange(3, 3 + count, dtype=np.int32) % 18 + 2 for count in (0, 1, 7, 30)] * 30
    for explainer in explainers.values():
        together = explainer.classifier.predict(rows)
        alone = np.concatenate([explainer.classifier.predict([row]) for row in rows[:4]] * 30)
        np.testing.assert_allclose(together, alone, atol=1e-5)
        assert explainer.classifier.predict([]).shape == (0, 2)


def test_a_method_that_the_network_lacks_is_refused_with_those_it_has(explainers: dict[str, Explainer]) -> None:
    with pytest.raises(UnknownNameError, match=r"method of bilstm 'attention'\. Valid names: gradient, "):
        explainers["bilstm"].explain(KNOWN, "attention")
    with pytest.raises(UnknownNameError, match=r"'rollout'\. Valid names: attention, gradient"):
        explainers["luong"].explain(KNOWN, "rollout")


def test_without_a_method_attention_is_shown_or_the_first_of_what_is_offered(explainers: dict[str, Explainer]) -> None:
    assert explainers["luong"].explain(KNOWN).method == "attention"
    bilstm = explainers["bilstm"]
    assert bilstm.explain(KNOWN).method == bilstm.recall(KNOWN).method == bilstm.methods[0] == "gradient"
    assert bilstm.explain_batch([KNOWN])[0].method == bilstm.measure_faithfulness(KNOWN).method == "gradient"


def test_a_text_above_the_bound_is_refused_and_one_at_it_is_not(luong: Explainer) -> None:
    assert luong.explain("film ".ljust(MAX_CHARACTERS)).probability is not None
    with pytest.raises(SettingError, match="at most 1,000,000 characters, this one has 1,000,001"):
        luong.explain("a" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("thing", [None, 3, b"great", ["great"]])
def test_what_is_no_text_is_refused(luong: Explainer, thing: object) -> None:
    with pytest.raises(SettingError, match=f"must be a str, got {type(thing).__name__}"):
        luong.explain(thing)


def test_the_column_network_is_refused_with_what_to_do(library: Path) -> None:
    with pytest.raises(SettingError, match=r"column reads columns of numbers, not text.*attnviz\.train_column"):
        attnviz.load("column")


def test_a_checkpoint_is_loaded_by_name_or_by_path(library: Path, luong: Explainer) -> None:
    by_name = attnviz.load("luong")
    assert by_name.name == luong.name == "luong"
    assert_close(by_name.explain(KNOWN), luong.explain(KNOWN))


def test_an_unknown_checkpoint_lists_the_known_ones(library: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"'nope'\. Valid names: bilstm, column, lstm-featurewise, luong"):
        attnviz.load("nope")


def test_the_frame_of_an_explanation_has_a_row_a_token(luong: Explainer) -> None:
    frame = luong.explain(KNOWN).to_frame()
    assert list(frame.columns) == ["token", "start", "end", "id", "known", "score"]
    assert frame["token"].tolist() == ["the", "film", "was", "great", "and", "a", "lovely", "story"]


def test_explaining_from_several_threads_gives_the_same_answers(luong: Explainer) -> None:
    texts = [f"great {'dull ' * (index % 5)}film" for index in range(24)]
    with ThreadPoolExecutor(4) as pool:
        for one, two in zip(pool.map(luong.explain, texts), luong.explain_batch(texts), strict=True):
            assert_close(one, two)


def test_all_that_is_measured_of_a_text_computes_each_explanation_once(
    luong: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def explain_batch(texts: list[str], method: str, target: int | None = None) -> list[Explanation]:
        asked.extend((text, method) for text in texts)
        return Explainer.explain_batch(luong, texts, method, target)

    text = "a lovely film with a boring story"
    expected = luong.measure_faithfulness(text, "occlusion"), luong.measure_erasure_curve(text, "occlusion")
    luong._recent = ()
    monkeypatch.setattr(luong, "explain_batch", explain_batch)
    explained = luong.explain(text, "occlusion")
    assert luong.recall(text, "occlusion") is explained
    assert (luong.measure_faithfulness(text, "occlusion"), luong.measure_erasure_curve(text, "occlusion")) == expected
    assert luong.find_adversarial_attention(text).own.method == luong.measure_faithfulness(text).method == "attention"
    assert asked == [(text, "occlusion"), (text, "gradient"), (text, "attention")]
    luong.explain(text, "occlusion")
    assert len(asked) == 4, "whoever asks for an explanation itself gets a new one"


def test_only_the_last_explanations_are_kept(luong: Explainer) -> None:
    first = luong.explain("great film 0")
    for count in range(1, _RECENT):
        luong.explain(f"great film {count}")
    assert luong.recall("great film 0") is first
    luong.explain("one more")
    assert luong.recall("great film 0") is not first
    assert len(luong._recent) == _RECENT
