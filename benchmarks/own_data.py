"""A table of 200 MB becomes a data set: processor time and memory, against `pandas.read_csv` of the whole.

`python -m benchmarks.own_data` prints it alone.
"""

from __future__ import annotations

import csv
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from attnviz.data.labelled_rows import MAX_BYTES
from attnviz.runs.library import find_checkpoint
from benchmarks.figure import Figure
from benchmarks.texts import draw_lengths, draw_texts

TEXTS = 2_000
"""How many different ones there are before each gets a number of its own."""

_LABELS = ("bad", "mixed", "good")
_PEAK = "import resource; print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)"
_READ = "import sys, pandas, time; began = time.process_time(); frame = pandas.read_csv(sys.argv[1]); " + _PEAK
_ADD = (
    "import sys, time; from attnviz.data.dataset_adding import add_dataset; began = time.process_time(); "
    "add_dataset(sys.argv[1], 'text', 'label'); " + _PEAK
)


def measure_reading(megabytes: float = MAX_BYTES / 1e6) -> Iterator[Figure]:
    """Processor seconds and peak megabytes, each beside those of pandas; every reading has a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        size = _write_table(Path(place) / "texts.csv", megabytes)
        whole, whole_peak = _run(_READ, place)
        seconds, peak = _run(_ADD, place)
    what = f"a table of {size:.0f} MB to a data set, processor time"
    yield Figure(what, seconds, "s")
    yield Figure("the same, against pandas.read_csv of the whole", seconds / whole, "times as long")
    yield Figure("the same, peak memory", peak, "MB")
    yield Figure("the same, against pandas.read_csv of the whole", peak / whole_peak, "times as much")


def _write_table(path: Path, megabytes: float) -> float:
    texts = draw_texts(draw_lengths(TEXTS), find_checkpoint("word-additive").vocabulary)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        for number, text in enumerate(itertools.cycle(texts)):
            if number % TEXTS == 0 and file.tell() + sum(map(len, texts)) + 20 * TEXTS > megabytes * 1e6:
                break
            writer.writerow((f"{number} {text}", _LABELS[number % len(_LABELS)]))
    return path.stat().st_size / 1e6


def _run(code: str, place: str) -> tuple[float, float]:
    environment = {**os.environ, "ATTNVIZ_DATASETS": f"{place}/datasets"}
    command = [sys.executable, "-c", code, f"{place}/texts.csv"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    seconds, peak = said.split()
    return float(seconds), float(peak)


if __name__ == "__main__":
    print("\n".join(map(str, measure_reading())))
