"""Attention in any model: Keras' own layers of it, and tensors that behave as attention weights in any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError
from attnviz.graph.attention_groups import AttentionGroups
from attnviz.graph.attention_tensor import AttentionTensor
from attnviz.graph.candidates import Candidate, find_candidates, list_shares
from attnviz.graph.distributions import measure_entropy
from attnviz.graph.hidden_attention import describe_loops, describe_unreadable
from attnviz.graph.model_inputs import explain
from attnviz.graph.operation_owners import Owner, find_owner
from attnviz.graph.operation_places import OperationPlaces
from attnviz.graph.step_influence import StepInfluence
from attnviz.graph.tensor_groups import GROUP_BYTES, choose_texts, measure_bytes, split_by_bytes
from attnviz.graph.text_runs import TextRuns
from attnviz.graph.text_variants import Array, to_arrays
from attnviz.graph.traced import TracedModel
from attnviz.graph.weight_axes import drop_single, name_axes
from attnviz.languages import Message, tr
from attnviz.values.found_attention import FoundAttention

Tensor = Any
Words = np.ndarray[Any, Any]

_READ = 3
"""So many times the values of a text are read: as they are, with other words, and shorter."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        attentions: the attention weights, in the order in which the model computes them.
        hidden: a sentence for each attention that was seen where its weights cannot be read.
    """

    attentions: tuple[AttentionTensor, ...]
    hidden: tuple[Message, ...] = ()


def search_attention(traced: TracedModel, x: Sequence[Any], words: Any = None) -> SearchResult:
    """Find the attention weights of a traced model.

    They are what a layer of Keras' or keras-hub's that is called attention makes, and any numbers that behave so: not
    negative, with a sum of 1 over the steps, different from text to text and, in a text, from words to words, and not
    all 0 or 1. What the model answers itself, such as the shares of classes, is no attention.

    Args:
        traced: the model, which must still be there, for any number of texts. One that was traced for any number of
            steps is asked about shorter texts too, which tells axes of steps from those of units. Elsewhere an axis as
            long as the texts counts if the words move the weights' values each at its own place. A large model is run
            several times, for as many of its tensors as may be held at once; see `tensor_groups`.
        x: its inputs, flat: arrays (batch, ...) of two different texts or more, best of a number of steps that equals
            no width of the model. Where all their values would be too many to hold, two of them are looked at.
        words: (batch, steps) True where there is a word, whose queries are counted in `FoundAttention.entropy`; None
            for all steps.

    Raises:
        SettingError: fewer than two texts, all of them alike, or such as the model cannot read; or the model is gone.
    """
    try:
        search = _Search(traced, x, words)
    except (tf.errors.OpError, ValueError, TypeError) as error:
        raise SettingError(tr("The model cannot compute with these texts: {error}", error=explain(error))) from error
    return SearchResult(search.list_attentions(), search.list_hidden())


class _Search:
    """One search: which candidates there are and which of them are attention."""

    def __init__(self, traced: TracedModel, x: Sequence[Any], words: Any) -> None:
        if any(span.reference() is None for span in traced.spans):
            raise SettingError("The model of this trace is gone: keep a reference to it while its attention is sought.")
        self._places = OperationPlaces(traced)
        self._widths = {size for variable in traced.inputs[0].graph.variables for size in variable.shape}
        arrays, tensors = to_arrays(x), list_shares(self._places.of_model)
        sizes = measure_bytes(traced, arrays, tensors)
        texts = choose_texts(arrays, GROUP_BYTES // max(1, _READ * sum(sizes)))
        self._arrays = [array[texts] for array in arrays]
        self._words = None if words is None else np.asarray(words, bool)[texts]
        groups = split_by_bytes(tensors, sizes, GROUP_BYTES // (_READ * len(texts)))
        likely = self._read(TextRuns(traced, self._arrays, list(groups), self._places.of_model))
        self._groups = AttentionGroups(self._drop_units(traced, likely, sum(sizes)), traced.outputs)
        self._chosen = self._groups.choose()

    def _read(self, runs: TextRuns) -> list[Candidate]:
        """What behaves as attention; of its values only how even they are is kept."""
        self._entropies: dict[str, float] = {}
        found = list[Candidate]()
        for candidate, values in find_candidates(runs.read(), runs.steps, self._is_in_attention):
            found.append(candidate)
            if not describe_unreadable(candidate):
                self._entropies[candidate.tensor.name] = self._measure(candidate, values)
        return found

    def _measure(self, candidate: Candidate, values: Array) -> float:
        queries = _choose_queries(candidate, name_axes(candidate), self._words)
        return measure_entropy(values, candidate.axis, queries)

    def _drop_units(self, traced: TracedModel, likely: Sequence[Candidate], text_bytes: int) -> list[Candidate]:
        """Those whose axis is not one of as many units as there are steps."""
        doubtful = [candidate for candidate in likely if self._is_doubtful(candidate)]
        local = StepInfluence(traced, self._arrays, self._places.of_model, text_bytes).find_local(doubtful)
        dropped = {candidate.tensor.name for candidate in doubtful} - {candidate.tensor.name for candidate in local}
        return [candidate for candidate in likely if candidate.tensor.name not in dropped]

    def list_attentions(self) -> tuple[AttentionTensor, ...]:
        """Those that can be read."""
        readable = [copies for copies in self._chosen if not describe_unreadable(copies.shown)]
        seen: Counter[str] = Counter()
        return tuple(self._describe(*copies, seen) for copies in readable)

    def list_hidden(self) -> tuple[Message, ...]:
        """A sentence for each of the others."""
        used = [copies for copies in self._chosen if self._groups.is_used(copies.first)]
        reasons = [describe_unreadable(shown, self._owner(first).path) for first, shown in used]
        return tuple(dict.fromkeys([*filter(None, reasons), *describe_loops(self._places)]))

    def _owner(self, candidate: Candidate) -> Owner:
        return find_owner(self._places, candidate.tensor.op)

    def _is_in_attention(self, tensor: Tensor) -> bool:
        return find_owner(self._places, tensor.op).is_attention

    def _is_doubtful(self, candidate: Candidate) -> bool:
        """Whether the axis may be one of as many units as there are steps."""
        is_wide = candidate.sizes[candidate.axis] in self._widths
        return is_wide and not candidate.is_sure and not candidate.is_in_attention

    def _describe(self, first: Candidate, shown: Candidate, seen: Counter[str]) -> AttentionTensor:
        owner = self._owner(first)
        axes = name_axes(replace(shown, is_in_attention=first.is_in_attention))
        name = owner.path or getattr(owner.layer, "name", "model")
        seen[name] += 1
        found = FoundAttention(
            name=name if seen[name] == 1 else f"{name} ({seen[name]})",
            layer=owner.path,
            kind=type(owner.layer).__name__,
            axes=drop_single(shown, axes),
            maps=_count_maps(shown, axes),
            entropy=self._entropies[shown.tensor.name],
            reaches_output=self._groups.is_used(first),
        )
        return AttentionTensor(found, axes, self._places.place(shown.tensor.op), shown.tensor.value_index)


def _count_maps(candidate: Candidate, axes: Sequence[str]) -> int:
    sizes = zip(axes, candidate.sizes[1:], strict=True)
    return next((size for name, size in sizes if name in ("heads", "features")), 1)


def _choose_queries(candidate: Candidate, axes: Sequence[str], words: Words | None) -> Words | None:
    """Which distributions are those of a word, as the axes of the weights without that of the tokens."""
    left = [name for name in axes if name != "tokens"]
    if words is None or "queries" not in left or np.shape(words)[1] != _size(candidate, axes, "queries"):
        return None
    sizes = [len(words), *(_size(candidate, axes, name) for name in left)]
    shape = [len(words), *(np.shape(words)[1] if name == "queries" else 1 for name in left)]
    return np.broadcast_to(np.asarray(words, bool).reshape(shape), sizes)


def _size(candidate: Candidate, axes: Sequence[str], name: str) -> int:
    return candidate.sizes[1 + list(axes).index(name)]
