"""`python -m attnviz.data.adding_process SETTINGS` adds a data set in a process of its own, which the page starts.

SETTINGS are the arguments of `add_dataset` as JSON, and the `language` in which it speaks. It prints a JSON object a
line: `{"message", "share"}` while it goes on, and at the end `{"name"}` of the data set, or `{"error"}`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from attnviz.data.dataset_adding import add_dataset
from attnviz.errors import AttnvizError
from attnviz.languages import using_language


def main() -> None:
    """Do what the settings say."""
    if hasattr(os, "nice"):
        os.nice(10)  # the page and the engine come first
    settings = json.loads(sys.argv[1])
    with using_language(settings.pop("language")):
        _add(settings)


def _add(settings: dict[str, Any]) -> None:
    try:
        _say(name=add_dataset(**settings, report=_report).name)
    except AttnvizError as error:
        _say(error=str(error))


def _report(message: str, share: float) -> None:
    _say(message=message, share=share)


def _say(**what: Any) -> None:
    print(json.dumps(what, allow_nan=False), flush=True)


if __name__ == "__main__":
    main()
