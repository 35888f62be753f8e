"""The sentences of a model's card are known again, however they are filled, and told in the reader's language."""

from __future__ import annotations

from string import Formatter

import pytest

from attnviz.languages import using_language
from attnviz.render.findings import begin, recognise, retell, retell_kind
from attnviz.values import finding_forms

FORMS = {form for name, form in vars(finding_forms).items() if name.isupper()}
SAMPLES = {
    "kind": finding_forms.IMDB_INDEX,
    "subject": begin(finding_forms.WORD_INDEX),
    "n": "1,234",
    "names": "outer/attention (Dot), heads (MultiHeadAttention)",
    "path": "outer/attention",
    "reasons": f"{finding_forms.NGRAMS} {finding_forms.NO_SPLIT}",
    "word": "'<OOV>. '",
}


def names(form: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(form) if name]


@pytest.mark.parametrize("form", sorted(form for form in FORMS if names(form)))
def test_a_filled_sentence_is_known_again(form: str) -> None:
    values = {name: SAMPLES.get(name, "a name").replace(". ", "") for name in names(form)}
    assert recognise(form.format(**values)) == (form, values)


@pytest.mark.parametrize("form", sorted(form for form in FORMS if not names(form)))
def test_a_sentence_that_holds_nothing_is_no_other_one(form: str) -> None:
    assert recognise(form) == (form, {})


def test_english_and_what_is_not_known_stay_as_they_are() -> None:
    said = finding_forms.AT_MOST.format(n="1,234")
    assert retell(said) == said
    for language in ("ru", "zh"):
        with using_language(language):
            assert retell("") == ""
            assert retell("Keras says {so}. <b>Twice") == "Keras says {so}. <b>Twice"


def test_what_a_sentence_holds_is_told_in_its_language_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        finding_forms.AT_MOST: "не более {n}",
        finding_forms.READ_BY: "читает {kind}",
        finding_forms.FUNCTION: "функция {name}",
        finding_forms.VECTORIZED_WORDS: "{subject} оттуда",
        finding_forms.WORD_INDEX: "индекс слов",
        finding_forms.UNREADABLE: "нечитаемо: {reasons}",
        finding_forms.OTHER_STEPS: "{path} мимо {n}.",
        finding_forms.THE_MODEL: "Модель",
    }

    class Spoken:
        def gettext(self, asked: str) -> str:
            return said.get(asked, asked)

    monkeypatch.setattr("attnviz.languages.messages.find_catalogue", lambda language: Spoken())
    two = [finding_forms.OTHER_STEPS.format(path=path, n=3) for path in ("a/b", "The model")]
    with using_language("ru"):
        assert retell(finding_forms.AT_MOST.format(n="1,000")) == "не более 1\xa0000"
        assert retell(finding_forms.READ_BY.format(kind="the function split_it")) == "читает функция split_it"
        assert retell(finding_forms.VECTORIZED_WORDS.format(subject="The word index")) == "Индекс слов оттуда"
        assert retell_kind("BertTokenizer of keras-hub") == "BertTokenizer of keras-hub"
        told = retell(finding_forms.UNREADABLE.format(reasons=" ".join(two)))
        assert told.split() == ["нечитаемо:", "a/b", "мимо", "3.", "Модель", "мимо", "3."]
