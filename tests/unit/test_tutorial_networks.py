"""A network that was trained as its tutorial trained it, in the library: it is read with its padding everywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.data.imdb import load_imdb
from attnviz.errors import SettingError
from attnviz.evidence.trained_controls import measure_controls
from attnviz.explain.explainer import Explainer
from attnviz.explain.text_reader import PaddedReader
from attnviz.living.network_file import NotExportable, export_classifier, export_network
from attnviz.models.registry import get_spec
from attnviz.runs.checkpoint import Checkpoint, save_checkpoint
from attnviz.runs.deceiving import prepare_deception
from attnviz.runs.loading import load_explainer, load_model
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.training.batches import left_padded
from attnviz.training.text_training import train_text

TEXT = "A great film with a dull end."


@pytest.fixture(scope="module")
def checkpoint(archive: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        trained = train_text("luong", load_imdb(), epochs=1, limit=40, batch_size=20, protocol="tutorial", name="mine")
    folder = tmp_path_factory.mktemp("library") / "mine"
    return save_checkpoint(folder, trained.model, trained.run, trained.history, trained.vocabulary)


@pytest.fixture(scope="module")
def explainer(checkpoint: Checkpoint) -> Explainer:
    return load_explainer(checkpoint)


def read(checkpoint: Checkpoint, text: str) -> tuple[float, np.ndarray]:
    """The probability and the attention weights (steps,) of the model itself."""
    model = load_model(checkpoint)
    ids = left_padded(checkpoint.vocabulary.encode(text), get_spec("luong").steps)[None]
    weights, answer = keras.Model(model.input, [model.get_layer("attention_weights").output, model.output])(ids)
    return float(answer[0, 0]), np.asarray(weights)[0]


def test_an_explanation_is_what_the_network_says_of_the_padded_text(
    checkpoint: Checkpoint, explainer: Explainer
) -> None:
    probability, weights = read(checkpoint, TEXT)
    found = explainer.explain(TEXT)
    assert found.probability == pytest.approx(probability, abs=1e-5)
    assert weights[-7:].sum() < 0.5, "padding has its part"
    np.testing.assert_allclose(found.scores, weights[-7:] / weights[-7:].sum(), atol=1e-6)
    assert np.isfinite(explainer.explain(TEXT, "gradient").scores).all()


def test_leaving_a_word_out_moves_the_padding_up(checkpoint: Checkpoint, explainer: Explainer) -> None:
    without = read(checkpoint, "A film with a dull end.")[0]
    moved = explainer.explain(TEXT, "occlusion").scores[1]
    assert moved == pytest.approx(read(checkpoint, TEXT)[0] - without, abs=1e-5)


def test_many_texts_read_as_one_by_one(explainer: Explainer) -> None:
    texts = [TEXT, "", "dull " * 300]
    together = np.asarray(explainer.predict_texts(texts))
    alone = np.concatenate([np.asarray(explainer.predict_texts([text])) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_what_is_made_for_networks_that_skip_padding_is_refused(
    checkpoint: Checkpoint, explainer: Explainer, tmp_path: Path
) -> None:
    with pytest.raises(NotExportable, match="reads padding like words"):
        export_network(checkpoint)
    with pytest.raises(NotExportable, match="in a way of its own"):
        export_classifier(explainer.classifier)
    with pytest.raises(SettingError, match="can't be followed step by step"):
        explainer.trace(TEXT)
    with pytest.raises(SettingError, match="reads padding like words"):
        prepare_deception(checkpoint, 0.1)
    with pytest.raises(SettingError, match="attnviz reproduce tutorials"):
        measure_controls(checkpoint.folder, tmp_path / "out")


def test_rows_stand_on_the_right_of_their_padding() -> None:
    arranged = PaddedReader(load_words(), 4).arrange([np.array([5, 6], np.int32), np.array([], np.int32)])
    assert arranged.ids.tolist() == [[0, 0, 5, 6], [0, 0, 0, 0]]
    assert arranged.places.tolist() == [[-1, -1, 0, 1], [-1, -1, -1, -1]]


def load_words() -> Vocabulary:
    return Vocabulary((*SPECIAL_WORDS, "a"))
