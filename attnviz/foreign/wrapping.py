"""Anybody's Keras 3 text model as an Explainer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.explain.classifier import find_target
from attnviz.explain.explainer import Explainer
from attnviz.explain.keras_classifier import KerasClassifier
from attnviz.foreign.attention_choice import ChosenAttention, choose_attention
from attnviz.foreign.inspector import Inspector
from attnviz.foreign.intake import InputSlot, Intake, count_parameters, find_intake
from attnviz.foreign.layouts import LayoutFound, check_settings, draw_rows, find_layout
from attnviz.foreign.readers import TokenReader
from attnviz.foreign.string_classifier import StringClassifier
from attnviz.foreign.strings import WithoutStrings, find_vectorizer
from attnviz.foreign.tokenizing import ReadWord, Tokenization
from attnviz.foreign.tokenizing_kinds import ACCEPTED, read_tokenizer
from attnviz.graph.attention_search import SearchResult, search_attention
from attnviz.languages import Message, keep, tr
from attnviz.training.batches import Ids
from attnviz.values import finding_forms
from attnviz.values.model_card import ModelCard

_PROBED_STEPS = (13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
"""Attention is looked for at one of these numbers of steps, one that is the size of nothing in the model."""

_GUESSED_SIZE = 100
"""So many ids are tried where neither the model nor the tokenizer tells how many there are."""


@dataclass(frozen=True)
class _Found:
    """A model that is entered with ids, and what was found of it."""

    model: Any
    intake: Intake
    tokenization: Tokenization
    inspector: Inspector
    size: int
    layout: LayoutFound

    @property
    def reader(self) -> TokenReader:
        return TokenReader(self.tokenization, self.layout.layout)


def wrap(
    model: keras.Model,
    tokenizer: Any = None,
    labels: Sequence[str] | None = None,
    attention: str | Sequence[str] | None = "auto",
    pad: str = "auto",
    length: int | str = "auto",
    name: str | None = None,
    target: int | str | None = None,
) -> Explainer:
    """An Explainer of any Keras 3 text classifier, which is left as it is.

    What was found of the model and what is assumed is said in the notes of `explainer.card`.

    Args:
        model: takes word ids (batch, steps), alone or with masks and segments, or texts; gives the probabilities or the
            logits of labels.
        tokenizer: how texts become ids: a TextVectorization layer, a Keras Tokenizer or its `to_json()`, a word index
            {word: id}, a vocabulary file, a `tokenizers.Tokenizer` or its tokenizer.json, a tokenizer of keras-hub, or
            a function text -> [(id, start, end), ...]. None if the model takes texts.
        labels: the names of the classes; by default 'class 0', 'class 1' and so on.
        attention: 'auto' for what is found, a name or names of `attnviz.find_attention`, or None for none.
        pad: 'left' or 'right', where the model was trained with padding; 'auto' to find out.
        length: to how many steps texts were padded; 'auto' to find out.
        name: what its explanations call it; by default the model's own name.
        target: the label that is explained if nobody says which; None for the predicted one.

    Raises:
        SettingError: the model or the tokenizer does not fit; says what was found and what to do.
    """
    check_settings(pad, length)
    intake, names = find_intake(model), None if labels is None else _check_labels(labels)
    try:
        entrance = _enter(model, intake, tokenizer)
    except _OnlyTexts as error:
        return Explainer(_build_string_classifier(model, intake, error.message, names, name, target))
    found = _look_into(entrance, pad, length)
    chosen = choose_attention(_search(found, attention), attention)
    return Explainer(_build_classifier(model, found, chosen, names, name, target))


class _OnlyTexts(SettingError):
    """A model takes texts and cannot be entered behind what makes ids of them."""


class _Entrance(NamedTuple):
    """Where a model is entered with ids.

    Attributes:
        model: what is called. intake: what it takes. tokenizer: what was given, or what is in the model.
    """

    model: Any
    intake: Intake
    tokenizer: Any


def _enter(model: Any, intake: Intake, tokenizer: Any) -> _Entrance:
    """Behind the layer that makes ids, if the model takes texts."""
    if not intake.reads_texts:
        given = getattr(model, "preprocessor", None) if tokenizer is None else tokenizer
        if given is None:
            raise SettingError(
                tr("The model takes word ids; say how texts become ids: tokenizer={accepted}.", accepted=tr(ACCEPTED))
            )
        return _Entrance(model, intake, given)
    if tokenizer is not None:
        raise SettingError(
            tr("The model takes texts and makes ids of them by itself: leave tokenizer out, no vocabulary is needed.")
        )
    try:
        vectorizer = find_vectorizer(model)
        steps = read_tokenizer(vectorizer).length
    except SettingError as error:
        raise _OnlyTexts(keep(finding_forms.ONLY_LEFT_OUT, reasons=error.message)) from error
    entered = WithoutStrings(model, vectorizer, intake.slots[0].shape)
    return _Entrance(entered, Intake(InputSlot("", (steps,), "int64", "ids"), intake.notes), vectorizer)


def _look_into(entrance: _Entrance, pad: str, length: int | str) -> _Found:
    inspector = _inspect(entrance.model, entrance.intake)
    tokenization = _read(entrance.tokenizer, inspector)
    size = min(filter(None, (inspector.find_size(), tokenization.size)), default=_GUESSED_SIZE)
    span = inspector.find_span(length)
    layout = find_layout(tokenization, span, inspector.ask, size=size, pad=pad, length=length)
    return _Found(entrance.model, entrance.intake, tokenization, inspector, size, layout)


def _inspect(model: Any, intake: Intake) -> Inspector:
    (slot,) = (slot for slot in intake.slots if slot.role == "ids")
    inspector = Inspector(model, intake.build_feed(), slot.shape[0])
    if inspector.reads_numbers():
        raise SettingError(
            tr(
                "The model multiplies its inputs with weights as they are, so they are numbers, such as a bag of words "
                "(multi-hot, counts, tf-idf), whose words have no places; a model that looks up word ids can be "
                "explained."
            )
        )
    return inspector


def _read(tokenizer: Any, inspector: Inspector) -> Tokenization:
    """How texts become ids that the model knows."""
    size = inspector.find_size()
    found = read_tokenizer(tokenizer, size)
    if size is not None and found.size > size:
        raise SettingError(
            keep(
                "{subject} gives ids up to {largest}, but the model knows {n} (0 to {last}): give the tokenizer that "
                "it was trained with. A Keras Tokenizer's word_index holds all words, also those beyond its num_words; "
                "give the Tokenizer itself.",
                subject=found.kind,
                largest=found.size - 1,
                n=size,
                last=size - 1,
            )
        )
    return found if found.size or size is None else replace(found, size=size, split=_check_ids(found.split, size))


def _check_ids(split: Callable[[str], Sequence[ReadWord]], size: int) -> Callable[[str], Sequence[ReadWord]]:
    """A function's words, refused where it gives an id that the model does not know."""

    def check(text: str) -> Sequence[ReadWord]:
        words = split(text)
        for word in words:
            if max(word.ids, default=0) >= size:
                raise SettingError(
                    keep(
                        "The function gave {word} the id {id}; the model knows {n}.",
                        word=repr(word.text),
                        id=max(word.ids),
                        n=size,
                    )
                )
        return words

    return check


