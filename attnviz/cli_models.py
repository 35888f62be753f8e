"""The commands about models: models | add | remove, and what `explain` and `app` do with those of one's own."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.errors import SettingError
from attnviz.models.registry import MODELS
from attnviz.render.numerals import format_percent

if TYPE_CHECKING:
    from attnviz.runs.own_record import OwnModel, OwnModelSettings
    from attnviz.values.explanation import Explanation
    from attnviz.values.model_card import ModelCard

CHUNK = 16
"""How many texts of a file are explained at once."""


def add_parsers(commands: Any) -> None:
    """The parsers of `models`, `add` and `remove`."""
    models = commands.add_parser("models", help="list the networks, the trained checkpoints and the models of your own")
    models.set_defaults(run=_models)
    add = commands.add_parser("add", help="check a Keras model of your own and add it to the library")
    add.add_argument("file", metavar="FILE", type=Path, help="a .keras or .h5 file")
    add.add_argument("--vocabulary", type=Path, help="its words, if they are not inside: .txt, one a line, or .json")
    add.add_argument("--labels", help="the names of the classes, as in bad,good; default: class 0, class 1 …")
    add.add_argument("--pad", choices=("left", "right"), help="where short texts are filled up; default: find out")
    add.add_argument("--length", type=int, help="how many steps the model reads; default: find out")
    add.add_argument("--name", help="what the pages call it; default: the file's name")
    add.set_defaults(run=_add)
    remove = commands.add_parser("remove", help="remove a model of your own from the library")
    remove.add_argument("name", metavar="NAME", help="its name, as `attnviz models` lists it")
    remove.set_defaults(run=_remove)


def find_brought(name: str) -> OwnModel | None:
    """The brought model of that name, None if the library has none.

    Raises:
        CheckpointError: it is damaged.
    """
    from attnviz.runs.library import find_folder
    from attnviz.runs.own_record import is_own_folder, read_own_model

    folder = find_folder(name)
    return read_own_model(folder) if is_own_folder(folder) else None


def explain_brought(model: OwnModel, texts: Iterable[str], method: str) -> Iterator[Explanation]:
    """An explanation of each text, made in the process of that model."""
    from attnviz.engine.own_process import OwnProcess
    from attnviz.engine.protocol import ExplainReviews

    process = OwnProcess(model.folder, model.settings)
    texts = iter(texts)
    try:
        process.wait_until_examined()
        while chunk := tuple(islice(texts, CHUNK)):
            yield from process.ask(ExplainReviews(model.name, chunk, method))
    finally:
        process.close()


def prepare_factory(function: str) -> None:
    """Make the model of `app --model module:function` once, so that what is wrong with it is said at once."""
    from attnviz.folders import cache_folder
    from attnviz.runs.factory_card import FactoryModel, write_factory
    from attnviz.runs.factory_loading import get_factory_card, load_factory
    from attnviz.runs.library import get_taken_names

    folder = str(Path.cwd())
    card = get_factory_card(load_factory(function, folder))
    if card.name in get_taken_names():
        raise SettingError(f"The library has a model {card.name!r} already: give name= to attnviz.wrap.")
    write_factory(FactoryModel(function, folder, card), cache_folder() / f"factory-{os.getpid()}.json")


def _add(options: argparse.Namespace) -> None:
    from attnviz.runs.own_models import discard_model, keep_model, stage_model

    vocabulary = options.vocabulary and (options.vocabulary.name, options.vocabulary.resolve())
    staged = stage_model(options.file.name, options.file.resolve(), vocabulary)
    try:
        settings = _read_settings(options, staged.title)
        card = keep_model(staged, settings, _examine(staged.folder, settings))
    finally:
        discard_model(staged)
    print("\n".join(_describe(card)))


def _read_settings(options: argparse.Namespace, title: str) -> OwnModelSettings:
    from attnviz.runs.own_names import make_title
    from attnviz.runs.own_record import OwnModelSettings
    from attnviz.values.plain import from_plain

    labels = [label.strip() for label in options.labels.split(",")] if options.labels else []
    title = make_title(options.name) if options.name is not None else title
    given = {"title": title, "labels": labels, "pad": options.pad or "auto", "length": options.length}
    return from_plain(OwnModelSettings, given, "setting of a model")


def _examine(folder: Path, settings: OwnModelSettings) -> ModelCard:
    from attnviz.engine.own_process import OwnProcess

    process = OwnProcess(folder, settings)
    try:
        return process.wait_until_examined()
    finally:
        process.close()


def _describe(card: ModelCard) -> Iterator[str]:
    """What was found, and what to do next."""
    steps = "any number of steps" if card.steps is None else f"{card.steps:,} steps"
    yield f"{card.name}: {card.title}, {card.parameters:,} parameters, reads {steps}, answers {', '.join(card.labels)}"
    for found in card.attention:
        yield f"  attention: {found.name} ({found.kind}, {' x '.join(found.axes)}, maps: {found.maps})"
    yield f"  explained by: {', '.join(card.methods)}"
    yield from (f"  not by {method}: {why}" for method, why in card.missing.items())
    yield from (f"  {note}" for note in card.notes)
    yield f'Next: `attnviz explain {card.name} "a text"`, or `attnviz app`, where it is among the models.'


def _remove(options: argparse.Namespace) -> None:
    from attnviz.runs.own_models import delete_model
    from attnviz.runs.own_sweep import DELETED_HOURS

    delete_model(options.name)
    print(f"{options.name} is removed; its files go within {DELETED_HOURS} hours.")


def _models(options: argparse.Namespace) -> None:
    from attnviz.runs.checkpoint import Checkpoint
    from attnviz.runs.library import DamagedCheckpoint, list_checkpoints, list_own_models

    library = list_checkpoints()
    print(f"{'network':<18}{'parameters':>12}  {'published':>9}  {'reached':>9}  title")
    reached = {item.name: item.run.accuracy for item in library if isinstance(item, Checkpoint)}
    for spec in MODELS.values():
        published, own = _percent(spec.published.accuracy), _percent(reached.get(spec.name))
        print(f"{spec.name:<18}{spec.parameters:>12,}  {published:>9}  {own:>9}  {spec.title}")
    for item in library:
        if not isinstance(item, Checkpoint):
            print(f"damaged: {item.name}: {item.reason}")
        elif item.name not in MODELS:
            print(f"{item.name:<18}{item.run.parameters:>12,}  {'':>9}  {_percent(item.run.accuracy):>9}  own run")
    for brought in list_own_models():
        if isinstance(brought, DamagedCheckpoint):
            print(f"damaged: {brought.name}: {brought.reason}")
        else:
            print(f"{brought.name:<18}{brought.card.parameters:>12,}  {'':>9}  {'':>9}  {brought.card.title} (yours)")


def _percent(share: float | None) -> str:
    return "-" if share is None else format_percent(share, 2)
