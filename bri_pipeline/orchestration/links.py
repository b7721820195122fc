"""Addresses of the pages that `bri ui` serves beside Dagster's own, for links in what the UI shows."""

import dagster as dg

TABLES, LINEAGE, HEALTH, REPORT = "/bri/tables", "/bri/lineage", "/bri/health", "/bri/report"


def dictionary_link(table: str) -> dg.UrlMetadataValue:
    """Where the data dictionary says what a table's columns mean."""
    return dg.MetadataValue.url(f"{TABLES}#{table}")


def pages() -> dict[str, dg.UrlMetadataValue]:
    """The pages beside Dagster's own, by what they show."""
    shown = {
        "health": HEALTH,
        "report": f"{REPORT}/",
        "tables and columns": TABLES,
        "column lineage": LINEAGE,
    }
    return {name: dg.MetadataValue.url(address) for name, address in shown.items()}
