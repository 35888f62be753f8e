"""The door as the page uses it: archives are looked at here, HDF5 in a process of its own."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.model_file import FileReport, check_model_file
from attnviz.processes import child_environment, module_command
from attnviz.values.plain import from_plain

SECONDS = 60.0
_BROKEN = "The file's HDF5 is damaged: whoever reads it fails. Save the model again with model.save('name.keras')."


def check_at_door(path: Path) -> FileReport:
    """`check_model_file`, such that no file can do harm to this process.

    Raises:
        ModelFileError: as there.
    """
    return check_model_file(path) if path.suffix == ".keras" else _check_apart(path)


def _check_apart(path: Path) -> FileReport:
    answer = _ask(path.absolute())
    if "error" in answer:
        raise ModelFileError(str(answer["error"]))
    return from_plain(FileReport, answer.get("report"), "report of a file")


def _ask(path: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="attnviz-") as scratch:
        command = module_command("attnviz.foreign", str(path), scratch)
        try:
            done = subprocess.run(
                command,
                env=child_environment(),
                capture_output=True,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
                check=True,
            )
            answer = json.loads(done.stdout.splitlines()[-1])
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            raise ModelFileError(_BROKEN) from error
    return answer if isinstance(answer, dict) else {}
