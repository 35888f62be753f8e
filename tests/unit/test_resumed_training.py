"""Training that is stopped anywhere and goes on gives what it would have given without a stop."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from attnviz.data.imdb import Imdb, load_imdb
from attnviz.errors import CheckpointError
from attnviz.models.architectures import build_model
from attnviz.models.registry import get_spec
from attnviz.training.deception import Deception
from attnviz.training.epoch_state import FILE, read_state
from attnviz.training.observer import Observer
from attnviz.training.text_training import NothingTrained, TextRun, train_text

EPOCHS, BATCH = 3, 16


class Stopper(Observer):
    """Asks to stop after a step of an epoch, both counted from 1."""

    def __init__(self, epoch: int, step: int) -> None:
        self.stop_at, self.now, self.done = (epoch, step), (0, 0), 0

    def on_start(self, epochs: int, steps: int, *, reviews: int, done: int = 0) -> None:
        self.done = done

    def on_step(self, epoch: int, step: int, measured: Mapping[str, float]) -> None:
        self.now = (epoch, step)

    def should_stop(self) -> bool:
        return self.now >= self.stop_at


@pytest.fixture(scope="module")
def data(archive: Path, cache: Path) -> Imdb:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        return load_imdb()


def train(data: Imdb, network: str = "word-additive", **settings: object) -> TextRun:
    return train_text(network, data, **{"epochs": EPOCHS, "batch_size": BATCH, "seed": 3, "limit": 60, **settings})


def assert_same(resumed: TextRun, whole: TextRun) -> None:
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        np.testing.assert_allclose(resumed.history[name], whole.history[name], atol=1e-6)
    for one, two in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-6)
    assert (resumed.run.selected_epoch, resumed.run.accuracy) == (whole.run.selected_epoch, whole.run.accuracy)
    assert not resumed.run.stopped


@pytest.mark.parametrize("network", ["word-additive", "bilstm", pytest.param("transformer", marks=pytest.mark.long)])
def test_a_run_that_was_stopped_twice_ends_with_the_weights_of_one_that_was_not(
    data: Imdb, tmp_path: Path, network: str
) -> None:
    state = tmp_path / "state"
    whole = train(data, network)  # the three have averages, dropout of words and of heads, and fused LSTMs
    for epoch, step, done in ((2, 2, 0), (3, 1, 1)):
        stopper = Stopper(epoch, step)
        stopped = train(data, network, state=state, observer=stopper)
        assert (stopped.run.stopped, len(stopped.history), stopper.done) == (True, epoch - 1, done)
    assert_same(train(data, network, state=state), whole)


def test_a_liar_goes_on_as_well(data: Imdb, tmp_path: Path) -> None:
    def lie(**settings: object) -> TextRun:
        base = build_model("luong", vocabulary_size=len(data.vocabulary.truncated(get_spec("luong").vocabulary_size)))
        for weight in base.weights:  # the same in every call
            weight.assign(np.linspace(-0.1, 0.1, int(np.prod(weight.shape))).reshape(weight.shape))
        return train(data, "luong", deception=Deception(base, get_spec("luong"), 0.1), **settings)

    lie(state=tmp_path / "state", observer=Stopper(3, 1))
    assert_same(lie(state=tmp_path / "state"), lie())


def test_a_run_whose_last_epoch_is_done_is_finished_without_training(data: Imdb, tmp_path: Path) -> None:
    whole = train(data, state=tmp_path)
    stopper = Stopper(1, 1)
    again = train(data, state=tmp_path, observer=stopper)
    assert (stopper.done, stopper.now) == (EPOCHS, (0, 0))
    assert_same(again, whole)


def test_a_run_that_was_stopped_in_its_first_epoch_begins_again(data: Imdb, tmp_path: Path) -> None:
    with pytest.raises(NothingTrained):
        train(data, state=tmp_path, observer=Stopper(1, 2))
    assert read_state(tmp_path) is None
    assert_same(train(data, state=tmp_path), train(data))


@pytest.mark.parametrize("other", [{"seed": 4}, {"limit": 50}, {"epochs": 2}, {"batch_size": 9}, {"attention": "even"}])
def test_the_state_of_other_settings_is_refused(data: Imdb, tmp_path: Path, other: dict) -> None:
    train(data, epochs=1, state=tmp_path)
    with pytest.raises(CheckpointError, match="the data or the settings are not those that it began with"):
        train(data, **{"epochs": 1, **other}, state=tmp_path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_state_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(CheckpointError, match=r"epoch.npz is damaged .*the run cannot go on from there"):
        read_state(tmp_path)


def test_a_state_that_was_cut_is_refused(data: Imdb, tmp_path: Path) -> None:
    train(data, epochs=1, state=tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match="is damaged"):
        read_state(tmp_path)


def test_a_full_disk_ends_the_run_in_one_sentence_and_keeps_the_epoch_before(
    data: Imdb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(data, state=tmp_path, observer=Stopper(2, 1))

    def fill(file: object, **arrays: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", fill)
        with pytest.raises(CheckpointError) as error:
            train(data, state=tmp_path)
    assert str(error.value) == f"{tmp_path} cannot be written (No space left on device)."
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert_same(train(data, state=tmp_path), train(data))
