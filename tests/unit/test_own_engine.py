"""Brought models through the engine: examined, explained, compared with shipped networks, ended with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from attnviz.engine.client import Engine
from attnviz.engine.protocol import Compare, CompareTexts, DescribeLayers, ExamineModel, Explain
from attnviz.errors import EngineError, ModelFileError, SettingError, UnknownNameError
from attnviz.runs.own_models import OwnModelSettings, delete_model, keep_model, stage_model
from tests.hostile_models import spoil_weights_with_nan
from tests.made_models import VOCABULARY, write_archive
from tests.unit.conftest import TIMEOUT

TEXT = "a good film, a bad film"


@pytest.fixture(scope="module")
def library(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("mixed") / "library"
    shutil.copytree(tiny_library / "luong", library / "luong")
    return library


@pytest.fixture(scope="module")
def engine(library: Path, cache: Path) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(library))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        engine = Engine()
        assert engine.wait_until_ready(TIMEOUT)
        yield engine
        engine.close()


def find_processes(folder: Path) -> list[str]:
    """The processes of models in the folder."""
    listed = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if "own_start" in line and str(folder) in line]


def test_a_brought_model_lives_beside_the_shipped_ones(engine: Engine, library: Path, tmp_path: Path) -> None:
    staged = stage_model("a.keras", write_archive(tmp_path / "a.keras"), ("words.txt", VOCABULARY))
    settings = OwnModelSettings("mine", labels=("bad", "good"))
    card = engine.ask(ExamineModel(str(staged.folder), settings), timeout=TIMEOUT)
    assert (card.title, card.labels, card.origin) == ("mine", ("bad", "good"), "yours")
    tried = engine.ask(Explain(staged.name, TEXT, card.methods[0]), editor="a visitor", timeout=TIMEOUT)
    assert len(tried.tokens) == 6

    kept = keep_model(staged, settings, card)
    found = engine.ask(Compare(("luong", kept.name), ("occlusion",), TEXT), timeout=TIMEOUT)
    assert [(one.model, one.prediction.labels) for one in found.explanations] == [
        ("luong", ("negative", "positive")),
        ("mine", ("bad", "good")),
    ]
    two = engine.ask(CompareTexts(kept.name, "occlusion", TEXT, "a film"), timeout=TIMEOUT)
    assert two.first.model == "mine"
    assert engine.ask(DescribeLayers(kept.name), timeout=TIMEOUT)
    assert len(find_processes(library)) >= 1

    for asked in (Explain(kept.name, TEXT, "nonsense"), Explain(kept.name, TEXT, "occlusion", 7)):
        with pytest.raises(SettingError):
            engine.ask(asked, timeout=TIMEOUT)
    delete_model(kept.name)
    with pytest.raises(UnknownNameError):
        engine.ask(Explain(kept.name, TEXT, "occlusion"), timeout=TIMEOUT)


def test_a_model_that_cannot_be_used_leaves_the_engine_as_it_is(engine: Engine, tmp_path: Path) -> None:
    before = engine.pid
    staged = stage_model("a.keras", spoil_weights_with_nan(tmp_path / "a.keras"), ("words.txt", VOCABULARY))
    with pytest.raises(ModelFileError, match="NaN"):
        engine.ask(ExamineModel(str(staged.folder), OwnModelSettings("a")), timeout=TIMEOUT)
    with pytest.raises((ModelFileError, EngineError), match=r"NaN|ended"):
        engine.ask(Explain(staged.name, TEXT, "occlusion"), timeout=TIMEOUT)
    assert engine.pid == before
    assert engine.ask(Explain("luong", TEXT, "attention"), timeout=TIMEOUT).model == "luong"


@pytest.mark.skipif(sys.platform == "win32", reason="ps lists the processes")
def test_the_processes_of_models_end_with_the_engine(engine: Engine, library: Path) -> None:
    engine.close()
    for _ in range(100):
        if not find_processes(library):
            break
        subprocess.run([sys.executable, "-c", ""], check=True)  # some time, in which they can end
    assert find_processes(library) == []
