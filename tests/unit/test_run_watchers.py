"""A run that is watched: pinned texts, and logs that other tools read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import attnviz
from attnviz.errors import DataError, SettingError
from attnviz.models.registry import get_spec
from attnviz.processes import child_environment
from attnviz.runs.run_files import SNAPSHOTS_FILE
from attnviz.runs.run_watchers import build_watchers
from attnviz.runs.stored_run import read_run
from attnviz.runs.training_run import check_training
from attnviz.values.training_settings import TrainingSettings

TEXTS = ("a wonderful film", "a dull plot")


def test_a_run_keeps_its_texts_and_writes_its_logs(tmp_path: Path) -> None:
    options = ["--out", tmp_path / "mine", "--epochs", 2, "--limit", 40, "--batch-size", 8]
    options += ["--pin", TEXTS[0], "--pin", TEXTS[1], "--tensorboard", "logs", "--csv", "logs/epochs.csv"]
    command = [sys.executable, "-m", "attnviz", "train", "word-additive", *map(str, options)]
    found = subprocess.run(command, cwd=tmp_path, env=child_environment(), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    run = read_run(tmp_path / "mine")
    lapse = attnviz.load_time_lapse(run.folder / SNAPSHOTS_FILE)
    assert tuple(text.text for text in lapse.texts) == TEXTS
    assert [moment.place for moment in lapse.moments] == [(0, 0), (0, 1), (0, 2), (0, 4), (1, 0), (2, 0)]
    if run.status.best_epoch == 2:  # the network that is kept is that of the last moment
        explained = attnviz.load(run.folder).explain(TEXTS[0])
        assert lapse.explain(0).probability == pytest.approx(explained.probability, abs=1e-4)
    assert {path.name for path in (tmp_path / "logs").iterdir()} == {"train", "validation", "epochs.csv"}
    assert len((tmp_path / "logs" / "epochs.csv").read_text().splitlines()) == 3
    assert 0.5 <= run.read_checkpoint().run.data["majority"] <= 1


@pytest.mark.long
def test_pinned_texts_are_read_with_the_padding_that_a_tutorial_reads(tmp_path: Path) -> None:
    options = ["--out", tmp_path / "mine", "--epochs", 1, "--limit", 20, "--pin", TEXTS[0], "--protocol", "tutorial"]
    command = [sys.executable, "-m", "attnviz", "train", "luong", *map(str, options)]
    found = subprocess.run(command, cwd=tmp_path, env=child_environment(), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    run = read_run(tmp_path / "mine")
    explained = attnviz.load(run.folder).explain(TEXTS[0])
    assert run.read_checkpoint().run.protocol == "tutorial"
    lapse = attnviz.load_time_lapse(run.folder / SNAPSHOTS_FILE)
    assert lapse.explain(0).probability == pytest.approx(explained.probability, abs=1e-4)


@pytest.mark.parametrize(
    ("network", "settings", "message"),
    [
        ("luong", {"pinned": tuple("abcdef")}, "at most 5 pinned texts, got 6"),
        ("luong", {"pinned": ("good", " \n")}, "Pinned text 2 is blank"),
        ("luong", {"pinned": ("x" * 2_001,)}, "has 2,001 characters"),
        ("column", {"pinned": ("good",)}, "watches no pinned texts"),
        ("column", {"csv": "log.csv"}, "writes no logs"),
    ],
)
def test_what_cannot_be_watched_is_refused(network: str, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        check_training(TrainingSettings(network, **settings))


def test_a_log_that_cannot_be_written_is_told_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = TrainingSettings("luong", csv="file/log.csv")
    with pytest.raises(DataError, match="cannot be written"):
        build_watchers(settings, tmp_path, get_spec("luong"), None, None)
