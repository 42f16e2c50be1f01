"""The house rules of the design: which room may import which, no cycles, and what no room may do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("app", "corpus", "eval", "index", "prompts")
LINES = 300  # a file must stay under this

# Roots parse, wire and show: they may import every room. Nothing of the other rooms imports a root.
ROOTS = ("app.cli", "app.web")
MAY_IMPORT = {
    "app": {"index", "corpus", "prompts"},
    "eval": {"app", "index", "corpus"},
    "index": {"corpus"},
    "prompts": set[str](),
    "corpus": set[str](),
}
MAY_USE = {
    "gradio": ("app.web",),
    "faiss": ("index",),
    "tantivy": ("index",),
    "sentence_transformers": ("index",),
    "httpx": ("app.model_hub",),  # the one door to other hosts, opened on request
    "openai": ("app.openai_model", "index.server_embedder"),
    "pymilvus": ("index.milvus_rows",),
    "xllamacpp": ("app.llama_model",),
    # The embedder silences the progress bar that transformers shows while sentence-transformers loads
    # the weights; sentence-transformers has no switch for it.
    "transformers": ("app", "index.embedder"),
}
MAY_PRINT = ("app/cli.py", "eval/bench.py")
NEVER_IMPORTED = {"pickle", "cPickle", "dill", "marshal", "shelve", "tests", "scripts"}
NEVER_CALLED = {"eval", "exec", "__import__", "import_module"}  # the last two hide an import from this test


@dataclass(frozen=True)
class Module:
    """A parsed file with its dotted name; a folder's `__init__.py` has the folder's name."""

    name: str
    path: str
    source: str

    @property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.source, self.path)

    @property
    def room(self) -> str:
        """The folder at the top."""
        return self.name.split(".")[0]


def read_modules(house: Path) -> dict[str, Module]:
    """Every Python file of the five rooms by its dotted name."""
    modules = {}
    for room in ROOMS:
        for file in sorted((house / room).rglob("*.py")):
            path = file.relative_to(house)
            parts = path.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = Module(name, path.as_posix(), file.read_text(encoding="utf-8"))
    return modules


def imports(module: Module, modules: dict[str, Module]) -> Iterator[str]:
    """The dotted names that a file imports anywhere; `from x import y` is x.y where that is a module."""
    package = module.name.split(".")
    if not module.path.endswith("/__init__.py"):
        package = package[:-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            near = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*near, *(node.module or "").split(".")]).strip(".")
            inner = [f"{base}.{alias.name}" for alias in node.names if f"{base}.{alias.name}" in modules]
            yield from inner
            if len(inner) < len(node.names):
                yield base


def within(name: str, places: tuple[str, ...]) -> bool:
    """Whether a module is one of the places or lies inside one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def bad_edges(modules: dict[str, Module]) -> list[str]:
    """Imports that go the wrong way, between rooms or out of the house."""
    found = []
    for module in modules.values():
        for target in imports(module, modules):
            room = target.split(".")[0]
            root = within(module.name, ROOTS)
            if room in ROOMS:
                to_root = within(target, ROOTS) and not root
                allowed = root or room == module.room or room in MAY_IMPORT[module.room]
                wrong = to_root or not allowed
            else:
                wrong = room in NEVER_IMPORTED or not within(module.name, MAY_USE.get(room, ROOMS))
            if wrong:
                found.append(f"{module.name} imports {target}")
    return found


def cycle(modules: dict[str, Module]) -> list[str]:
    """The modules of an import cycle, the first one again at the end; empty where there is none."""
    edges = {name: [t for t in imports(module, modules) if t in modules] for name, module in modules.items()}
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for target in edges[name]:
            if found := walk(target, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in edges if (found := walk(name, []))), [])


def bad_calls(modules: dict[str, Module]) -> list[str]:
    """Prints where nobody asked for them, and calls that run text as code."""
    found = []
    for module in modules.values():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            plain = isinstance(node.func, ast.Name)
            wrong = called in NEVER_CALLED and (plain or called == "import_module")
            if wrong or (plain and called == "print" and module.path not in MAY_PRINT):
                found.append(f"{module.path}:{node.lineno} calls {called}")
            if any(k.arg == "allow_pickle" and getattr(k.value, "value", 1) for k in node.keywords):
                found.append(f"{module.path}:{node.lineno} allows pickle")
    return found


def long_files(modules: dict[str, Module]) -> list[str]:
    """Files that are too long to read in one go."""
    return [m.path for m in modules.values() if len(m.source.splitlines()) >= LINES]


def test_imports_go_one_way() -> None:
    assert bad_edges(read_modules(HOUSE)) == []


def test_no_module_imports_itself_by_a_detour() -> None:
    assert cycle(read_modules(HOUSE)) == []


def test_no_prints_and_no_text_run_as_code() -> None:
    assert bad_calls(read_modules(HOUSE)) == []


def test_files_are_short() -> None:
    assert long_files(read_modules(HOUSE)) == []


def test_the_walk_sees_every_room_and_known_imports() -> None:
    modules = read_modules(HOUSE)
    assert {module.room for module in modules.values()} == set(ROOMS)
    assert {"app.cli", "app.web.page", "corpus", "index.embedder", "eval.matching"} <= set(modules)
    assert "app.web.server" in set(imports(modules["app.cli"], modules))  # inside a function
    assert "sentence_transformers" in set(imports(modules["index.embedder"], modules))  # TYPE_CHECKING
    assert "gradio" in set(imports(modules["app.web.page"], modules))


