"""The process of a brought model: honest tutorial models in it, and files that pass the door and fail there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.engine.own_explainers import OwnExplainers
from attnviz.engine.own_process import EXAMINE_SECONDS, OwnProcess, read_answer
from attnviz.engine.protocol import ExamineModel, Explain, ExplainReviews, MeasureErasure, Operation, PredictReviews
from attnviz.errors import EngineError, ModelFileError, SettingError, UnknownNameError
from attnviz.foreign.confinement import get_memory
from attnviz.foreign.model_file import check_model_file
from attnviz.foreign.wrapping import wrap
from attnviz.runs.own_models import OwnModelSettings, StagedModel, keep_model, stage_model
from attnviz.values.model_card import ModelCard
from tests import tutorial_models
from tests.hostile_models import link_out
from tests.made_models import VOCABULARY, build_config, build_weights, describe, spoil_weights, write_archive

WITH_CLASSES_OF_THEIR_OWN = {"transformer", "subclassed", "tutorial-attention", "attention-with-context"}
WORDS = "\n".join(["<pad>", "[UNK]", *(f"w{number}" for number in range(2, tutorial_models.VOCABULARY))]).encode()
COMPARED = {"attention", "gradient", "integrated_gradients", "occlusion"}
TEXT = "w5 w17 w3 w99 w100 w7"


@pytest.fixture(scope="module", autouse=True)
def _library(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path_factory.mktemp("library")))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        yield


@pytest.fixture(scope="module")
def own(_library: None) -> Iterator[OwnExplainers]:
    own = OwnExplainers()
    yield own
    own.close()


def ask(own: OwnExplainers, operation: Operation[Any]) -> Any:
    answer = own.forward(operation, None)
    answer.exception(EXAMINE_SECONDS)
    return read_answer(operation, answer)


def examine(own: OwnExplainers, staged: StagedModel) -> ModelCard:
    return ask(own, ExamineModel(str(staged.folder), OwnModelSettings(staged.title)))


def stage(path: Path, words: bytes | None = VOCABULARY) -> StagedModel:
    return stage_model(path.name, path, None if words is None else ("words.txt", words))


def save(name: str, folder: Path) -> Path:
    path = folder / f"{name}.keras"
    tutorial_models.build(name).save(path)
    return path


@pytest.mark.parametrize("name", tutorial_models.MODELS)
def test_tutorial_models_at_the_door(tmp_path: Path, name: str) -> None:
    """What has classes of its own is refused, and said how it is explained all the same."""
    path = save(name, tmp_path)
    if name in WITH_CLASSES_OF_THEIR_OWN:
        with pytest.raises(ModelFileError, match=r"attnviz\.wrap or `attnviz app --model"):
            check_model_file(path)
    else:
        report = check_model_file(path)
        assert 0 < report.parameters <= keras.saving.load_model(path, compile=False).count_params()


def test_an_old_file_is_read_too_and_a_kept_model_goes_on(tmp_path: Path, own: OwnExplainers) -> None:
    model = tutorial_models.build("bilstm")
    model.save(path := tmp_path / "model.h5")
    (tmp_path / "vocabulary.txt").write_bytes(WORDS)
    here = wrap(model, tmp_path / "vocabulary.txt").explain(TEXT, "gradient")
    card = examine(own, staged := stage(path, WORDS))
    np.testing.assert_allclose(ask(own, Explain(staged.name, TEXT, "gradient")).scores, here.scores, rtol=0, atol=1e-6)
    kept = keep_model(staged, OwnModelSettings("bilstm"), card)
    assert len(ask(own, ExplainReviews(kept.name, (TEXT, TEXT), "occlusion"))) == 2
    (answer,) = ask(own, PredictReviews(kept.name, (TEXT,)))
    np.testing.assert_allclose(answer.probabilities, here.prediction.probabilities, atol=1e-6)
    assert ask(own, MeasureErasure(kept.name, TEXT, "gradient")).text == TEXT


@pytest.mark.parametrize("name", ["attention", "gru", "text-vectorization"])
def test_a_model_in_its_process_says_what_it_says_here(tmp_path: Path, own: OwnExplainers, name: str) -> None:
    path, words = save(name, tmp_path), None if name == "text-vectorization" else WORDS
    (tmp_path / "vocabulary.txt").write_bytes(WORDS)
    here = wrap(keras.saving.load_model(path), words and tmp_path / "vocabulary.txt")
    card = examine(own, staged := stage(path, words))
    assert (card.methods, card.labels, card.attention) == (here.methods, here.labels, here.card.attention)
    text = tutorial_models.TEXTS[0] if words is None else TEXT
    compared = COMPARED if name == "gru" else COMPARED - {"integrated_gradients"}  # one of them, since it takes long
    for method in compared & set(card.methods):
        there, expected = ask(own, Explain(staged.name, text, method)), here.explain(text, method)
        np.testing.assert_allclose(there.scores, expected.scores, rtol=0, atol=1e-6)
        np.testing.assert_allclose(there.probability, expected.probability, rtol=0, atol=1e-6)
        assert [token.text for token in there.tokens] == [token.text for token in expected.tokens]


REPEATED = build_config(
    describe("RepeatVector", name="many", n=100_000),
    describe("UpSampling1D", name="more", size=50_000),
    describe("GlobalAveragePooling1D", name="all"),
    describe("Dense", name="last", units=1, activation="sigmoid"),
)


def add_weights(file: h5py.File) -> None:
    """Those of the layers that `REPEATED` adds."""
    for name in ("repeat_vector", "up_sampling1d", "global_average_pooling1d_1"):
        file.create_group(f"layers/{name}/vars")
    for index, shape in enumerate([(1, 1), (1,)]):
        file.create_dataset(f"layers/dense_1/vars/{index}", data=np.zeros(shape, "float32"))


PASSES_THE_DOOR: dict[str, tuple[dict[str, Any], str]] = {
    "weights that are NaN": ({"weights": build_weights(np.nan)}, "NaN or infinite"),
    "weights of another model": ({"weights": spoil_weights(lambda file: file.pop("layers"))}, "Keras cannot build"),
    "weights that point to another file": ({"weights": spoil_weights(link_out)}, "another file"),
    "5,000,000,000 steps": (
        {"config": REPEATED, "weights": spoil_weights(add_weights)},
        "memory|has ended|how many steps",
    ),
    "layers that do not fit": ({"config": build_config(describe("LSTM", name="l", units=3))}, "Keras cannot build"),
}


@pytest.mark.parametrize("name", PASSES_THE_DOOR)
def test_what_passes_the_door_and_is_no_model_fails_with_a_sentence(
    tmp_path: Path, own: OwnExplainers, name: str
) -> None:
    parts, message = PASSES_THE_DOOR[name]
    policy, memory = keras.config.dtype_policy().name, get_memory()
    with pytest.raises((ModelFileError, EngineError, SettingError), match=message) as caught:
        examine(own, stage(write_archive(tmp_path / "model.keras", **parts)))
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 400
    assert (keras.config.dtype_policy().name, get_memory()) == (policy, memory)


def test_a_process_that_dies_is_started_again(tmp_path: Path, own: OwnExplainers) -> None:
    staged = stage(write_archive(tmp_path / "model.keras"))
    examine(own, staged)
    first = own._alive[staged.name]
    assert first.pid is not None
    os.kill(first.pid, signal.SIGSTOP)  # so that it cannot answer first
    answer = own.forward(Explain(staged.name, "good film", "occlusion"), None)
    os.kill(first.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match="process of the model 'model' has ended"):
        answer.result(60)
    assert len(ask(own, Explain(staged.name, "good film", "occlusion")).tokens) == 2
    assert own._alive[staged.name] is not first


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path, own: OwnExplainers) -> None:
    staged = stage(write_archive(tmp_path / "model.keras"))
    examine(own, staged)
    process = own._alive[staged.name]
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    answer = process.send(Explain(staged.name, "good film", "occlusion"), seconds=0.0)
    with pytest.raises(EngineError, match="took too long"):
        answer.result(60)
    assert process.pid is None


def test_a_setting_that_does_not_fit_is_said(tmp_path: Path, own: OwnExplainers) -> None:
    staged = stage(write_archive(tmp_path / "model.keras"))
    settings = OwnModelSettings("three", labels=("a", "b", "c"))
    with pytest.raises(SettingError):
        ask(own, ExamineModel(str(staged.folder), settings))
    with pytest.raises(SettingError, match="not there any more"):
        ask(own, ExamineModel(str(tmp_path), settings))
    with pytest.raises((SettingError, UnknownNameError), match="not there any more"):
        ask(own, Explain(".staged-0000", "a", "occlusion"))


def test_nobody_writes_a_process_that_has_ended(tmp_path: Path) -> None:
    staged = stage(write_archive(tmp_path / "model.keras"))
    process = OwnProcess(staged.folder, OwnModelSettings("a title"))
    process.close("It was in the way.")
    with pytest.raises(EngineError, match=r"'a title' has ended\. It was in the way\."):
        process.ask(Explain(staged.name, "a", "occlusion"))
