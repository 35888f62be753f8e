"""The commands about runs: train | runs."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.cli_data import add_column_options, find_data
from attnviz.errors import SettingError
from attnviz.models.registry import MODELS, get_spec
from attnviz.render.numerals import format_percent

if TYPE_CHECKING:
    from attnviz.runs.stored_run import StoredRun
    from attnviz.values.training_settings import TrainingSettings


def add_run_parsers(commands: Any) -> None:
    """The parsers of `train` and `runs`."""
    train = commands.add_parser("train", help="train a network of the table and save a checkpoint")
    train.add_argument("network", metavar="NAME", nargs="?", help=", ".join(MODELS))
    train.add_argument("--epochs", type=int, help="default: the network's recipe")
    train.add_argument("--batch-size", type=int, help="default: the network's recipe")
    train.add_argument("--seed", type=int, default=0, help="default: 0")
    train.add_argument("--limit", type=int, help="use at most so many training and test reviews (column: samples)")
    train.add_argument("--out", type=Path, help="the run's folder; default: a new one in the library")
    train.add_argument("--overwrite", action="store_true", help="replace the checkpoint at --out")
    train.add_argument(
        "--protocol", default="held-out", help="held-out (default), or tutorial: as the network's tutorial trained it"
    )
    train.add_argument(
        "--data", metavar="FILE", help="a table of your own with --text and --label, or the name of a data set"
    )
    add_column_options(train)
    train.add_argument(
        "--pin", metavar="TEXT", action="append", default=[], help="keep how the attention to a text forms; repeatable"
    )
    train.add_argument("--tensorboard", metavar="DIR", type=Path, help="write event files for TensorBoard there")
    train.add_argument("--csv", metavar="FILE", type=Path, help="write the measures of each epoch there")
    train.add_argument("--queue", action="store_true", help="do it in the background, when the runs before are done")
    train.add_argument("--resume", metavar="RUN", help="go on with a run that was stopped, interrupted or failed")
    train.set_defaults(run=_train)
    runs = commands.add_parser("runs", help="list the training runs of the library, the newest first")
    runs.add_argument("--stop", metavar="RUN", help="stop a run and keep its best epoch, or take it out of the queue")
    runs.set_defaults(run=_runs)
    actions = runs.add_subparsers(metavar="ACTION")
    compare = actions.add_parser("compare", help="lay runs and shipped networks side by side")
    compare.add_argument("names", metavar="NAME", nargs="+", help="two or more runs or networks of the library")
    compare.add_argument("--csv", metavar="FILE", type=Path, help="write the table there instead, a row a run")
    compare.set_defaults(run=_compare)
    export = actions.add_parser("export", help="write a run into one file, to take it to another machine")
    export.add_argument("name", metavar="NAME", help="as `attnviz runs` lists it")
    export.add_argument("file", metavar="FILE", type=Path, nargs="?", default=Path(), help="default: NAME.attnviz.zip")
    export.add_argument("--state", action="store_true", help="with what training needs to go on, if it was stopped")
    export.set_defaults(run=_export)
    bring = actions.add_parser("import", help="check a file that `attnviz runs export` wrote and add its run")
    bring.add_argument("file", metavar="FILE", type=Path, help="NAME.attnviz.zip")
    bring.set_defaults(run=_import)


def _train(options: argparse.Namespace) -> None:
    if (options.network is None) == (options.resume is None):
        raise SettingError("Give either the NAME of a network or a run to --resume.")
    if options.queue:
        _queue(options)
        return
    from attnviz.runs.run_process import carry_out
    from attnviz.training.progress_bar import ProgressBar

    with _hold(options) as folder:
        run = carry_out(folder, ProgressBar()).run
    kind = "validation" if run.network == "column" else "test"
    accuracy = format_percent(run.accuracy, 2)
    print(f"{folder}: epoch {run.selected_epoch} kept, {kind} accuracy {accuracy}, {run.seconds:.0f} s")


def _hold(options: argparse.Namespace) -> AbstractContextManager[Path]:
    from attnviz.runs.run_queue import hold_new_run, hold_old_run

    if options.resume is not None:
        return hold_old_run(options.resume)
    return hold_new_run(_read_settings(options), options.out, overwrite=options.overwrite)


def _queue(options: argparse.Namespace) -> None:
    from attnviz.runs.run_queue import queue_run, resume_run

    if options.out is not None:
        raise SettingError("A run in the queue has its folder in the library: leave out --out or --queue.")
    run = resume_run(options.resume) if options.resume is not None else queue_run(_read_settings(options))
    print(f"{run.name}: {f'place {run.position} in the queue' if run.position else run.status.sentence}")


def _read_settings(options: argparse.Namespace) -> TrainingSettings:
    from attnviz.values.training_settings import TrainingSettings

    names = ("network", "epochs", "batch_size", "seed", "limit", "protocol")
    get_spec(options.network)  # a wrong name is told before a file is read
    given = {name: getattr(options, name) for name in names}
    logs = {name: _make_absolute(getattr(options, name)) for name in ("tensorboard", "csv")}
    return TrainingSettings(**given, **logs, data=find_data(options), pinned=tuple(options.pin))


def _make_absolute(path: Path | None) -> Any:
    """A run that waits may be done by a process with another working folder."""
    return path and str(path.expanduser().absolute())


def _runs(options: argparse.Namespace) -> None:
    from attnviz.runs.run_queue import stop_run
    from attnviz.runs.stored_run import list_runs

    if options.stop is not None:
        stop_run(options.stop)
    for run in list_runs():
        print(_describe(run))


def _compare(options: argparse.Namespace) -> None:
    from attnviz.render.run_comparison_report import format_compared, render_csv_of_runs
    from attnviz.runs.compared_runs import compare_runs

    compared = compare_runs(options.names)
    if options.csv is None:
        print(format_compared(compared))
    else:
        options.csv.write_text(render_csv_of_runs(compared), encoding="utf-8")


def _export(options: argparse.Namespace) -> None:
    from attnviz.render.training_report import format_size
    from attnviz.runs.run_export import export_run

    path = export_run(options.name, options.file, state=options.state)
    print(f"{path}: {format_size(path.stat().st_size)}. Bring it in elsewhere with `attnviz runs import {path.name}`.")


def _import(options: argparse.Namespace) -> None:
    from attnviz.runs.run_import import import_run

    run = import_run(options.file)
    reads_text = run.pinned and run.read_checkpoint().spec.task == "reviews"
    print(f"{run.name}: {run.status.sentence}{f' Next: `attnviz explain {run.name} TEXT`.' if reads_text else ''}")


def _describe(run: StoredRun) -> str:
    place = f", place {run.position}" if run.position else ""
    return f"{run.name:<24} {run.status.state + place:<16} {run.status.sentence}"
