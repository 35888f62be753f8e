"""The model that `attnviz app --model module:function` makes, as the pages see it: its card, written by the command."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.runs.checkpoint_files import parse_record
from attnviz.values.model_card import ModelCard
from attnviz.values.plain import from_plain, to_plain

FACTORY = "ATTNVIZ_FACTORY"
"""The environment variable with the path of a file that says which function makes the model, and what it made."""


@dataclass(frozen=True)
class FactoryModel:
    """A model that a function of the user's own code makes.

    Attributes:
        function: 'module:function'.
        folder: where the command was given; modules are looked for there first.
        card: what the function made.
    """

    function: str
    folder: str
    card: ModelCard


def read_factory() -> FactoryModel | None:
    """What the app was started with, None for nothing.

    Raises:
        SettingError: the file says something else.
    """
    if not (path := os.environ.get(FACTORY)):
        return None
    try:
        return from_plain(FactoryModel, parse_record(Path(path).read_bytes()), "record of a model")
    except OSError as error:
        raise SettingError(
            tr("{path} cannot be read ({error}). Start the app again.", path=path, error=error.strerror)
        ) from error


def find_factory(name: str) -> FactoryModel | None:
    """What the app was started with, if its model has that name."""
    factory = read_factory()
    return factory if factory is not None and factory.card.name == name else None


def write_factory(factory: FactoryModel, path: Path) -> None:
    """Tell the processes that this one starts of the model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(to_plain(factory), allow_nan=False), encoding="utf-8")
    os.environ[FACTORY] = str(path)
