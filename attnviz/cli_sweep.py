"""The command `sweep`: a network trained with several seeds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from attnviz.cli_data import add_column_options, find_data
from attnviz.models.registry import MODELS, get_spec


def add_sweep_parser(commands: Any) -> None:
    """The parser of `sweep`."""
    sweep = commands.add_parser(
        "sweep",
        help="train a network with several seeds: mean, spread and interval",
        description="Train a network with the seeds 0, 1, 2, … What the folder has already is not trained again; "
        "Ctrl-C keeps what is done, and the same command goes on.",
    )
    texts = ", ".join(name for name, spec in MODELS.items() if spec.task == "reviews")
    sweep.add_argument("network", metavar="NAME", help=texts)
    sweep.add_argument("--seeds", type=int, default=8, metavar="N", help="how many; default: 8")
    sweep.add_argument("--limit", type=int, metavar="N", help="train and test on at most so many texts")
    sweep.add_argument("--epochs", type=int, metavar="N", help="default: the network's recipe")
    sweep.add_argument("--batch-size", type=int, metavar="N", help="default: the network's recipe")
    sweep.add_argument("--protocol", default="held-out", help="held-out (default) or tutorial, as in train")
    sweep.add_argument("--data", metavar="FILE", help="a table of your own, or the name of a data set, as in train")
    add_column_options(sweep)
    _add_work_options(sweep)
    sweep.set_defaults(run=_sweep)


def _add_work_options(sweep: Any) -> None:
    sweep.add_argument("--out", type=Path, metavar="DIR", help="the folder of the results; default: sweep-NAME")
    sweep.add_argument("--keep", action="store_true", help="keep the networks, as runs of the library")
    sweep.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="so many side by side; default: one for two cores, if memory allows",
    )
    sweep.add_argument(
        "--ray", nargs="?", const="", metavar="ADDRESS", help="train with Ray, on this machine or on a cluster"
    )


def _sweep(options: argparse.Namespace) -> None:
    from attnviz.evidence.seed_sweep import sweep

    get_spec(options.network)  # a wrong name is told before a file is read
    names = ("out", "seeds", "epochs", "batch_size", "limit", "protocol", "jobs", "ray", "keep")
    given = {name: getattr(options, name) for name in names}
    try:
        found = sweep(options.network, **given, data=find_data(options))
    except KeyboardInterrupt:
        print("Stopped. The folder keeps the seeds that are done; the same command goes on.", file=sys.stderr)
        raise
    print(found.to_text())
    print(f"\nThe folder {found.folder} has the table, and a file a seed.")
