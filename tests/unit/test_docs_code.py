"""The code in README and docs runs as it stands, and every command that they show is one that there is."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import attnviz
from attnviz.backend import keras
from attnviz.cli import _parse
from tests.conftest import ROOT
from tests.documents import Block, list_documents, name_document, read_blocks, read_commands, split_commands

DOCUMENTS = list_documents()
WITH_PYTHON = [path for path in DOCUMENTS if read_blocks(path, "python")]
WITH_RUNS = [path for path in DOCUMENTS if any(block.mark == "run" for block in read_blocks(path, "sh"))]

REVIEWS = [("A wonderful, moving film.", "positive"), ("Dull, and far too long.", "negative")]
FILES = {
    "reviews.csv": "text,label\n"
    + "".join(f'"{text} Number {i}.",{label}\n' for i in range(60) for text, label in REVIEWS),
    "wine.csv": "acid,sugar,quality\n"
    + "".join(f"{i % 7},{i % 11},{'good' if i % 7 > 3 else 'bad'}\n" for i in range(200)),
}
"""What the examples read; the documents say so where they begin."""

OTHERS = ("pip", "streamlit", "cd", "wat2wasm")
"""Programs of others that the documents call."""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of somebody who tries what a document shows, with the networks that ship."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(tmp_path / "datasets"))
    keras.utils.set_random_seed(0)
    return tmp_path


@pytest.mark.parametrize("path", WITH_PYTHON, ids=name_document)
def test_the_python_of_a_document_runs(path: Path, reader: Path) -> None:
    """All its blocks, one after the other, in one module; but those that say why they are not run."""
    blocks = [block.code for block in read_blocks(path, "python") if not block.mark.startswith("not run: ")]
    exec(compile("\n".join(blocks), path.name, "exec"), {"__name__": "guide"})


@pytest.mark.parametrize("path", WITH_PYTHON, ids=name_document)
def test_what_is_not_run_calls_what_there_is_as_it_can_be_called(path: Path) -> None:
    for block in read_blocks(path, "python"):
        for name, call in find_calls(block):
            function = getattr(attnviz, name)
            given = {word.arg: None for word in call.keywords if word.arg}
            inspect.signature(function).bind(*call.args, **given)


def find_calls(block: Block) -> Iterator[tuple[str, ast.Call]]:
    """Every call of `attnviz.<name>`."""
    for node in ast.walk(ast.parse(block.code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[0] == "attnviz":
            yield ast.unparse(node.func).removeprefix("attnviz."), node


@pytest.mark.parametrize("path", WITH_RUNS, ids=name_document)
def test_the_commands_of_a_document_that_are_cheap_run(path: Path, reader: Path, run) -> None:
    for block in read_blocks(path, "sh"):
        for command in split_commands(block.code) if block.mark == "run" else ():
            code, out, err = run(*command[1:])
            assert (command[0], code) == ("attnviz", 0), err
            assert out


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_a_document_shows_only_commands_that_there_are(path: Path) -> None:
    for words in read_commands(path):
        check_command(words)


def check_command(words: list[str]) -> None:
    if words[:3] == ["python", "-m", "attnviz"]:
        words = words[2:]
    if words[0] == "attnviz":
        arguments = [word for word in words[1:] if word != "..."]
        assert not arguments or _parse(arguments).run
    elif words[0] == "make":
        assert all(re.search(rf"^{name}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE) for name in words[1:])
    elif words[:2] == ["python", "-m"]:
        assert find_spec(words[2]), words
    elif words[:2] == ["npm", "run"]:
        assert words[2] in json.loads((ROOT / "package.json").read_text("utf-8"))["scripts"]
    else:
        assert words[0] in OTHERS


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_a_document_names_only_what_there_is(path: Path) -> None:
    text = path.read_text("utf-8")
    for name in set(re.findall(r"attnviz\.(\w+)\(", text)):
        assert hasattr(attnviz, name), name
    for file in set(re.findall(r"`((?:tests|attnviz|benchmarks|docs)/[\w/.]+\.\w+)`", text)):
        assert (ROOT / file).is_file(), file
    for link in set(re.findall(r"\]\((?!https?:|#)([^)#]+)", text)):
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_no_mark_begins_a_line(path: Path) -> None:
    """In Markdown a comment at the start of a line ends the paragraph, and what follows it is no text any more."""
    assert re.findall(r"^\s*<!-- (?:figure|control|bag): .*", path.read_text("utf-8"), re.MULTILINE) == []


def test_every_picture_is_shown_somewhere_and_none_is_large() -> None:
    shown = "".join(path.read_text("utf-8") for path in DOCUMENTS)
    for picture in (ROOT / "docs" / "images").iterdir():
        assert f"images/{picture.name})" in shown, picture.name
        assert picture.stat().st_size < 3_000_000, picture.name
