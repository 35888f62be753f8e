"""attnviz: see what a Keras network attended to, and learn how far to trust the picture.

The names below are loaded when they are first used, so that `import attnviz` costs nothing: it loads neither
TensorFlow nor Streamlit.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from attnviz import layers
    from attnviz.data.activation_files import load_activations, save_activations
    from attnviz.data.dataset_adding import add_dataset
    from attnviz.data.datasets import delete_dataset, list_datasets, load_dataset
    from attnviz.data.snapshots import load_time_lapse, save_time_lapse
    from attnviz.data.synthetic import get_data
    from attnviz.evidence.evidence_run import measure_evidence
    from attnviz.evidence.seed_sweep import sweep
    from attnviz.evidence.trained_controls import measure_controls
    from attnviz.explain.agreement import compare
    from attnviz.explain.explainer import Explainer
    from attnviz.foreign.wrapping import wrap
    from attnviz.graph.activations import get_activations
    from attnviz.graph.attention_list import find_attention
    from attnviz.graph.gradients import get_gradients
    from attnviz.lab.lab_run import LabRun, train_column, train_task
    from attnviz.lab.table_run import train_table
    from attnviz.models.architectures import build_model
    from attnviz.models.registry import list_models
    from attnviz.render.activation_figures import plot_activations, plot_gradients
    from attnviz.render.heatmap import plot_heatmap
    from attnviz.render.html import render_explanation
    from attnviz.render.reading_report import render_reading_curve
    from attnviz.runs.compared_runs import compare_runs
    from attnviz.runs.loading import load
    from attnviz.runs.run_calls import resume, train
    from attnviz.runs.run_export import export_run
    from attnviz.runs.run_import import import_run
    from attnviz.runs.stored_run import list_runs
    from attnviz.training.attention_recorder import AttentionRecorder
    from attnviz.values.comparison import Comparison, TextComparison, compare_texts
    from attnviz.values.explanation import Explanation
    from attnviz.values.faithfulness import Faithfulness
    from attnviz.values.found_attention import FoundAttention
    from attnviz.values.run_comparison import RunComparison
    from attnviz.values.time_lapse import TimeLapse

_HOMES = {
    "add_dataset": "attnviz.data.dataset_adding",
    "delete_dataset": "attnviz.data.datasets",
    "list_datasets": "attnviz.data.datasets",
    "load_dataset": "attnviz.data.datasets",
    "AttentionRecorder": "attnviz.training.attention_recorder",
    "TimeLapse": "attnviz.values.time_lapse",
    "load_time_lapse": "attnviz.data.snapshots",
    "save_time_lapse": "attnviz.data.snapshots",
    "render_time_lapse": "attnviz.living.lapse_page",
    "Comparison": "attnviz.values.comparison",
    "TextComparison": "attnviz.values.comparison",
    "compare_texts": "attnviz.values.comparison",
    "compare": "attnviz.explain.agreement",
    "compare_runs": "attnviz.runs.compared_runs",
    "RunComparison": "attnviz.values.run_comparison",
    "measure_controls": "attnviz.evidence.trained_controls",
    "measure_evidence": "attnviz.evidence.evidence_run",
    "repeat_tutorials": "attnviz.evidence.tutorial_study",
    "sweep": "attnviz.evidence.seed_sweep",
    "export_run": "attnviz.runs.run_export",
    "import_run": "attnviz.runs.run_import",
    "find_attention": "attnviz.graph.attention_list",
    "FoundAttention": "attnviz.values.found_attention",
    "get_data": "attnviz.data.synthetic",
    "get_activations": "attnviz.graph.activations",
    "get_gradients": "attnviz.graph.gradients",
    "Explainer": "attnviz.explain.explainer",
    "load": "attnviz.runs.loading",
    "load_activations": "attnviz.data.activation_files",
    "save_activations": "attnviz.data.activation_files",
    "plot_activations": "attnviz.render.activation_figures",
    "plot_gradients": "attnviz.render.activation_figures",
    "plot_heatmap": "attnviz.render.heatmap",
    "render_explanation": "attnviz.render.html",
    "render_live_explainer": "attnviz.living.live_networks",
    "render_live_explanation": "attnviz.living.live_networks",
    "build_explainer_widget": "attnviz.living.notebook_display",
    "build_explanation_widget": "attnviz.living.notebook_display",
    "show_explanation": "attnviz.living.notebook_display",
    "render_reading_curve": "attnviz.render.reading_report",
    "wrap": "attnviz.foreign.wrapping",
    "build_model": "attnviz.models.architectures",
    "list_models": "attnviz.models.registry",
    "Explanation": "attnviz.values.explanation",
    "Faithfulness": "attnviz.values.faithfulness",
    "LabRun": "attnviz.lab.lab_run",
    "layers": "attnviz.layers",
    "list_runs": "attnviz.runs.stored_run",
    "resume": "attnviz.runs.run_calls",
    "train": "attnviz.runs.run_calls",
    "train_column": "attnviz.lab.lab_run",
    "train_table": "attnviz.lab.table_run",
    "train_task": "attnviz.lab.lab_run",
}

__all__ = [
    "AttentionRecorder",
    "Comparison",
    "Explainer",
    "Explanation",
    "Faithfulness",
    "FoundAttention",
    "LabRun",
    "RunComparison",
    "TextComparison",
    "TimeLapse",
    "add_dataset",
    "build_model",
    "compare",
    "compare_runs",
    "compare_texts",
    "delete_dataset",
    "export_run",
    "find_attention",
    "get_activations",
    "get_data",
    "get_gradients",
    "import_run",
    "layers",
    "list_datasets",
    "list_models",
    "list_runs",
    "load",
    "load_activations",
    "load_dataset",
    "load_time_lapse",
    "measure_controls",
    "measure_evidence",
    "plot_activations",
    "plot_gradients",
    "plot_heatmap",
    "render_explanation",
    "render_reading_curve",
    "repeat_tutorials",
    "resume",
    "save_activations",
    "save_time_lapse",
    "sweep",
    "train",
    "train_column",
    "train_table",
    "train_task",
    "wrap",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'attnviz' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    value = home if home.__name__ == f"attnviz.{name}" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
