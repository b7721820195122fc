"""The report: one self-contained HTML page and the marts as CSV, written from the published tables."""
