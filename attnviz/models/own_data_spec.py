"""The row of the model table as it stands for a network that learned a data set of somebody's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from attnviz.data.class_labels import FEWEST, MOST
from attnviz.data.datasets import OwnData
from attnviz.data.labelled_texts import TextData
from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.models.registry import ModelSpec, Published, get_spec
from attnviz.text.class_names import MAX_CHARACTERS
from attnviz.text.reading_units import UNITS

OWN = "own"
"""What the record of such a run has as `answer` of its data."""

_OTHER_WORDS = {
    "stars": (
        mark("Word vectors + additive attention, small"),
        mark("Each word is scored by itself, as in word-additive, with half as many numbers a word."),
    )
}
"""Title and summary of a network whose own speak of the reviews that it ships with."""


def fit_spec(network: str, data: TextData) -> ModelSpec:
    """The network's row of the table, with the classes and the reading of a data set that is no longer the reviews.

    Raises:
        UnknownNameError: no such network.
    """
    spec = get_spec(network)
    if not isinstance(data, OwnData):
        return spec
    return _fit(spec, data.about.name, data.about.labels, data.about.unit)


def get_run_spec(network: str, data: Mapping[str, Any]) -> ModelSpec:
    """The same for a run, by what its record says of its data.

    Raises:
        UnknownNameError: no such network.
        SettingError: classes that are none, or a reading that there is not.
    """
    spec = get_spec(network)
    if data.get("answer") != OWN:
        return spec
    labels, name = data.get("labels"), data.get("name")
    if not isinstance(labels, list) or not _are_labels(labels) or not isinstance(name, str):
        told = mark("its data set has no name or not {fewest} to {most} classes with names")
        raise SettingError(tr(told, fewest=FEWEST, most=MOST))
    return _fit(spec, name[:MAX_CHARACTERS], labels, data.get("unit"))


def describe_own(data: OwnData) -> dict[str, Any]:
    """What the record of a run says of such data, but for the numbers of texts."""
    about = data.about
    return {
        "name": about.name,
        "digest": about.digest,
        "answer": OWN,
        "labels": list(about.labels),
        "unit": about.unit,
        "source": about.source,
        "columns": [about.text_column, about.label_column],
    }


def _fit(spec: ModelSpec, name: str, labels: Sequence[str], unit: Any) -> ModelSpec:
    if spec.task != "reviews":
        told = mark("{network} reads columns of numbers, not text, so it learns no data set of texts")
        raise SettingError(tr(told, network=spec.name))
    if unit not in UNITS:
        told = mark("it reads texts by {unit}; this version of attnviz reads {units}")
        raise SettingError(tr(told, unit=repr(unit), units=", ".join(UNITS)))
    title, summary = _OTHER_WORDS.get(spec.name, (spec.title, spec.summary))
    return replace(
        spec,
        title=title,
        summary=summary,
        labels=tuple(labels),
        target=None,
        answer="own",
        unit=unit,
        data=name,
        published=Published(source=mark("trained on a data set of somebody's own; nothing published")),
    )


def _are_labels(labels: list[Any]) -> bool:
    names = {label for label in labels if isinstance(label, str) and 0 < len(label) <= MAX_CHARACTERS}
    return FEWEST <= len(names) == len(labels) <= MOST
