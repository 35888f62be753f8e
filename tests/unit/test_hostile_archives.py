"""Whatever comes as the file of a run: it is refused in a sentence, or it is a run that can be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import ModelFileError
from attnviz.runs import imported_content
from attnviz.runs.compared_runs import compare_runs
from attnviz.runs.library import find_checkpoint
from attnviz.runs.run_archive import MANIFEST_FILE, STATE_FILE
from attnviz.runs.run_changes import delete_run
from attnviz.runs.run_export import pack_run
from attnviz.runs.run_files import STATE_FOLDER
from attnviz.runs.run_import import import_run
from attnviz.runs.stored_run import list_runs
from attnviz.training.epoch_state import read_state
from tests.made_runs import build_archive, keep_state, make_run, read_members

FILES = (
    "settings.json",
    "status.json",
    "epochs.csv",
    "steps.csv",
    "run.json",
    "history.csv",
    "vocabulary.txt",
    STATE_FILE,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, tiny_library: Path) -> Iterator[bytes]:
    """The file of a run that was stopped, with its state; the library is one of these tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        library = tmp_path_factory.mktemp("hostile")
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(library))
        patch.setattr(imported_content, "check_network", lambda folder: None)  # tested once in test_run_archive.py
        keep_state(make_run(library, "luong-2", tiny_library / "luong", state="stopped"))
        content = pack_run("luong-2", state=True)
        delete_run("luong-2")
        yield content


def bring(content: bytes) -> None:
    """Nothing is left of what is refused; what comes in is read by all that the pages ask of a run."""
    with suppress(ModelFileError):
        run = import_run(io.BytesIO(content))
        run.read_steps()
        compare_runs([run.name, run.folder]).to_frame()
        if run.pinned:
            find_checkpoint(run.name)
        read_state(run.folder / STATE_FOLDER)
        delete_run(run.name)
    assert list_runs() == []


@given(data=st.binary(max_size=300), behind=st.booleans())
def test_any_bytes_are_refused_or_read(whole: bytes, data: bytes, behind: bool) -> None:
    bring(whole + data if behind else data)


@given(place=st.floats(0, 1, exclude_max=True), data=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_any_changed_bytes_are_refused_or_read(whole: bytes, place: float, data: bytes, cut: bool) -> None:
    at = int(place * len(whole))
    bring(whole[:at] + data + (b"" if cut else whole[at + len(data) :]))


@given(at=st.integers(1, 900), data=st.binary(min_size=1, max_size=8))
def test_any_changed_list_of_members_is_refused_or_read(whole: bytes, at: int, data: bytes) -> None:
    bring(whole[:-at] + data + whole[len(whole) - at + len(data) :])


@given(name=st.sampled_from(FILES), place=st.floats(0, 1), data=st.binary(max_size=12), cut=st.integers(0, 30))
def test_any_changed_file_whose_digest_is_right_is_refused_or_read(
    whole: bytes, name: str, place: float, data: bytes, cut: int
) -> None:
    members = {file: content for file, content in read_members(whole).items() if file != MANIFEST_FILE}
    at = int(place * len(members[name]))
    members[name] = members[name][:at] + data + members[name][at + cut :]
    bring(build_archive(members))
