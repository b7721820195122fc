"""Rooms of the package and who imports whom, read from the syntax trees; draws them into docs/architecture.md.

``python -m tests.rooms`` writes the imports column and the drawing anew.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bri_pipeline"
PAGE = ROOT / "docs" / "architecture.md"

Arrows = dict[str, set[str]]
"""Room -> rooms it imports. A room is a folder of the package or a file beside them."""


def arrows(package: Path = PACKAGE) -> Arrows:
    """Every import between rooms: at the top, inside functions, and for types only."""
    found: Arrows = {name: set() for name in rooms(package)}
    for path in package.rglob("*.py"):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        if room in found:
            found[room] |= {name for name in _imported(path) if name in found and name != room}
    return found


def rooms(package: Path = PACKAGE) -> list[str]:
    """Folders with Python files and files beside them, ``__init__.py`` left out."""
    folders = [path.name for path in package.iterdir() if (path / "__init__.py").is_file()]
    return sorted([*folders, *(path.stem for path in package.glob("*.py") if path.stem != "__init__")])


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from _rooms_of(node.module or "", [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _rooms_of(alias.name, [])


def _rooms_of(module: str, names: list[str]) -> list[str]:
    package, _, rest = module.partition(".")
    if package != PACKAGE.name:
        return []
    return [rest.partition(".")[0]] if rest else names


def floors(page: str) -> list[list[str]]:
    """The floors of the page's table, top first; rooms of one row do not import each other."""
    return [
        re.findall(r"`([a-z_]+)`", cell) for cell in re.findall(r"^\| ((?:`[a-z_]+`,? ?)+)\|", page, re.M)
    ]


def below(room: str, graph: Arrows) -> set[str]:
    """Every room reached from a room by one import or more."""
    reached: set[str] = set()
    ahead = [room]
    while ahead:
        for name in graph[ahead.pop()] - reached:
            reached.add(name)
            ahead.append(name)
    return reached


def drawing(graph: Arrows) -> str:
    """A Mermaid drawing; an arrow is left out where others lead from the one room to the other."""
    lines = ["```mermaid", "graph TD"]
    for room in sorted(graph):
        direct = graph[room]
        through = {name for middle in direct for name in below(middle, graph)}
        lines += [f"    {room} --> {name}" for name in sorted(direct - through)]
    return "\n".join([*lines, "```"])


def page_with_arrows(page: str, graph: Arrows) -> str:
    """The page with the column of imports and the drawing as the code has them."""

    def row(match: re.Match[str]) -> str:
        names = re.findall(r"`([a-z_]+)`", match[1])
        imported = sorted({name for room in names for name in graph.get(room, ())})
        return f"| {match[1]} | {match[2]} | {', '.join(imported) or 'nothing of the package'} |"

    page = re.sub(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| (.*?) \|.*\|$", row, page, flags=re.M)
    return re.sub(r"```mermaid\n.*?\n```", drawing(graph), page, flags=re.S)


if __name__ == "__main__":
    PAGE.write_text(page_with_arrows(PAGE.read_text(encoding="utf-8"), arrows()), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