def _search(found: _Found, wanted: Any) -> SearchResult:
    """The attention in the model, looked for with word ids that it knows."""
    if wanted is None or wanted == ():
        return SearchResult(())
    arranged = found.reader.arrange(_draw_probes(found))
    return search_attention(found.inspector.traced, [arranged.ids], arranged.places >= 0)


def _draw_probes(found: _Found) -> list[Ids]:
    """Rows of words that fill the model's steps, one of them a bit shorter."""
    layout, sizes = found.layout.layout, found.inspector.sizes
    free = (steps for steps in _PROBED_STEPS if steps not in sizes and layout.least <= steps <= (layout.steps or steps))
    steps = (layout.steps if layout.fixed else next(free, None)) or max(_PROBED_STEPS[0], layout.least)
    words = max(2, steps - len(found.tokenization.before) - len(found.tokenization.after))
    rows = np.stack([np.resize(row, words) for row in draw_rows(found.tokenization, found.size, 2 * words, count=4)])
    return [*rows[:3], rows[3, : max(1, words - 3)]]


def _build_classifier(
    model: Any,
    found: _Found,
    chosen: ChosenAttention,
    labels: Sequence[str] | None,
    name: str | None,
    target: int | str | None,
) -> KerasClassifier:
    classifier = KerasClassifier(
        found.model,
        found.reader,
        name=name or model.name,
        labels=labels,
        attention=chosen.sources,
        feed=found.intake.build_feed(found.tokenization.padding),
    )
    classifier.target = find_target(classifier, target)
    classifier.card = _describe(classifier.card, model, found, chosen, classifier.target)
    return classifier


def _build_string_classifier(
    model: Any,
    intake: Intake,
    reason: Message,
    labels: Sequence[str] | None,
    name: str | None,
    target: int | str | None,
) -> StringClassifier:
    shape = intake.slots[0].shape
    classifier = StringClassifier(model, shape, reason=reason, name=name or model.name, labels=labels)
    classifier.target = find_target(classifier, target)
    return classifier


def _check_labels(labels: Sequence[str]) -> tuple[str, ...]:
    names = () if isinstance(labels, str) else tuple(map(str, labels))
    if len(names) < 2 or len(set(names)) < len(names):
        raise SettingError(tr("labels must be two or more different names, got {labels}.", labels=repr(labels)))
    return names


def _describe(card: ModelCard, model: Any, found: _Found, chosen: ChosenAttention, target: int | None) -> ModelCard:
    """The card with what was found and assumed."""
    kind, parameters = found.tokenization.kind, count_parameters(model)
    notes = (
        *found.intake.notes,
        keep(finding_forms.READ_BY, kind=kind),
        *found.tokenization.notes,
        *found.layout.notes,
        *(chosen.notes or (chosen.missing,)),
        *card.notes,
    )
    missing = {**card.missing, **({"attention": chosen.missing} if chosen.missing else {})}
    return replace(
        card,
        title=card.name,
        summary=keep(finding_forms.SUMMARY, n=parameters, kind=kind),
        origin="yours",
        target=target,
        parameters=parameters,
        attention=chosen.found,
        missing=missing,
        notes=tuple(dict.fromkeys(note for note in notes if note)),
    )
