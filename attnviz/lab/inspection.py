"""Every step inside a network of the Column lab for one sample."""

from __future__ import annotations

from attnviz.errors import SettingError
from attnviz.graph.activations import get_activations
from attnviz.graph.layer_flow import list_layers
from attnviz.graph.model_inputs import prepare
from attnviz.graph.probe_cache import get_probe
from attnviz.lab.lab_results import LabInspection
from attnviz.lab.lab_run import LabRun
from attnviz.lab.tasks import get_task
from attnviz.values.arrays import FloatArray


def inspect_task(run: LabRun, sample: int = 0) -> LabInspection:
    """Every step from input to output for one sample, counted from 0 among those that validate.

    Raises:
        SettingError: no such sample.
    """
    data = run.validation
    if not 0 <= sample < len(data):
        raise SettingError(f"sample must lie between 0 and {len(data) - 1}, got {sample}.")
    model, x = run.model_with_scores, data.x[sample : sample + 1]
    found = get_activations(model, x)
    activations = {name: values[0] for name, values in found.items()}
    return LabInspection(
        x=data.x[sample],
        truth=data.truth[sample],
        y=float(data.y[sample, 0]),
        output=float(list(activations.values())[-1][0]),
        activations=activations,
        matrix=_score_matrix(run),
        layers=list_layers(get_probe(model, prepare(model, x, "inspect_task")).traced, ("attention_weights",)),
    )


def _score_matrix(run: LabRun) -> FloatArray:
    columns = get_task(run.settings.task).network == "columns"
    return run.model_with_scores.get_layer("attention_scores" if columns else "state_scores").kernel.numpy()
