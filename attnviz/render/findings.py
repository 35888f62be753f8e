"""What was found in somebody's model: in English on its card, told again in the language of whoever reads it.

A card is made once, kept with the model, and read by many; so it holds the English sentences, filled. `retell` knows
them again by their forms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from attnviz.languages import SOURCE, get_language, tr
from attnviz.languages.conventions import get_conventions
from attnviz.render.phrases import join_sentences
from attnviz.values import finding_forms

_NUMBER = re.compile(r"\d+(,\d{3})*(\.\d+)?")
_INSIDE = r"(?:(?!\. ).)+?"
"""A value holds no end of a sentence, but for one that holds sentences."""


def retell(finding: str) -> str:
    """Sentences of a card in the reader's language; what is not known stays as it is."""
    if (told := tr(finding)) != finding or get_language() == SOURCE:
        return told
    form, held = recognise(finding)
    if not held:
        return _retell_several(finding)
    return tr(form, **{name: _retell_value(name, value) for name, value in held.items()})


def retell_kind(kind: str) -> str:
    """What reads texts, such as 'the word index', in the reader's language."""
    form, held = recognise(kind)
    return tr(form, **held)


def begin(name: str) -> str:
    """A name at the beginning of a sentence."""
    return f"{name[:1].upper()}{name[1:]}"


def recognise(finding: str) -> tuple[str, Mapping[str, str]]:
    """The form of a sentence and what fills it; the sentence itself and nothing if no form is its own."""
    for form, pattern in _list_patterns():
        if found := pattern.fullmatch(finding):
            return form, found.groupdict()
    return finding, {}


@cache
def _list_patterns() -> list[tuple[str, re.Pattern[str]]]:
    """What each form that holds something matches; those with the most words of their own first."""
    forms = [form for name, form in vars(finding_forms).items() if name.isupper() and "{" in form]
    forms.sort(key=lambda form: len(re.sub(r"\{\w+\}", "", form)), reverse=True)
    return [(form, re.compile(_build_pattern(form), re.DOTALL)) for form in forms]


def _build_pattern(form: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", lambda found: _match_value(found[1]), re.escape(form))


def _match_value(name: str) -> str:
    return f"(?P<{name}>{'.+' if name == 'reasons' else _INSIDE})"


def _retell_several(finding: str) -> str:
    """Sentences one after the other, each of which may be known."""
    first, end, rest = finding.partition(". ")
    told = (retell(f"{first}."), retell(rest)) if end else ()
    return finding if told in ((), (f"{first}.", rest)) else join_sentences(told)


def _retell_value(name: str, value: str) -> str:
    if name == "kind":
        return retell_kind(value)
    if name == "subject":
        return begin(retell_kind(f"{value[0].lower()}{value[1:]}"))
    if name == "reasons":
        return retell(value)
    if name in ("path", "method"):
        return tr(value)
    return _write_number(value) if _NUMBER.fullmatch(value) else value


def _write_number(written: str) -> str:
    """A number of an English sentence as the reader's language writes it."""
    marks = get_conventions()
    return written.translate({ord(","): marks.group, ord("."): marks.decimal})