def build_house(folder: Path, files: dict[str, str]) -> dict[str, Module]:
    for room in (*ROOMS, "app/web"):
        (folder / room).mkdir()
        (folder / room / "__init__.py").touch()
    for path, source in files.items():
        (folder / path).write_text(source, encoding="utf-8")
    return read_modules(folder)


def test_a_good_house_passes(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/cli.py": "import app.web.page, eval.runner, prompts\nprint(1)",
        "app/web/page.py": "import gradio\nfrom app import ask\nimport eval.runner",
        "app/ask.py": "import transformers\nfrom index import find\nfrom corpus import text\nimport prompts",
        "eval/runner.py": "from app import ask\nfrom index.find import f\nimport corpus",
        "index/__init__.py": "from index.find import f",
        "index/find.py": "import faiss, tantivy, re\nfrom .embedder import e\nfrom corpus.text import t",
        "index/embedder.py": "def f():\n    import sentence_transformers, transformers",
        "corpus/text.py": "model.eval()\nimport re as eval_",
    }
    modules = build_house(tmp_path, files)
    assert (bad_edges(modules), cycle(modules), bad_calls(modules), long_files(modules)) == ([], [], [], [])


@pytest.mark.parametrize(
    ("path", "source", "edge"),
    [
        ("corpus/a.py", "import index", "corpus.a imports index"),
        ("corpus/a.py", "from index.dense import D", "corpus.a imports index.dense"),
        ("corpus/a.py", "def f():\n    from app import cli", "corpus.a imports app"),
        ("index/a.py", "if TYPE_CHECKING:\n    from app.answer import A", "index.a imports app.answer"),
        ("index/a.py", "from ..app import answer", "index.a imports app"),
        ("index/a.py", "import prompts", "index.a imports prompts"),
        ("prompts/a.py", "from corpus import Document", "prompts.a imports corpus"),
        ("app/a.py", "import eval.matching", "app.a imports eval.matching"),
        ("app/a.py", "class A:\n    def f(self):\n        import app.web.page", "app.a imports app.web.page"),
        ("app/a.py", "from app import web", "app.a imports app.web"),
        ("app/a.py", "from . import web", "app.a imports app.web"),
        ("eval/a.py", "import app.cli", "eval.a imports app.cli"),
        ("eval/a.py", "from app.web.render import r", "eval.a imports app.web.render"),
        ("eval/a.py", "import prompts", "eval.a imports prompts"),
        ("app/a.py", "import gradio as gr", "app.a imports gradio"),
        ("app/cli.py", "def f():\n    import gradio", "app.cli imports gradio"),
        ("app/a.py", "import faiss", "app.a imports faiss"),
        ("eval/a.py", "from tantivy import Index", "eval.a imports tantivy"),
        ("app/web/a.py", "from sentence_transformers import S", "app.web.a imports sentence_transformers"),
        ("index/a.py", "from transformers.utils import logging", "index.a imports transformers.utils"),
        ("corpus/a.py", "import pickle", "corpus.a imports pickle"),
        ("app/a.py", "from openai import OpenAI", "app.a imports openai"),
        ("app/cli.py", "def f():\n    import xllamacpp", "app.cli imports xllamacpp"),
        ("app/a.py", "from tests.fakes import WordEmbedder", "app.a imports tests.fakes"),
    ],
)
def test_an_import_the_wrong_way_is_found(tmp_path: Path, path: str, source: str, edge: str) -> None:
    assert bad_edges(build_house(tmp_path, {path: source})) == [edge]


@pytest.mark.parametrize(
    ("files", "way"),
    [
        ({"index/a.py": "import index.b", "index/b.py": "from index.a import x"}, ["index.a", "index.b"]),
        ({"app/a.py": "from app import b", "app/b.py": "def f():\n    import app.a"}, ["app.a", "app.b"]),
        ({"corpus/a.py": "import corpus", "corpus/__init__.py": "from .a import x"}, ["corpus", "corpus.a"]),
        ({"index/a.py": "from . import a"}, ["index.a"]),
    ],
    ids=["module level", "function level", "through the door", "itself"],
)
def test_a_cycle_is_found(tmp_path: Path, files: dict[str, str], way: list[str]) -> None:
    assert cycle(build_house(tmp_path, files)) == [*way, way[0]]


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        ("app/a.py", "x = 1\nprint(x)", "app/a.py:2 calls print"),
        ("corpus/a.py", "def f():\n    return eval('1')", "corpus/a.py:2 calls eval"),
        ("index/a.py", "exec('x = 1')", "index/a.py:1 calls exec"),
        ("app/a.py", "__import__('eval')", "app/a.py:1 calls __import__"),
        ("app/a.py", "importlib.import_module('eval')", "app/a.py:1 calls import_module"),
        ("index/a.py", "np.load(f, allow_pickle=True)", "index/a.py:1 allows pickle"),
    ],
)
def test_a_forbidden_call_is_found(tmp_path: Path, path: str, source: str, message: str) -> None:
    assert bad_calls(build_house(tmp_path, {path: source})) == [message]


def test_a_long_file_is_found(tmp_path: Path) -> None:
    files = {"app/a.py": "x = 1\n" * (LINES - 1), "app/b.py": "x = 1\n" * LINES}
    assert long_files(build_house(tmp_path, files)) == ["app/b.py"]
