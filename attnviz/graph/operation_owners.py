"""Which layer is said to compute what an operation does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from attnviz.backend import keras
from attnviz.graph.operation_places import OperationPlaces

Operation = Any

ATTENTION_LAYERS = (
    keras.layers.Attention,  # AdditiveAttention is one
    keras.layers.MultiHeadAttention,  # keras-hub's CachedMultiHeadAttention is one
    keras.layers.GroupQueryAttention,
)


class Owner(NamedTuple):
    """A layer and where it stands in the model; of the model itself the path is ''."""

    path: str
    layer: Any

    @property
    def is_attention(self) -> bool:
        """Whether it is one of Keras' or keras-hub's layers of attention."""
        kind = type(self.layer)
        own = kind.__module__.partition(".")[0] in ("keras_hub", "keras_nlp") and "Attention" in kind.__name__
        return own or isinstance(self.layer, ATTENTION_LAYERS)

    @property
    def is_keras(self) -> bool:
        """Whether Keras itself has the layer."""
        return type(self.layer).__module__.partition(".")[0] == "keras"


def find_owner(places: OperationPlaces, operation: Operation) -> Owner:
    """The layer of attention that an operation is in; if there is none, the innermost layer of somebody's own that uses
    Keras' layers for it, such as a Softmax; else the innermost layer.
    """
    around = [Owner(path, layer) for path, layer in places.around(operation)]
    if not around:
        return Owner("", None)
    return next((owner for owner in around if owner.is_attention), None) or next(_climb(around), around[0])


def _climb(around: list[Owner]) -> Iterator[Owner]:
    """The first layer that is not Keras' own, if it is no model, and not that which was traced as one."""
    first = next((owner for owner in around if not owner.is_keras or isinstance(owner.layer, keras.Model)), around[0])
    if first.path and not isinstance(first.layer, keras.Model):
        yield first
