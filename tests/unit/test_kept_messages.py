"""A message that is kept is told in the language of whoever reads it, after a journey through a file too."""

from __future__ import annotations

import copy
import json
import pickle
from gettext import NullTranslations
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.languages import Message, keep, tr, using_language
from attnviz.languages.messages import DEEPEST
from attnviz.render.phrases import keep_sentences
from attnviz.values import finding_forms
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.run import TRAINING, RunStatus

SAID = {
    "ru": {
        finding_forms.AT_MOST: "не более {n}",
        finding_forms.READ_BY: "читает {kind}",
        finding_forms.FUNCTION: "функция {name}",
        finding_forms.OPEN_MOVED: "сдвиг {n}",
        finding_forms.VECTORIZED_WORDS: "{subject} оттуда",
        finding_forms.WORD_INDEX: "индекс слов",
        finding_forms.UNREADABLE: "нечитаемо: {reasons}",
        finding_forms.OTHER_STEPS: "{path} мимо {n}.",
        finding_forms.THE_MODEL: "Модель",
    },
    "zh": {
        "{sentence}.": "{sentence}。",
        "Finished": "已完成",
        "{told}: accuracy {share}": "{told}：准确率 {share}",
        "Interrupted; the {epochs} finished epochs are kept": "已中断；保留 {epochs} 轮",
        "{told}. Its last words: {words}": "{told}。最后的输出：{words}",
        "There is nothing to keep.": "没有可保留的内容。",
        "Epoch {epoch} of {epochs}, step {step} of {steps}.": "第 {epoch} / {epochs} 轮，第 {step} / {steps} 步。",
    },
}


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Spoken(NullTranslations):
        def __init__(self, language: str) -> None:
            self.said = SAID.get(language, {})

        def gettext(self, message: str) -> str:
            return self.said.get(message, message)

    monkeypatch.setattr("attnviz.languages.messages.find_catalogue", Spoken)


def journey(message: Message) -> Message:
    """The message after it was written into a file and read again."""
    return from_plain(Message, json.loads(json.dumps(to_plain(message))))


OTHER = [keep(finding_forms.OTHER_STEPS, path=path, n=3) for path in ("a/b", finding_forms.THE_MODEL)]
FINDINGS = [
    (keep(finding_forms.AT_MOST, n=1000), "The model reads at most 1,000 steps.", "не более 1\xa0000"),
    (
        keep(finding_forms.READ_BY, kind=keep(finding_forms.FUNCTION, name="split_it")),
        "Texts are read by the function split_it.",
        "читает функция split_it",
    ),
    (keep(finding_forms.READ_BY, kind="the word index"), "Texts are read by the word index.", "читает the word index"),
    (
        keep(finding_forms.VECTORIZED_WORDS, subject=finding_forms.WORD_INDEX),
        "The word index is that of a TextVectorization layer; texts are split as such a layer does by default.",
        "Индекс слов оттуда",
    ),
    (
        keep(finding_forms.UNREADABLE, reasons=keep_sentences(OTHER)),
        "The model's attention cannot be read: a/b attends to 3 steps that are not those of the text. The model "
        "attends to 3 steps that are not those of the text.",
        "нечитаемо: a/b мимо 3. Модель мимо 3.",
    ),
    (keep("Keras says {so}. <b>Twice"), "Keras says {so}. <b>Twice", "Keras says {so}. <b>Twice"),
    (keep(""), "", ""),
]


