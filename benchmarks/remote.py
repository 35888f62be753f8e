"""A baseline in a process of its own, with its own packages and thread settings, timed from inside."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PEER_ENVIRONMENT = ROOT / ".venv-peer"


class Remote:
    """A script that runs the loop of serve.py; what it writes to standard error is shown only if it ends early."""

    def __init__(self, python: str, script: str, *arguments: str) -> None:
        self._errors = tempfile.TemporaryFile(mode="w+")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            (python, str(Path(__file__).parent / script), *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=ROOT,
        )

    def timed(self, op: str, repeat: int = 1, **args: Any) -> Callable[[], float]:
        """A call that runs the operation there, `repeat` times in a row, and returns the median of its seconds."""
        return lambda: self._ask(op, repeat, args)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def _ask(self, op: str, repeat: int, args: dict[str, Any]) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"op": op, "repeat": repeat, "args": args}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise RuntimeError(f"The process that should measure {op!r} has ended:\n{self._errors.read()[-2_000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return float(answer["seconds"])


def start_peer() -> Remote:
    """The peer packages, installed on first use."""
    python = PEER_ENVIRONMENT / "bin" / "python"
    if not (PEER_ENVIRONMENT / "ready").exists():
        print("Installing the peer packages into .venv-peer", file=sys.stderr)
        subprocess.run((sys.executable, "-m", "venv", str(PEER_ENVIRONMENT)), check=True)
        requirements = str(Path(__file__).parent / "requirements-peer.txt")
        subprocess.run((str(python), "-m", "pip", "install", "--quiet", "-r", requirements), check=True)
        (PEER_ENVIRONMENT / "ready").touch()
    return Remote(str(python), "peer.py")


def start_baseline() -> Remote:
    """Keras 3 as anybody uses it: stock layers, default threads."""
    return Remote(sys.executable, "baseline.py")


def start_checkout(folder: Path) -> Remote:
    """A checkout of attnviz, in this virtual environment."""
    return Remote(sys.executable, "public_rows.py", str(folder))
