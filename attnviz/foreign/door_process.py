"""Looking at a stranger's file in a process of its own, whose end harms nobody."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.confined_environment import get_environment
from attnviz.languages import get_language
from attnviz.processes import module_command


def ask_apart(module: str, path: Path, seconds: float, broken: str) -> dict[str, Any]:
    """What `python -m MODULE PATH SCRATCH LANGUAGE` prints as its last line, a JSON object.

    SCRATCH is an empty folder, LANGUAGE that of whoever asks.

    Args:
        path: what it looks at. seconds: how long it may take.
        broken: the error if it ends without such a line, or says none in time.

    Raises:
        ModelFileError: the object has an `error`, or there is none.
    """
    with tempfile.TemporaryDirectory(prefix="attnviz-") as scratch:
        command = module_command(module, str(path.absolute()), scratch, get_language())
        environment = get_environment(Path(scratch))
        answer = _run(command, environment, seconds)
    if not isinstance(answer, dict):
        raise ModelFileError(broken)
    if "error" in answer:
        raise ModelFileError(str(answer["error"]))
    return answer


def _run(command: tuple[str, ...], environment: dict[str, str], seconds: float) -> Any:
    """The value in the last line; None without one."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL, check=True
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError):
        return None
