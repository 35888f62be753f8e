"""How long the browser's code takes to read a text, in Node, for each network: `python -m benchmarks.browser_network`.

It prints Markdown: milliseconds (the median of 15 texts) for all words anew, and for a word typed at the end, with SIMD
and in plain JavaScript. A network reads the last words of a text only, so for some of them 500 words are 200.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from attnviz.living.network_file import export_network
from attnviz.models.registry import MODELS
from attnviz.runs.library import find_checkpoint

SCRIPT = Path(__file__).with_suffix(".js")
COLUMNS = ("200 words", "500 words", "one more of 200", "one more of 500")


def measure_networks() -> dict[str, list[dict[str, Any]]]:
    """By network, a row for each length, with SIMD and in plain JavaScript; nothing where there is no Node."""
    if shutil.which("node") is None:
        print("no Node, so the browser's networks are not measured", file=sys.stderr)
        return {}
    return {name: _measure(name) for name, spec in MODELS.items() if spec.task == "reviews"}


def _measure(name: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.bin"
        file.write_bytes(export_network(find_checkpoint(name)))
        result = subprocess.run(["node", str(SCRIPT), str(file)], capture_output=True, check=True)
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def networks_to_markdown(networks: dict[str, list[dict[str, Any]]]) -> str:
    """The table: milliseconds."""
    head = f"| network | | {' | '.join(COLUMNS)} |\n|---|---|{'---:|' * len(COLUMNS)}"
    return "\n".join([head, *(_describe(name, rows) for name, rows in networks.items())])


def _describe(name: str, rows: list[dict[str, Any]]) -> str:
    """A row of the table for each way to compute."""
    lines = []
    for simd in (True, False):
        times = [row[key] for key in ("whole", "typed") for row in rows if row["simd"] == simd]
        lines.append(f"| `{name}` | {'SIMD' if simd else 'plain'} | {' | '.join(f'{ms:.2f}' for ms in times)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(networks_to_markdown(measure_networks()))
