"""What was derived is marked by all that decides it: this digest of the code, so that a changed rule is noticed.

The code that decides is found, not listed: the module of a function, and all modules of this package that it imports,
directly or not. It is read as a syntax tree without comments and docstrings, so that words about the code do not
count. With it go the files of ``data/reference`` that the code names and the versions of the libraries it imports.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from bri_pipeline.resources import PACKAGE, resource_dir

_NAME = "bri_pipeline"
PLUMBING = ("bri_pipeline.settings", "bri_pipeline.home", "bri_pipeline.printing", "bri_pipeline.progress")
"""Modules that carry things about and decide nothing; what writes pages and files cannot do without them."""


@dataclass(frozen=True)
class ReadModule:
    """What a module's text says: its shape as a tree, what it imports, and the texts in it.

    ``imports`` are names of modules, or of members of modules, as written; ``texts`` may be names of files.
    """

    shape: str
    imports: frozenset[str]
    texts: frozenset[str]


def code_digest(*deciders: Callable[..., Any], beside: Iterable[str] = ()) -> str:
    """A digest of the code behind some functions or classes.

    Args:
        deciders: functions and classes that decide what is derived.
        beside: modules of this package that are left out with all that only they import: what carries the result
            about and cannot change it. Pure modules need none.
    """
    return _digest(frozenset(decider.__module__ for decider in deciders), frozenset(beside))


def closure(roots: Iterable[str], beside: Iterable[str] = ()) -> dict[str, Path]:
    """Name -> file of the modules of this package that the roots import, directly or not, and of the roots."""
    modules = _modules()
    found: dict[str, Path] = {}
    waiting, left_out = list(roots), set(beside)
    while waiting:
        name = waiting.pop()
        if name not in modules or name in found or name in left_out:
            continue
        found[name] = modules[name]
        waiting += filter(None, (_module_of(imported, modules) for imported in _read(found[name]).imports))
    return dict(sorted(found.items()))


@cache
def _digest(roots: frozenset[str], beside: frozenset[str]) -> str:
    modules = closure(roots, beside)
    read = {name: _read(path) for name, path in modules.items()}
    content = hashlib.sha256()
    for name, module in read.items():
        content.update(f"{name} {module.shape}\n".encode())
    for file in _reference_files(read.values()):
        content.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    for library in sorted({library for module in read.values() for library in _libraries(module)}):
        content.update(f"{library} {_version(library)}\n".encode())
    return content.hexdigest()[:12]


def _reference_files(modules: Iterable[ReadModule]) -> list[Path]:
    folder = resource_dir("data/reference")
    texts = {text for module in modules for text in module.texts}
    return [path for path in sorted(folder.iterdir()) if path.name in texts and path.is_file()]


def _libraries(module: ReadModule) -> Iterator[str]:
    for imported in module.imports:
        top = imported.partition(".")[0]
        if top != _NAME and top not in sys.stdlib_module_names:
            yield top


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:  # the distribution has another name than what is imported
        names = _distributions().get(library, [])
        return " ".join(f"{name} {metadata.version(name)}" for name in sorted(set(names)))


@cache
def _distributions() -> Mapping[str, list[str]]:
    """Name of a library -> names of its distributions; all that is installed is looked through, so it is asked once."""
    return metadata.packages_distributions()


def _modules() -> dict[str, Path]:
    """Name -> file of every module of this package; a package goes before a module of the same name."""
    files = sorted(PACKAGE.rglob("*.py"), key=lambda path: path.name == "__init__.py")
    return {".".join((_NAME, *_parts_of(path))): path for path in files}


def _parts_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _module_of(imported: str, modules: Mapping[str, Path]) -> str | None:
    """The module that ``from module import member`` reads, or the module itself; null for other packages."""
    if imported in modules:
        return imported
    owner = imported.rpartition(".")[0]
    return owner if owner in modules else None


def _read(path: Path) -> ReadModule:
    status = path.stat()
    return _read_once(path, status.st_mtime_ns, status.st_size)


@cache
def _read_once(path: Path, _modified: int, _size: int) -> ReadModule:
    reader = _Reader(_package_of(path))
    reader.visit(ast.parse(path.read_bytes()))
    shape = hashlib.sha256("\n".join(reader.shape).encode("utf-8", "surrogatepass")).hexdigest()
    return ReadModule(shape, frozenset(reader.imports), frozenset(reader.texts))


def _package_of(path: Path) -> str:
    """The package that relative imports of a file start from."""
    return ".".join((_NAME, *path.parent.relative_to(PACKAGE).parts))


class _Reader:
    """Walks a syntax tree once, leaving out docstrings and what only type checkers import."""

    def __init__(self, package: str) -> None:
        self._package = package
        self.shape: list[str] = []
        self.imports: set[str] = set()
        self.texts: set[str] = set()

    def visit(self, node: ast.AST) -> None:
        if _is_words_only(node) or _is_for_type_checkers(node):
            return
        self.shape.append(type(node).__name__)
        if isinstance(node, ast.Import):
            self.imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = self._base_of(node)
            self.imports |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.texts.add(node.value)
        for name in node._fields:
            self._visit_field(name, getattr(node, name, None))

    def _visit_field(self, name: str, value: object) -> None:
        # Empty fields are left out: newer versions of Python have more of them.
        if value is None or value == []:
            return
        self.shape.append(name)
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, ast.AST):
                self.visit(member)
            else:
                self.shape.append(repr(member))

    def _base_of(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self._package.split(".")
        above = parts[: len(parts) + 1 - node.level]
        return ".".join([*above, node.module] if node.module else above)


def _is_words_only(node: ast.AST) -> bool:
    """A docstring, or a text below a constant that explains it."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_for_type_checkers(node: ast.AST) -> bool:
    if not isinstance(node, ast.If) or node.orelse:
        return False
    asked = node.test.attr if isinstance(node.test, ast.Attribute) else getattr(node.test, "id", None)
    return asked == "TYPE_CHECKING"
