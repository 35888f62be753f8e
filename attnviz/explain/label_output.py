"""What a model gives, as the probabilities of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.languages import Message, keep, tr
from attnviz.values import finding_forms
from attnviz.values.arrays import FloatArray

Tensor = Any
Activation = Literal["none", "sigmoid", "softmax"]

_TOLERANCE, _HALF_TOLERANCE, _LINEAR_TOLERANCE = 1e-3, 2e-2, 1e-5
"""By how much probabilities may miss their sum of 1: in 32 and in 16 bits, and where they look like logits, which may
sum to about 1 by chance."""

_PASSING = frozenset({"Cast", "Identity", "Reshape", "Squeeze", "EnsureShape", "StopGradient"})
"""Operations that hand an answer on as it is."""

REGRESSIONS = ("mean_squared", "mean_absolute", "mse", "mae", "huber", "log_cosh", "poisson", "tweedie")
"""What is in the names of the losses of models that predict a number."""


@dataclass(frozen=True, slots=True)
class LabelOutput:
    """Which output of a model speaks for labels, and how; called with the outputs it gives (batch, k) probabilities.

    Attributes:
        place: which of the flat outputs.
        columns: how many numbers it has a text; 1 is the probability of the second of two labels.
        added: what makes probabilities of its numbers.
        notes: what was chosen and assumed, a sentence each.
    """

    place: int
    columns: int
    added: Activation = "none"
    notes: tuple[Message, ...] = ()

    @property
    def labels(self) -> int:
        """How many labels it speaks for."""
        return max(2, self.columns)

    def __call__(self, outputs: Sequence[Tensor]) -> Tensor:
        """(batch, k) float32."""
        answer = tf.cast(outputs[self.place], tf.float32)
        answer = tf.reshape(answer, [-1, 1]) if answer.shape.rank == 1 else answer
        if self.added != "none":
            answer = tf.sigmoid(answer) if self.added == "sigmoid" else tf.nn.softmax(answer)
        return tf.concat([1 - answer, answer], axis=1) if self.columns == 1 else answer


def find_label_output(
    outputs: Sequence[Tensor],
    values: Sequence[FloatArray],
    *,
    names: Sequence[str] = (),
    labels: int | None = None,
    output: str | int | None = None,
    loss: Any = None,
) -> LabelOutput:
    """Which output speaks for labels, and how its numbers are read.

    Args:
        outputs: the flat outputs of a traced model; values: theirs for the same few texts, each (batch, ...).
        names: of the outputs, where they have names.
        labels: how many labels there must be; None for as many as there are.
        output: the name or place of the one to take; by default the first that can be read.
        loss: what the model was compiled with, if it was.

    Raises:
        SettingError: none of them gives the probabilities of labels; says what it gives and why that can't be read.
    """
    places = range(len(outputs)) if output is None else [_find_place(output, names, len(outputs))]
    refused: list[str] = []
    for place in places:
        try:
            found = _read(outputs[place], np.asarray(values[place], np.float64), labels, loss)
        except SettingError as error:
            refused.append(str(error))
        else:
            chosen = _say_which(place, names, len(outputs)) if output is None else ()
            return LabelOutput(place, found.columns, found.added, (*chosen, *found.notes))
    raise SettingError(" ".join(dict.fromkeys(refused)) or tr("The model gives nothing."))


def check_label_count(probabilities: Tensor, labels: int | None) -> None:
    """Refuse a tensor that is no (batch, k) with k the number of labels, if there is one.

    Raises:
        SettingError: it is not.
    """
    shape = tuple(probabilities.shape)
    if len(shape) != 2 or shape[1] is None or shape[1] < 2 or shape[1] != (labels or shape[1]):
        raise SettingError(f"A classifier of {labels or 'some'} labels gives (batch, labels), this one {shape}.")


def name_labels(count: int) -> tuple[str, ...]:
    """Names for labels that nobody named: 'class 0', 'class 1' and so on."""
    return tuple(f"class {number}" for number in range(count))


def get_output_names(model: keras.Model) -> tuple[str, ...]:
    """The names of the flat outputs, where the model has such."""
    return tuple(getattr(model, "output_names", None) or ())


def get_loss_name(loss: Any) -> str:
    """What a model was compiled with, as a name in lower case with underscores; '' for nothing or several."""
    name = loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")
    return str(name).lower() if isinstance(name, str) else ""


def _find_place(output: str | int, names: Sequence[str], count: int) -> int:
    if output in names:
        return list(names).index(str(output))
    if isinstance(output, int) and 0 <= output < count:
        return output
    raise SettingError(f"The model has no output {output!r}; it has {', '.join(names) or f'0 to {count - 1}'}.")


def _say_which(place: int, names: Sequence[str], count: int) -> tuple[Message, ...]:
    if count == 1:
        return ()
    if len(names) == count:
        return (keep(finding_forms.ONE_OUTPUT, n=count, name=names[place]),)
    return (keep(finding_forms.NUMBERED_OUTPUT, n=count, place=place + 1),)


def _read(output: Tensor, values: FloatArray, labels: int | None, loss: Any) -> LabelOutput:
    """How the numbers of one output are read."""
    columns = _count_columns(output, values)
    _check_count(columns, labels)
    given = _find_activation(output)
    inside = bool(np.isfinite(values).all() and (values >= 0).all() and (values <= 1 + _TOLERANCE).all())
    if columns == 1:
        return _read_one(given, inside, labels, loss)
    tolerance = _HALF_TOLERANCE if output.dtype.size < 4 else _LINEAR_TOLERANCE if given == "linear" else _TOLERANCE
    sums = bool((abs(values.sum(axis=1) - 1) <= tolerance).all())
    if given == "linear":
        _check_no_regression(loss)
    return _read_many(columns, given, inside, sums)


def _read_one(given: str, inside: bool, labels: int | None, loss: Any) -> LabelOutput:
    if given == "sigmoid":
        return LabelOutput(0, 1)
    _check_no_regression(loss)
    if given == "softmax":
        raise SettingError(
            tr("The model ends in a softmax over one number, which is always 1: one label is no choice.")
        )
    if given == "other" and inside:
        return LabelOutput(0, 1, notes=(finding_forms.PROBABILITY,))
    if labels != 2 and "binary_crossentropy" not in get_loss_name(loss):
        raise SettingError(
            tr(
                "The model ends in one number that is no probability (there is no sigmoid). If it is a logit, give two "
                "labels; a model that predicts a number has no labels to explain."
            )
        )
    return LabelOutput(0, 1, "sigmoid", (finding_forms.LOGIT,))


def _check_no_regression(loss: Any) -> None:
    name = get_loss_name(loss)
    if any(part in name for part in REGRESSIONS):
        raise SettingError(
            tr("The model predicts numbers (its loss is {name}), not the probabilities of labels.", name=name)
        )


def _read_many(columns: int, given: str, inside: bool, sums: bool) -> LabelOutput:
    if inside and sums:
        return LabelOutput(0, columns)
    if given == "sigmoid":
        raise SettingError(
            tr(
                "The model gives each of {n} labels a probability of its own (sigmoid), so several may hold at once; "
                "only labels that exclude each other can be explained.",
                n=columns,
            )
        )
    if given == "softmax":
        raise SettingError(tr("The {n} numbers of the model's softmax do not sum to 1 for a text.", n=columns))
    return LabelOutput(0, columns, "softmax", (finding_forms.LOGITS,))


def _count_columns(output: Tensor, values: FloatArray) -> int:
    if values.ndim > 2 or not output.dtype.is_floating:
        shape = ", ".join(["batch", *(str(size) for size in values.shape[1:])])
        raise SettingError(
            tr(
                "A classifier gives (batch, labels) probabilities, this output is ({shape}) of {dtype}; an answer for "
                "each word can't be explained.",
                shape=shape,
                dtype=output.dtype.name,
            )
        )
    return 1 if values.ndim == 1 else values.shape[1]


def _check_count(columns: int, labels: int | None) -> None:
    if labels is not None and columns != labels and (columns, labels) != (1, 2):
        raise SettingError(
            tr("There are {labels} labels, but the model gives {n} number(s) for a text.", labels=labels, n=columns)
        )


def _find_activation(output: Tensor) -> str:
    """The operation that an output ends in: 'sigmoid', 'softmax', 'linear' or 'other'."""
    op = output.op
    while op.type in _PASSING:
        op = op.inputs[0].op
    linear = ("BiasAdd", "MatMul", "BatchMatMulV2", "AddV2", "Add", "Tanh", "Relu", "Elu")
    return {"Sigmoid": "sigmoid", "Softmax": "softmax"}.get(op.type, "linear" if op.type in linear else "other")
