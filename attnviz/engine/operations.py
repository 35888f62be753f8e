"""What the engine does for each operation: one function an operation. TensorFlow is imported by what computes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attnviz.engine import protocol as ask
from attnviz.engine.typing_pause import TypingPause
from attnviz.errors import SettingError, UnknownNameError
from attnviz.lab.lab_results import LabInspection, LabRepeats, LabResult
from attnviz.lab.own_table import OwnTable
from attnviz.lab.tasks import TaskSettings
from attnviz.languages import tr
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.attention_sketch import AttentionRows, AttentionSketch, cut_rows, sketch_attention
from attnviz.values.comparison import Comparison, TextComparison
from attnviz.values.cost import Cost, add_costs
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve, Faithfulness
from attnviz.values.layer_row import LayerRow
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard
from attnviz.values.prediction import Prediction
from attnviz.values.reading_curve import ReadingCurve
from attnviz.values.trace import FollowedWord

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer
    from attnviz.lab.lab_run import LabRun

KEPT_RUNS = 8
"""How many runs of the Column lab stay in memory, to look inside them."""

BULK_QUIET_SECONDS, BULK_WAIT_SECONDS = 0.5, 2.0
"""The next of many reviews wait until nobody has typed for so long; but if many people type, not for ever."""


@dataclass(frozen=True, slots=True)
class Means:
    """What an operation works with.

    Attributes:
        explainers: those of its networks, loaded.
        pause: knows when somebody types.
    """

    explainers: Sequence[Explainer]
    pause: TypingPause

    @property
    def explainer(self) -> Explainer:
        """That of the one network."""
        (explainer,) = self.explainers
        return explainer

    def let_typing_go_first(self) -> None:
        """Before the next of many texts."""
        self.pause.wait(BULK_QUIET_SECONDS, BULK_WAIT_SECONDS)


def run(operation: ask.Operation[ask.Result], means: Means) -> ask.Result:
    """Do one operation.

    Raises:
        AttnvizError: what the function behind it raises.
    """
    result: ask.Result = _FUNCTIONS[type(operation)](operation, means)
    return result


@lru_cache(maxsize=KEPT_RUNS)
def get_run(settings: TaskSettings, table: OwnTable | None = None) -> LabRun:
    """The run of these settings of the Column lab; the last ones are kept."""
    from attnviz.lab.lab_run import run_task

    return run_task(settings, table)


def forget_runs() -> None:
    """Let go of the runs of the Column lab and their compiled programs."""
    from attnviz.lab.lab_trainer import forget_trainers

    get_run.cache_clear()
    forget_trainers()


def _explain(asked: ask.Explain, means: Means) -> Explanation:
    means.pause.note()
    return means.explainer.explain(asked.text, asked.method, asked.target)


def _sketch_attention(asked: ask.SketchAttention, means: Means) -> AttentionSketch:
    means.pause.note()
    return sketch_attention(means.explainer.recall_attention(asked.text))


def _read_attention_rows(asked: ask.ReadAttentionRows, means: Means) -> tuple[AttentionRows, ...]:
    means.pause.note()
    attention = means.explainer.recall_attention(asked.text)
    return tuple(cut_rows(attention, how, asked.rows, asked.tokens) for how in asked.asked)


def _trace(asked: ask.Trace, means: Means) -> FollowedWord | None:
    from attnviz.explain.classifier import find_target
    from attnviz.explain.followed_query import asks_in_heads, follow_query
    from attnviz.explain.followed_word import follow_word

    means.pause.note()
    classifier = means.explainer.classifier
    if asks_in_heads(classifier):
        target = find_target(classifier, asked.target)
        return follow_query(classifier, asked.text, asked.temperature, target, asked.word, asked.feature)
    trace = means.explainer.trace(asked.text, asked.temperature, asked.target)
    return follow_word(trace, asked.word, asked.feature)


def _describe_layers(asked: ask.DescribeLayers, means: Means) -> tuple[LayerRow, ...]:
    from attnviz.explain.keras_classifier import KerasClassifier
    from attnviz.graph.layer_flow import list_layers

    classifier = means.explainer.classifier
    if not isinstance(classifier, KerasClassifier):
        raise SettingError(tr("{name} is no network with layers.", name=classifier.name))
    return list_layers(classifier.graph.traced, [found.layer for found in classifier.card.attention])


def _measure_faithfulness(asked: ask.MeasureFaithfulness, means: Means) -> Faithfulness:
    return means.explainer.measure_faithfulness(asked.text, asked.method, asked.target)


def _measure_erasure(asked: ask.MeasureErasure, means: Means) -> ErasureCurve:
    return means.explainer.measure_erasure_curve(asked.text, asked.method, asked.target)


def _measure_reading_curve(asked: ask.MeasureReadingCurve, means: Means) -> ReadingCurve:
    return means.explainer.measure_reading_curve(asked.text, asked.target)


def _find_adversarial_attention(asked: ask.FindAdversarialAttention, means: Means) -> AdversarialAttention:
    return means.explainer.find_adversarial_attention(asked.text, target=asked.target)


def _compare(asked: ask.Compare, means: Means) -> Comparison:
    from attnviz.explain.agreement import compare

    _check_methods(asked.methods)
    pairs = [(one, method) for one in means.explainers for method in asked.methods if method in one.methods]
    return compare([one.recall(asked.text, method) for one, method in pairs])


def _check_methods(names: Sequence[str]) -> None:
    for method in names:
        if method not in METHODS:
            raise UnknownNameError("method", method, METHODS)


def _estimate_cost(asked: ask.EstimateCost, means: Means) -> Cost:
    _check_methods(asked.methods)
    return add_costs([one.estimate_cost(asked.text, asked.methods) for one in means.explainers])


def _compare_texts(asked: ask.CompareTexts, means: Means) -> TextComparison:
    from attnviz.values.comparison import compare_texts

    first = means.explainer.recall(asked.first, asked.method)
    return compare_texts(first, means.explainer.recall(asked.second, asked.method, first.target))


def _predict_reviews(asked: ask.PredictReviews, means: Means) -> tuple[Prediction, ...]:
    means.let_typing_go_first()
    labels, found = means.explainer.labels, means.explainer.predict_texts(asked.texts).tolist()
    return tuple(Prediction(labels, None if math.isnan(row[0]) else tuple(row)) for row in found)


def _explain_reviews(asked: ask.ExplainReviews, means: Means) -> tuple[Explanation, ...]:
    means.let_typing_go_first()
    return tuple(means.explainer.explain_batch(asked.texts, asked.method))


def _train_task(asked: ask.TrainTask, means: Means) -> LabResult:
    return get_run(asked.settings, asked.table).to_result()


def _repeat_task(asked: ask.RepeatTask, means: Means) -> LabRepeats:
    from attnviz.lab.repeats import repeat_task

    return repeat_task(asked.settings, asked.seeds, asked.table)


def _inspect_task(asked: ask.InspectTask, means: Means) -> LabInspection:
    from attnviz.lab.inspection import inspect_task

    return inspect_task(get_run(asked.settings, asked.table), asked.sample)


def _examine_model(asked: ask.ExamineModel, means: Means) -> ModelCard:
    """In the process of that model, which has read it by then."""
    return replace(means.explainer.card, title=asked.own_settings.title)


_FUNCTIONS: Mapping[type[ask.Operation[Any]], Callable[[Any, Means], Any]] = {
    ask.Explain: _explain,
    ask.SketchAttention: _sketch_attention,
    ask.ReadAttentionRows: _read_attention_rows,
    ask.Trace: _trace,
    ask.DescribeLayers: _describe_layers,
    ask.MeasureFaithfulness: _measure_faithfulness,
    ask.MeasureErasure: _measure_erasure,
    ask.MeasureReadingCurve: _measure_reading_curve,
    ask.FindAdversarialAttention: _find_adversarial_attention,
    ask.EstimateCost: _estimate_cost,
    ask.Compare: _compare,
    ask.CompareTexts: _compare_texts,
    ask.PredictReviews: _predict_reviews,
    ask.ExplainReviews: _explain_reviews,
    ask.TrainTask: _train_task,
    ask.RepeatTask: _repeat_task,
    ask.InspectTask: _inspect_task,
    ask.ExamineModel: _examine_model,
}
"""What does each operation."""
