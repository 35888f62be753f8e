"""Small seeded data and models that the tests make for themselves."""

from __future__ import annotations

import gc
import io
import os
import random
import tarfile
from pathlib import Path

import pytest
from hypothesis import settings

from attnviz.processes import switch_off_onednn

ROOT = Path(__file__).parents[1]

ROOMY = "800"
"""ATTNVIZ_MEMORY of an engine that hundreds of tests share, so that none of them sees it replaced."""

POSITIVE_WORDS = ("wonderful", "great", "lovely", "brilliant", "moving")
NEGATIVE_WORDS = ("awful", "boring", "stupid", "dull", "terrible")
NEUTRAL_WORDS = ("the", "film", "was", "and", "a", "story", "with", "in", "it", "I")


def pytest_collection_finish() -> None:
    """Let no collection of garbage look at TensorFlow's half a million objects again, where many tests follow."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        import attnviz.backend  # noqa: F401

        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what takes long to CI, so that whoever changes something waits less than ten minutes."""
    if not os.environ.get("CI"):
        for item in items:
            if "long" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="it takes long; with CI=true it runs"))


def make_review(rng: random.Random, positive: bool) -> str:
    """A review whose label follows from its words, 10 to 30 words long."""
    words = rng.choices(NEUTRAL_WORDS, k=rng.randint(8, 26))
    words += rng.choices(POSITIVE_WORDS if positive else NEGATIVE_WORDS, k=rng.randint(2, 4))
    rng.shuffle(words)
    return " ".join(words).capitalize() + ".<br /><br />The end!"


def write_archive(path: Path, reviews_a_class: int = 60, seed: int = 0) -> Path:
    """An archive in the official layout with reviews made here."""
    rng = random.Random(seed)
    with tarfile.open(path, "w:gz") as archive:
        for split in ("train", "test"):
            for label in ("pos", "neg"):
                for index in range(reviews_a_class):
                    text = make_review(rng, label == "pos").encode()
                    member = tarfile.TarInfo(f"aclImdb/{split}/{label}/{index}_{9 if label == 'pos' else 2}.txt")
                    member.size = len(text)
                    archive.addfile(member, io.BytesIO(text))
    return path


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive in the official layout: 120 training and 120 test reviews."""
    return write_archive(tmp_path_factory.mktemp("data") / "aclImdb_v1.tar.gz")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that all tests share; the user's own is never touched."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_folders(cache: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Every test reads the small archive and the shared test cache, unless it is about the real archive."""
    if "imdb" in request.keywords:
        return
    monkeypatch.setenv("ATTNVIZ_CACHE", str(cache))
    monkeypatch.setenv("ATTNVIZ_IMDB", str(archive))
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(cache / "datasets"))


@pytest.fixture(scope="session")
def tiny_library(tmp_path_factory: pytest.TempPathFactory, archive: Path, cache: Path) -> Path:
    """A library with an untrained but complete checkpoint of `luong`, `bilstm` and `lstm-featurewise`, and `column`."""
    from attnviz.backend import keras
    from attnviz.data.examples import EXAMPLES
    from attnviz.explain.explainer import Explainer
    from attnviz.models.architectures import build_model
    from attnviz.models.registry import MODELS
    from attnviz.runs.checkpoint import save_checkpoint
    from attnviz.runs.loading import build_classifier
    from attnviz.text.vocabulary import Vocabulary
    from attnviz.values.history import History
    from attnviz.values.run import Run

    library = tmp_path_factory.mktemp("library")
    words = sorted({word.lower() for word in (*POSITIVE_WORDS, *NEGATIVE_WORDS, *NEUTRAL_WORDS, "end")})
    vocabulary = Vocabulary(("<pad>", "<start>", "<unknown>", *words))
    history = History({"loss": [0.7, 0.6], "accuracy": [0.5, 0.6], "val_loss": [0.7, 0.6], "val_accuracy": [0.5, 0.7]})
    for name in ("luong", "bilstm", "lstm-featurewise", "column"):
        keras.utils.set_random_seed(1)
        reads_text = name != "column"
        model = build_model(name, vocabulary_size=len(vocabulary)) if reads_text else build_model(name)
        for weight in model.weights:  # larger than an initialiser's, so that scores and answers differ between texts
            weight.assign(weight * 3.0)
        run = Run(
            model=name,
            network=name,
            parameters=model.count_params(),
            data={"name": "made by the tests", "train": 90, "held_out": 10, "test": 100},
            seed=1,
            recipe={"epochs": 2},
            protocol="held-out",
            selected_epoch=2,
            accuracy=0.7,
            loss=0.6,
            versions={},
            created="2026-01-01T00:00:00+00:00",
            seconds=1.0,
        )
        examples = []
        if name == "luong":
            examples = Explainer(build_classifier(model, vocabulary, MODELS[name], name)).explain_batch(
                list(EXAMPLES.values())
            )
        save_checkpoint(library / name, model, run, history, vocabulary if reads_text else None, examples)
    return library


@pytest.fixture
def library(tiny_library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny library as the library of this test."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tiny_library))
    return tiny_library


@pytest.fixture
def imdb_archive() -> Path:
    """The real archive; the test is skipped where there is none."""
    from attnviz.data.imdb import find_imdb
    from attnviz.errors import DataError

    try:
        source = find_imdb()
    except DataError as error:
        pytest.skip(str(error))
    if source is None:
        pytest.skip("the IMDB archive is not on this machine; point ATTNVIZ_IMDB at it or run `attnviz data`")
    return source


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("attnviz", deadline=None)  # how long an example takes says nothing of the code
    settings.load_profile("attnviz")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    switch_off_onednn()
