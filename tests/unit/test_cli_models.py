"""`attnviz add`, `remove`, `models` and `explain` for models of one's own, and `app --model module:function`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attnviz import cli
from attnviz.runs.factory_card import read_factory
from attnviz.runs.library import find_card, list_cards
from tests.hostile_models import HOSTILE
from tests.made_models import VOCABULARY, write_archive

TEXT = "a good film"

MODULE = """
import attnviz
from attnviz.backend import keras

def build():
    layers = [keras.layers.Embedding(6, 4), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential([keras.Input((None,)), *layers])
    return attnviz.wrap(model, {"<pad>": 0, "good": 3, "bad": 4}, labels=["no", "yes"], name="made-here")

def build_bare():
    return build().classifier.model

def build_nothing():
    return 3

def build_wrong():
    raise ValueError("two\\nlines")
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    (tmp_path / "words.txt").write_bytes(VOCABULARY)
    return tmp_path / "library"


@pytest.fixture
def module(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's own, in the folder where the command is given."""
    name = f"users_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTNVIZ_FACTORY", "")
    monkeypatch.setattr("sys.path", ["", *__import__("sys").path])
    return name


def test_a_model_is_added_explained_listed_and_removed(run, library: Path, tmp_path: Path) -> None:
    file = write_archive(tmp_path / "Mein Film.keras")
    code, out, err = run("add", file, "--vocabulary", tmp_path / "words.txt", "--labels", "bad, good", "--pad", "right")
    assert (code, err) == (0, "")
    first, *_, last = out.splitlines()
    assert first.startswith("mein-film: Mein Film, 29 parameters, reads ")
    assert first.endswith("answers bad, good")
    assert "explained by: gradient" in out
    assert "not by attention: " in out
    assert "attnviz explain mein-film" in last
    card = find_card("mein-film")
    assert (card.labels, card.origin) == (("bad", "good"), "yours")
    assert [path.name for path in library.iterdir() if path.is_dir()] == ["mein-film"]

    code, out, err = run("explain", "mein-film", TEXT, "--method", "occlusion", "--format", "json")
    assert (code, err) == (0, "")
    explained = json.loads(out)
    assert [token["text"] for token in explained["tokens"]] == ["a", "good", "film"]
    assert set(explained["record"]["checkpoint"]["sha256"]) == {"model.keras", "vocabulary.txt"}

    code, out, _ = run("models")
    assert out.splitlines()[-1].split() == ["mein-film", "29", "Mein", "Film", "(yours)"]
    assert run("remove", "mein-film")[0] == 0
    assert list_cards() == []
    assert run("remove", "mein-film")[0] == 2


def test_what_is_refused_leaves_nothing(run, library: Path, tmp_path: Path) -> None:
    code, out, err = run("add", HOSTILE["a Lambda layer"][1](tmp_path / "model.keras"))
    assert (code, out) == (2, "")
    assert "attnviz app --model module:function" in err
    assert len(err.splitlines()) == 1
    assert list(library.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--length", "0"), "setting of a model"),
        (("--labels", "a,"), "setting of a model"),
        (("--name", " "), "needs a title"),
        (("--vocabulary", "absent.txt"), "cannot be read"),
    ],
)
def test_settings_are_checked_before_a_process_is_started(
    run, library: Path, tmp_path: Path, arguments: tuple[str, str], message: str
) -> None:
    code, _, err = run("add", write_archive(tmp_path / "model.keras"), *arguments)
    assert code == 2
    assert message in err
    assert list(library.iterdir()) == []


def test_a_read_only_library_is_named(run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    code, _, err = run("add", write_archive(tmp_path / "model.keras"))
    assert code == 2
    assert "ATTNVIZ_READ_ONLY is set" in err


def test_the_app_starts_with_the_model_of_a_function(run, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(cli, "hand_over", lambda command: started.append(command) or 0)
    assert run("app", "--model", f"{module}:build", "--server.port", "8600")[0] == 0
    assert started[0][-2:] == ("--server.port", "8600")
    factory = read_factory()
    assert factory is not None
    assert (factory.card.name, factory.card.labels, factory.card.origin) == ("made-here", ("no", "yes"), "yours")
    assert find_card("made-here") == factory.card


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("build_nothing", "returns a int"),
        ("build_wrong", "fails with ValueError: two lines"),
        ("build_absent", "fails with AttributeError"),
        ("build_bare", "say how texts become ids"),
        ("", "names no function"),
    ],
)
def test_what_is_wrong_with_the_function_is_one_line(run, module: str, function: str, message: str) -> None:
    code, _, err = run("app", "--model", f"{module}:{function}")
    assert code == 2
    assert message in err
    assert len(err.splitlines()) == 1
    assert read_factory() is None
