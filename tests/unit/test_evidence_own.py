"""Networks that somebody brings: sub-words, '[CLS]', padding on the left, attention that can't be replaced."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz import Explainer, measure_evidence
from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.evidence import evidence_run
from attnviz.evidence.attention_batches import SeparateTexts, find_obstacle, read_batch
from attnviz.evidence.fixed_gradient import FixedGradient
from attnviz.evidence.replaced_weights import make_even
from attnviz.explain.attention_source import LayerAttention
from tests.unit.hand_reader import IDS, HandReader, explain_with, scramble

TEXTS = ["a wonderful little film", "dull", "the story was boring and stupid", "great acting, awful ending"]


def make_explainer(layers: int = 1) -> Explainer:
    """Attention over the steps; with two layers the answer needs both."""
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(IDS, 6)(ids)
    sums = []
    for number in range(layers):
        scores = keras.layers.Dense(1, activation="tanh")(vectors)
        weights = keras.layers.Softmax(axis=1, name=f"weights{number}")(scores)
        weights = keras.layers.Reshape((-1,), name=f"attention{number}")(weights)
        sums.append(keras.layers.Dot(axes=1)([weights, vectors]))
    joined = keras.layers.Concatenate()(sums) if layers > 1 else sums[0]
    model = scramble(keras.Model(ids, keras.layers.Dense(1, activation="sigmoid")(joined)))
    sources = [LayerAttention(f"attention{number}") for number in range(layers)]
    reader = HandReader(fixed=16, left=True, cls=True, pieces=True)
    return explain_with(model, reader, labels=("bad", "good"), attention=sources)


def test_a_network_of_sub_words_is_read_text_by_text() -> None:
    classifier = make_explainer().classifier
    rows = [classifier.encode(text).inputs for text in TEXTS]
    batch = read_batch(classifier, rows)
    assert isinstance(batch, SeparateTexts)
    assert [own.shape[-1] for own in batch.own] == [len(row) for row in rows]
    np.testing.assert_allclose(batch.decide(batch.own), classifier.predict(rows), atol=1e-6)
    assert abs(batch.decide([make_even(own) for own in batch.own]) - classifier.predict(rows)).max() > 1e-4
    scores = FixedGradient(classifier).score(rows)
    assert [len(one) for one in scores] == [len(row) for row in rows]


def test_a_brought_network_is_measured_like_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("\n".join(TEXTS))
    found = measure_evidence(make_explainer(), tmp_path / "out", data=file)
    assert found.find("probability moved", "even weights").n == 3  # one text has a single word
    assert found.find("accuracy") is None
    assert found.find("Kendall's tau", "attention, fixed_gradient") is not None
    assert len(found.record["network"]["sha256"]["weights"]) == 64


def test_attention_of_several_layers_is_shown_and_not_replaced(tmp_path: Path) -> None:
    explainer = make_explainer(layers=2)
    assert "several layers" in find_obstacle(explainer.classifier)
    file = tmp_path / "mine.txt"
    file.write_text("\n".join(TEXTS))
    found = measure_evidence(explainer, tmp_path / "out", data=file)
    assert "spread" in {row.section for row in found.rows}
    assert not {"weights", "adversarial"} & {row.section for row in found.rows}


def test_a_model_of_ones_own_in_the_library_is_told_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_run, "find_folder", lambda name: tmp_path)
    monkeypatch.setattr(evidence_run, "is_own_folder", lambda folder: True)
    with pytest.raises(SettingError, match=r"attnviz\.wrap"):
        measure_evidence("mine", tmp_path / "out")
    with pytest.raises(SettingError, match="not int"):
        measure_evidence(3, tmp_path / "out")
