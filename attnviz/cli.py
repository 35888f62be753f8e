"""The `attnviz` command; `attnviz --help` lists what it does.

What is heavy is imported where it is used.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attnviz import __version__
from attnviz.cli_data import add_data_parser
from attnviz.cli_evidence import add_evidence_parsers
from attnviz.cli_lab import add_lab_parser
from attnviz.cli_living import add_living_parsers
from attnviz.cli_models import add_parsers, explain_brought, find_brought, prepare_factory
from attnviz.cli_runs import add_run_parsers
from attnviz.cli_sweep import add_sweep_parser
from attnviz.errors import AttnvizError, SettingError
from attnviz.processes import hand_over, module_command, switch_off_onednn
from attnviz.values.methods import METHODS

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer
    from attnviz.runs.checkpoint import Checkpoint
    from attnviz.runs.own_record import OwnModel
    from attnviz.values.explanation import Explanation

TEXT_ROWS = 10
"""How many words the text format lists."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, 2 for an error that is explained in one line, 130 after Ctrl-C.

    That of `app` is the server's.
    """
    options = _parse(arguments)
    for stream in (sys.stdout, sys.stderr):  # a review may hold what the terminal's encoding lacks
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(options)
    except KeyboardInterrupt:
        return 130
    except (AttnvizError, OSError) as error:
        print("attnviz:", " ".join(str(error).split()), file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    try:
        code: int | None = options.run(options)
        sys.stdout.flush()  # here, where a closed pipe is met
        return code or 0
    except BrokenPipeError:  # the reader of a pipe, e.g. `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    options.rest = rest
    if options.rest and options.run is not _app:
        parser.error(f"unrecognized arguments: {' '.join(options.rest)}")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attnviz", description="See what a Keras network attended to.")
    parser.add_argument("--version", action="version", version=f"attnviz {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    add_run_parsers(commands)
    add_sweep_parser(commands)
    add_lab_parser(commands)

    explain = commands.add_parser("explain", help="show which words a network attended to")
    explain.add_argument("model", metavar="NAME", help="a checkpoint's name or folder")
    explain.add_argument("text", metavar="TEXT", nargs="?", help="the review; - reads standard input")
    explain.add_argument("--file", type=Path, help="reviews: .csv, .tsv, .jsonl, .json, .parquet or .txt, one a line")
    explain.add_argument("--column", help="the file's column with the reviews; default: review or text")
    explain.add_argument("--method", help=f"{', '.join(METHODS)}; default: the first that the network offers")
    explain.add_argument("--format", choices=("text", "html", "json", "csv"), default="text")
    explain.set_defaults(run=_explain)

    add_parsers(commands)
    add_evidence_parsers(commands)
    add_living_parsers(commands)

    add_data_parser(commands)

    app = commands.add_parser("app", help="open the app in a browser; further arguments go to `streamlit run`")
    app.add_argument(
        "--model", metavar="MODULE:FUNCTION", help="offer the model that a function of your own makes, too"
    )
    app.set_defaults(run=_app)
    return parser


def _explain(options: argparse.Namespace) -> None:
    if (options.text is None) == (options.file is None):
        raise SettingError("Give either a TEXT or a --file.")
    model = _find_model(options.model)  # a wrong name is told before TensorFlow is loaded
    method = options.method or next(iter(model.methods), "attention")
    reviews = options.file and _open_reviews(options.file, options.column)  # so are a wrong file and a wrong column
    if reviews is None:
        text = sys.stdin.read() if options.text == "-" else options.text
        (explanation,) = _explain_all(model, [text], method)
        _print_one(explanation, options.format, model)
    else:
        _print_many(_explain_all(model, _progress(reviews), method), options.format, model)


def _find_model(name: str) -> Checkpoint | OwnModel:
    from attnviz.runs.library import find_checkpoint

    return find_brought(name) or find_checkpoint(name)


def _explain_all(model: Checkpoint | OwnModel, texts: Iterable[str], method: str) -> Iterator[Explanation]:
    from attnviz.runs.checkpoint import Checkpoint

    if not isinstance(model, Checkpoint):
        return explain_brought(model, texts, method)
    return _load(model).explain_stream(texts, method)


def _load(checkpoint: Checkpoint) -> Explainer:
    switch_off_onednn()
    from attnviz.runs.loading import load_explainer

    explainer = load_explainer(checkpoint)
    gc.freeze()  # with a long file, collections would look at TensorFlow's objects again and again
    return explainer


def _open_reviews(file: Path, column: str | None) -> Iterator[str]:
    from attnviz.data.review_files import stream_reviews

    return stream_reviews(file, column, lambda message: print(f"attnviz: {message}", file=sys.stderr))


def _progress(texts: Iterable[str]) -> Iterable[str]:
    from tqdm import tqdm

    return tqdm(texts, unit="review", disable=not sys.stderr.isatty())


def _print_one(explanation: Explanation, format: str, model: Checkpoint | OwnModel) -> None:
    if format == "json":
        from attnviz.runs.provenance import get_provenance, write_explanation

        print(write_explanation(explanation, get_provenance(model), indent=2))
    elif format == "csv":
        explanation.to_frame().to_csv(sys.stdout, index=False, lineterminator="\n")
    elif format == "html":
        from attnviz.render.html import render_document

        print("".join(render_document([explanation])))
    else:
        print(_as_text(explanation))


def _print_many(explanations: Iterator[Explanation], format: str, model: Checkpoint | OwnModel) -> None:
    """JSON: one object a line. CSV: one row a token, with the review's number. HTML: one page."""
    if format == "json":
        from attnviz.runs.provenance import get_provenance, write_explanation

        provenance = get_provenance(model)
        for explanation in explanations:
            print(write_explanation(explanation, provenance))
    elif format == "html":
        from attnviz.render.html import render_document

        for part in render_document(explanations):
            print(part, end="")
        print()
    elif format == "csv":
        from attnviz.render.tables import write_tokens

        write_tokens(sys.stdout, explanations)
    else:
        for number, explanation in enumerate(explanations, start=1):
            print(f"review {number}")
            print(_as_text(explanation), end="\n\n")


def _as_text(explanation: Explanation) -> str:
    from attnviz.render.numerals import format_number, format_signed
    from attnviz.render.sentences import describe, describe_probability

    lines = [f"{explanation.model}, {explanation.method}: {describe_probability(explanation)}", *describe(explanation)]
    pairs = zip(explanation.tokens, explanation.scores.tolist(), strict=True)
    strongest = sorted(pairs, key=lambda pair: -abs(pair[1]))[:TEXT_ROWS]
    top = max((abs(score) for _, score in strongest), default=0.0) or 1.0
    for token, score in strongest:
        bar = "#" * round(abs(score) / top * 30)
        lines.append(
            f"  {token.text:<20} {format_signed(score) if explanation.signed else format_number(score, 4)} {bar}"
        )
    return "\n".join(lines)


def _app(options: argparse.Namespace) -> int:
    if options.model is not None:
        prepare_factory(options.model)
    package = Path(__file__).parent
    script = next(path for path in (package / "app.py", package.parent / "app.py") if path.is_file())
    return hand_over(module_command("streamlit", "run", str(script), *options.rest))
