"""`python -m benchmarks.claims` writes what was measured into README.md and the pages in docs/.

All of it comes from what ships: the results over many texts (`attnviz/evidence/shipped`) and the records of the runs
(`checkpoints`). A table stands between marks such as `<!-- evidence -->` and `<!-- /evidence -->`, a single figure
between its own, see marked_figures.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attnviz.evidence.control_run import ControlRun, read_shipped_runs
from attnviz.evidence.control_table import ControlRow, make_rows, name_row
from attnviz.evidence.network_summary import read_shipped
from attnviz.evidence.tutorial_run import read_shipped_repeats
from attnviz.evidence.tutorial_study import REPEATED
from attnviz.evidence.word_bag import WordBag, read_shipped_bags
from attnviz.models.registry import MODELS, ModelSpec
from attnviz.render.glossary import SECTIONS
from attnviz.runs.checkpoint import read_checkpoint
from attnviz.values.corpus_measures import NetworkSummary
from attnviz.values.tutorial_repeats import Repeats
from benchmarks.marked_figures import write_figures, write_of_control, write_of_row, write_share

PROJECT = Path(__file__).parents[1]

_BLOCK = re.compile(r"<!-- (networks|evidence|controls|tutorials|glossary) -->\n.*?<!-- /\1 -->", re.DOTALL)

_NETWORKS = "| name | network | words | parameters | published best | reached |\n|---|---|---:|---:|---:|---:|\n"
_COLUMNS = (
    ("accuracy", "", "%"),
    ("accuracy", "even weights", "%"),
    ("accuracy", "shuffled weights", "%"),
    ("strongest word over an even share", "", "2 decimals"),
    ("Kendall's tau", "attention, gradient", "2 decimals"),
)
_HEADER = (
    "| network | accuracy | with even weights | with shuffled weights | strongest word, in even shares (median) | "
    "Kendall's τ of attention and gradient | n | command |\n|---|---:|---:|---:|---:|---:|---:|---|\n"
)
_TUTORIALS = (
    "| network | published: test, last epoch | test, best epoch | training, last epoch | here: test, last epoch | "
    "training, last epoch | seeds |\n|---|---:|---:|---:|---:|---:|---:|\n"
)
LEARNED_FROM = 25_000
_CONTROLS = (
    "| network | trained | accuracy | seeds | same answer | JSD | n | command |\n"
    "|---|---|---:|---:|---:|---:|---:|---|\n"
)


def write_claims(text: str) -> str:
    """A text in which the tables and the figures are those that ship.

    Raises:
        UnknownNameError: a mark of a network, a measure or a unit that there is not.
    """
    text = _BLOCK.sub(lambda found: f"<!-- {found[1]} -->\n{_TABLES[found[1]]()}<!-- /{found[1]} -->", text)
    return write_figures(text)


def list_documents() -> list[Path]:
    """The files that have claims in them."""
    return [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def main() -> None:
    """Write them all."""
    for path in list_documents():
        text = path.read_text("utf-8")
        if (written := write_claims(text)) != text:
            path.write_text(written, "utf-8")
            print(path.name)


def _write_networks() -> str:
    return _NETWORKS + "".join(map(_write_network, MODELS.values()))


def _write_network(spec: ModelSpec) -> str:
    reached = read_checkpoint(PROJECT / "checkpoints" / spec.name).run.accuracy
    steps = str(spec.steps) if spec.steps else "–"
    cells = [spec.title, steps, f"{spec.parameters:,}", write_share(spec.published.accuracy), write_share(reached)]
    return f"| `{spec.name}` | {' | '.join(cells)} |\n"


def _write_table() -> str:
    found = [read_shipped(name) for name in MODELS]
    return _HEADER + "".join(_write_line(summary) for summary in found if summary is not None)


def _write_line(summary: NetworkSummary) -> str:
    rows = [(summary.find(measure, of), unit) for measure, of, unit in _COLUMNS]
    cells = ["–" if row is None else write_of_row(row, unit) for row, unit in rows]
    source = summary.sources[0]
    return f"| `{summary.network}` | {' | '.join(cells)} | {source.n:,} | `{source.command}` |\n"


def _write_controls() -> str:
    """A line for each kind of control of each network; all of a network were tested on the same reviews."""
    return _CONTROLS + "".join(_write_runs(name, read_shipped_runs(name)) for name in MODELS)


def _write_runs(network: str, runs: Sequence[ControlRun]) -> str:
    return "".join(_write_control(network, row, runs[0].agreement.n) for row in make_rows(runs))


def _write_control(network: str, row: ControlRow, reviews: int) -> str:
    spread = "" if row.spread is None else f" ± {100 * row.spread:.2f}"
    command = f"attnviz evidence {network} --controls --seeds {row.n}"
    command += "" if row.deceit is None else f" --deceit {row.deceit:g}"
    same, divergence = write_of_control(row, "same answer"), write_of_control(row, "JSD")
    cells = [f"{100 * row.accuracy:.2f}{spread} %", str(row.n), same, divergence, f"{reviews:,}", f"`{command}`"]
    return f"| `{network}` | {name_row(row)} | {' | '.join(cells)} |\n"


def _write_tutorials() -> str:
    """A line for each network that was repeated, and one for each bag of words that learned from as many reviews."""
    repeated = [read_shipped_repeats(network, attention) for network, attention in REPEATED]
    bags = [bag for bag in read_shipped_bags().rows if bag.longest == 1 and bag.train == LEARNED_FROM]
    return _TUTORIALS + "".join(map(_write_repeats, repeated)) + "".join(map(_write_bag, bags))


def _write_repeats(one: Repeats) -> str:
    log = one.published
    published = [log["val_accuracy"][-1], max(log["val_accuracy"]), log["accuracy"][-1]] if log else [None] * 3
    spread = "" if one.spread is None else f" ± {100 * one.spread:.2f}"
    here = f"{100 * one.mean:.2f}{spread} %" if one.last else "–"
    cells = [*map(write_share, published), here, write_share(one.trained), str(len(one.last))]
    return f"| `{one.name}` | {' | '.join(cells)} |\n"


def _write_bag(bag: WordBag) -> str:
    return f"| bag of words, the last {bag.steps} | – | – | – | {write_share(bag.accuracy)} | – | – |\n"


def _write_glossary() -> str:
    """The words of the pages, a heading for each section."""
    return "".join(f"\n## {title}\n\n{''.join(map(_write_term, terms.items()))}" for title, terms in SECTIONS.items())


def _write_term(term: tuple[str, str]) -> str:
    name, said = term
    return f"- **{name}**: {said}\n"


_TABLES: Mapping[str, Callable[[], str]] = {
    "networks": _write_networks,
    "evidence": _write_table,
    "controls": _write_controls,
    "tutorials": _write_tutorials,
    "glossary": _write_glossary,
}


if __name__ == "__main__":
    main()
