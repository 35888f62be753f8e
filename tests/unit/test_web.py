"""The browser's code: the linker that makes one module of many, and what Node and the tools say of the files."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from attnviz.web.linker import FOLDER, LinkError, find_imports, link, link_borrower, link_lender, link_script
from attnviz.web.tightening import TighteningError, tighten
from tests.conftest import ROOT
from tests.node import run_node

ENTRIES = [path.name for path in sorted(FOLDER.glob("*.js")) if "export default" in path.read_text(encoding="utf-8")]
MODULES = sorted(FOLDER.glob("*.js"))
TESTS = sorted((ROOT / "tests" / "web").glob("*.test.js"))


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_a_file_stands_behind_those_that_it_imports_and_each_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        entry="import { a } from './left.js';\nimport { b } from './right.js';\nexport default a + b;\n",
        left="import { base } from './base.js';\nexport const a = base;\n",
        right="import { base } from './base.js';\nexport const b = base;\n",
        base="export const base = 1;\n",
    )
    names = re.findall(r"^const (\w+\$)=", link("entry.js", tmp_path), re.MULTILINE)
    assert names == ["base$", "left$", "right$", "entry$"]


def test_each_file_has_a_scope_of_its_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        entry=(
            "import {\n  Box,\n  count as size,\n} from './other.js';\n"
            "const hidden = 'mine';\nexport default () => [hidden, size(), new Box().hidden];\n"
        ),
        other=(
            "const hidden = 'theirs';\nexport function count() {\n  return hidden.length;\n}\n"
            "export class Box {\n  hidden = hidden;\n}\nexport async function wait() {}\n"
        ),
    )
    (tmp_path / "run.mjs").write_text(
        f"{link('entry.js', tmp_path)}\nconsole.log(JSON.stringify(entry$.default()));", encoding="utf-8"
    )
    assert json.loads(run_node(str(tmp_path / "run.mjs")).stdout) == ["mine", 6, "theirs"]


def test_comments_stay_behind_but_not_what_looks_like_one(tmp_path: Path) -> None:
    entry = (
        "// Of the whole file.\n\n/**\n * Of a constant.\n */\nconst address = 'https://a'; // at the end\n"
        "  // between\nexport default /** @type {string} */ (address);\n"
    )
    linked = link("entry.js", write(tmp_path, entry=entry))
    assert "const address='https://a';const entry=(address);" in linked
    assert "Of " not in linked
    assert "between" not in linked


KEPT = r"""
const said = [
  'a  //  b', "it's  /* no */ 'comment' ", `one  ${ [1,  2].map((n) => `${n}  `).join('  ') }  end`, '\'  x', "",
];
const found = said.map((text) => text.replace(/[/"'`]|  +/g, '_')).concat('a-b'.split(/ *- */)); // '
let count = 4 / 2 / 1;
const more = count++ + +count - -count + (said.length ? 1 : 0) /* gone */ / 2;
class Box {
  #inner = 1; static of = () => new Box();
  get inner() { return this.#inner; }
  async *run() { for await (const x of []) yield x; }
}
if (count) console.log(JSON.stringify([said, found, more, Box.of().inner, typeof /x/, 'in' in { in: 1 }]));
else { throw new Error('no') }
const last = () => { return /a  b/.test('a  b') }
console.log(last())
"""


def test_a_program_in_fewer_letters_does_the_same(tmp_path: Path) -> None:
    (tmp_path / "long.mjs").write_text(KEPT, encoding="utf-8")
    (tmp_path / "short.mjs").write_text(tighten(KEPT), encoding="utf-8")
    long, short = (run_node(str(tmp_path / f"{name}.mjs")) for name in ("long", "short"))
    assert (short.stdout, short.stderr) == (long.stdout, "")
    assert long.stdout.count("\n") == 2
    assert tighten(tighten(KEPT)) == tighten(KEPT)
    assert len(tighten(KEPT)) < 0.9 * len(KEPT)


@pytest.mark.parametrize("program", ["const a = 'no end", "const a = `${`${`deep`}`}`;", 'a = "'])
def test_a_program_that_would_change_is_refused(program: str) -> None:
    with pytest.raises(TighteningError, match="does not end"):
        tighten(program)


def test_a_borrower_waits_for_the_modules_that_another_entry_lends(tmp_path: Path) -> None:
    write(
        tmp_path,
        lender="import { count } from './base.js';\nexport default count;\n",
        borrower=(
            "import { count } from './base.js';\nimport { own } from './own.js';\n"
            "export default () => [count(), own];\n"
        ),
        base="let calls = 0;\nexport function count() {\n  calls += 1;\n  return calls;\n}\n",
        own="export const own = 'mine';\n",
    )
    for name, text in {
        "lent": link_lender("lender.js", tmp_path),
        "borrowed": link_borrower("borrower.js", "lender.js", tmp_path),
    }.items():
        (tmp_path / f"{name}.mjs").write_text(text, encoding="utf-8")
    (tmp_path / "run.mjs").write_text(
        "const waiting = import('./borrowed.mjs');\nconst { default: count } = await import('./lent.mjs');\ncount();\n"
        "console.log(JSON.stringify((await waiting).default()));",
        encoding="utf-8",
    )
    assert json.loads(run_node(str(tmp_path / "run.mjs")).stdout) == [2, "mine"], "one and the same module"
    assert "calls" not in (tmp_path / "borrowed.mjs").read_text(encoding="utf-8")


def test_a_script_exports_nothing(tmp_path: Path) -> None:
    write(tmp_path, entry="import { a } from './a.js';\nconsole.log(a);\n", a="export const a = 'said';\n")
    script = tmp_path / "script.cjs"
    script.write_text(link_script("entry.js", tmp_path), encoding="utf-8")
    assert run_node(str(script)).stdout == "said\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"entry": "import { a } from './missing.js';\n"}, "no module missing.js"),
        (
            {"entry": "import { a } from './a.js';\n", "a": "import { b } from './entry.js';\n"},
            "entry.js -> a.js",
        ),
        ({"entry": "import all from './a.js';\n"}, "import all from"),
        ({"entry": "export * from './a.js';\n"}, "export \\* from"),
        ({"entry": "export let count = 0;\n"}, "'export let count = 0;'"),
    ],
    ids=["missing", "circle", "default import", "star", "variable"],
)
def test_what_cannot_be_linked_is_said(tmp_path: Path, files: dict[str, str], said: str) -> None:
    write(tmp_path, **files)
    with pytest.raises(LinkError, match=said):
        link("entry.js", tmp_path)


def test_there_is_an_entry_a_component() -> None:
    live = ["attention_heads.js", "erasure.js", "lab.js", "lapse.js", "maps.js", "marking.js", "review_editor.js"]
    live += ["softmax.js"]
    silent = ["arrival.js", "layers.js", "phone_menu.js", "sighting.js", "tour.js", "visitor.js"]
    beside = ["followed_text.js", "step_rail.js"]
    fetched, without_app = ["review_picture.js"], ["lapse_page.js", "live_page.js", "widget.js"]
    assert sorted([*live, *silent, *beside, *fetched, *without_app]) == ENTRIES


def test_what_a_first_visit_of_the_page_reviews_loads_is_small() -> None:
    """Its components as they are: with the tab that is open then, and no weights."""
    borrowers = [link_borrower(entry, "review_editor.js") for entry in ("erasure.js", "sighting.js", "tour.js")]
    scripts = [link_lender("review_editor.js"), *borrowers]
    scripts += [link(entry) for entry in ("phone_menu.js", "visitor.js")]
    linked = [script.encode() for script in scripts]
    assert sum(map(len, linked)) < 120_000
    assert sum(len(gzip.compress(text)) for text in linked) < 45_000


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_a_component_gets_is_a_whole_module(entry: str, tmp_path: Path) -> None:
    module = tmp_path / "linked.mjs"
    module.write_text(link(entry), encoding="utf-8")
    checked = run_node("--check", str(module))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert not re.search(r"^import\b", module.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_module_is_used() -> None:
    used = {name for path in MODULES for name in find_imports(path.read_text(encoding="utf-8"))}
    unused = {path.name for path in MODULES} - used - set(ENTRIES)
    assert unused == {"lab_data.js", "leave_one_out_worker.js"}, "types only, and a worker's script"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_text_from_outside_never_becomes_html(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", code)


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=lambda path: path.name)
def test_lines_are_short(path: Path) -> None:
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 120] == []


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_what_needs_no_page_passes_its_tests_in_node(path: Path) -> None:
    result = run_node("--test", str(path))
    assert result.returncode == 0, result.stdout


def test_the_tools_are_pinned_and_their_lock_file_names_no_place_to_get_them() -> None:
    tools = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert tools["private"] is True
    assert "dependencies" not in tools, "the browser's code needs nothing from elsewhere"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in tools["devDependencies"].values())
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "integrity" in lock
