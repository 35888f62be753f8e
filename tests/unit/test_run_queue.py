"""The queue of a library: who waits, who leaves it, and that no two processes change it at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from attnviz.errors import CheckpointError, SettingError, UnknownNameError
from attnviz.folders import library_folders
from attnviz.runs import run_queue
from attnviz.runs.run_files import EPOCHS_FILE, STATUS_FILE, STOP_FILE, add_row, read_status, write_status
from attnviz.runs.run_lock import QUEUE_LOCK, hold_queue, hold_run
from attnviz.runs.run_process import begin
from attnviz.runs.run_queue import hold_new_run, hold_old_run, queue_run, resume_run, stop_run, take_out
from attnviz.runs.stored_run import find_run, list_runs
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings

SETTINGS = TrainingSettings("luong", epochs=3)


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library in which nobody does the runs that wait."""
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    monkeypatch.setattr(run_queue, "ensure_runner", lambda: None)
    return tmp_path / "library"


def end(name: str, state: str, epoch: int = 1) -> None:
    folder = library_folders()[0] / name
    with hold_run(folder):
        write_status(folder, RunStatus(state, "Ended", read_status(folder).ticket, epoch=epoch))


def test_runs_wait_in_the_order_in_which_they_were_asked_for() -> None:
    runs = [queue_run(SETTINGS), queue_run(TrainingSettings("bilstm"), "mine"), queue_run(SETTINGS)]
    assert [run.name for run in runs] == ["luong-2", "mine", "luong-3"]
    assert [run.position for run in runs] == [1, 2, 3]
    assert (runs[0].status.state, runs[0].status.epochs, runs[0].settings) == ("queued", 3, SETTINGS)
    end("luong-2", "finished")
    assert [(run.name, run.position) for run in list_runs()] == [("luong-3", 2), ("mine", 1), ("luong-2", None)]


def test_of_many_threads_each_gets_a_run_and_a_place_of_its_own() -> None:
    threads = [threading.Thread(target=queue_run, args=(SETTINGS,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run.name for run in list_runs()) == [f"luong-{number}" for number in range(2, 10)]
    assert sorted(run.status.ticket for run in list_runs()) == [*range(1, 9)]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (TrainingSettings("gpt"), "Unknown network 'gpt'"),
        (TrainingSettings("luong", epochs=0), "The epochs must be at least 1"),
        (TrainingSettings("luong", seed=-1), "The seed must lie between 0"),
        (TrainingSettings("luong", protocol="odd"), "The protocol must be one of"),
        (TrainingSettings("bilstm", deceit=0.1), "No twin of bilstm can be trained to deceive"),
        (TrainingSettings("column", epochs=0), "epochs must lie between 1 and 200"),
    ],
)
def test_settings_that_make_no_run_do_not_wait(library: Path, settings: TrainingSettings, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        queue_run(settings)
    assert not library.exists()


def test_a_name_that_is_taken_or_unfit_is_refused() -> None:
    queue_run(SETTINGS, "mine")
    with pytest.raises(CheckpointError, match="mine exists already"):
        queue_run(SETTINGS, "mine")
    with pytest.raises(CheckpointError, match="cannot name a checkpoint"):
        queue_run(SETTINGS, "..")
    assert len(list_runs()) == 1


def test_a_library_that_cannot_be_written_is_said_to_be_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "file" / "library"))
    with pytest.raises(CheckpointError, match=r"library cannot be written \(Not a directory\)"):
        queue_run(SETTINGS)


def test_a_full_disk_leaves_no_half_run(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(folder: Path, status: RunStatus) -> None:
        raise CheckpointError(f"{folder} cannot be written (No space left on device).")

    with monkeypatch.context() as patch:
        patch.setattr(run_queue, "write_status", fill)
        with pytest.raises(CheckpointError, match="No space left on device"):
            queue_run(SETTINGS)
    assert list_runs() == []
    queue_run(SETTINGS)
    assert {path.name for path in library.iterdir()} == {QUEUE_LOCK, "luong-2"}


def test_a_waiting_run_that_never_began_leaves_nothing(library: Path) -> None:
    queue_run(SETTINGS)
    stop_run("luong-2")
    assert list_runs() == []
    assert not (library / "luong-2").exists()


def test_a_run_that_is_worked_on_is_asked_to_stop_and_not_taken_out(library: Path) -> None:
    with hold_new_run(SETTINGS) as folder:
        with pytest.raises(SettingError, match="luong-2 does not wait any more"):
            take_out("luong-2")
        assert not (folder / STOP_FILE).exists()
        stop_run("luong-2")
        assert (folder / STOP_FILE).exists()
        write_status(folder, RunStatus("stopped", "Stopped", 1))
    with pytest.raises(SettingError, match="luong-2 has ended already"):
        stop_run("luong-2")


@pytest.mark.parametrize("state", ["stopped", "interrupted", "failed"])
def test_an_ended_run_waits_again_behind_the_others_and_can_be_taken_out(library: Path, state: str) -> None:
    queue_run(SETTINGS)
    add_row(library / "luong-2" / EPOCHS_FILE, {"epoch": 1, "loss": 0.5})
    (library / "luong-2" / STOP_FILE).touch()
    end("luong-2", state)
    queue_run(SETTINGS)
    assert resume_run("luong-2").position == 2
    assert not (library / "luong-2" / STOP_FILE).exists(), "the old request is no new one"
    take_out("luong-2")
    run = find_run("luong-2")
    assert (run.status.state, run.status.resumable, len(run.read_epochs())) == ("stopped", True, 1)


def test_only_a_run_that_broke_off_goes_on() -> None:
    queue_run(SETTINGS)
    with pytest.raises(SettingError, match="luong-2 is queued: runs go on that were"):
        resume_run("luong-2")
    end("luong-2", "finished")
    with pytest.raises(SettingError, match="luong-2 is finished"), hold_old_run("luong-2"):
        pass
    with pytest.raises(UnknownNameError, match="Valid names: luong-2"):
        resume_run("nope")


def test_a_process_that_does_a_run_itself_holds_it_until_it_is_done(library: Path) -> None:
    with hold_new_run(SETTINGS):
        assert (find_run("luong-2").status.state, find_run("luong-2").position) == ("starting", None)
    assert find_run("luong-2").status.state == "interrupted"
    with hold_old_run("luong-2") as folder:
        assert (folder, find_run("luong-2").status.state) == (library / "luong-2", "starting")


def test_a_folder_elsewhere_has_no_queue(tmp_path: Path) -> None:
    with hold_queue(library_folders()[0]), hold_new_run(SETTINGS, tmp_path / "elsewhere" / "mine") as folder:
        begin(folder)
    assert {path.name for path in folder.parent.iterdir()} == {"mine"}
    assert find_run(folder).status.state == "interrupted"


def test_a_run_in_the_place_of_another_forgets_what_that_measured(tmp_path: Path) -> None:
    with hold_new_run(SETTINGS, tmp_path / "mine") as folder:
        add_row(folder / EPOCHS_FILE, {"epoch": 1, "loss": 0.5})
        with (
            pytest.raises(CheckpointError, match="A process works on mine"),
            hold_new_run(SETTINGS, folder, overwrite=True),
        ):
            pass
        write_status(folder, RunStatus("stopped", "Stopped", 1))
    with hold_new_run(TrainingSettings("bilstm"), folder, overwrite=True):
        assert {path.name for path in folder.iterdir()} == {".lock", "settings.json", STATUS_FILE}
        assert find_run(folder).settings.network == "bilstm"
