"""A run of the Column lab as the plain data that the browser draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from attnviz.lab.lab_report import (
    COSTLY,
    DEFINITION,
    LEARNED,
    USE_DEFINITION,
    LabFigures,
    Verdict,
    describe_truth,
)
from attnviz.lab.lab_results import LabRepeats, LabResult
from attnviz.lab.own_table import OwnTable
from attnviz.lab.repeats_report import describe_repeats
from attnviz.lab.tasks import TOLERANCE, TaskSettings, get_marks, get_task
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count, format_number, format_percent

LONGEST_NAME = 40


def describe_result(
    settings: TaskSettings,
    result: LabResult,
    run: int,
    table: OwnTable | None = None,
    repeats: LabRepeats | None = None,
    planned: int = 0,
) -> dict[str, Any]:
    """A run as the plain data that lab.js draws.

    Args:
        settings, table: what was trained.
        result: what came of it.
        run: counts finished runs.
        repeats: what came of other seeds, of `planned` in all, if they were asked for.
    """
    task = get_task(settings.task)
    title, reason = describe_run(settings, result, table)
    return {
        "run": run,
        "place": task.place,
        "names": list(table.columns) if table else [str(place) for place in range(settings.input_dim)],
        "attention": result.attention.tolist(),
        "watched": result.watched.tolist(),
        "samples": {name: values.tolist() for name, values in asdict(result.samples).items()},
        "marks": {str(column): mark for column, mark in get_marks(settings).items()},
        "use": _describe_use(result),
        "attention_column": settings.attention_column,
        "seed": settings.seed,
        "history": {name: values.tolist() for name, values in result.history.columns.items()},
        "baseline": result.majority_baseline,
        "score": result.score,
        "chance": result.chance,
        "score_name": _name_score(settings, result),
        "definition": tr(USE_DEFINITION if table else DEFINITION),
        "verdict": title,
        "sentence": reason,
        "fact": _describe_fact(settings, result, table),
        "spread": repeats and _describe_spread(repeats, planned),
    }


def describe_run(settings: TaskSettings, result: LabResult, table: OwnTable | None = None) -> Verdict:
    """Whether the attention of this run told the truth."""
    task, importance = get_task(settings.task), result.permutation_importance
    figures = LabFigures(
        names=name_places(settings, table),
        answers=np.flatnonzero(result.samples.truth[0]).tolist() if task.place == "column" else (),
        moves=task.moves,
        planted=table is None,
        needed=task.needed,
        score=result.score,
        chance=result.chance,
        accuracy=float(result.history["val_accuracy"][-1]),
        guess=result.majority_baseline,
        attention=result.attention[-1].tolist(),
        cost=None if importance is None else importance.tolist(),
    )
    return describe_truth(figures)


def name_places(settings: TaskSettings, table: OwnTable | None = None) -> Sequence[str]:
    """What each place is called in a sentence."""
    if table:
        return [tr("“{column}”", column=_shorten(column)) for column in table.columns]
    name = mark("column {index}") if get_task(settings.task).place == "column" else mark("step {index}")
    return [tr(name, index=place) for place in range(settings.input_dim)]


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _describe_use(result: LabResult) -> dict[str, list[float]] | None:
    """The permutation importance of each column, and its share of that of all; None if nothing was learned to use."""
    cost = result.permutation_importance
    if cost is None or result.history["val_accuracy"][-1] < result.majority_baseline + LEARNED:
        return None
    used = np.maximum(cost, 0)
    if used.max() < COSTLY:
        return None
    return {"cost": cost.tolist(), "share": (used / used.sum()).tolist()}


def _name_score(settings: TaskSettings, result: LabResult) -> str:
    if result.score is None:
        return tr("Without a truth there is nothing to score.")
    if settings.task == "table":
        return tr("How often attention puts two columns into the order of their use.")
    return tr("How often the largest weights stand where the answer is.")


def _describe_fact(settings: TaskSettings, result: LabResult, table: OwnTable | None) -> str:
    figures = {
        "seconds": format_number(result.seconds, 2),
        "seed": settings.seed,
        "share": format_percent(result.history["val_accuracy"][-1]),
        "guess": format_percent(result.majority_baseline),
    }
    if table:
        return tr(
            "Trained in {seconds} s with seed {seed}; {share} of {n} held-out rows right (always the same answer: "
            "{guess}).",
            n=format_count(settings.validation_size),
            **figures,
        )
    if get_task(settings.task).answer == "number":
        return tr(
            "Trained in {seconds} s with seed {seed}; {share} of the validation samples right, within {tolerance} "
            "(always the same answer: {guess}).",
            tolerance=format_number(TOLERANCE, 1),
            **figures,
        )
    return tr(
        "Trained in {seconds} s with seed {seed}; {share} of the validation samples right (always the same answer: "
        "{guess}).",
        **figures,
    )


def _describe_spread(repeats: LabRepeats, planned: int) -> dict[str, Any]:
    return {
        "seeds": list(repeats.seeds),
        "attention": repeats.attention.tolist(),
        "total": planned,
        "sentence": describe_repeats(repeats.scores, repeats.accuracies.tolist(), repeats.seconds),
    }
