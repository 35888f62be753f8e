"""Models that take texts, entered behind the layer that makes ids of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.graph.restoring import all_layers
from attnviz.languages import keep
from attnviz.values.finding_forms import LAYERS_NEEDED

Tensor = Any


def find_vectorizer(model: Any) -> keras.layers.TextVectorization:
    """The layer that makes ids of texts in a model.

    Raises:
        SettingError: there is none, or more than one.
    """
    found = [layer for layer in all_layers(model) if isinstance(layer, keras.layers.TextVectorization)]
    if len(found) != 1:
        raise SettingError(keep(LAYERS_NEEDED, n=len(found)))
    return found[0]


class WithoutStrings(keras.Model):
    """A model that takes texts, entered with ids in the place of what its TextVectorization layer gives.

    The model runs as ever, on empty texts, while the layer hands on the ids; nothing of it is copied or changed.

    Args:
        model: takes texts.
        vectorizer: the layer.
        shape: of a text in a batch, () or (1,).
    """

    def __init__(self, model: Any, vectorizer: keras.layers.TextVectorization, shape: Sequence[int | None]) -> None:
        super().__init__(name=model.name)
        self.model, self.vectorizer, self.shape = model, vectorizer, tuple(shape)
        self.built = True

    def call(self, ids: Tensor, training: bool | None = None) -> Any:
        """What the model answers for ids (batch, steps)."""
        texts = tf.fill([tf.shape(ids)[0], *(1 for _ in self.shape)], "")
        texts = tf.ensure_shape(texts, [None, *(1 for _ in self.shape)])
        options = {"training": False} if self.model._call_has_training_arg else {}
        with _answering(self.vectorizer, tf.cast(ids, tf.int64)):
            return self.model.call(texts, **options)


@contextmanager
def _answering(layer: keras.layers.Layer, answer: Tensor) -> Iterator[None]:
    """Let a layer give that answer to whoever calls it from this thread."""
    own, original = threading.get_ident(), layer.call

    def call(inputs: Any, *others: Any, **named: Any) -> Any:
        return answer if threading.get_ident() == own else original(inputs, *others, **named)

    object.__setattr__(layer, "call", call)  # not Layer.__setattr__: nothing of it is to be tracked
    try:
        yield
    finally:
        object.__delattr__(layer, "call")
