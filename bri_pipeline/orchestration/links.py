"""Addresses of the pages that `bri ui` serves beside Dagster's own, for links in what the UI shows."""

import dagster as dg

TABLES, LINEAGE, HEALTH, REPORT = "/bri/tables", "/bri/lineage", "/bri/health", "/bri/report"


def dictionary_link(table: str) -> dg.UrlMetadataValue:
    """Where the data dictionary says what a table's columns mean."""
    return dg.MetadataValue.url(f"{TABLES}#{table}")
