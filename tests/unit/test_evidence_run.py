"""A whole run on the tiny library and the small archive: the folder, resuming, who measures."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import attnviz
from attnviz.errors import CheckpointError, DataError, SettingError
from attnviz.evidence import evidence_run
from attnviz.evidence.corpus import load_test_reviews
from attnviz.evidence.executors import Job, run_tasks
from attnviz.evidence.part_plan import Parts, Plan, spread_evenly
from attnviz.evidence.results_folder import PARTS, RECORD, VALUES, WORDS, ResultsFolder
from attnviz.evidence.worker_messages import pack_values, unpack_values
from attnviz.evidence.worker_processes import WorkerProcesses
from attnviz.runs.library import find_checkpoint
from attnviz.runs.provenance import get_provenance

pytestmark = pytest.mark.usefixtures("library")
WITHOUT = ("occlusion",)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_run, "Plan", lambda *given: Plan(*given, attacked=4, part=10))


def make_job(network: str = "luong") -> Job:
    described = get_provenance(find_checkpoint(network)).checkpoint
    return Job(network, described["sha256"], ("attention", "gradient"), 0)


def make_parts(texts: int = 40) -> Parts:
    plan = Plan(("attention", "gradient"), texts, attacked=2, part=10)
    return Parts(load_test_reviews("sentiment"), plan)


def test_a_run_leaves_a_folder_with_everything(tmp_path: Path) -> None:
    found = attnviz.measure_evidence("luong", tmp_path / "out", texts=33, without=WITHOUT, processes=1)
    assert sorted(path.name for path in found.folder.iterdir()) == [RECORD, "table.csv", "table.json", VALUES, WORDS]
    record = found.record
    assert record["n"] == 33
    assert record["settings"]["seed"] == 0
    assert record["network"]["sha256"] == get_provenance(find_checkpoint("luong")).checkpoint["sha256"]
    assert record["data"]["texts"] == 120
    assert record["finished"]["parts_measured"] == 4
    assert {"attnviz", "tensorflow"} <= set(record["versions"])
    values = found.values
    assert len(values) == 33
    assert values["text"].is_unique
    assert not any(values[name].dtype == object for name in values)
    assert json.loads((found.folder / "table.json").read_text()) == [row.to_dict() for row in found.rows]
    assert len(pd.read_csv(found.folder / "table.csv")) == len(found.rows) == len(found.to_frame())


def test_the_table_is_the_means_of_the_values_with_their_n(tmp_path: Path) -> None:
    found = attnviz.measure_evidence("luong", tmp_path / "out", texts=30, without=WITHOUT, processes=1)
    accuracy, values = found.find("accuracy"), found.values
    assert accuracy.n == 30
    assert accuracy.value == pytest.approx(values["correct"].mean())
    assert accuracy.low <= accuracy.value <= accuracy.high
    assert found.find("calibration error", "second label, 10 bins of equal width").n == 30
    explainer, reviews = attnviz.load("luong"), load_test_reviews("sentiment")
    probabilities = explainer.predict_texts([reviews.texts[text] for text in values["text"]])
    assert accuracy.value == np.mean(probabilities.argmax(axis=1) == reviews.answers[values["text"]])
    assert found.find("largest divergence", "probability may move by 0.05").n == 4
    assert found.find("comprehensiveness", "random").n == 30
    assert found.find("accuracy", "even weights").value == pytest.approx(values["correct, even"].mean())
    assert found.find("accuracy", "nonsense") is None


def test_a_run_that_was_broken_off_goes_on_and_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = attnviz.measure_evidence("luong", tmp_path / "whole", texts=40, without=WITHOUT, processes=1)
    broken, taken = tmp_path / "broken", iter(range(2))
    save = evidence_run.ResultsFolder.save_part

    def save_two(self, part, values) -> None:
        if next(taken, None) is None:
            raise KeyboardInterrupt
        save(self, part, values)

    monkeypatch.setattr(evidence_run.ResultsFolder, "save_part", save_two)
    with pytest.raises(KeyboardInterrupt):
        attnviz.measure_evidence("luong", broken, texts=40, without=WITHOUT, processes=1)
    assert sorted(path.stem for path in (broken / PARTS).glob("0*.parquet")) == ["000000", "000001"]
    (broken / PARTS / ".half").write_bytes(b"half a part")
    monkeypatch.setattr(evidence_run.ResultsFolder, "save_part", save)
    resumed = attnviz.measure_evidence("luong", broken, texts=40, without=WITHOUT, processes=1)
    assert (resumed.record["finished"]["parts_found"], resumed.record["finished"]["parts_measured"]) == (2, 2)
    assert resumed.rows == whole.rows
    assert (broken / "table.csv").read_bytes() == (tmp_path / "whole" / "table.csv").read_bytes()


def test_a_finished_folder_is_read_and_one_of_something_else_refused(tmp_path: Path) -> None:
    first = attnviz.measure_evidence("luong", tmp_path / "out", texts=10, without=WITHOUT, processes=1)
    again = attnviz.measure_evidence("luong", tmp_path / "out", texts=10, without=WITHOUT, processes=1)
    assert again == first
    with pytest.raises(DataError, match=r"settings differ"):
        attnviz.measure_evidence("luong", tmp_path / "out", texts=10, seed=1, without=WITHOUT)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(DataError, match="other files"):
        attnviz.measure_evidence("luong", tmp_path / "mine", texts=10, without=WITHOUT)


def test_a_network_without_attention_and_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text('text,class\n"a great, lovely film",positive\nawful and dull,neg\nthe story,\n')
    found = attnviz.measure_evidence("bilstm", tmp_path / "out", data=file, processes=1)
    assert sorted(found.values["text"]) == [2, 3, 4]
    assert found.find("accuracy").n == 2
    assert found.find("Kendall's tau", "gradient, occlusion").n >= 1
    assert found.record["data"]["with_answer"] == 2
    assert {row.section for row in found.rows} == {"answers", "agreement", "erasure"}


def test_an_explainer_is_measured_in_this_process(tmp_path: Path) -> None:
    found = attnviz.measure_evidence(attnviz.load("luong"), tmp_path / "out", texts=10, without=WITHOUT)
    named = attnviz.measure_evidence("luong", tmp_path / "named", texts=10, without=WITHOUT, processes=1)
    assert found.rows == named.rows
    with pytest.raises(SettingError, match="in this process"):
        attnviz.measure_evidence(attnviz.load("luong"), tmp_path / "other", texts=10, processes=2)


def test_what_is_wrong_is_said_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="columns of numbers"):
        attnviz.measure_evidence("column", tmp_path / "out")
    with pytest.raises(SettingError, match="texts must be 1 or more"):
        attnviz.measure_evidence("luong", tmp_path / "out", texts=0)
    with pytest.raises(SettingError, match="give data"):
        attnviz.measure_evidence("luong", tmp_path / "out", text="review")
    with pytest.raises(DataError, match="cannot be read"):
        attnviz.measure_evidence("luong", tmp_path / "out", data=tmp_path / "none.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_texts_are_drawn_once_each_and_the_chosen_ones_evenly() -> None:
    parts = make_parts(35)
    assert [len(parts[number].ids) for number in range(len(parts))] == [10, 10, 10, 5]
    assert sum(parts.count_texts(number) for number in range(len(parts))) == 35
    assert len({int(text) for part in parts for text in part.ids}) == 35
    assert spread_evenly(10, 3).nonzero()[0].tolist() == [0, 3, 6]
    assert spread_evenly(4, 100).all()
    assert not spread_evenly(4, 0).any()


def test_values_travel_bit_for_bit() -> None:
    values = {"a": np.array([np.nan, 1 / 3, -0.0]), "b": np.array([1.0, 2.0, 3.0])}
    back = unpack_values(json.loads(json.dumps(pack_values(values))))
    assert {name: column.tobytes() for name, column in back.items()} == {n: c.tobytes() for n, c in values.items()}


@pytest.mark.long
def test_processes_give_what_one_gives_and_a_killed_one_costs_its_part(tmp_path: Path) -> None:
    parts = make_parts()
    workers = WorkerProcesses(make_job(), 2)
    try:
        first = list(run_tasks(workers, map(parts.__getitem__, [0, 1])))
        pids = workers.pids
        os.kill(pids[0], signal.SIGKILL)
        rest = list(run_tasks(workers, map(parts.__getitem__, [2, 3])))
        assert workers.pids[0] != pids[0]
        assert workers.pids[1] == pids[1]
    finally:
        workers.close()
    found = {part.number: values for part, values in (*first, *rest)}
    from attnviz.evidence.job_measures import load_measures

    for number in range(4):
        for name, column in load_measures(make_job()).measure(parts[number]).items():
            np.testing.assert_allclose(found[number][name], column, atol=1e-6, err_msg=name)


def test_a_worker_with_another_network_of_that_name_refuses() -> None:
    job = make_job()
    workers = WorkerProcesses(Job("bilstm", job.sha256, job.methods, 0), 1)
    try:
        with pytest.raises(CheckpointError, match="another one"):
            list(run_tasks(workers, make_parts(10)))
    finally:
        workers.close()


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    folder = ResultsFolder(tmp_path / "out", {"network": "luong"})
    (tmp_path / "out" / PARTS / "000000.parquet").write_bytes(b"no table")
    with pytest.raises(DataError, match=r"000000\.parquet cannot be read .* delete it"):
        folder.finish(1, {})
    assert not folder.is_finished


def test_two_runs_do_not_measure_for_one_folder(tmp_path: Path) -> None:
    record = {"network": "luong"}
    one, two = ResultsFolder(tmp_path / "out", record), ResultsFolder(tmp_path / "out", record)
    with one.reserve(), pytest.raises(DataError, match="Another run"), two.reserve():
        pass
    with two.reserve():
        assert two.find_done() == set()
