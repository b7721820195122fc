"""Every error a person can cause says what to do: a command to run, or an action."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "bri_pipeline"
RAISED = {"UserError", "ModelError", "Failure"}
# Functions that raise a UserError with a text given to them, and exceptions whose text becomes that of one.
PASSED_ON = {"refuse", "_refuse"}
BECOMES_ONE = {"study_file.py": "ValueError"}
# Variables that hold the text of another error, which is looked at where it is made.
OTHER_TEXTS = {
    "error",
    "why",
    "complaints",
    "damage",
    "user_errors",
    "full",
    "faults",
    "problem",
    "sentences",
    "way_out",
}
ACTIONS = """add aggregate ask begin build change check choose close copy correct create delete download fetch free give
    indent inspect install keep leave let look make materialize mend move name open put read remove rename restore run
    save say set start stop take trace try unpack update wait write"""
MUST = "be have leave name rise start"
ACTION = re.compile(
    rf"`|\b(must ({'|'.join(MUST.split())})|{'|'.join(ACTIONS.split())}|did you mean)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Raised:
    """A place where an error is raised: its literal words, and the names of what is put in between."""

    place: str
    words: str
    names: frozenset[str]

    @property
    def says_what_to_do(self) -> bool:
        return bool(ACTION.search(self.words) or self.names & OTHER_TEXTS)


def _raised() -> Iterator[Raised]:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    functions = {name: text for tree in trees.values() for name, text in _functions(tree)}
    for path, tree in trees.items():
        texts = functions | _constants(tree)
        kinds = RAISED | PASSED_ON | {BECOMES_ONE.get(path.name, "UserError")}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _called(node) in kinds:
                yield Raised(
                    f"{path.relative_to(PACKAGE.parent)}:{node.lineno}",
                    " ".join(_words(node.args[-1], texts)),
                    frozenset(_names(node.args[-1])),
                )


def _functions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The literal words of each function that makes a text, its docstring left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.returns and ast.unparse(node.returns) == "str":
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node.name, " ".join(word for part in body for word in _words(part, {}))


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that the module names, such as the sentence that ends several errors."""
    return {
        target.id: ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    } | {"HOW_TO_GET_A_KEY": "Set a key"}


def _words(node: ast.AST, texts: dict[str, str]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name) and part.id in texts:
            yield texts[part.id]


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


RAISES = list(_raised())


def test_the_errors_of_every_room_are_found() -> None:
    assert len(RAISES) > 150
    rooms = {re.split("[/:]", raised.place)[1] for raised in RAISES}
    assert rooms >= {
        "cli.py",
        "commands",
        "lake",
        "orchestration",
        "portal",
        "study.py",
        "trace",
        "warehouse",
    }


def test_an_error_says_what_to_do() -> None:
    silent = [f"{raised.place}: {raised.words}" for raised in RAISES if not raised.says_what_to_do]
    assert silent == [], "no way out: name a command or an action"
