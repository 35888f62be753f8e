"""Training of the text networks on a small archive whose labels follow from the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import attnviz
from attnviz.data.imdb import Imdb, Split, load_imdb
from attnviz.data.review_answers import get_answers
from attnviz.errors import SettingError, UnknownNameError
from attnviz.models.registry import get_spec
from attnviz.runs.checkpoint import save_checkpoint
from attnviz.training.batches import pad
from attnviz.training.encoded_reviews import split_reviews
from attnviz.training.observer import Observer
from attnviz.training.text_training import NothingTrained, TextRun, train_text
from attnviz.values.prediction import STARS

EPOCHS, BATCH = 8, 8
MEASURES = ("loss", "accuracy", "val_loss", "val_accuracy")


class Recorder(Observer):
    """Writes down what it is told; asks to stop at `stop_at`, a pair of epoch and step counted from 1."""

    def __init__(self, stop_at: tuple[int, int] | None = None) -> None:
        self.stop_at = stop_at
        self.started: tuple[int, int] | None = None
        self.steps: list[tuple[int, int]] = []
        self.rows: list[Mapping[str, float]] = []

    def on_start(self, epochs: int, steps: int, *, reviews: int, done: int = 0) -> None:
        self.started = (epochs, steps)

    def on_step(self, epoch: int, step: int, measured: Mapping[str, float]) -> None:
        self.steps.append((epoch, step))

    def on_epoch(self, epoch: int, row: Mapping[str, float], best: int) -> None:
        assert epoch == len(self.rows) + 1
        self.rows.append(dict(row))

    def should_stop(self) -> bool:
        return self.stop_at is not None and self.steps[-1] >= self.stop_at


@pytest.fixture(scope="module")
def data(archive: Path, cache: Path) -> Imdb:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        return load_imdb()


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def trained(data: Imdb, recorder: Recorder) -> TextRun:
    return train_text("luong", data, epochs=EPOCHS, batch_size=BATCH, seed=1, observer=recorder, name="mine")


def assert_same(one: TextRun, two: TextRun) -> None:
    for name in MEASURES:
        np.testing.assert_array_equal(one.history[name], two.history[name])
    for left, right in zip(one.model.get_weights(), two.model.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_training_learns_the_words_that_decide(trained: TextRun) -> None:
    assert trained.run.accuracy > 0.9
    assert trained.history["loss"][-1] < trained.history["loss"][0]


def test_the_run_records_what_was_trained_on_what(trained: TextRun, data: Imdb) -> None:
    run = trained.run
    assert (run.model, run.network, run.seed, run.protocol, run.stopped) == ("mine", "luong", 1, "held-out", False)
    assert dict(run.data) == {
        "name": "Large Movie Review Dataset v1.0",
        "digest": data.digest,
        "train": 108,
        "held_out": 12,
        "test": 120,
        "answer": "sentiment",
        "labels": ["negative", "positive"],
        "majority": 0.5,
    }
    assert (run.recipe["epochs"], run.recipe["batch_size"], run.recipe["optimizer"]) == (EPOCHS, BATCH, "Adam")
    assert run.parameters == trained.model.count_params()
    assert run.versions["attnviz"] == attnviz.__version__


def test_the_kept_epoch_is_the_best_of_the_held_out_reviews(trained: TextRun) -> None:
    history = trained.history
    ranks = list(zip(history["val_accuracy"], -history["val_loss"], strict=True))
    assert trained.run.selected_epoch == ranks.index(max(ranks)) + 1


def test_the_accuracy_is_that_of_the_returned_model_on_the_test_reviews(trained: TextRun, data: Imdb) -> None:
    spec = get_spec("luong")
    ids = pad([data.test.encode(index, spec.vocabulary_size, spec.steps) for index in range(len(data.test))])
    answers = np.asarray(trained.model(ids))[:, 0] > 0.5
    assert (answers == data.test.labels).mean() == pytest.approx(trained.run.accuracy, abs=1e-6)


def test_the_observer_hears_every_step_and_every_epoch(trained: TextRun, recorder: Recorder) -> None:
    steps = -(-108 // BATCH)
    assert recorder.started == (EPOCHS, steps)
    assert recorder.steps == [(epoch, step) for epoch in range(1, EPOCHS + 1) for step in range(1, steps + 1)]
    for name in (*MEASURES, "seconds"):
        assert [row[name] for row in recorder.rows] == trained.history[name].tolist()


def test_the_same_seed_gives_the_same_run_and_the_test_reviews_have_no_say_in_it(trained: TextRun, data: Imdb) -> None:
    """Training again with every test label flipped: all is equal but the accuracy, which is the other share."""
    flipped = replace(data, test=replace(data.test, labels=1 - data.test.labels))
    again = train_text("luong", flipped, epochs=EPOCHS, batch_size=BATCH, seed=1)
    assert_same(again, trained)
    assert again.run.accuracy == pytest.approx(1 - trained.run.accuracy, abs=1e-6)


def test_held_out_reviews_are_not_trained_on(data: Imdb) -> None:
    spec = get_spec("luong")
    train, held_out, test = split_reviews(data, spec, np.random.default_rng(0), None, "held-out")
    assert (len(train), len(held_out), len(test)) == (108, 12, 120)
    together = Counter(row.tobytes() for row in [*train.rows, *held_out.rows])
    everything = (data.train.encode(index, spec.vocabulary_size, spec.steps) for index in range(120))
    assert together == Counter(row.tobytes() for row in everything), "each review is in exactly one of the two"


def test_a_limit_bounds_training_and_test_reviews(data: Imdb) -> None:
    run = train_text("bilstm", data, epochs=1, limit=40).run
    assert (run.data["train"], run.data["held_out"], run.data["test"]) == (36, 4, 40)


@pytest.mark.parametrize(
    "network", ["bilstm-additive", "lstm-featurewise", "lstm-dot", "word-additive", "transformer", "stars"]
)
def test_every_text_network_trains_also_with_a_last_batch_of_one(data: Imdb, network: str) -> None:
    run = train_text(network, data, epochs=1, limit=30, batch_size=13)  # 27 reviews: 13, 13 and 1
    assert all(np.isfinite(weight).all() and np.abs(weight).max() < 10 for weight in run.model.get_weights())
    assert len(run.history) == 1


def with_stars(split: Split) -> Split:
    """The split with stars that follow from the words, two bands for each sentiment."""
    few, many = np.where(split.labels == 1, 7, 1), np.where(split.labels == 1, 10, 4)
    strong = [any(word in text.lower() for word in ("great", "wonderful", "dull", "awful")) for text in split.texts]
    return replace(split, ratings=np.where(strong, many, few).astype(np.int8))


@pytest.fixture(scope="module")
def starred(data: Imdb) -> Imdb:
    return replace(data, train=with_stars(data.train), test=with_stars(data.test))


@pytest.fixture(scope="module")
def stars(starred: Imdb) -> TextRun:
    return train_text("stars", starred, epochs=40, batch_size=BATCH, seed=1)


def test_a_network_of_four_labels_learns_the_words_that_decide(stars: TextRun, starred: Imdb) -> None:
    most = np.bincount(get_answers(starred.test, "stars")).max() / len(starred.test)
    assert stars.run.accuracy > most + 0.3
    assert stars.history["accuracy"][-1] > stars.history["accuracy"][0]
    assert (stars.run.data["answer"], stars.run.data["labels"]) == ("stars", list(get_spec("stars").labels))


def test_accuracy_and_loss_of_four_labels_are_those_of_the_returned_model(stars: TextRun, starred: Imdb) -> None:
    spec, test = get_spec("stars"), starred.test
    ids = pad([test.encode(index, spec.vocabulary_size, spec.steps) for index in range(len(test))])
    probabilities, answers = np.asarray(stars.model(ids)), get_answers(test, "stars")
    assert probabilities.shape == (len(test), 4)
    assert (probabilities.argmax(axis=1) == answers).mean() == pytest.approx(stars.run.accuracy, abs=1e-6)
    assert -np.log(probabilities[np.arange(len(test)), answers]).mean() == pytest.approx(stars.run.loss, abs=1e-4)


@pytest.mark.parametrize(("stars", "band"), [(1, 0), (2, 0), (3, 1), (4, 1), (7, 2), (8, 2), (9, 3), (10, 3)])
def test_the_band_of_a_review_follows_from_its_stars(data: Imdb, stars: int, band: int) -> None:
    split = replace(data.test, ratings=np.array([stars], dtype=np.int8))
    assert get_answers(split, "stars").tolist() == [band]
    low, high = (int(number) for number in STARS[band].removesuffix(" stars").split("-"))
    assert low <= stars <= high


def test_the_sentiment_of_a_review_is_its_label(data: Imdb) -> None:
    np.testing.assert_array_equal(get_answers(data.test, "sentiment"), data.test.labels)


def test_a_stopped_run_keeps_the_best_epoch_so_far(trained: TextRun, data: Imdb) -> None:
    recorder = Recorder(stop_at=(3, 2))
    run = train_text("luong", data, epochs=EPOCHS, batch_size=BATCH, seed=1, observer=recorder)
    assert run.run.stopped
    assert recorder.steps[-1] == (3, 2)
    assert len(run.history) == 2
    assert run.run.selected_epoch in (1, 2)
    for name in MEASURES:
        np.testing.assert_array_equal(run.history[name], trained.history[name][:2])


def test_a_run_stopped_in_its_first_epoch_has_nothing_to_keep(data: Imdb) -> None:
    with pytest.raises(NothingTrained, match="before the first epoch was complete"):
        train_text("luong", data, epochs=2, batch_size=BATCH, observer=Recorder(stop_at=(1, 2)))


@pytest.mark.parametrize(
    ("network", "settings", "message"),
    [
        ("luong", {"epochs": 0}, "epochs must be at least 1, got 0"),
        ("luong", {"batch_size": -3}, "batch size must be at least 1, got -3"),
        ("luong", {"limit": 19}, "limit must be at least 20, got 19"),
        ("luong", {"protocol": "peeking"}, "one of held-out, tutorial, got 'peeking'"),
        ("luong", {"seed": -1}, "seed must lie between 0 and"),
        ("column", {}, "column reads no reviews; train it with attnviz.train_column"),
    ],
    ids=str,
)
def test_settings_that_make_no_run_are_refused(data: Imdb, network: str, settings: dict, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        train_text(network, data, **settings)


def test_an_unknown_network_lists_the_known_ones(data: Imdb) -> None:
    with pytest.raises(UnknownNameError, match="Valid names: word-additive, "):
        train_text("gpt", data)


def test_a_saved_run_explains_texts(trained: TextRun, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "mine", trained.model, trained.run, trained.history, trained.vocabulary)
    good, bad = attnviz.load(tmp_path / "mine").explain_batch(
        ["The film was wonderful, great and moving", "The film was awful, boring and dull"]
    )
    assert good.probability > 0.5 > bad.probability
    assert good.scores.sum() == pytest.approx(1.0, abs=1e-5)
