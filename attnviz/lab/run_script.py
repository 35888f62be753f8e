"""A run of the Column lab as a Python script that repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnviz.lab.own_table import OwnTable


def write_script(settings: Mapping[str, Any]) -> str:
    """A Python script that repeats a run with the package and writes its curves and attention as CSV."""
    others = "".join(f"    {name}={value!r},\n" for name, value in settings.items() if name != "task")
    return (
        '"""A run of the Column lab of attnviz, again; the seed makes it the same."""\n\n'
        "import attnviz\n\n"
        f"run = attnviz.train_task(\n    {settings['task']!r},\n{others})\n"
        'print("truth score:", run.score, "chance:", run.chance)\n'
        'print("attention of the last epoch:", run.attention[-1].round(4).tolist())\n'
        'run.to_frame().to_csv("attention.csv", index=False)\n'
    )


def write_table_script(settings: Mapping[str, Any], table: OwnTable) -> str:
    """`write_script` for a table; its file must lie beside the script."""
    named = ("epochs", "batch_size", "learning_rate", "temperature", "seed")
    others = "".join(f"    {name}={settings[name]!r},\n" for name in named)
    return (
        '"""A run of the Column lab of attnviz on a table, again; the seed makes it the same."""\n\n'
        "import attnviz\n\n"
        f"run = attnviz.train_table(\n    {table.name!r},\n    {table.answer!r},\n    yes={table.yes!r},\n"
        f"    columns={list(table.columns)!r},\n{others})\n"
        'print("accuracy:", run.history["val_accuracy"][-1], "always the same answer:", run.majority_baseline)\n'
        'print("agreement of attention and use:", run.score)\n'
        'run.to_frame().to_csv("attention.csv", index=False)\n'
    )
