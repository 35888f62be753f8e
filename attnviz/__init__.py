"""attnviz: see what a Keras network attended to, and learn how far to trust the picture.

The names below are loaded when they are first used, so that `import attnviz` costs nothing: it loads neither
TensorFlow nor Streamlit.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from attnviz.comparison import Comparison, TextComparison, compare_texts
    from attnviz.datasets.synthetic import get_data
    from attnviz.explain.activations import get_activations
    from attnviz.explain.agreement import compare
    from attnviz.explain.explainer import Explainer, load
    from attnviz.models.architectures import build_model
    from attnviz.models.registry import list_models
    from attnviz.results import Explanation, Faithfulness
    from attnviz.training.column import ColumnRun, train_column
    from attnviz.training.tasks import TaskRun, train_task

_HOMES = {
    "Comparison": "attnviz.comparison",
    "TextComparison": "attnviz.comparison",
    "compare_texts": "attnviz.comparison",
    "compare": "attnviz.explain.agreement",
    "get_data": "attnviz.datasets.synthetic",
    "get_activations": "attnviz.explain.activations",
    "Explainer": "attnviz.explain.explainer",
    "load": "attnviz.explain.explainer",
    "build_model": "attnviz.models.architectures",
    "list_models": "attnviz.models.registry",
    "Explanation": "attnviz.results",
    "Faithfulness": "attnviz.results",
    "ColumnRun": "attnviz.training.column",
    "train_column": "attnviz.training.column",
    "TaskRun": "attnviz.training.tasks",
    "train_task": "attnviz.training.tasks",
}

__all__ = [
    "ColumnRun",
    "Comparison",
    "Explainer",
    "Explanation",
    "Faithfulness",
    "TaskRun",
    "TextComparison",
    "build_model",
    "compare",
    "compare_texts",
    "get_activations",
    "get_data",
    "list_models",
    "load",
    "train_column",
    "train_task",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'attnviz' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
