"""A run taken along as one file. Needs no TensorFlow.

The texts of a data set of somebody's own never go along: of such a run the example texts are left out. Its vocabulary
and its pinned texts do.
"""

from __future__ import annotations

import io
import json
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from attnviz.errors import CheckpointError, SettingError
from attnviz.languages import tr
from attnviz.models.own_data_spec import OWN
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import EXAMPLES_FILE, RUN_FILE, parse_record, read_file
from attnviz.runs.run_archive import ENDING, MAX_BYTES, STATE_FILE, write_archive
from attnviz.runs.run_files import (
    EPOCHS_FILE,
    SETTINGS_FILE,
    SNAPSHOTS_FILE,
    STATUS_FILE,
    STEPS_FILE,
    read_settings,
    read_status,
)
from attnviz.runs.run_lock import hold_run
from attnviz.runs.stored_run import StoredRun, find_run, is_run
from attnviz.values.plain import to_plain

_MEASURED = (EPOCHS_FILE, STEPS_FILE, SNAPSHOTS_FILE)


@dataclass(frozen=True, slots=True)
class ExportSize:
    """Bytes of what goes along.

    Attributes:
        files: of all but the state. state: of what training needs to go on; None where the run has none.
    """

    files: int
    state: int | None


def export_run(name: str, path: str | Path, *, state: bool = False) -> Path:
    """Write a run into one file, which `import_run` reads.

    Args:
        name: of the run. path: of the file, or a folder for NAME.attnviz.zip.
        state: whether what training needs to go on comes along, if there is any.

    Returns:
        The path of the file.

    Raises:
        UnknownNameError: no such run.
        SettingError: it ships, waits or goes on, or the file is there already.
        CheckpointError: it is damaged, a process works on it, or the disk refuses.
    """
    run, path = find_run(name), Path(path).expanduser()
    path = path / f"{run.name}{ENDING}" if path.is_dir() else path
    if path.exists():
        raise SettingError(tr("{path} exists already. Choose another file.", path=path))
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as stream:
            _write(run, stream, state)
        temporary.replace(path)
    except OSError as error:
        raise CheckpointError(
            tr("{path} cannot be written ({error}).", path=path, error=error.strerror or error)
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path


def pack_run(name: str, *, state: bool = False) -> bytes:
    """The same file as bytes.

    Raises:
        as `export_run`.
    """
    stream = io.BytesIO()
    _write(find_run(name), stream, state)
    return stream.getvalue()


def measure_export(run: StoredRun) -> ExportSize:
    """How much would go along, before it is packed."""
    sizes = {name: _get_size(run.folder / name) for name in MAX_BYTES}
    state = sizes.pop(STATE_FILE)
    return ExportSize(sum(sizes.values()), state or None)


def _get_size(path: Path) -> int:
    """0 for what is no file, or not there, as the network of a run that failed."""
    try:
        found = path.lstat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def _write(run: StoredRun, stream: IO[bytes], state: bool) -> None:
    """Nobody changes the run meanwhile."""
    if not is_run(run.folder):
        raise SettingError(tr("{name} was not trained here: only runs are taken along.", name=run.name))
    with hold_run(run.folder, patience=0):
        if not read_status(run.folder).ended:
            raise SettingError(tr("{name} waits in the queue. Take it out, or wait for its end.", name=run.name))
        write_archive(stream, run.name, _collect(run, state))


def _collect(run: StoredRun, state: bool) -> dict[str, bytes | Path]:
    folder = run.folder
    settings = replace(read_settings(folder), tensorboard=None, csv=None)  # files of this machine
    files: dict[str, bytes | Path] = {SETTINGS_FILE: _encode(settings), STATUS_FILE: _encode(read_status(folder))}
    also = [*_MEASURED, *([STATE_FILE] if state else [])]
    files |= {name: folder / name for name in also if _get_size(folder / name)}
    if run.pinned:
        files |= _collect_network(run.read_checkpoint())
    return files


def _collect_network(checkpoint: Checkpoint) -> dict[str, bytes | Path]:
    record = parse_record(read_file(checkpoint.folder, RUN_FILE))
    if checkpoint.run.data.get("answer") == OWN:
        record["files"].pop(EXAMPLES_FILE, None)
    files: dict[str, bytes | Path] = {
        name: checkpoint.folder / name for name in sorted(record["files"].keys() & MAX_BYTES)
    }
    return files | {RUN_FILE: f"{json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)}\n".encode()}


def _encode(value: object) -> bytes:
    return json.dumps(to_plain(value), ensure_ascii=False, allow_nan=False).encode()
