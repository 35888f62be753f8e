"""What there is to know of a Keras classifier that is of no table: found out by looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attnviz.errors import SettingError
from attnviz.explain.attention_source import AttentionSource
from attnviz.languages import SOURCE, Message, using_language
from attnviz.values import finding_forms
from attnviz.values.found_attention import FoundAttention
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard

if TYPE_CHECKING:
    from attnviz.explain.classifier_graph import ClassifierGraph
    from attnviz.explain.keras_classifier import KerasClassifier


def describe_classifier(classifier: KerasClassifier) -> ModelCard:
    """The card of a classifier; its graph is traced.

    Raises:
        SettingError: the model is no classifier.
    """
    graph = classifier.graph
    with using_language(SOURCE):
        missing = dict(find_missing(graph))
    return ModelCard(
        name=classifier.name,
        title=classifier.name,
        summary=Message(""),
        origin="yours",
        labels=classifier.labels,
        target=classifier.target,
        methods=tuple(method for method in METHODS if method not in missing),
        missing=missing,
        steps=classifier.steps,
        parameters=int(classifier.model.count_params()),
        attention=tuple(map(_describe, classifier.attention)),
        notes=tuple(_collect_notes(classifier)),
    )


def find_missing(graph: ClassifierGraph) -> Iterator[tuple[str, Message]]:
    """Each method that a graph can't offer, and why."""
    checks: Mapping[str, Callable[[], Any]] = {
        "gradient": lambda: graph.slope,
        "integrated_gradients": lambda: graph.slope,
    }
    for name, row in METHODS.items():
        if row.missing:
            yield name, row.missing
    if graph.shown is None:
        yield "attention", finding_forms.NONE_SHOWN
    for method, check in checks.items():
        try:
            check()
        except SettingError as error:
            yield method, error.message


def _collect_notes(classifier: KerasClassifier) -> Iterator[Message]:
    yield from classifier.graph.notes
    if classifier.labels == tuple(f"class {number}" for number in range(len(classifier.labels))):
        yield finding_forms.UNNAMED


def _describe(source: AttentionSource) -> FoundAttention:
    """What the search said of an attention that it found; of one that was named, what the name says."""
    found = getattr(source, "found", None)
    if isinstance(found, FoundAttention):
        return found
    layer = getattr(source, "layer", source.name)
    return FoundAttention(source.name, layer, type(source).__name__, source.axes, 1, None, True)
