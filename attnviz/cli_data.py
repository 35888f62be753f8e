"""The command `data`: the film reviews, and the data sets of one's own; and `--data` of `train`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.errors import SettingError

if TYPE_CHECKING:
    from attnviz.values.dataset import Dataset


def add_data_parser(commands: Any) -> None:
    """The parser of `data`."""
    data = commands.add_parser("data", help="get the IMDB reviews (84 MB), or add, list and delete data of your own")
    what = data.add_mutually_exclusive_group()
    what.add_argument("--add", metavar="FILE", help="a table of texts with labels becomes a data set of your own")
    what.add_argument("--list", action="store_true", help="list the data sets of your own")
    what.add_argument("--delete", metavar="NAME", help="delete one of them; what was trained on it stays")
    add_column_options(data)
    data.add_argument("--name", help="what to call it; default: after the file")
    data.add_argument("--seed", type=int, default=0, help="decides which fifth of the texts tests; default: 0")
    data.add_argument("--unit", help="how texts are read: words, characters or jieba; default: what fits them")
    data.set_defaults(run=_data)


def add_column_options(parser: Any) -> None:
    """The options that name the columns of a file."""
    parser.add_argument("--text", metavar="COLUMN", help="the column with the texts; default: guess")
    parser.add_argument("--label", metavar="COLUMN", help="the column with their classes; default: guess")


def find_data(options: argparse.Namespace) -> str | None:
    """The name of the data set that `--data` asks for, a file's or one that is there; None for the reviews.

    Raises:
        DataError, SettingError: as `add_dataset`; or columns without a file. UnknownNameError: neither is there.
    """
    from attnviz.data.datasets import find_dataset

    if options.data is None:
        if options.text or options.label:
            raise SettingError("Columns are those of a file: give --data FILE, too.")
        return None
    if Path(options.data).is_file():
        return _add(options.data, options.text, options.label).name
    return find_dataset(options.data).name


def _data(options: argparse.Namespace) -> None:
    if options.add is not None:
        told = {"name": options.name, "seed": options.seed, "unit": options.unit}
        about = _add(options.add, options.text, options.label, **told)
        print(f"Next: `attnviz train word-additive --data {about.name}`, or the page Training of `attnviz app`.")
    elif options.list:
        _list()
    elif options.delete is not None:
        from attnviz.data.datasets import delete_dataset

        delete_dataset(options.delete)
        print(f"{options.delete} is deleted. What was trained on it stays.")
    else:
        _get_reviews()


def _add(file: str, text: str | None, label: str | None, **told: Any) -> Dataset:
    from attnviz.data.dataset_adding import add_dataset
    from attnviz.data.labelled_rows import preview_file
    from attnviz.render.dataset_report import describe_dataset

    if text is None or label is None:
        found = preview_file(Path(file), Path(file).name)
        text, label = text or found.text_column, label or found.label_column
        print(f"Columns: {text!r} for the texts, {label!r} for the classes.", file=sys.stderr)
    about = add_dataset(file, text, label, **told)
    print("\n".join((f"Data set {about.name}:", *(f"  {line}" for line in describe_dataset(about)))))
    return about


def _list() -> None:
    from attnviz.data.datasets import list_datasets
    from attnviz.render.dataset_report import describe_classes
    from attnviz.values.dataset import Dataset

    found = list_datasets()
    for one in found:
        print(f"{one.name}: {describe_classes(one) if isinstance(one, Dataset) else one.reason}")
    if not found:
        print("There is no data set of your own yet: attnviz data --add FILE --text COLUMN --label COLUMN")


def _get_reviews() -> None:
    from attnviz.data.imdb import load_imdb

    data = load_imdb(report=lambda message: print(message, file=sys.stderr))
    print(f"{len(data.train):,} training and {len(data.test):,} test reviews, {len(data.vocabulary) - 3:,} words")
