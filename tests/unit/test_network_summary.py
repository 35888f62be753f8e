"""Summaries of networks: what they take from folders of results, and what attnviz ships of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import attnviz
from attnviz.errors import DataError, SettingError
from attnviz.evidence.network_summary import SHIPPED, read_shipped, summarise, write_summary
from attnviz.models.registry import MODELS
from attnviz.runs.library import find_checkpoint
from attnviz.runs.provenance import get_provenance
from attnviz.values.plain import from_plain, to_plain

LABELS = ("negative", "positive")


@pytest.fixture(scope="module")
def folders(tiny_library: Path, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Results with and without what takes longest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(tiny_library))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        out = tmp_path_factory.mktemp("results")
        attnviz.measure_evidence("luong", out / "all", without=("occlusion",), processes=1)
        attnviz.measure_evidence("luong", out / "some", texts=12, processes=1)
        attnviz.measure_evidence("bilstm", out / "other", texts=12, without=("occlusion",), processes=1)
    return [out / name for name in ("all", "some", "other")]


def test_a_row_is_taken_from_the_first_folder_that_has_it(folders: list[Path]) -> None:
    found = summarise(folders[:2], LABELS)
    assert (found.find("accuracy").n, found.find("Kendall's tau", "attention, occlusion").n) == (120, 12)
    assert len({(row.measure, row.of) for row in found.rows}) == len(found.rows)
    assert [source.command for source in found.sources] == [
        "attnviz evidence luong --without occlusion",
        "attnviz evidence luong --texts 12",
    ]


def test_folders_of_two_networks_are_refused(folders: list[Path]) -> None:
    with pytest.raises(SettingError, match="not of one network"):
        summarise([folders[0], folders[2]], LABELS)


def test_the_bins_hold_every_text_and_agree_with_the_accuracy(folders: list[Path]) -> None:
    found = summarise(folders[:1], LABELS)
    assert sum(one.n for one in found.bins) == 120
    right = sum(one.n * one.accuracy for one in found.bins) / 120
    assert right == pytest.approx(found.find("accuracy").value)


def test_words_are_means_over_the_places_where_they_were_read(folders: list[Path]) -> None:
    table = pd.read_parquet(folders[0] / "words.parquet").set_index(["label", "word"])
    words = summarise(folders[:1], LABELS).words
    assert words, "the small archive has words that are read often"
    for word in words:
        row = table.loc[(word.label, word.word)]
        assert word.count == row["count"]
        assert word.attention == pytest.approx(row["attention"] / row["count"], rel=1e-4)
        assert word.effect == pytest.approx(row["effect"] / row["count"], rel=1e-4, abs=1e-9)


def test_a_summary_survives_its_file(folders: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = summarise(folders[:2], LABELS)
    path = write_summary(tmp_path, found)
    assert from_plain(type(found), json.loads(path.read_text()), "summary") == found
    monkeypatch.setattr("attnviz.evidence.network_summary.SHIPPED", tmp_path)
    assert read_shipped("luong") == found
    assert read_shipped("../luong") == found, "a name is a name, no path"
    assert read_shipped("nothing") is None
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises((DataError, SettingError)):
        read_shipped("bad")


@pytest.mark.parametrize("name", [spec.name for spec in MODELS.values() if spec.task == "reviews"])
def test_what_ships_is_about_the_network_that_ships(name: str) -> None:
    shipped = read_shipped(name)
    checkpoint = find_checkpoint(Path(__file__).parents[2] / "checkpoints" / name)
    assert dict(shipped.sha256) == get_provenance(checkpoint).checkpoint["sha256"]
    assert shipped.labels == checkpoint.spec.labels
    accuracy = shipped.find("accuracy")
    assert accuracy.n == 25_000
    assert accuracy.value == pytest.approx(checkpoint.run.accuracy, abs=1e-3), (
        "nearly as after its training, on another copy of the reviews"
    )
    assert all(np.isfinite([row.value, row.low, row.high]).all() and row.n for row in shipped.rows)
    assert "/" not in json.dumps(to_plain(shipped.sources)), "no path of the machine that measured"


def test_summaries_need_no_tensorflow_and_little_room() -> None:
    code = (
        "import sys; from attnviz.evidence import network_summary, evidence_run; "
        "network_summary.read_shipped('luong'); print('tensorflow' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 2_000_000
