"""Position of an applicant in the network of joint applicants: betweenness and community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import networkx as nx

POSITIONS_SCHEMA = pl.Schema({"applicant": pl.String(), "betweenness": pl.Float64(), "community": pl.Int32()})
# Exact betweenness takes nodes x edges steps; beyond this many nodes it is estimated from as many of them.
MOST_SOURCES = 1000
SEED = 1  # the same edges give the same communities and estimates


def applicant_positions(edges: pl.DataFrame) -> pl.DataFrame:
    """Betweenness and community of every applicant that shares a patent with another one.

    Betweenness: share of the shortest paths between two other applicants that run through it, unweighted and
    normalised (Freeman 1977; Brandes 2001). Communities: Louvain, weighted with the patents of an edge (Blondel and
    others 2008), numbered from 1 by size, ties by the first name in the alphabet.

    Args:
        edges: ``network, source, target, patents`` of marts.network_edges.

    Returns:
        A frame with POSITIONS_SCHEMA, by name.
    """
    pairs = edges.filter(pl.col("network") == "applicant-applicant").sort("source", "target")
    if pairs.is_empty():
        return POSITIONS_SCHEMA.to_frame()
    import networkx as nx  # takes longer to load than most tables to build

    names = sorted({*pairs["source"], *pairs["target"]})
    # Numbers in the place of names: the order of a set of texts differs from process to process.
    number = {name: n for n, name in enumerate(names)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_weighted_edges_from(
        (number[source], number[target], patents)
        for source, target, patents in pairs.select("source", "target", "patents").iter_rows()
    )
    between = nx.betweenness_centrality(graph, k=_sources(graph), seed=SEED)
    communities = _numbered_communities(graph)
    rows = [(name, between[n], communities[n]) for n, name in enumerate(names)]
    return pl.DataFrame(rows, schema=POSITIONS_SCHEMA, orient="row")


def _sources(graph: nx.Graph[int]) -> int | None:
    return MOST_SOURCES if len(graph) > MOST_SOURCES else None


def _numbered_communities(graph: nx.Graph[int]) -> dict[int, int]:
    import networkx as nx

    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    ordered = sorted(found, key=lambda members: (-len(members), min(members)))
    return {node: position for position, members in enumerate(ordered, start=1) for node in members}
