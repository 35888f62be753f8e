"""The `attnviz` command on the tiny library and the small archive."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import attnviz
from attnviz.cli import main
from attnviz.errors import CheckpointError
from attnviz.processes import child_environment
from attnviz.runs import library
from tests.command import assert_refused

pytestmark = pytest.mark.usefixtures("library")
HOSTILE = "A <b>great</b> film & more"


def test_models_lists_every_network_with_published_and_reached_accuracy(run) -> None:
    code, out, err = run("models")
    rows = {line.split()[0]: line for line in out.splitlines()}
    assert (code, err) == (0, "")
    assert set(attnviz.list_models()) <= rows.keys()
    assert "248,929" in rows["luong"]
    assert "88.56\xa0%" in rows["luong"]
    assert "70.00\xa0%" in rows["luong"]
    assert "70.00\xa0%" not in rows["lstm-dot"]


def test_models_names_own_runs_and_damaged_ones(run, tiny_library: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "luong-2").mkdir()
    for file in (tiny_library / "luong").iterdir():
        (tmp_path / "luong-2" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "broken").mkdir()
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    code, out, _ = run("models")
    assert code == 0
    assert any(line.startswith("luong-2") and line.endswith("own run") for line in out.splitlines())
    assert "damaged: broken: " in out


def test_explain_as_text_lists_the_strongest_words_first(run) -> None:
    code, out, _ = run("explain", "luong", "a great film")
    explanation = attnviz.load("luong").explain("a great film")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == f"luong, attention: positive with probability {explanation.probability:.3f}"
    strongest = sorted(zip(explanation.scores, explanation.tokens, strict=True), key=lambda pair: -pair[0])
    assert [line.split()[0] for line in lines[-3:]] == [token.text for _, token in strongest]
    assert lines[-3].count("#") == 30


def test_explain_as_json_is_the_explanation(run) -> None:
    _, out, _ = run("explain", "luong", HOSTILE, "--format", "json")
    assert json.loads(out)["text"] == HOSTILE
    expected = attnviz.load("luong").explain(HOSTILE).to_dict()
    found = json.loads(out)
    assert found["probability"] == pytest.approx(expected.pop("probability"), abs=1e-5)
    assert [token["text"] for token in found["tokens"]] == [token["text"] for token in expected["tokens"]]
    assert sum(token["score"] for token in found["tokens"]) == pytest.approx(1.0, abs=1e-5)
    assert found["record"]["checkpoint"]["name"] == "luong"


def test_explain_as_csv_has_a_row_a_token(run) -> None:
    _, out, _ = run("explain", "luong", "great film", "--format", "csv", "--method", "gradient")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["token"] for row in rows] == ["great", "film"]
    assert {"token", "start", "end", "id", "known", "score"} == set(rows[0])


def test_explain_as_html_escapes_the_text(run) -> None:
    _, out, _ = run("explain", "luong", HOSTILE, "--format", "html")
    assert out.startswith("<!doctype html>")
    assert "&amp;" in out
    assert "<b>great" not in out


def test_a_network_without_attention_is_explained_by_gradient(run) -> None:
    code, out, _ = run("explain", "bilstm", "great film")
    assert code == 0
    assert out.startswith("bilstm, gradient: positive with probability")


@pytest.mark.parametrize("format", ["text", "html", "json", "csv"])
def test_a_text_without_a_word_is_no_error(run, format: str) -> None:
    code, out, err = run("explain", "luong", "?!", "--format", format)
    assert (code, err) == (0, "")
    assert out


@pytest.mark.parametrize("format", ["text", "html", "json", "csv"])
def test_a_text_that_the_terminal_cannot_show_is_printed(monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["explain", "luong", "great \udcff café 😀", "--format", format]) == 0
    terminal.flush()
    assert b"great" in terminal.buffer.getvalue()


def test_a_text_may_come_from_standard_input(run, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("great film\n"))
    _, out, _ = run("explain", "luong", "-", "--format", "json")
    assert json.loads(out)["text"] == "great film\n"


@pytest.mark.parametrize("arguments", [["explain", "luong"], ["explain", "luong", "great", "--file", "x.csv"]])
def test_text_and_file_exclude_each_other_and_one_is_needed(run, arguments: list[str]) -> None:
    assert_refused(run(*arguments), "Give either a TEXT or a --file.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", "nope", "great"], "Unknown checkpoint 'nope'. Valid names: bilstm, column"),
        (["explain", "great film " * 100, "luong"], "Unknown checkpoint"),
        (["explain", "luong", "great", "--method", "rollout"], "'rollout'. Valid names: attention, gradient"),
        (["explain", "column", "great"], "columns of numbers, not text"),
        (["train", "gpt"], "Unknown network 'gpt'"),
    ],
)
def test_an_error_is_one_line_and_exit_code_2(run, arguments: list[str], message: str) -> None:
    assert_refused(run(*arguments), message)


@pytest.mark.parametrize("error", [CheckpointError("Keras says\n\n  much"), OSError("Keras says much")])
def test_an_error_of_many_lines_is_one_line_and_so_is_one_of_the_disk(run, monkeypatch, error: Exception) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(library, "list_checkpoints", fail)
    assert run("models") == (2, "", "attnviz: Keras says much\n")


def test_a_cache_that_cannot_be_written_is_one_line(run, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path / "file"))
    code, out, err = run("data")
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "Reading the IMDB reviews (once, about 20 s)"
    assert err.splitlines()[1].startswith(f"attnviz: The cache {tmp_path / 'file'}")
    assert err.count("\n") == 2


def test_ctrl_c_ends_with_exit_code_130(run, monkeypatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "list_checkpoints", interrupt)
    assert run("models") == (130, "", "")


def test_data_reports_what_was_read(run) -> None:
    code, out, _ = run("data")
    assert code == 0
    assert out.startswith("120 training and 120 test reviews, ")


def test_data_without_an_archive_is_an_error(run, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTNVIZ_IMDB", str(tmp_path / "absent"))
    assert_refused(run("data"), "ATTNVIZ_IMDB names")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["explain", "luong", "x", "--format", "pdf"]])
def test_a_wrong_usage_ends_with_exit_code_2(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: attnviz" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"attnviz {attnviz.__version__}\n"


def test_a_closed_pipe_is_no_error() -> None:
    buffered = {name: value for name, value in child_environment().items() if name != "PYTHONUNBUFFERED"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-m", "attnviz", "models"], env=buffered, **pipes) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
