"""Networks for Gephi, Cytoscape (GraphML) and VOSviewer (map and network files)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from lxml import etree

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.visible import visible
from bri_pipeline.warehouse.database import rows_as_dicts, table_names

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"


@dataclass(frozen=True)
class Network:
    """Nodes (id -> label and weight) and edges (source, target, attributes) of one kind."""

    name: str
    nodes: Mapping[str, tuple[str, float]]
    edges: Sequence[tuple[str, str, Mapping[str, float]]]


def read_networks(con: duckdb.DuckDBPyConnection, scope: str | None) -> list[Network]:
    """The networks of the study; of a province those edges that touch it.

    Raises:
        UserError: the published tables hold no networks.
    """
    if "marts.network_edges" not in table_names(con):
        raise UserError("The published tables hold no networks yet. Run `bri run` again.")
    rows = rows_as_dicts(con, "select * from marts.network_edges order by all")
    chosen = [row for row in rows if _belongs(row, scope, con)]
    return [
        _network(name, [row for row in chosen if row["network"] == name])
        for name in sorted({row["network"] for row in chosen})
    ]


def _belongs(row: Mapping[str, Any], scope: str | None, con: duckdb.DuckDBPyConnection) -> bool:
    """Provinces and cities begin with the code of their province; applicants belong to the nation alone."""
    if scope is None or "-" not in scope:
        return True
    return row["network"] != "applicant-applicant" and str(row["source"]).split(" ")[0].startswith(scope)


def _network(name: str, rows: Sequence[Mapping[str, Any]]) -> Network:
    nodes: dict[str, tuple[str, float]] = {}
    edges = []
    for row in rows:
        for side in ("source", "target"):
            label, weight = nodes.get(row[side], (str(row.get(f"{side}_name") or row[side]), 0.0))
            nodes[row[side]] = (label, weight + float(row["patents"]))
        numbers = {
            key: float(row[key])
            for key in ("patents", "fractional_patents", "association_strength", "salton")
            if row.get(key) is not None
        }
        edges.append((str(row["source"]), str(row["target"]), numbers))
    return Network(name, nodes, edges)


def write_graphml(network: Network, path: Path) -> Path:
    """One undirected graph; nodes with label and strength, edges with their counts and strengths."""
    root = etree.Element(f"{{{_GRAPHML}}}graphml", nsmap={None: _GRAPHML})  # type: ignore[dict-item]
    keys = {name: "double" for _, _, numbers in network.edges for name in numbers}
    for name, owner, kind in [
        ("label", "node", "string"),
        ("strength", "node", "double"),
        *((name, "edge", kind) for name, kind in keys.items()),
    ]:
        attributes = {"id": f"{owner}-{name}", "for": owner, "attr.name": name, "attr.type": kind}
        etree.SubElement(root, f"{{{_GRAPHML}}}key", attributes)
    graph = etree.SubElement(root, f"{{{_GRAPHML}}}graph", {"id": network.name, "edgedefault": "undirected"})
    for node, (label, strength) in network.nodes.items():
        element = etree.SubElement(graph, f"{{{_GRAPHML}}}node", {"id": node})
        _data(element, "node-label", label)
        _data(element, "node-strength", repr(strength))
    for source, target, numbers in network.edges:
        element = etree.SubElement(graph, f"{{{_GRAPHML}}}edge", {"source": source, "target": target})
        for name, value in numbers.items():
            _data(element, f"edge-{name}", repr(value))
    with replacing(path) as temporary:
        etree.ElementTree(root).write(
            str(temporary), xml_declaration=True, encoding="UTF-8", pretty_print=True
        )
    return path


def _data(element: Any, key: str, text: str) -> None:
    etree.SubElement(element, f"{{{_GRAPHML}}}data", {"key": key}).text = visible(text)


def write_vosviewer(network: Network, folder: Path) -> list[Path]:
    """``<network>.map.txt`` (id, label, weight) and ``<network>.network.txt`` (id, id, weight), tab-separated."""
    numbers = {node: place for place, node in enumerate(network.nodes, start=1)}
    nodes = [
        f"{numbers[node]}\t{_plain(label)}\t{weight:g}" for node, (label, weight) in network.nodes.items()
    ]
    edges = [
        f"{numbers[source]}\t{numbers[target]}\t{values['patents']:g}"
        for source, target, values in network.edges
    ]
    files = {
        folder / f"{network.name}.map.txt": ["id\tlabel\tweight<Patents>", *nodes],
        folder / f"{network.name}.network.txt": edges,
    }
    for path, lines in files.items():
        with replacing(path) as temporary:
            temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(files)


def _plain(label: str) -> str:
    return visible(" ".join(label.split()))
