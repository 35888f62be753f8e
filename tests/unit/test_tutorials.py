"""The protocol 'tutorial': what each tutorial did, and what a network trained so reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.data.imdb import Imdb, load_imdb
from attnviz.errors import SettingError
from attnviz.models.architectures import build_model
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import get_spec
from attnviz.models.tutorials import TUTORIALS, get_tutorial
from attnviz.training.encoded_reviews import split_reviews
from attnviz.training.text_training import TextRun, compile_for_training, train_text

RECIPES = {  # epochs, batch size, dropout of word vectors, share that is held out
    "luong": (10, 64, 0.5, 0.0),
    "bilstm": (12, 128, 0.0, 0.0),
    "bilstm-additive": (12, 128, 0.0, 0.0),
    "lstm-featurewise": (5, 32, 0.0, 0.2),
    "transformer": (2, 32, 0.0, 0.0),
}


@pytest.fixture(scope="module")
def data(archive: Path, cache: Path) -> Imdb:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        return load_imdb()


def train(network: str, data: Imdb, **settings: object) -> TextRun:
    return train_text(network, data, protocol="tutorial", **{"epochs": 2, "batch_size": 16, "limit": 40, **settings})  # type: ignore[arg-type]


def test_the_recipes_are_those_of_the_tutorials() -> None:
    found = {
        name: (one.recipe.epochs, one.recipe.batch_size, one.vector_dropout, one.held_out)
        for name, one in TUTORIALS.items()
    }
    assert found == RECIPES
    assert {(one.recipe.learning_rate, one.recipe.cosine, one.recipe.averaging) for one in TUTORIALS.values()} == {
        (1e-3, False, 0.0)
    }
    assert all(get_spec(name).published.epochs == one.recipe.epochs for name, one in TUTORIALS.items())
    assert all(one.source and one.differences for one in TUTORIALS.values())


def test_a_network_without_a_tutorial_is_refused_with_those_that_have_one(data: Imdb) -> None:
    with pytest.raises(SettingError, match=r"No tutorial of word-additive .* luong, bilstm, bilstm-additive"):
        train_text("word-additive", data, protocol="tutorial")


@pytest.mark.parametrize(("network", "sizes"), [("luong", (120, 120, 120)), ("lstm-featurewise", (96, 24, 120))])
def test_the_split_is_the_tutorials_and_padding_stands_on_the_left(
    data: Imdb, network: str, sizes: tuple[int, int, int]
) -> None:
    spec = get_spec(network)
    parts = split_reviews(data, spec, np.random.default_rng(0), None, "tutorial")
    assert tuple(map(len, parts)) == sizes
    assert (parts.select is parts.test) == (network == "luong")
    words = data.test.encode(0, spec.vocabulary_size, spec.steps)
    assert len(parts.test.rows[0]) == spec.steps
    assert parts.test.rows[0].tolist() == [0] * (spec.steps - len(words)) + words.tolist()


@pytest.mark.parametrize("network", TUTORIALS)
def test_every_tutorial_runs_and_keeps_the_last_epoch(data: Imdb, network: str) -> None:
    trained = train(network, data)
    run, history = trained.run, trained.history
    assert (run.protocol, run.selected_epoch, len(history)) == ("tutorial", 2, 2)
    held_out = round(40 * get_tutorial(get_spec(network)).held_out)
    assert (run.data["train"], run.data["held_out"], run.data["test"]) == (40 - held_out, held_out, 40)
    assert (run.recipe["schedule"], run.recipe["optimizer"], run.recipe["learning_rate"]) == ("constant", "Adam", 1e-3)
    assert run.recipe["padding"] == f"on the left, to {get_spec(network).steps} words, read like words"
    if not held_out:
        assert history["val_accuracy"][-1] == pytest.approx(run.accuracy, abs=1e-5)
        assert history["val_loss"][-1] == pytest.approx(run.loss, abs=1e-4)


def test_the_rate_stays_the_same(data: Imdb) -> None:
    model = build_model("bilstm", vocabulary_size=20, protocol="tutorial")
    compile_for_training(model, get_tutorial(get_spec("bilstm")).recipe, steps=10)
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-3)
    assert not model.optimizer.use_ema


def test_parameters_are_the_published_ones_and_dropout_takes_single_numbers() -> None:
    for name in ("luong", "bilstm", "bilstm-additive", "lstm-featurewise"):
        model = build_model(name, protocol="tutorial")
        assert model.count_params() == get_spec(name).parameters
        assert not model.get_layer("embedding").mask_zero
    dropout = build_model("luong", vocabulary_size=20, protocol="tutorial").get_layer("word_dropout")
    dropped = np.asarray(dropout(np.ones((1, 40, 32), np.float32), training=True))[0] == 0
    assert 0.3 < dropped.mean() < 0.7
    assert not dropped.all(axis=1).any(), "no whole word was blanked"


@pytest.mark.parametrize("network", ["luong", "bilstm-additive"])
def test_padding_takes_part_of_the_attention_and_the_fused_kernel_gives_the_same(network: str) -> None:
    keras.utils.set_random_seed(0)
    model = build_model(network, vocabulary_size=20, protocol="tutorial")
    steps = get_spec(network).steps
    ids = np.zeros((2, steps), np.int32)
    ids[0, -3:] = [4, 5, 6]
    ids[1] = 7
    weights = keras.Model(model.input, model.get_layer("attention_weights").output)(ids)
    assert np.asarray(weights).sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.asarray(weights)[0, :-3].sum() > 0.5
    stock = np.asarray(model(ids))
    np.testing.assert_allclose(np.asarray(fuse_lstms(model)(ids)), stock, atol=1e-6)


def test_even_weights_are_even_over_the_padding_too(data: Imdb) -> None:
    model = build_model("bilstm-additive", vocabulary_size=20, protocol="tutorial", attention="even")
    weights = keras.Model(model.input, model.get_layer("attention_weights").output)(np.zeros((1, 200), np.int32))
    assert np.asarray(weights) == pytest.approx(1 / 200)
    assert train("bilstm-additive", data, epochs=1, attention="even").run.recipe["attention"] == "even"
