"""What a run wrote down in English, told again in another language."""

from __future__ import annotations

from gettext import NullTranslations

import pytest

from attnviz.languages import using_language
from attnviz.values.run import RunStatus
from attnviz.values.run_messages import ACCURACY, FINISHED, KEPT_SOME, LAST_WORDS, STOPPED, TRAINING, retell

SAID = {
    "{sentence}.": "{sentence}。",
    FINISHED: "已完成",
    ACCURACY: "{told}：准确率 {share}",
    KEPT_SOME: "已中断；保留 {epochs} 轮",
    LAST_WORDS: "{told}。最后的输出：{words}",
    "There is nothing to keep.": "没有可保留的内容。",
    "Epoch {epoch} of {epochs}, step {step} of {steps}.": "第 {epoch} / {epochs} 轮，第 {step} / {steps} 步。",
}


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Spoken(NullTranslations):
        def gettext(self, message: str) -> str:
            return SAID.get(message, message)

    def find(language: str) -> NullTranslations:
        return NullTranslations() if language == "en" else Spoken()

    monkeypatch.setattr("attnviz.languages.messages.find_catalogue", find)


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        (FINISHED, "Finished.", "已完成。"),
        (ACCURACY.format(told=FINISHED, share="88.3 %"), "Finished: accuracy 88.3 %.", "已完成：准确率 88.3 %。"),
        (ACCURACY.format(told=STOPPED, share="5 %"), f"{STOPPED}: accuracy 5 %.", f"{STOPPED}：准确率 5 %。"),
        (
            LAST_WORDS.format(told=KEPT_SOME.format(epochs=3), words="Killed."),
            "Interrupted; the 3 finished epochs are kept. Its last words: Killed.",
            "已中断；保留 3 轮。最后的输出：Killed。",
        ),
        ("There is nothing to keep.", "There is nothing to keep.", "没有可保留的内容。"),
        ("ValueError: {x} of 3", "ValueError: {x} of 3.", "ValueError: {x} of 3。"),
    ],
)
def test_a_message_is_a_sentence_of_the_readers_language(written: str, english: str, chinese: str) -> None:
    assert retell(written) == english
    with using_language("zh"):
        assert retell(written) == chinese


def test_a_status_says_in_the_readers_language_how_far_its_run_is() -> None:
    status = RunStatus("running", TRAINING, epoch=2, epochs=5, step=3, steps=40)
    assert status.sentence == "Epoch 2 of 5, step 3 of 40."
    with using_language("zh"):
        assert status.sentence == "第 2 / 5 轮，第 3 / 40 步。"
