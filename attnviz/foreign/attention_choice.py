"""Which of the attentions that were found in a model are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from attnviz.errors import SettingError, UnknownNameError
from attnviz.graph.attention_search import SearchResult
from attnviz.graph.attention_tensor import AttentionTensor
from attnviz.languages import Message, keep, mark, tr
from attnviz.render.phrases import keep_sentences
from attnviz.values import finding_forms
from attnviz.values.found_attention import FoundAttention


class ChosenAttention(NamedTuple):
    """The attentions that are shown.

    Attributes:
        sources: in the order of the model.
        missing: why there is none; None if there is some.
        notes: what was found and left out, a sentence each.
    """

    sources: tuple[AttentionTensor, ...] = ()
    missing: Message | None = None
    notes: tuple[Message, ...] = ()

    @property
    def found(self) -> tuple[FoundAttention, ...]:
        """What is known of them."""
        return tuple(source.found for source in self.sources)


def choose_attention(result: SearchResult, wanted: object = "auto") -> ChosenAttention:
    """The attentions to show.

    'auto' takes those that have one weight a word and lead to the answer, or else the matrices of all layers that do.

    Args:
        result: what was found.
        wanted: 'auto', a name, several names, or nothing: None or ().

    Raises:
        UnknownNameError: there is no attention of that name.
        SettingError: wanted is none of these.
    """
    if wanted is None or wanted == ():
        return ChosenAttention(missing=finding_forms.NONE_ASKED, notes=result.hidden)
    if wanted == "auto":
        return _choose(result)
    names = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise SettingError(
            tr("attention must be 'auto', None or names of attentions, got {wanted}.", wanted=repr(wanted))
        )
    return _choose_by_name(result, list(names))


def _choose_by_name(result: SearchResult, names: Sequence[str]) -> ChosenAttention:
    known = {one.name: one for one in result.attentions}
    for name in names:
        if name not in known:
            raise UnknownNameError(mark("attention"), name, known)
    sources = tuple(one for one in result.attentions if one.name in names)
    return ChosenAttention(sources, None, (_say(sources), *result.hidden))


def _choose(result: SearchResult) -> ChosenAttention:
    leading = [one for one in result.attentions if one.found.reaches_output]
    single = [one for one in leading if not one.found.is_matrix]
    chosen = tuple(single or leading)
    if not chosen:
        return ChosenAttention(missing=_explain_none(result), notes=result.hidden)
    notes = [_say(chosen), *_say_left_out(result.attentions, chosen), *result.hidden]
    return ChosenAttention(chosen, None, tuple(notes))


def _explain_none(result: SearchResult) -> Message:
    if result.attentions:
        return finding_forms.LEADS_NOWHERE
    if result.hidden:
        return keep(finding_forms.UNREADABLE, reasons=keep_sentences(result.hidden))
    return finding_forms.NO_ATTENTION


def _say(sources: Sequence[AttentionTensor]) -> Message:
    return keep(finding_forms.SHOWN, names=_list(one.found for one in sources))


def _say_left_out(found: Sequence[AttentionTensor], chosen: Sequence[AttentionTensor]) -> list[Message]:
    left = [one for one in found if one not in chosen]
    return [keep(finding_forms.LEFT_OUT, names=_list(one.found for one in left))] if left else []


def _list(found: object) -> str:
    return ", ".join(f"{one.name} ({one.kind})" for one in found)  # type: ignore[attr-defined]  # an iterable
