"""From folders of results to the summary of a network, which is small enough to ship with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from attnviz.errors import DataError, SettingError
from attnviz.evidence.calibration import find_bins
from attnviz.evidence.results_folder import read_record, read_rows, read_values, read_words, write_text
from attnviz.languages import tr
from attnviz.values.corpus_measures import Bin, NetworkSummary, Row, Source, WordUse
from attnviz.values.plain import from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd

SHIPPED = Path(__file__).parent / "shipped" / "networks"
BINS = 10
LEAST = 20
"""A word that was read less often has no mean that says anything."""
MOST = 200
"""So many words with the most attention, with the largest effects, and of the most frequent ones are kept."""


def summarise(folders: Sequence[Path], labels: Sequence[str]) -> NetworkSummary:
    """The summary of finished folders of results of one network.

    Args:
        folders: a row that several have is taken from the first of them.
        labels: of the network.

    Raises:
        DataError: a folder is damaged. SettingError: they are not of one network.
    """
    records = [read_record(folder) for folder in folders]
    networks = [record["network"] for record in records]
    if any(network["sha256"] != networks[0]["sha256"] for network in networks):
        raise SettingError(f"{', '.join(map(str, folders))} are not of one network.")
    values = read_values(folders[0])
    words = read_words(folders[0])
    return NetworkSummary(
        network=networks[0]["name"],
        labels=tuple(labels),
        sha256=networks[0]["sha256"],
        rows=tuple(_join_rows(folders)),
        bins=tuple(_list_bins(values)),
        words=() if words is None else tuple(_list_words(words)),
        distinct=0 if words is None else int(words["word"].nunique()),
        sources=tuple(map(_describe, records)),
    )


def write_summary(folder: Path, summary: NetworkSummary) -> Path:
    """Write `<network>.json` into a folder; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{summary.network}.json"
    write_text(path, json.dumps(to_plain(summary), allow_nan=False, separators=(",", ":")) + "\n")
    return path


def read_shipped(network: str) -> NetworkSummary | None:
    """The summary that attnviz ships of a network; None if there is none."""
    path = SHIPPED / f"{Path(network).name}.json"
    return _read(path) if path.is_file() else None


@lru_cache(16)
def _read(path: Path) -> NetworkSummary:
    try:
        return from_plain(NetworkSummary, json.loads(path.read_bytes()), f"summary {path.name}")
    except (OSError, ValueError) as error:
        raise DataError(tr("{file} cannot be read ({error}).", file=path, error=error)) from error


def _join_rows(folders: Sequence[Path]) -> Iterator[Row]:
    seen: set[tuple[str, str]] = set()
    for folder in folders:
        for row in read_rows(folder):
            if (row.measure, row.of) not in seen:
                seen.add((row.measure, row.of))
                yield row


def _list_bins(values: pd.DataFrame) -> Iterator[Bin]:
    known = values.dropna(subset=["confidence", "correct"])
    confidence, correct = (known[name].to_numpy(np.float64) for name in ("confidence", "correct"))
    place = find_bins(confidence, BINS)
    for number in np.unique(place).tolist():
        here = place == number
        yield Bin(float(confidence[here].mean()), float(correct[here].mean()), int(here.sum()))


def _list_words(words: pd.DataFrame) -> Iterator[WordUse]:
    frame = words.assign(**{name: words[name] / words["count"] for name in ("attention", "effect") if name in words})
    total = words.groupby("word")["count"].sum()
    frame = frame[frame["word"].isin(total.index[total >= LEAST])]
    chosen = {
        word for name in frame.columns.intersection(["attention", "effect"]) for word in _find_largest(frame, name)
    }
    chosen |= set(total.nlargest(MOST).index)
    kept = frame[frame["word"].isin(chosen)].astype(object)
    for row in kept.to_dict("records"):
        attention, effect = (_round(row.get(name)) for name in ("attention", "effect"))
        yield WordUse(str(row["word"]), int(row["label"]), int(row["count"]), attention, effect)


def _find_largest(frame: pd.DataFrame, name: str) -> list[str]:
    means = (frame[name] * frame["count"]).groupby(frame["word"]).sum() / frame.groupby("word")["count"].sum()
    return [str(word) for word in means.abs().nlargest(MOST).index]


def _round(value: Any) -> float | None:
    return None if value is None else float(f"{float(value):.5g}")


def _describe(record: Mapping[str, Any]) -> Source:
    settings, data = record["settings"], record["data"]["name"]
    return Source(record["n"], data, _write_command(record), record["created"], tuple(settings["methods"]))


def _write_command(record: Mapping[str, Any]) -> str:
    """What measures the same again, whoever measured it and wherever."""
    settings = record["settings"]
    parts = [f"attnviz evidence {record['network']['name']}"]
    parts += [f"--texts {settings['texts']}"] if settings["texts"] else []
    parts += [f"--seed {settings['seed']}"] if settings["seed"] else []
    parts += [] if "occlusion" in settings["methods"] else ["--without occlusion"]
    return " ".join(parts)
