"""What README and docs have people type: blocks of code, and commands inside sentences."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^>]*?) -->\n)?```(?P<language>\w+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)
_SPAN = re.compile(r"`((?:attnviz|make|python -m|npm run) [^`]+)`")


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        mark: the comment above it: 'run' (commands that a test gives), 'not run: why' (Python that none runs), or ''.
        line: where it starts.
    """

    language: str
    code: str
    mark: str
    line: int


def list_documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_document(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read_blocks(path: Path, language: str) -> list[Block]:
    text = path.read_text("utf-8")
    found = (
        Block(match["language"], match["code"], match["mark"] or "", text[: match.start("code")].count("\n"))
        for match in _BLOCK.finditer(text)
    )
    return [block for block in found if block.language == language]


def read_commands(path: Path) -> list[list[str]]:
    """The words of every command that a document shows, in its blocks and in its sentences."""
    text = path.read_text("utf-8")
    prose = _BLOCK.sub("", text).replace("\n", " ")
    blocks = (block.code for block in read_blocks(path, "sh"))
    return [*(words for code in blocks for words in split_commands(code)), *map(shlex.split, _SPAN.findall(prose))]


def split_commands(code: str) -> Iterator[list[str]]:
    """A command a line; what stands after # is a remark, and && joins two."""
    for line in code.splitlines():
        words: list[str] = []
        for word in [*shlex.split(line, comments=True), "&&"]:
            if word != "&&":
                words.append(word)
            elif words:
                yield words
                words = []