@pytest.mark.parametrize(("message", "english", "russian"), FINDINGS)
def test_it_is_its_english_text_until_it_is_told(message: Message, english: str, russian: str) -> None:
    for one in (message, journey(message), copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert (str(one), tr(one)) == (english, english)
        with using_language("ru"):
            assert (str(one), tr(one)) == (english, russian)


def test_it_is_english_wherever_it_was_made() -> None:
    with using_language("ru"):
        made = keep(finding_forms.OPEN_MOVED, n=0.25)
        assert tr(made) == "сдвиг 0,25"
    assert "by 0.25 in a trial" in made


@pytest.mark.parametrize("form", sorted(str(form) for name, form in vars(finding_forms).items() if name.isupper()))
def test_what_a_card_may_say_comes_through_a_file(form: str) -> None:
    values: dict[str, Any] = {name: "<b>{x}" for _, name, _, _ in Formatter().parse(form) if name}
    message = keep(form, **values)
    assert (journey(message).form, journey(message).values) == (form, values)


@given(st.recursive(st.none() | st.text() | st.integers() | st.floats(), lambda held: st.dictionaries(st.text(), held)))
def test_what_comes_from_a_file_is_a_message_or_is_refused(data: Any) -> None:
    for given_data in (data, {"form": data, "values": {}}, {"form": "a {x}", "values": data}):
        try:
            message = from_plain(Message, given_data)
        except SettingError:
            continue
        assert isinstance(message, Message)
        assert str(journey(message)) == str(message)


def test_hundreds_of_sentences_are_one_message() -> None:
    sentences = [keep(finding_forms.OTHER_STEPS, path=f"layer_{number}", n=number) for number in range(500)]
    message = journey(keep(finding_forms.UNREADABLE, reasons=keep_sentences(sentences)))
    assert message == f"The model's attention cannot be read: {' '.join(sentences)}"


def nest(depth: int) -> Message:
    message = keep("a")
    for _ in range(depth):
        message = keep("{x}", x=message)
    return message


def test_messages_may_lie_in_each_other_but_not_without_end() -> None:
    assert journey(nest(DEEPEST)) == "a"
    with pytest.raises(SettingError, match="too deep"):
        journey(nest(DEEPEST + 1))


@pytest.mark.parametrize(
    "data",
    [
        {"form": "{x.__class__}", "values": {"x": "a"}},
        {"form": "{x:>1000000000}", "values": {"x": "a"}},
        {"form": "{x!r}", "values": {"x": "a"}},
        {"form": "{x}{", "values": {"x": "a"}},
        {"form": "{}", "values": {"": "a"}},
        {"form": "{x}{x}", "values": {"x": {"form": "{y}{y}", "values": {"y": "a bomb"}}}},
        {"form": "{y}", "values": {"x": "a"}},
        {"form": "{x}", "values": {"x": ["a"]}},
        {"form": "{x}", "values": {"x": {"form": "{y[0]}", "values": {"y": "a"}}}},
        {"form": "{x}", "values": {"x": True}},
        {"form": "a", "values": {}, "more": 1},
        7,
    ],
)
def test_a_form_that_does_more_than_name_its_values_is_refused(data: Any) -> None:
    with pytest.raises(SettingError):
        from_plain(Message, data)


def test_an_error_is_told_when_it_is_shown() -> None:
    error = SettingError(keep(finding_forms.AT_MOST, n=1000))
    assert str(error) == "The model reads at most 1,000 steps."
    with using_language("ru"):
        assert str(error) == "не более 1\xa0000"
        assert error.message == "The model reads at most 1,000 steps."
        assert str(SettingError("{n} of 3")) == SettingError("{n} of 3").message == "{n} of 3"


FINISHED = keep("Finished")
KEPT = keep("Interrupted; the {epochs} finished epochs are kept", epochs=3)


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        (FINISHED, "Finished.", "已完成。"),
        (
            keep("{told}: accuracy {share}", told=FINISHED, share=0.883),
            "Finished: accuracy 88.30\xa0%.",
            "已完成：准确率 88.30%。",
        ),
        (
            keep("{told}. Its last words: {words}", told=KEPT, words="Killed."),
            "Interrupted; the 3 finished epochs are kept. Its last words: Killed.",
            "已中断；保留 3 轮。最后的输出：Killed.",
        ),
        (keep("There is nothing to keep."), "There is nothing to keep.", "没有可保留的内容。"),
        (keep("ValueError: {x} of 3"), "ValueError: {x} of 3.", "ValueError: {x} of 3。"),
    ],
)
def test_the_end_of_a_run_is_a_sentence_of_the_readers_language(written: Message, english: str, chinese: str) -> None:
    status = RunStatus("finished", journey(written))
    assert status.sentence == english
    with using_language("zh"):
        assert status.sentence == chinese


def test_a_status_says_in_the_readers_language_how_far_its_run_is() -> None:
    status = RunStatus("running", TRAINING, epoch=2, epochs=5, step=3, steps=40)
    assert status.sentence == "Epoch 2 of 5, step 3 of 40."
    with using_language("zh"):
        assert status.sentence == "第 2 / 5 轮，第 3 / 40 步。"
