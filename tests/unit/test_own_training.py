"""Networks that learn a data set of one's own: three classes in English and in Chinese."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from attnviz.data.dataset_adding import add_dataset
from attnviz.data.dataset_examples import list_examples
from attnviz.data.datasets import OwnData, load_dataset
from attnviz.errors import CheckpointError, SettingError
from attnviz.models.own_data_spec import fit_spec, get_run_spec
from attnviz.models.registry import MODELS
from attnviz.runs.checkpoint import read_checkpoint, save_checkpoint
from attnviz.runs.library import build_card
from attnviz.runs.loading import load_explainer
from attnviz.training.encoded_reviews import split_reviews
from attnviz.training.text_training import TextRun, train_text
from tests.tables import make_rows, write_csv

TEXT_NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]


@pytest.fixture(scope="module", params=["en", "zh"])
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OwnData:
    """A data set of three classes in English or Chinese."""
    place = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_DATASETS", str(place / "datasets"))
        unit = "characters" if request.param == "zh" else None
        add_dataset(write_csv(place / "films.csv", make_rows(300, request.param)), "text", "label", unit=unit)
        return load_dataset("films")


@pytest.fixture(scope="module")
def trained(data: OwnData) -> TextRun:
    return train_text("word-additive", data, epochs=25, batch_size=16, seed=1, name="mine")


def test_it_learns_the_words_that_decide(trained: TextRun, data: OwnData) -> None:
    assert trained.run.accuracy > 0.9
    assert trained.model.output_shape == (None, 3)
    said = trained.run.data
    assert (said["name"], said["digest"], said["labels"]) == ("films", data.digest, list(data.about.labels))
    assert (said["train"], said["held_out"], said["test"]) == (216, 24, 60)
    assert (said["unit"], said["answer"], said["majority"]) == (data.about.unit, "own", pytest.approx(1 / 3, abs=1e-6))


def test_its_checkpoint_explains_with_its_own_classes_and_reading(
    trained: TextRun, data: OwnData, tmp_path: Path
) -> None:
    save_checkpoint(tmp_path / "mine", trained.model, trained.run, trained.history, trained.vocabulary)
    checkpoint = read_checkpoint(tmp_path / "mine")
    assert checkpoint.spec.labels == data.about.labels
    assert checkpoint.vocabulary.unit == data.about.unit
    explainer = load_explainer(checkpoint)
    text, label = data.test.texts[0], data.about.labels[data.test.labels[0]]
    for method in ("attention", "gradient"):
        found = explainer.explain(text, method)
        assert found.prediction.labels == data.about.labels
        assert found.prediction.label == label
        read = [text[token.start : token.end].lower() for token in found.tokens]
        assert read == (
            re.findall(r"\w", text) if data.about.unit == "characters" else re.findall(r"\w+", text.lower())
        )
    chosen = explainer.explain(text, "gradient", target=data.about.labels[2])
    assert chosen.target == 2
    assert explainer.explain("", "gradient").prediction.probabilities is None


def test_its_card_says_what_it_learned_and_how_it_reads(trained: TextRun, data: OwnData, tmp_path: Path) -> None:
    card = build_card(
        save_checkpoint(tmp_path / "mine", trained.model, trained.run, trained.history, trained.vocabulary)
    )
    assert (card.labels, card.target, card.data, card.origin) == (data.about.labels, None, "films", "run")
    assert card.notes[0] == "Trained on the data set ‘films’."
    assert [note for note in card.notes if "character by character" in note] == list(card.notes[1:])
    assert len(card.notes) == 1 + (data.about.unit == "characters")


def test_copies_are_not_held_out_from_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(tmp_path / "datasets"))
    rows = make_rows(60)
    add_dataset(write_csv(tmp_path / "films.csv", rows * 3), "text", "label")
    data = load_dataset("films")
    parts = split_reviews(data, fit_spec("luong", data), np.random.default_rng(0), None, "held-out")
    assert {tuple(row) for row in parts.train.rows}.isdisjoint(tuple(row) for row in parts.select.rows)
    assert set(parts.select.labels) == {0.0, 1.0, 2.0}
    assert len(parts.train) + len(parts.select) == len(data.train)


def test_two_classes_are_one_probability_that_of_the_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(tmp_path / "datasets"))
    rows = [row for row in make_rows(180) if row[1] != "mixed"]
    add_dataset(write_csv(tmp_path / "films.csv", rows), "text", "label")
    trained = train_text("stars", load_dataset("films"), epochs=25, batch_size=16)
    assert trained.model.output_shape == (None, 1)
    assert trained.run.data["labels"] == ["bad", "good"]
    assert trained.run.accuracy > 0.9


@pytest.mark.parametrize("network", TEXT_NETWORKS)
def test_every_text_network_of_the_table_trains_on_it(network: str, data: OwnData) -> None:
    run = train_text(network, data, epochs=1, limit=40, batch_size=8).run
    assert run.network == network
    assert run.data["train"] + run.data["held_out"] == 40


def test_examples_are_test_texts_one_of_each_class(data: OwnData) -> None:
    texts = list_examples(data)
    assert len(texts) == 3
    places = [list(data.test.texts).index(text) for text in texts]
    assert data.test.labels[places].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"labels": ["one"]}, "not 2 to 20 classes"),
        ({"labels": ["a", "a"]}, "not 2 to 20 classes"),
        ({"labels": ["a", 3]}, "not 2 to 20 classes"),
        ({"labels": "ab"}, "not 2 to 20 classes"),
        ({"unit": "syllables"}, "reads texts by 'syllables'"),
        ({"name": None}, "no name"),
    ],
)
def test_a_record_with_other_classes_than_there_can_be_is_refused(
    changed: dict, message: str, trained: TextRun
) -> None:
    with pytest.raises(SettingError, match=message):
        get_run_spec("luong", {**trained.run.data, **changed})


def test_a_column_network_learns_no_texts(trained: TextRun) -> None:
    with pytest.raises(SettingError, match="reads columns of numbers"):
        get_run_spec("column", trained.run.data)


def test_a_checkpoint_whose_classes_were_changed_is_damaged(trained: TextRun, tmp_path: Path) -> None:
    folder = save_checkpoint(tmp_path / "mine", trained.model, trained.run, trained.history, trained.vocabulary).folder
    record = json.loads((folder / "run.json").read_text("utf-8"))
    record["data"]["labels"] = ["only one"]
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(CheckpointError, match="not 2 to 20 classes"):
        read_checkpoint(folder)
