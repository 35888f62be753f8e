"""The commands about many texts: evidence | reproduce."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attnviz.errors import SettingError
from attnviz.processes import switch_off_onednn


def add_evidence_parsers(commands: Any) -> None:
    """The parsers of `evidence` and `reproduce`."""
    evidence = commands.add_parser(
        "evidence", help="what a network attends to over many texts, and whether it needs it"
    )
    evidence.add_argument("network", metavar="NAME", help="a checkpoint's name or folder")
    evidence.add_argument("--data", type=Path, metavar="FILE", help="texts of your own; default: the test reviews")
    evidence.add_argument("--text", metavar="COLUMN", help="the file's column of texts; default: review or text")
    evidence.add_argument("--label", metavar="COLUMN", help="that of the right answers; default: label or the like")
    evidence.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="METHOD",
        help="leave out a method; occlusion takes longest",
    )
    evidence.add_argument(
        "--method", action="append", metavar="METHOD", help="measure this method only; may be given several times"
    )
    evidence.add_argument(
        "--rationales",
        type=Path,
        metavar="FILE",
        help="words that people marked (ERASER: a folder, .zip or .jsonl): how far the methods name them, and whether "
        "the network used them",
    )
    _add_run_options(evidence, "all of them", "evidence-NAME, or controls-NAME")
    _add_control_options(evidence)
    evidence.set_defaults(run=_evidence)

    reproduce = commands.add_parser(
        "reproduce", help="published figures on attention beside those of the networks here"
    )
    studies = "jain-wallace, wiegreffe-pinter or eraser; or tutorials: trains what they trained, as they did"
    reproduce.add_argument("study", metavar="STUDY", help=studies)
    _add_run_options(reproduce, "500", "reproduce-STUDY")
    group = reproduce.add_argument_group("tutorials", "What the folder has already is not trained again.")
    _add_training_options(group, "the tutorial's")
    reproduce.set_defaults(run=_reproduce)


def _add_run_options(parser: argparse.ArgumentParser, texts: str, out: str) -> None:
    parser.add_argument("--texts", type=int, metavar="N", help=f"draw so many texts; default: {texts}")
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"the folder of the results; default: {out}")
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn at random; default: 0")
    parser.add_argument("--processes", type=int, metavar="N", help="default: one a core, as far as memory allows")
    parser.add_argument(
        "--ray", nargs="?", const="", metavar="ADDRESS", help="measure with Ray, on this machine or on a cluster"
    )


def _add_control_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "trained controls",
        "The network again with other seeds, with even weights, without attention, and with its answers but other "
        "attention. What the folder has already is not trained again.",
    )
    group.add_argument("--controls", action="store_true", help="train them and compare them; Ctrl-C keeps what is done")
    _add_training_options(group, "the network's recipe")
    group.add_argument(
        "--deceit",
        type=float,
        action="append",
        metavar="LAMBDA",
        help="how much an adversarial twin may deceive, from 0 to 10; may be given several times; default: 0.1",
    )


def _add_training_options(group: Any, epochs: str) -> None:
    group.add_argument("--seeds", type=int, metavar="N", help="of each kind so many; default: 3")
    group.add_argument("--limit", type=int, metavar="N", help="train and test on at most so many reviews")
    group.add_argument("--epochs", type=int, metavar="N", help=f"default: {epochs}")


def _run_options(options: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(options, name) for name in ("out", "texts", "seed", "processes", "ray")}


_CONTROL_OPTIONS = ("seeds", "limit", "epochs", "deceit")
_CORPUS_OPTIONS = ("data", "text", "label", "processes", "ray")
_METHOD_OPTIONS = ("without", "method", "texts")


def _evidence(options: argparse.Namespace) -> None:
    if options.controls:
        _refuse(options, (*_CORPUS_OPTIONS, *_METHOD_OPTIONS, "rationales"), "go without --controls")
        return _train_controls(options)
    _refuse(options, _CONTROL_OPTIONS, "need --controls")
    if options.rationales is None:
        return _measure(options)
    _refuse(options, _CORPUS_OPTIONS, "go without --rationales")
    return _measure_rationales(options)


def _refuse(options: argparse.Namespace, names: Sequence[str], how: str) -> None:
    """Options that would have no effect."""
    given = [f"--{name}" for name in names if getattr(options, name) not in (None, [])]
    if given:
        raise SettingError(f"{' and '.join(given)} {how}.")


def _measure_rationales(options: argparse.Namespace) -> None:
    switch_off_onednn()
    from attnviz.evidence.rationale_study import measure_rationales

    names = ("texts", "without", "seed")
    given = {name: getattr(options, name) for name in names}
    found = measure_rationales(options.network, options.rationales, methods=options.method, **given)
    print(found.to_text())
    if options.out is not None:
        found.write(options.out)
        print(f"\nThe folder {options.out} has the table.")


def _train_controls(options: argparse.Namespace) -> None:
    from attnviz.evidence.trained_controls import measure_controls

    names = {"seeds": "seeds", "limit": "limit", "epochs": "epochs", "deceit": "deceits"}
    given = {argument: getattr(options, name) for name, argument in names.items() if getattr(options, name) is not None}
    found = measure_controls(options.network, options.out, progress=True, **given)
    print(found.to_text())
    print(f"\nThe folder {found.folder} has a file a run.")


def _measure(options: argparse.Namespace) -> None:
    switch_off_onednn()
    from attnviz.evidence.evidence_run import measure_evidence
    from attnviz.evidence.table_text import format_table

    names = ("data", "text", "label", "without")
    given = {name: getattr(options, name) for name in names}
    found = measure_evidence(options.network, methods=options.method, **given, **_run_options(options))
    print(format_table(found.rows, found.record))
    print(f"\nThe folder {found.folder} has the table, every text's values and the record of the run.")


def _reproduce(options: argparse.Namespace) -> None:
    from attnviz.evidence.tutorial_study import NAME

    if options.study == NAME:
        _refuse(options, ("texts", "processes", "ray"), f"go without {NAME}")
        if options.seed:
            raise SettingError(f"{NAME} goes through the seeds from 0 on: say how many with --seeds.")
        return _repeat_tutorials(options)
    _refuse(options, ("seeds", "limit", "epochs"), f"go with {NAME} only")
    return _lay_beside(options)


def _repeat_tutorials(options: argparse.Namespace) -> None:
    from attnviz.evidence.tutorial_study import repeat_tutorials

    names = ("seeds", "limit", "epochs")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    found = repeat_tutorials(options.out, progress=True, **given)
    print(found.to_text())
    print(f"\nThe folder {found.folder} has a file a run.")


def _lay_beside(options: argparse.Namespace) -> None:
    switch_off_onednn()
    from attnviz.evidence.reproduction import reproduce

    found = reproduce(options.study, **_run_options(options))
    print(found.to_text())
    print("\nWhat is behind it: " + ", ".join(str(one.folder) for one in found.evidence))
